import { z } from 'zod';
import { filterRequestSchema, type FilterSettings } from './filter.ts';
import { indexSchema, queryIndexSchema } from './numbers.ts';

/** An image of any kind. What its parameters are, the kind itself checks. */
export const imageRequestSchema = z.strictObject({
  kind: z.string().min(1).max(50),
  parameters: z.unknown(),
});

/** Parameters of the built-in kinds as they are asked for. A complete form asks for itself. */
export const bandImageSchema = z.strictObject({ bandIndex: indexSchema });
export const filteredImageSchema = z.strictObject({ bandIndex: indexSchema, filter: filterRequestSchema });
export const compositeImageSchema = z.strictObject({
  /** Red, green and blue. */
  bandIndexes: z.tuple([indexSchema, indexSchema, indexSchema]),
  filter: filterRequestSchema.nullable().default(null),
});

/** The image of kind `mahalanobis` (RX): it takes no parameters. */
export const mahalanobisImageSchema = z.strictObject({});

/** The built-in kinds of image, as they are asked for. */
export interface ImageParameters {
  /** Values of one band (after scale and offset, NaN where nodata). */
  band: z.input<typeof bandImageSchema>;
  /** Stored numbers of one band, in the file's own type. */
  stored: z.input<typeof bandImageSchema>;
  /** One band of the smoothed or differentiated cube. */
  filtered: z.input<typeof filteredImageSchema>;
  /** Three bands as red, green and blue, filtered or not. */
  composite: z.input<typeof compositeImageSchema>;
}

/** The same, complete: defaults filled in by the cube. */
export interface CompleteImageParameters {
  band: { bandIndex: number };
  stored: { bandIndex: number };
  filtered: { bandIndex: number; filter: FilterSettings };
  composite: { bandIndexes: [number, number, number]; filter: FilterSettings | null };
}

export type BuiltInImage = {
  [Kind in keyof ImageParameters]: { kind: Kind; parameters: ImageParameters[Kind] };
}[keyof ImageParameters];

/** A built-in image, or one of a kind that only the engine's registry knows. */
export type ImageRequest = z.infer<typeof imageRequestSchema>;

/** An image as URLs carry it in `image=`: JSON with the keys in order, so that one image has one URL. */
export function imageText(image: BuiltInImage | ImageRequest): string {
  return JSON.stringify(image, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Longest text of an image in a URL. */
const longestText = 16_384;

/** The image of a query. */
export const imageQuerySchema = z
  .string()
  .max(longestText)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON: {"kind": ..., "parameters": ...}' });
      return z.NEVER;
    }
  })
  .pipe(imageRequestSchema);

export const tileParamsSchema = z.object({
  cubeId: z.string(),
  level: queryIndexSchema,
  row: queryIndexSchema,
  column: queryIndexSchema,
});

/** The version of the program that a URL was made for, as `OpenCubeAnswer.tiles` says it. With it an answer can be kept for ever. */
export const versionQuery = { version: z.string().max(50).optional() };

/** `GET /cubes/:cubeId/tiles/:level/:row/:column`. */
export const tileQuerySchema = z.object({
  image: imageQuerySchema,
  /** Wait for the exact tile of a coarse level, instead of one of an overview or of every n-th line and sample. */
  exact: z
    .enum(['', '1', 'true'])
    .optional()
    .transform((text) => text !== undefined),
  ...versionQuery,
});
