import { plainBand, type BandRecord, type CubeDescription } from '../../cube/cube.ts';
import type { OutputImage } from '../../exports/outputImage.ts';
import type { VaeEncoding } from './apply.ts';

/** Planes of the maps of a latent space of r dimensions. */
export const mapPlanes = (latent: number): number => 2 * latent + 2;

/** The maps as an image of their cube: mu and sigma of each dimension, KL and reconstruction error; three mu's as colours. */
export function mapImage(source: CubeDescription, latent: number): OutputImage {
  const named = (name: string): BandRecord => ({ ...plainBand, name });
  const numbered = (word: string): BandRecord[] =>
    Array.from({ length: latent }, (_, k) => named(`${word} of z${k + 1}`));
  return {
    source,
    dataType: 'float32',
    interleave: 'bsq',
    bandRecords: [
      ...numbered('mu'),
      ...numbered('sigma'),
      named('KL in nats'),
      named('reconstruction error in column deviations'),
    ],
    defaultBands: latent >= 3 ? [0, 1, 2] : [0],
    classes: null,
    keepsGeoKeys: true,
  };
}

/** Planes one after the other of a window's encoding, in the order of `mapImage`. */
export function mapsOf({ rows, latent, mu, sigma, kl, error }: VaeEncoding): Float32Array {
  const out = new Float32Array(rows * mapPlanes(latent));
  for (let k = 0; k < latent; k++) {
    for (let row = 0; row < rows; row++) {
      out[k * rows + row] = mu[row * latent + k] as number;
      out[(latent + k) * rows + row] = sigma[row * latent + k] as number;
    }
  }
  out.set(kl, 2 * latent * rows);
  out.set(error, (2 * latent + 1) * rows);
  return out;
}
