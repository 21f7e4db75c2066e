import { z } from 'zod';
import { grantIdSchema, modelIdSchema } from './ids.ts';
import { indexSchema } from './numbers.ts';
import type { VaeTraining } from './vae.ts';

/** `POST /vae/models`: opens a saved model, by read grants of its two files, for images of kind `vae`. */
export const openVaeSchema = z.strictObject({ model: grantIdSchema, weights: grantIdSchema });

/** An open model. */
export interface OpenVaeAnswer {
  /** Names the model by its content: the same model has the same one everywhere. */
  modelId: string;
  /** Dimensions of the latent space. */
  latent: number;
  /** Bands that it takes, what they are called and where they lie, as far as its data said. */
  columns: number;
  names: string[];
  wavelengthsNm: number[] | null;
  /** Bands of the cube that it was trained on, the bad ones too; null where that is not known. */
  bands: number | null;
  /** Of the observations, in standardised units. */
  noiseVariance: number;
  training: VaeTraining;
}

/**
 * An image of kind `vae`, of the Gaussian that an open model gives every pixel: mean or standard deviation of one latent
 * dimension, three means as red, green and blue, the divergence from N(0, I) in nats, or the reconstruction error in standard
 * deviations of the columns. Dimensions count from 0.
 */
export const vaeImageSchema = z.discriminatedUnion('show', [
  z.strictObject({ modelId: modelIdSchema, show: z.literal('mu'), dimensionIndex: indexSchema }),
  z.strictObject({ modelId: modelIdSchema, show: z.literal('sigma'), dimensionIndex: indexSchema }),
  z.strictObject({
    modelId: modelIdSchema,
    show: z.literal('composite'),
    dimensionIndexes: z.tuple([indexSchema, indexSchema, indexSchema]),
  }),
  z.strictObject({ modelId: modelIdSchema, show: z.literal('kl') }),
  z.strictObject({ modelId: modelIdSchema, show: z.literal('error') }),
]);
export type VaeImageParameters = z.infer<typeof vaeImageSchema>;
