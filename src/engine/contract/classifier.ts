import { z } from 'zod';

/** How a classifier of spectra is built and trained. */
export const classifierConfigSchema = z.strictObject({
  /** Units of each hidden layer. */
  widths: z.array(z.int().min(1).max(1024)).max(8).default([64, 32]),
  epochs: z.int().min(1).max(10_000).default(60),
  batch: z.int().min(1).max(65_536).default(128),
  /** Step size of Adam. */
  learningRate: z.number().positive().default(0.001),
  /** Epochs in which the loss on the stopping rows falls by less than 1e-4, after which training ends. */
  patience: z.int().min(1).max(10_000).default(12),
  /** Whether rows of rare classes count more, so that each class counts alike. */
  weighted: z.boolean().default(true),
  /** Share of the rows to learn from (and stop by); the others are held out. */
  share: z.number().min(0.05).max(0.95).default(0.5),
  /** Lines and samples of the blocks that are held out as a whole. */
  blockSide: z.int().min(1).max(10_000).default(10),
  seed: z.int().min(0).default(1),
});
/** The same with all defaults filled in. */
export type ClassifierConfig = z.infer<typeof classifierConfigSchema>;
/** The same as it is asked for: what is left out has its default. */
export type ClassifierRequest = z.input<typeof classifierConfigSchema>;

/** The second input: line and sample of the pixel, or columns of the table by their names; null without one. */
export const classifierAuxiliarySchema = z.union([
  z.literal('position'),
  z.array(z.string().min(1)).min(1).max(1000),
]);
export type ClassifierAuxiliary = z.infer<typeof classifierAuxiliarySchema>;

/** One epoch as it ended. */
export interface ClassifierEpoch {
  /** From 1. */
  epoch: number;
  /** Mean weighted cross entropy over the training rows, as they were learnt. */
  loss: number;
  /** The same over the stopping rows. */
  stoppingLoss: number;
}

/** How well one class was recognised among the held-out rows. */
export interface ClassAccuracy {
  name: string;
  /** Held-out rows of the class. */
  rows: number;
  /** Share of the rows given this class that have it; null where none was given it. */
  precision: number | null;
  /** Share of the class's rows that were given it; null where it has none. */
  recall: number | null;
}

/** What training gave, judged by rows of blocks that were not learnt from. */
export interface ClassifierAnswer {
  /** Share of the held-out rows that were given their class. */
  accuracy: number;
  /** Mean recall of the classes that have held-out rows. */
  balancedAccuracy: number;
  /** One row a true class, one column a given class: held-out rows. */
  confusion: number[][];
  classes: ClassAccuracy[];
  /** Rows to learn from, to decide when to stop, and held out. */
  counts: { train: number; stopping: number; test: number };
  /** Whether whole blocks of the scene were held out, or single rows of a table without positions. */
  split: 'blocks' | 'rows';
  /** Epochs run, and the one whose weights are kept, from 1. */
  epochs: number;
  bestEpoch: number;
  losses: ClassifierEpoch[];
  seed: number;
  notes: string[];
}
