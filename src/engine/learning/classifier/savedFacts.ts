import { z } from 'zod';
import { classifierAuxiliarySchema } from '../../contract/classifier.ts';
import { classifierFiles } from '../../contract/classifierJobs.ts';

/** Names of the files of a saved classifier. */
export const { model: modelFile, weights: weightsFile, facts: factsFile } = classifierFiles;

const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'ends are exchanged');
const nameSchema = z.string().max(1000);

/** What cubelens.json holds: all that the network itself does not say. */
export const savedFactsSchema = z.strictObject({
  kind: z.literal('classifier'),
  version: z.literal(1),
  classes: z.array(nameSchema).min(2).max(1000),
  columns: z.array(nameSchema).min(1).max(100_000),
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
