import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import { z } from 'zod';
import type { CubeDescription } from '../cube/cube.ts';
import { openOptionsSchema, colouringSchema, interleaveSchema } from '../exports/parameters.ts';
import { completeFilter, type FilterRequest } from '../products/defaults.ts';
import type { ImageRecipe } from '../products/recipe.ts';
import { CubelensError } from '../base/errors.ts';
import { refusal } from './problems.ts';

/** Checks one part of a request; a failure throws the engine's one error type. */
export function check<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (!result.success) throw refusal(result.error.issues);
  });
}

const index = z.int().min(0);
const axis = z.enum(['wavelength', 'band']);
const edge = z.enum(['fit', 'nan']);
const gap = z.enum(['refit', 'strict']);

/** A filter in a JSON body: what is left out has a default. */
export const filterRequest = z.strictObject({
  window: z.number().optional(),
  degree: z.number().optional(),
  derivative: z.number().optional(),
  axis: axis.optional(),
  edge: edge.optional(),
  gap: gap.optional(),
});

/** A number in a query: an empty text is none, and neither is what rounds to infinity. */
const queryNumber = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, 'must be a number')
  .transform(Number)
  .refine(Number.isFinite, 'must be a finite number');

const revision = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number from 0')
  .transform(Number);

export const bandQuery = z.object({ wavelengthNm: queryNumber });
export const jobsQuery = z.object({ after: revision.default(0) });

/** The same in a query. */
export const filterQuery = {
  window: queryNumber.optional(),
  degree: queryNumber.optional(),
  derivative: queryNumber.optional(),
  axis: axis.optional(),
  edge: edge.optional(),
  gap: gap.optional(),
};

/** What an image request says: kind, band indexes from 0 (one, or three for a composite) and a filter. */
export const imageRequest = z.strictObject({
  kind: z.enum(['band', 'stored', 'filtered', 'composite']),
  bandIndexes: z.array(index).min(1).max(3),
  filter: filterRequest.optional(),
});
export type ImageRequest = z.infer<typeof imageRequest>;

const pixel = z
  .string()
  .regex(/^\d+,\d+$/, 'must be LINE,SAMPLE, both whole numbers from 0')
  .transform((text) => {
    const [line = 0, sample = 0] = text.split(',').map(Number);
    return { line, sample };
  });

export const spectraQuery = z.object({
  at: z
    .union([pixel, z.array(pixel)])
    .transform((at) => (Array.isArray(at) ? at : [at]))
    .refine((at) => at.length >= 1 && at.length <= 1000, 'must be given 1 to 1000 times'),
  ...filterQuery,
});

export const tileQuery = z.object({
  image: z.enum(['band', 'stored', 'filtered', 'composite']),
  bands: z.string().regex(/^\d+(,\d+,\d+)?$/, 'must be one band index or three, from 0'),
  ...filterQuery,
});

const place = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number from 0')
  .transform(Number);

export const tileParams = z.object({ cubeId: z.string(), level: place, row: place, column: place });

export const openRequest = z.strictObject({ grantId: z.string(), options: openOptionsSchema.default({}) });

export const sceneRequest = z.strictObject({
  recipe: z
    .strictObject({
      seed: z.number(),
      lines: z.number(),
      samples: z.number(),
      bands: z.number(),
      noise: z.boolean(),
      noiseSigma: z.number(),
      badBandNoiseFactor: z.number(),
      noDataCorner: z.number(),
    })
    .partial()
    .default({}),
  part: z.enum(['cube', 'classes']).default('cube'),
});

const exportCommon = { cubeId: z.string(), target: z.string(), replace: z.boolean().default(false) };

/** Everything that runs as a job. */
export const jobRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('export-cube'),
    ...exportCommon,
    format: z.enum(['envi', 'geotiff']),
    filter: filterRequest.optional(),
    bandIndexes: z.array(index).min(1).max(100_000).nullable().default(null),
    interleave: interleaveSchema.nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal('export-image'),
    ...exportCommon,
    format: z.enum(['envi', 'geotiff', 'npy', 'png']),
    image: imageRequest,
    colouring: colouringSchema.nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal('export-spectra'),
    ...exportCommon,
    at: z
      .array(z.strictObject({ line: index, sample: index }))
      .min(1)
      .max(10_000),
    filter: filterRequest.optional(),
  }),
  z.strictObject({
    kind: z.literal('replay'),
    recipe: z.string(),
    target: z.string(),
    replace: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('image-statistics'),
    cubeId: z.string(),
    image: imageRequest,
    percentiles: z.array(z.number().min(0).max(100)).max(20).default([2, 98]),
    bins: z.int().min(1).max(4096).default(256),
  }),
  z.strictObject({
    kind: z.literal('band-statistics'),
    cubeId: z.string(),
    bandIndexes: z.array(index).min(1).max(10_000),
  }),
]);
export type JobRequest = z.infer<typeof jobRequest>;
/** A job as a client asks for it: what has a default may be left out. */
export type JobOrder = z.input<typeof jobRequest>;

/** The complete recipe of a requested image. Throws `invalid-request`. */
export function completeRecipe(cube: CubeDescription, asked: ImageRequest): ImageRecipe {
  const filter = completeFilter(cube, asked.filter ?? {}, 'image');
  const [first = 0, second, third] = asked.bandIndexes;
  if (asked.kind === 'composite') {
    if (second === undefined || third === undefined) {
      throw new CubelensError('invalid-request', 'A composite needs three bands: red, green and blue.', {
        field: 'bandIndexes',
      });
    }
    return { kind: 'composite', bandIndexes: [first, second, third], filter };
  }
  if (second !== undefined) {
    throw new CubelensError('invalid-request', 'This image shows one band.', { field: 'bandIndexes' });
  }
  if (asked.kind === 'filtered') {
    if (filter === null) {
      throw new CubelensError('invalid-request', 'A filtered image needs a filter.', { field: 'filter' });
    }
    return { kind: 'filtered', bandIndex: first, filter };
  }
  if (filter !== null) {
    throw new CubelensError('invalid-request', `An image of kind ${asked.kind} takes no filter.`, {
      field: 'filter',
    });
  }
  return { kind: asked.kind, bandIndex: first };
}

/** The filter fields of a checked query. */
export function filterOfQuery(query: FilterRequest): FilterRequest {
  const { window, degree, derivative, axis: axisKind, edge: edgeMode, gap: gapMode } = query;
  return { window, degree, derivative, axis: axisKind, edge: edgeMode, gap: gapMode };
}
