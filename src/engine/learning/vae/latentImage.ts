import type { LineSampleWindow } from '../../base/window.ts';
import type { VaeImageParameters } from '../../contract/vaeImages.ts';
import { readValues, type ReadableCube, type ReadContext } from '../../cube/read.ts';
import { encodeWith, type VaeEncoding } from './apply.ts';
import { bandsOfVae } from './bandsOfVae.ts';
import { plainMultiply } from './multiply.ts';
import { unpackVae } from './packedModel.ts';
import { rowsOfPlanes } from './rowsOfPlanes.ts';

/** Numbers of the cube that are encoded at once. */
const numbersAtOnce = 2 ** 20;

/**
 * An image of kind `vae` in a window: planes x lines x samples, NaN where a band has no value. In plain arithmetic, so
 * that every thread of every machine gives the same digits.
 * @param packed - what `packVae` gives.
 */
export async function latentImage(
  cube: ReadableCube,
  parameters: VaeImageParameters,
  window: LineSampleWindow,
  reading: ReadContext,
  packed: SharedArrayBuffer,
): Promise<Float32Array<ArrayBuffer>> {
  const { ready, takes } = unpackVae(packed);
  const { bands } = bandsOfVae(takes, cube.description);
  const pixels = window.lines * window.samples;
  const dimensions = parameters.show === 'composite' ? parameters.dimensionIndexes : [0];
  const out = new Float32Array(dimensions.length * pixels);
  const step = Math.max(1, Math.floor(numbersAtOnce / (window.samples * bands.length)));
  for (let first = 0; first < window.lines; first += step) {
    const lines = Math.min(step, window.lines - first);
    const count = lines * window.samples;
    const part = { ...window, line0: window.line0 + first, lines };
    const planes = await readValues(cube, part, bands, reading);
    const encoding = encodeWith(plainMultiply, ready, rowsOfPlanes(planes, bands.length, count), count, {
      signal: reading.signal,
      withError: parameters.show === 'error',
      withDivergence: parameters.show === 'kl',
    });
    planesOf(encoding, parameters).forEach((plane, k) => {
      out.set(plane, k * pixels + first * window.samples);
    });
  }
  return out;
}

function planesOf(
  { rows, latent, mu, sigma, kl, error }: VaeEncoding,
  parameters: VaeImageParameters,
): Float32Array[] {
  const column = (values: Float32Array, dimension: number): Float32Array =>
    Float32Array.from({ length: rows }, (_, row) => values[row * latent + dimension] as number);
  switch (parameters.show) {
    case 'mu':
      return [column(mu, parameters.dimensionIndex)];
    case 'sigma':
      return [column(sigma, parameters.dimensionIndex)];
    case 'composite':
      return parameters.dimensionIndexes.map((dimension) => column(mu, dimension));
    case 'kl':
      return [kl];
    case 'error':
      return [error];
  }
}
