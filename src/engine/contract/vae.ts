import { z } from 'zod';
import type { WrittenFile } from './exports.ts';
import { grantIdSchema } from './ids.ts';

const widthsSchema = z.array(z.int().min(1).max(4096)).max(6);

/**
 * How a variational autoencoder is built and trained. Every number about the inputs is in standardised units: each
 * column less its mean, over its standard deviation.
 */
export const vaeConfigSchema = z.strictObject({
  /** r: every sample gets ONE Gaussian with this many dimensions. */
  latent: z.int().min(1).max(256).default(3),
  /** `conv`: convolutions along the columns with stride 2, which share their weights among neighbouring bands. */
  kind: z.enum(['dense', 'conv']).default('dense'),
  /**
   * Units (dense) or channels (conv) of each hidden layer, from the input on; [] is linear. Left out: [64] dense,
   * [8, 16] conv.
   */
  encoder: widthsSchema.optional(),
  /** As `encoder`, from the latent side on. Left out: [64] dense, [16, 8] conv. */
  decoder: widthsSchema.optional(),
  /** Columns that a convolution takes in; odd. */
  kernel: z
    .int()
    .min(3)
    .max(63)
    .refine((size) => size % 2 === 1, 'must be odd')
    .default(5),
  /** Weight of the divergence from N(0, I). */
  beta: z.number().min(0).max(1e6).default(1),
  /** Epochs over which beta rises from 0 in equal steps; 0: none. */
  warmUp: z.int().min(0).max(10_000).default(5),
  /**
   * Variance of the observation noise in standardised units: `data`, the mean variance that the first r principal
   * components leave over; `learned`, one number trained along, starting there; or a number.
   */
  noise: z.union([z.enum(['data', 'learned']), z.number().min(1e-6).max(1e6)]).default('data'),
  standardise: z.enum(['columns', 'none']).default('columns'),
  /** Samples a step; fewer samples than that are one batch. */
  batch: z.int().min(1).max(65_536).default(128),
  epochs: z.int().min(1).max(100_000).default(60),
  /** Of Adam, at the start; it falls along half a cosine to a hundredth unless `schedule` is constant. */
  learningRate: z.number().gt(0).max(1e6).default(5e-3),
  schedule: z.enum(['cosine', 'constant']).default('cosine'),
  seed: z.int().min(0).default(1),
  /** Share of the samples that are held out to watch for overfitting; 0: none. */
  validationShare: z.number().min(0).max(0.5).default(0.1),
  /** Epochs without a better held-out loss before training stops; 0: never. */
  patience: z.int().min(0).max(100_000).default(15),
});
/** As a person writes it. */
export type VaeRequestedConfig = z.input<typeof vaeConfigSchema>;
/** With every default filled in. */
export type VaeConfig = Omit<z.output<typeof vaeConfigSchema>, 'encoder' | 'decoder'> & {
  encoder: number[];
  decoder: number[];
};

/** An order that was changed on the way: training went up to this epoch as if it were to have so many in all. */
export const vaeLegSchema = z.strictObject({ until: z.int().min(1), epochs: z.int().min(1) });
export type VaeLeg = z.infer<typeof vaeLegSchema>;

/** Of one epoch, in nats a sample, of standardised data. `elbo` = -(reconstruction + KL), with the full beta of 1. */
export interface VaeEpoch {
  /** From 1. */
  epoch: number;
  elbo: number;
  /** Mean of -log p(x | z), summed over the columns, constants included. */
  reconstruction: number;
  /** Mean divergence from N(0, 1) of each latent dimension. */
  klPerDimension: number[];
  beta: number;
  /** Variance of the observation noise after this epoch. */
  noiseVariance: number;
  /** Held-out loss (reconstruction + beta KL) with the same noise every epoch. */
  validation?: number | undefined;
}

export const vaeStops = ['epochs', 'patience', 'diverged'] as const;
/** Why training ended. */
export type VaeStop = (typeof vaeStops)[number];

/** What training left behind beside the weights. */
export interface VaeTraining {
  rows: number;
  validationRows: number;
  epochs: VaeEpoch[];
  stop: VaeStop;
  /** TensorFlow's backends that it ran on, one after the other; empty where an older model does not say. */
  backends: string[];
  /** Epoch whose weights were kept; 0: those of the start. */
  keptEpoch: number;
  /** Largest eigenvalues of the standardised data's covariance, as many as latent dimensions (fewer columns: fewer). */
  eigenvalues: number[];
  /** Mean variance of a standardised column: 1 without constant columns. */
  meanVariance: number;
  /** What a person should know, each a sentence. */
  notes: string[];
}

/** One latent dimension: what was learned beside what PCA predicts for a linear model. */
export interface VaeDimension {
  /** From 0. */
  index: number;
  /** Mean divergence from N(0, 1) in nats. */
  kl: number;
  active: boolean;
}

/** A trained model in numbers and words. */
export interface VaeDescription {
  dimensions: VaeDimension[];
  activeCount: number;
  /** Eigenvalues above beta times the noise variance: how many dimensions a linear model keeps. */
  predictedCount: number;
  eigenvalues: number[];
  noiseVariance: number;
  /** Weight of the divergence in units of half the summed squared error: beta times the noise variance. */
  effectiveBeta: number;
  /** Mixture of all samples' Gaussians, by its moments. */
  aggregate: {
    mean: number[];
    /** Row after row: mean of sigma^2 on the diagonal plus the covariance of mu. */
    covariance: number[][];
    /** Divergence of the Gaussian with these moments from N(0, I), in nats. */
    kl: number;
  };
  sentences: string[];
}

/** Names of the files of a model in its folder. */
export const vaeFiles = {
  model: 'vae.json',
  weights: 'vae.bin',
  checkpoint: 'checkpoint.bin',
  loss: 'loss.svg',
  latent: 'latent.svg',
} as const;

/** Where samples come from: the pixels of a cube with its class map where there is one, or a file (CSV, NPY). */
export const learningSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cube'),
    grantId: grantIdSchema,
    /** An ENVI classification of the same lines and samples. */
    classes: grantIdSchema.optional(),
    /** Most pixels: more are sampled evenly. */
    most: z.int().min(1).max(10_000_000).optional(),
  }),
  z.strictObject({ kind: z.literal('file'), grantId: grantIdSchema }),
]);
export type LearningSource = z.input<typeof learningSourceSchema>;

/** Job `vae-train`. */
export const vaeTrainJobSchema = z.strictObject({
  source: learningSourceSchema,
  config: vaeConfigSchema,
  /** A write grant for each file of `vaeFiles`, all in one folder. */
  files: z.strictObject({
    model: grantIdSchema,
    weights: grantIdSchema,
    checkpoint: grantIdSchema,
    loss: grantIdSchema,
    latent: grantIdSchema,
  }),
  /** Go on from the checkpoint, by a read grant; null: anew. */
  resume: grantIdSchema.nullable().default(null),
  replace: z.boolean().default(false),
});

/** What a running training shows. */
export interface VaeLive {
  epochs: VaeEpoch[];
}

export interface VaeTrainResult {
  description: VaeDescription;
  training: VaeTraining;
  /** What was learned from. */
  table: { rows: number; columns: number; notes: string[] };
  backend: { backend: string; version: string };
  written: WrittenFile;
}

const savedModelSchema = z.strictObject({ model: grantIdSchema, weights: grantIdSchema });

/** Job `vae-encode`: latent coordinates, mu then sigma; of a cube lines x samples x 2r. */
export const vaeEncodeJobSchema = z.strictObject({
  files: savedModelSchema,
  source: learningSourceSchema,
  target: grantIdSchema,
  /** As an image (of cubes): mu and sigma of each dimension, KL and reconstruction error. */
  format: z.enum(['npy', 'csv', 'tsv', 'geotiff', 'envi']),
  replace: z.boolean().default(false),
});

export interface VaeEncodeResult {
  shape: number[];
  klPerDimension: number[];
  /** Rows without a Gaussian: a value was missing. */
  skipped: number;
  notes: string[];
  written: WrittenFile;
}

/** Job `vae-decode`: spectra of latent coordinates, with their deviation where sigma is given. */
export const vaeDecodeJobSchema = z.strictObject({
  files: savedModelSchema,
  /** NPY or CSV of r or 2r columns. */
  latent: grantIdSchema,
  target: grantIdSchema,
  format: z.enum(['npy', 'csv']),
  replace: z.boolean().default(false),
});

/** Job `vae-sample`: spectra of points drawn from N(0, I). */
export const vaeSampleJobSchema = z.strictObject({
  files: savedModelSchema,
  count: z.int().min(1).max(100_000),
  seed: z.int().min(0),
  target: grantIdSchema,
  format: z.enum(['npy', 'csv']),
  replace: z.boolean().default(false),
});

export interface VaeDecodeResult {
  rows: number;
  columns: number;
  /** Whether deviations follow the means. */
  withDeviation: boolean;
  notes: string[];
  written: WrittenFile;
}
