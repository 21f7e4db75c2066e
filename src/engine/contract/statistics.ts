import { z } from 'zod';
import type { Assumption } from './cube.ts';
import { imageQuerySchema, imageRequestSchema, versionQuery } from './images.ts';
import { indexSchema, queryIndexSchema } from './numbers.ts';

/** Sum, extremes and count of one band's valid stored values. Integers beyond 2^53 as decimal strings. */
export interface BandStatistics {
  bandIndex: number;
  sum: number | string;
  /** Null where no value is valid. */
  min: number | string | null;
  max: number | string | null;
  count: number;
}

/** The job `band-statistics`. */
export const bandStatisticsSchema = z.strictObject({
  cubeId: z.string(),
  bandIndexes: z.array(indexSchema).min(1).max(10_000),
});
export interface BandStatisticsResult {
  bands: BandStatistics[];
  /** What was assumed when the cube was opened, as in `info`. */
  assumptions: Assumption[];
}

/** Statistics of one plane of an image over its finite values. */
export interface PlaneStatistics {
  count: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  /** One entry a requested percentage, by linear interpolation between order statistics (NumPy's `linear`). */
  percentiles: { percent: number; value: number | null }[];
  /** Counts in equal bins from low to high; the last bin holds its upper edge too. */
  histogram: { low: number; high: number; counts: number[] } | null;
}

/** Statistics of all planes of an image. */
export interface ImageStatistics {
  /** Level of the pixels they were made of: 0 is full resolution, and exact. */
  level: number;
  planes: PlaneStatistics[];
}

/** The job `image-statistics`. */
export const imageStatisticsSchema = z.strictObject({
  cubeId: z.string(),
  image: imageRequestSchema,
  percentiles: z.array(z.number().min(0).max(100)).max(20).default([2, 98]),
  bins: z.int().min(1).max(4096).default(256),
});

/** Most pixels of an image whose statistics a GET makes; above, the job `image-statistics` does. */
export const mostStatisticsPixels = 64 * 1024 * 1024;

/** `GET /cubes/:cubeId/statistics`. Without a level the answer is exact; `auto` may take a coarse one. */
export const statisticsQuerySchema = z.object({
  image: imageQuerySchema,
  percentiles: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?){0,19}$/, 'must be up to 20 numbers such as 2,98')
    .transform((text) => text.split(',').map(Number))
    .refine((list) => list.every((percent) => percent <= 100), 'must be from 0 to 100')
    .default([2, 98]),
  bins: queryIndexSchema.refine((bins) => bins >= 1 && bins <= 4096, 'must be from 1 to 4096').default(256),
  level: z.union([z.literal('auto'), queryIndexSchema], 'must be a whole number from 0, or auto').default(0),
  ...versionQuery,
});
