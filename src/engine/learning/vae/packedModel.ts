import { randomUUID } from 'node:crypto';
import type { VaeConfig } from '../../contract/vae.ts';
import type { ModelColumns } from './bandsOfVae.ts';
import { vaeNetwork } from './layers.ts';
import { readyModel, type ReadyVae, type VaeModel } from './model.ts';

interface Header extends ModelColumns {
  config: VaeConfig;
  noiseVariance: number;
}

/** Bytes of what tells one packed model from another: a UUID as text. */
const idBytes = 36;
/** Bytes before the header: that and the header's length. */
const lead = idBytes + 4;
const floatsFrom = (headerLength: number): number => lead + 4 * Math.ceil(headerLength / 4);

/** A model in shared memory, from where any thread computes with it without a copy of its own. */
export function packVae(model: VaeModel): SharedArrayBuffer {
  const { config, columns, names, bands, wavelengthsNm, standardisation, noiseVariance } = model;
  const { parameters } = readyModel(model);
  const header = new TextEncoder().encode(
    JSON.stringify({ config, noiseVariance, columns, names, bands, wavelengthsNm }),
  );
  const from = floatsFrom(header.length);
  const packed = new SharedArrayBuffer(from + 4 * (2 * columns + parameters.length));
  new Uint8Array(packed).set(new TextEncoder().encode(randomUUID()));
  new DataView(packed).setUint32(idBytes, header.length, true);
  new Uint8Array(packed).set(header, lead);
  const floats = new Float32Array(packed, from);
  floats.set(standardisation.mean);
  floats.set(standardisation.deviation, columns);
  floats.set(parameters, 2 * columns);
  return packed;
}

interface UnpackedVae {
  ready: ReadyVae;
  takes: ModelColumns;
}

/**
 * What this thread unpacked last: tile after tile is of one model. By its id, since every message has an object of its own for the
 * same shared memory; weakly, so that a model that was closed is let go.
 */
let last: { id: string; model: WeakRef<UnpackedVae> } | null = null;

/** The model of such memory; its arrays are views of it. */
export function unpackVae(packed: SharedArrayBuffer): UnpackedVae {
  const id = textOf(packed, 0, idBytes);
  const known = last?.id === id ? last.model.deref() : undefined;
  if (known !== undefined) return known;
  const model = unpacked(packed);
  last = { id, model: new WeakRef(model) };
  return model;
}

const textOf = (packed: SharedArrayBuffer, from: number, length: number): string =>
  new TextDecoder().decode(new Uint8Array(packed).slice(from, from + length));

function unpacked(packed: SharedArrayBuffer): UnpackedVae {
  const length = new DataView(packed).getUint32(idBytes, true);
  const text = textOf(packed, lead, length);
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
