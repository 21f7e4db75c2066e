import { colourMapNames } from '../contract/exports.ts';
import { z } from 'zod';

/** Checks of what an export takes; the same for the API and for recipes read from disk. Indexes count from 0. */

const index = z.int().min(0);

export const filterSchema = z.strictObject({
  window: z.int(),
  degree: z.int(),
  derivative: z.int(),
  axis: z.enum(['wavelength', 'band']),
  edge: z.enum(['fit', 'nan']),
  gap: z.enum(['refit', 'strict']),
});

export const imageRecipeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('band'), bandIndex: index }),
  z.strictObject({ kind: z.literal('stored'), bandIndex: index }),
  z.strictObject({ kind: z.literal('filtered'), bandIndex: index, filter: filterSchema }),
  z.strictObject({
    kind: z.literal('composite'),
    bandIndexes: z.tuple([index, index, index]),
    filter: filterSchema.nullable(),
  }),
]);

export const interleaveSchema = z.enum(['bsq', 'bil', 'bip']);

/** How a picture is coloured. null: chosen from the image (grey and percentiles 2 to 98; derivatives diverging about 0). */
export const colouringSchema = z.strictObject({
  colourMap: z.enum(colourMapNames).nullable().default(null),
  low: z.number().nullable().default(null),
  high: z.number().nullable().default(null),
});

export const cubeExportSchema = z.strictObject({
  format: z.enum(['envi', 'geotiff']),
  filter: filterSchema.nullable(),
  /** null: all bands. */
  bandIndexes: z.array(index).min(1).max(100_000).nullable(),
  /** null: the source's. A GeoTIFF holds bil as separate planes. */
  interleave: interleaveSchema.nullable(),
});
export type CubeExportParameters = z.infer<typeof cubeExportSchema>;

export const imageExportSchema = z.strictObject({
  format: z.enum(['envi', 'geotiff', 'npy', 'png']),
  recipe: imageRecipeSchema,
  /** Of PNG only. */
  colouring: colouringSchema.nullable(),
});
export type ImageExportParameters = z.infer<typeof imageExportSchema>;

export const spectraExportSchema = z.strictObject({
  format: z.literal('csv'),
  at: z
    .array(z.strictObject({ line: index, sample: index }))
    .min(1)
    .max(10_000),
  filter: filterSchema.nullable(),
});
export type SpectraExportParameters = z.infer<typeof spectraExportSchema>;

const perBand = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(1_000_000);

/** What a person may override when opening a cube. */
export const openOptionsSchema = z.strictObject({
  imageId: z.string().max(200).optional(),
  wavelengthsNm: perBand(z.number().nullable()).optional(),
  bandIsGood: perBand(z.boolean()).optional(),
  noData: z
    .union([z.number(), z.string().max(40)])
    .nullable()
    .optional(),
  scale: z.number().nullable().optional(),
  offset: z.number().nullable().optional(),
  geoTransform: z
    .tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
    .nullable()
    .optional(),
  crs: z
    .strictObject({
      epsg: z.int().nullable(),
      name: z.string().nullable(),
      wkt: z.string().nullable(),
    })
    .nullable()
    .optional(),
  joinIndexes: z.array(index).max(1_000_000).optional(),
});
