import { seededRandom } from '../../base/random.ts';
import { vaeConfig, vaeNetwork } from './layers.ts';
import { weightsOf, type VaeModel } from './model.ts';
import { normals } from './shuffle.ts';

/** A linear model with weights by chance, without any training. */
export function linearModel(
  latent: number,
  columns: number,
  {
    names = [],
    wavelengthsNm = null,
    scale = 0.2,
  }: { names?: string[]; wavelengthsNm?: number[] | null; scale?: number } = {},
): VaeModel {
  const config = vaeConfig({ latent, encoder: [], decoder: [] });
  const network = vaeNetwork(config, columns);
  const parameters = normals(network.parameters, seededRandom(4)).map((value) => scale * value);
  return {
    config,
    columns,
    names,
    wavelengthsNm,
    bands: null,
    standardisation: {
      mean: new Float32Array(columns).fill(5),
      deviation: new Float32Array(columns).fill(0.5),
    },
    weights: weightsOf(network, parameters),
    noiseVariance: 0.1,
    training: {
      rows: 10,
      validationRows: 0,
      epochs: [],
      stop: 'epochs',
      backends: [],
      keptEpoch: 0,
      eigenvalues: [],
      meanVariance: 1,
      notes: [],
    },
  };
}
