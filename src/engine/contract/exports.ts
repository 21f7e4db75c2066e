import { z } from 'zod';
import { colourMapNames } from './colourMaps.ts';
import type { Assumption } from './cube.ts';
import { filterRequestSchema, type FilterSettings } from './filter.ts';
import { imageRequestSchema, type ImageRequest } from './images.ts';
import { indexSchema } from './numbers.ts';

/** How a picture is coloured. null: chosen from the image (grey and percentiles 2 to 98; derivatives diverging about 0). */
export const colouringSchema = z.strictObject({
  colourMap: z.enum(colourMapNames).nullable().default(null),
  low: z.number().nullable().default(null),
  high: z.number().nullable().default(null),
});
export type Colouring = z.infer<typeof colouringSchema>;

/** The cube or some of its bands: as stored, smoothed or differentiated. */
export const cubeExportSchema = z.strictObject({
  format: z.enum(['envi', 'geotiff']),
  filter: filterRequestSchema.nullable().default(null),
  /** null: all bands. */
  bandIndexes: z.array(indexSchema).min(1).max(100_000).nullable().default(null),
  /** null: the source's. A GeoTIFF holds bil as separate planes. */
  interleave: z.enum(['bsq', 'bil', 'bip']).nullable().default(null),
});

/** One image, as numbers or as a picture. */
export const imageExportSchema = z.strictObject({
  format: z.enum(['envi', 'geotiff', 'npy', 'png']),
  image: imageRequestSchema,
  /** Of PNG only. */
  colouring: colouringSchema.nullable().default(null),
});

/** Spectra of some pixels as a table. */
export const spectraExportSchema = z.strictObject({
  format: z.literal('csv').default('csv'),
  at: z
    .array(z.strictObject({ line: indexSchema, sample: indexSchema }))
    .min(1)
    .max(10_000),
  filter: filterRequestSchema.nullable().default(null),
});

/** The built-in kinds of export, as they are asked for. */
export interface ExportParameters {
  cube: z.input<typeof cubeExportSchema>;
  image: z.input<typeof imageExportSchema>;
  spectra: z.input<typeof spectraExportSchema>;
}

/** The same, complete: as recipes hold them. */
export interface CompleteExportParameters {
  cube: Omit<z.infer<typeof cubeExportSchema>, 'filter'> & { filter: FilterSettings | null };
  image: Omit<z.infer<typeof imageExportSchema>, 'image'> & { image: ImageRequest };
  spectra: Omit<z.infer<typeof spectraExportSchema>, 'filter'> & { filter: FilterSettings | null };
}

/** An output of any kind. What its parameters are, the kind itself checks. */
export const outputRequestSchema = z.strictObject({
  kind: z.string().min(1).max(50),
  parameters: z.unknown(),
});

/** The job `export`. `target` is a write grant. */
export const exportJobSchema = z.strictObject({
  cubeId: z.string(),
  target: z.string(),
  /** Replace what is already there; else that is an error. */
  replace: z.boolean().default(false),
  output: outputRequestSchema,
});

/** The job `replay`: `recipe` is a read grant, `target` a write grant. */
export const replayJobSchema = z.strictObject({
  recipe: z.string(),
  target: z.string(),
  replace: z.boolean().default(false),
});

/** What an export gives back: the names written into the target's folder, the data file first, and what could not be kept. */
export interface ExportResult {
  files: string[];
  bytes: number;
  warnings: string[];
  /** What was assumed when the cube was opened, as in `info`. */
  assumptions: Assumption[];
}

/** What a job of a room has written. */
export interface WrittenFile {
  files: string[];
  bytes: number;
}
