import { z } from 'zod';
import type { WrittenFile } from './exports.ts';
import { grantIdSchema, modelIdSchema } from './ids.ts';
import { indexSchema } from './numbers.ts';
import { openVaeSchema } from './vaeImages.ts';

/** How far traversals go at most, in how many steps, and from where; how many numbers one answer holds. */
export const traversalLimits = {
  reach: 1000,
  steps: { least: 2, most: 101 },
  from: 1e6,
  numbers: 2_000_000,
  /** Dimensions of an answer where none are named, and of a picture. */
  dimensions: 12,
} as const;

const traversal = {
  /** Added to and taken from a coordinate at most; 1 is a standard deviation of N(0, I). */
  reach: z.number().gt(0).max(traversalLimits.reach).default(3),
  /** Points along each dimension, ends included. */
  steps: z.int().min(traversalLimits.steps.least).max(traversalLimits.steps.most).default(7),
};

/** `POST /vae/spectrum`: the Gaussian that an open model gives one pixel, and what its mean decodes to. */
export const vaeSpectrumSchema = z.strictObject({
  modelId: modelIdSchema,
  cubeId: z.string().min(1),
  line: indexSchema,
  sample: indexSchema,
});

/** A pixel and its own Gaussian. */
export interface VaeSpectrum {
  line: number;
  sample: number;
  /** One number a latent dimension. */
  mu: number[];
  sigma: number[];
  /** Divergence of each dimension from N(0, 1) in nats. */
  klPerDimension: number[];
  /** Root of the mean squared difference between the pixel and what mu decodes to, in standard deviations of the columns. */
  error: number;
  names: string[];
  wavelengthsNm: number[] | null;
  /** In the data's units, one number a column: what was measured, what mu decodes to, and the standard deviation of that (noise and sigma). */
  measured: number[];
  decoded: number[];
  sd: number[];
  /** What a person should know, each a sentence. */
  notes: string[];
}

/** `POST /vae/traversal`: what each latent dimension does to the spectrum, the others held. */
export const vaeTraversalSchema = z.strictObject({
  modelId: modelIdSchema,
  /** Where the lines along the dimensions cross: r numbers; left out: the origin. */
  from: z.array(z.number().min(-traversalLimits.from).max(traversalLimits.from)).max(256).optional(),
  /** Dimensions to go along, from 0; left out: the first 12. */
  dimensionIndexes: z.array(indexSchema).min(1).max(256).optional(),
  ...traversal,
});

/** Spectra along latent dimensions. */
export interface VaeTraversal {
  from: number[];
  /** The dimensions, from 0, in the order of `spectra`. */
  dimensionIndexes: number[];
  /** What is added to the coordinate at each step, rising. */
  offsets: number[];
  names: string[];
  wavelengthsNm: number[] | null;
  /** Dimensions x steps x columns, in the data's units. */
  spectra: number[][][];
  /** Standard deviation of the observation noise in each column. */
  sd: number[];
}

const pixel = { line: indexSchema, sample: indexSchema };

/** A pixel's Gaussian, or what the dimensions do from the mean of a pixel; null: from the origin. */
const figureOf = <Pixel extends z.ZodType>(pixelSchema: Pixel) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('spectrum'), pixel: pixelSchema }),
    z.strictObject({ kind: z.literal('traversal'), pixel: pixelSchema.nullable(), ...traversal }),
  ]);
const formatSchema = z.enum(['csv', 'svg']);

/** What a recipe records of such a file: the cube is one of its inputs. */
export const vaeFigureSchema = z.strictObject({
  figure: figureOf(z.strictObject(pixel)),
  format: formatSchema,
});
export type VaeFigureParameters = z.infer<typeof vaeFigureSchema>;

/** Job `vae-figure`: one of the two as a file; the model and the cube by their read grants. */
export const vaeFigureJobSchema = z.strictObject({
  files: openVaeSchema,
  figure: figureOf(z.strictObject({ grantId: grantIdSchema, ...pixel })),
  target: grantIdSchema,
  format: formatSchema,
  replace: z.boolean().default(false),
});

export interface VaeFigureResult {
  written: WrittenFile;
  notes: string[];
}
