import type { VaeConfig } from '../../contract/vae.ts';
import { vaeNetwork } from './layers.ts';
import { readyModel, type ReadyVae, type VaeModel } from './model.ts';

/** Of a model what says which bands it takes. */
export type ModelColumns = Pick<VaeModel, 'columns' | 'names' | 'wavelengthsNm'>;

interface Header extends ModelColumns {
  config: VaeConfig;
  noiseVariance: number;
}

/** Bytes before the header: its length. */
const lead = 4;
const floatsFrom = (headerLength: number): number => lead + 4 * Math.ceil(headerLength / 4);

/** A model in shared memory, from where any thread computes with it without a copy of its own. */
export function packVae(model: VaeModel): SharedArrayBuffer {
  const { config, columns, names, wavelengthsNm, standardisation, noiseVariance } = model;
  const { parameters } = readyModel(model);
  const header = new TextEncoder().encode(
    JSON.stringify({ config, noiseVariance, columns, names, wavelengthsNm }),
  );
  const from = floatsFrom(header.length);
  const packed = new SharedArrayBuffer(from + 4 * (2 * columns + parameters.length));
  new DataView(packed).setUint32(0, header.length, true);
  new Uint8Array(packed).set(header, lead);
  const floats = new Float32Array(packed, from);
  floats.set(standardisation.mean);
  floats.set(standardisation.deviation, columns);
  floats.set(parameters, 2 * columns);
  return packed;
}

/** The model of such memory; its arrays are views of it. */
export function unpackVae(packed: SharedArrayBuffer): { ready: ReadyVae; takes: ModelColumns } {
  const length = new DataView(packed).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(packed).slice(lead, lead + length));
  // Packed above.
  const { config, noiseVariance, ...takes } = JSON.parse(text) as Header;
  const { columns } = takes;
  const floats = new Float32Array(packed, floatsFrom(length));
  return {
    ready: {
      network: vaeNetwork(config, columns),
      noiseVariance,
      parameters: floats.subarray(2 * columns),
      standardisation: {
        mean: floats.subarray(0, columns),
        deviation: floats.subarray(columns, 2 * columns),
      },
    },
    takes,
  };
}
