import { z } from 'zod';
import type { WrittenFile } from './exports.ts';
import { indexSchema } from './numbers.ts';

const modelId = z.string().regex(/^[0-9a-f]{64}$/);
const grantId = z.string().min(1);

const traversal = {
  /** Added to and taken from a coordinate at most; 1 is a standard deviation of N(0, I). */
  reach: z.number().gt(0).max(1000).default(3),
  /** Points along each dimension, ends included. */
  steps: z.int().min(2).max(101).default(7),
};

/** `POST /vae/spectrum`: the Gaussian that an open model gives one pixel, and what its mean decodes to. */
export const vaeSpectrumSchema = z.strictObject({
  modelId,
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
}

/** `POST /vae/traversal`: what each latent dimension does to the spectrum, the others held. */
export const vaeTraversalSchema = z.strictObject({
  modelId,
  /** Where the lines along the dimensions cross: r numbers; left out: the origin. */
  from: z.array(z.number()).max(256).optional(),
  ...traversal,
});

/** Spectra along each latent dimension. */
export interface VaeTraversal {
  from: number[];
  /** What is added to the coordinate at each step, rising. */
  offsets: number[];
  names: string[];
  wavelengthsNm: number[] | null;
  /** Dimensions x steps x columns, in the data's units. */
  spectra: number[][][];
  /** Standard deviation of the observation noise in each column. */
  sd: number[];
}

const pixelSchema = z.strictObject({ grantId, line: indexSchema, sample: indexSchema });

/** Job `vae-figure`: one of the two as a file; the model and the cube by their read grants. */
export const vaeFigureJobSchema = z.strictObject({
  files: z.strictObject({ model: grantId, weights: grantId }),
  figure: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('spectrum'), pixel: pixelSchema }),
    /** From the mean of a pixel, or the origin. */
    z.strictObject({ kind: z.literal('traversal'), pixel: pixelSchema.nullable(), ...traversal }),
  ]),
  target: grantId,
  format: z.enum(['csv', 'svg']),
  replace: z.boolean().default(false),
});

export interface VaeFigureResult {
  written: WrittenFile;
  notes: string[];
}
