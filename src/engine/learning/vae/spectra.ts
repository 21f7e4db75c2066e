import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { CubelensError } from '../../base/errors.ts';
import { decodeWith, encodeWith } from './apply.ts';
import { plainMultiply } from './multiply.ts';
import { divergence } from './objective.ts';
import { unpackVae } from './packedModel.ts';

/**
 * The Gaussian of one spectrum (values of the model's columns, in the data's units), and what its mean decodes to. Throws `degenerate`
 * where a value is missing.
 */
export function gaussianOf(
  packed: SharedArrayBuffer,
  measured: Float32Array,
  at: { line: number; sample: number },
): VaeSpectrum {
  const { ready, takes } = unpackVae(packed);
  const { mu, sigma, error } = encodeWith(plainMultiply, ready, measured, 1);
  if (!mu.every(Number.isFinite)) {
    const missing = measured.findIndex((value) => !Number.isFinite(value));
    const name = takes.names[missing] ?? `column ${missing + 1}`;
    throw new CubelensError(
      'degenerate',
      `The pixel at line ${at.line}, sample ${at.sample} has no value in ${name}: it has no Gaussian.`,
      { field: 'pixel', remedy: 'Choose a pixel with a value in all bands that the model takes.' },
    );
  }
  const { mean, sd } = decodeWith(plainMultiply, ready, mu, 1, sigma);
  return {
    ...at,
    mu: [...mu],
    sigma: [...sigma],
    klPerDimension: Array.from(mu, (one, k) => divergence(one, 2 * Math.log(sigma[k] as number))),
    error: error[0] as number,
    ...columnsOf(takes),
    measured: [...measured],
    decoded: [...mean],
    sd: [...sd],
  };
}

/**
 * Spectra along every latent dimension through a point. Throws `invalid-request` where the point is not of the model's size.
 * @param from - r numbers; null: the origin.
 */
export function traversalOf(
  packed: SharedArrayBuffer,
  from: readonly number[] | null,
  { reach, steps }: { reach: number; steps: number },
): VaeTraversal {
  const { ready, takes } = unpackVae(packed);
  const { latent, columns } = ready.network;
  const start = from ?? Array.from({ length: latent }, () => 0);
  if (start.length !== latent) {
    throw new CubelensError(
      'invalid-request',
      `The point has ${start.length} coordinates; the model's latent size is ${latent}.`,
      { field: 'from', remedy: `Give ${latent} numbers.` },
    );
  }
  const offsets = Array.from({ length: steps }, (_, k) => -reach + (2 * reach * k) / (steps - 1));
  const points = Float32Array.from({ length: latent * steps * latent }, (_, place) => {
    const dimension = Math.floor(place / (steps * latent));
    const k = place % latent;
    const step = Math.floor(place / latent) % steps;
    return (start[k] as number) + (k === dimension ? (offsets[step] as number) : 0);
  });
  const { mean, sd } = decodeWith(plainMultiply, ready, points, latent * steps);
  return {
    from: [...start],
    offsets,
    ...columnsOf(takes),
    spectra: Array.from({ length: latent }, (_, dimension) =>
      offsets.map((__, step) => {
        const row = dimension * steps + step;
        return [...mean.subarray(row * columns, (row + 1) * columns)];
      }),
    ),
    // Without sigma the same in every row.
    sd: [...sd.subarray(0, columns)],
  };
}

const columnsOf = ({
  columns,
  names,
  wavelengthsNm,
}: ReturnType<typeof unpackVae>['takes']): Pick<VaeSpectrum, 'names' | 'wavelengthsNm'> => ({
  names: Array.from({ length: columns }, (_, k) => names[k] ?? `column ${k + 1}`),
  wavelengthsNm,
});
