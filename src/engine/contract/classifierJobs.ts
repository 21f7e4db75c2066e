import { z } from 'zod';
import {
  classifierAuxiliarySchema,
  classifierConfigSchema,
  type ClassifierAnswer,
  type ClassifierEpoch,
} from './classifier.ts';
import type { WrittenFile } from './exports.ts';
import { grantIdSchema } from './ids.ts';
import { learningSourceSchema } from './vae.ts';

/** Names of the files of a saved classifier in its folder. */
export const classifierFiles = {
  model: 'model.json',
  weights: 'group1-shard1of1.bin',
  facts: 'cubelens.json',
} as const;

const savedFilesSchema = z.strictObject({
  model: grantIdSchema,
  weights: grantIdSchema,
  facts: grantIdSchema,
});

/** Job `classifier-train`: by write grants of all files of the model, of which none may be there. */
export const classifierTrainJobSchema = z.strictObject({
  source: learningSourceSchema,
  auxiliary: classifierAuxiliarySchema.nullable().default(null),
  config: classifierConfigSchema,
  files: savedFilesSchema,
});

/** What a running training shows. */
export interface ClassifierLive {
  epochs: ClassifierEpoch[];
}

/** What job `classifier-train` gives. */
export interface ClassifierTrainResult {
  answer: ClassifierAnswer;
  /** What was read, without samples that only tell the range of the scene; `labelled` of the rows have a class. */
  table: { rows: number; labelled: number; columns: number; notes: string[] };
  backend: { backend: string; version: string };
  written: WrittenFile;
}

export const classFormats = ['geotiff', 'envi', 'png', 'npy', 'csv'] as const;
/** Format of a class image. */
export type ClassFormat = (typeof classFormats)[number];

/** Job `classifier-apply`: the class of each pixel of a cube. */
export const classifierApplyJobSchema = z.strictObject({
  files: savedFilesSchema,
  cube: grantIdSchema,
  target: grantIdSchema,
  format: z.enum(classFormats),
  replace: z.boolean().default(false),
});

/** One class of an image: its number there, its colour, and how many pixels have it. */
export interface ClassCount {
  code: number;
  name: string;
  rgb: [number, number, number];
  pixels: number;
}

/** What job `classifier-apply` gives. */
export interface ClassifierApplyResult {
  lines: number;
  samples: number;
  /** Code 0 first: pixels that lack a value. */
  classes: ClassCount[];
  notes: string[];
  written: WrittenFile;
}
