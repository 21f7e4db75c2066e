import type { VaeConfig, VaeTraining } from '../../contract/vae.ts';
import { CubelensError } from '../../base/errors.ts';
import { vaeNetwork, type Layer, type Network } from './layers.ts';
import type { Standardisation } from './standardise.ts';

/** One array of a model. */
export interface VaeWeight {
  name: string;
  /** Rows (inputs) and columns (outputs) of a matrix; the length of a bias. */
  shape: number[];
  values: Float32Array;
}

/** A trained variational autoencoder as plain data. */
export interface VaeModel {
  config: VaeConfig;
  columns: number;
  /** What each column is; empty where the data did not say. */
  names: string[];
  wavelengthsNm: number[] | null;
  /** Bands of the training cube, the bad ones too; null where it was none, or where that is not known. */
  bands: number | null;
  standardisation: Standardisation;
  weights: VaeWeight[];
  /** Of the observations, in standardised units. */
  noiseVariance: number;
  training: VaeTraining;
}

interface Place {
  name: string;
  shape: number[];
  from: number;
}

/** Where each array of a network lies in the flat vector. */
export function places(network: Network): Place[] {
  return [...network.encoder, ...network.decoder].flatMap((layer: Layer) => [
    { name: `${layer.name}/weight`, shape: [...layer.shape], from: layer.weight },
    { name: `${layer.name}/bias`, shape: [layer.biasLength], from: layer.bias },
  ]);
}

/** Numbers in an array of this shape. */
export const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, axis) => product * axis, 1);

/** The arrays of a flat vector, copied. */
export const weightsOf = (network: Network, parameters: Float32Array): VaeWeight[] =>
  places(network).map(({ name, shape, from }) => ({
    name,
    shape,
    values: parameters.slice(from, from + countOf(shape)),
  }));

/**
 * Network and flat vector of a model. Throws `malformed-file` where an array is missing or has another shape than the
 * configuration says.
 */
export function parametersOf(model: VaeModel): { network: Network; parameters: Float32Array } {
  const network = vaeNetwork(model.config, model.columns);
  const parameters = new Float32Array(network.parameters);
  const byName = new Map(model.weights.map((weight) => [weight.name, weight]));
  for (const { name, shape, from } of places(network)) {
    const weight = byName.get(name);
    const fits = weight?.values.length === countOf(shape) && weight.shape.join() === shape.join();
    if (weight === undefined || !fits) {
      throw new CubelensError('malformed-file', `The model's ${name} is not ${shape.join(' x ')}.`, {
        field: name,
      });
    }
    parameters.set(weight.values, from);
  }
  parameters[network.parameters - 1] = Math.log(model.noiseVariance);
  return { network, parameters };
}

/** What encoding and decoding compute with. */
export interface ReadyVae {
  network: Network;
  /** Flat, in the order of the network's layers. */
  parameters: Float32Array;
  standardisation: Standardisation;
  /** Of the observations, in standardised units. */
  noiseVariance: number;
}

/** Throws as `parametersOf`. */
export const readyModel = (model: VaeModel): ReadyVae => ({
  ...parametersOf(model),
  standardisation: model.standardisation,
  noiseVariance: model.noiseVariance,
});
