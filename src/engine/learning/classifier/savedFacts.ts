import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import { classifierAuxiliarySchema } from '../../contract/classifier.ts';
import { classifierFiles } from '../../contract/classifierJobs.ts';
import { malformedModel } from '../maximise/malformedModel.ts';

/** Names of the files of a saved classifier. */
export const { model: modelFile, weights: weightsFile, facts: factsFile } = classifierFiles;

/** Largest file of a saved classifier that is read. */
const mostBytes = 2 ** 28;

/** Throws `resource-exhausted` for a file that is too large to be read. */
export function checkSize(file: string, bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new CubelensError('resource-exhausted', `${file} has ${bytes} bytes.`, {
    file,
    remedy: `Files of a classifier up to ${mostBytes} bytes are read.`,
  });
}

/** SHA-256 in hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Throws `malformed-file` for weights that are not those that the facts were saved with. */
export function checkWeights({ weightsSha256 }: SavedFacts, weights: Uint8Array): void {
  if (weightsSha256 !== undefined && sha256(weights) !== weightsSha256) {
    throw malformedModel(factsFile, `${weightsFile} holds other weights than those it was saved with`);
  }
}

const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'ends are exchanged');
const channelSchema = z.int().min(0).max(255);
const rgbSchema = z.tuple([channelSchema, channelSchema, channelSchema]).readonly();
const nameSchema = z.string().max(1000);

/** What cubelens.json holds: all that the network itself does not say. */
export const savedFactsSchema = z.strictObject({
  kind: z.literal('classifier'),
  version: z.literal(1),
  classes: z.array(nameSchema).min(2).max(1000),
  columns: z.array(nameSchema).min(1).max(100_000),
  /** Not in older files: then codes are 1, 2, ... */
  map: z
    .strictObject({
      codes: z.array(z.int().min(1).max(255)).max(255),
      records: z.array(z.strictObject({ name: nameSchema, rgb: rgbSchema.nullable() })).max(256),
    })
    .optional(),
  /** Bands of the training cube; not in older files, nor where it was no cube. */
  bands: z.int().min(1).optional(),
  /** Of the file of the weights, in hexadecimal; not in older files. */
  weightsSha256: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .optional(),
  wavelengthsNm: z.array(z.number()).max(100_000).nullable(),
  auxiliary: classifierAuxiliarySchema.nullable(),
  /** Of each input: the spectrum's columns, then the auxiliary ones. The saved network has taken them into its first layer. */
  mean: z.array(z.number()).max(100_002),
  deviation: z.array(z.number().positive()).max(100_002),
  range: z.strictObject({
    spectrum: z.array(rangeSchema).max(100_000),
    auxiliary: z.array(rangeSchema).max(100_000),
  }),
  meanSpectra: z.array(z.array(z.number()).max(100_000)).max(1000),
  accuracy: z.number().min(0).max(1),
});
export type SavedFacts = z.infer<typeof savedFactsSchema>;
