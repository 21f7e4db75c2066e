import { CubelensError } from '../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { decodeWith, encodeWith } from './apply.ts';
import { plainMultiply } from './multiply.ts';
import { divergence, largestFloat } from './objective.ts';
import type { ModelColumns } from './bandsOfVae.ts';
import { unpackVae } from './packedModel.ts';
import { standardised, type Standardisation } from './standardise.ts';

/** All of a spectrum but the notes, which go with the cube. */
export type PixelGaussian = Omit<VaeSpectrum, 'notes'>;

/** As `VaeTraversal`, with the spectra in one array: dimensions x steps x columns. */
export type Traversal = Omit<VaeTraversal, 'spectra'> & { spectra: Float32Array };

/**
 * The Gaussian of one spectrum (values of the model's columns, in the data's units), and what its mean decodes to. Throws `degenerate`
 * where a value is missing or too large for the model.
 */
export function gaussianOf(
  packed: SharedArrayBuffer,
  measured: Float32Array,
  at: { line: number; sample: number },
): PixelGaussian {
  const { ready, takes } = unpackVae(packed);
  const { mu, sigma, error } = encodeWith(plainMultiply, ready, measured, 1, { withDivergence: false });
  const decoded = mu.every(Number.isFinite) ? decodeWith(plainMultiply, ready, mu, 1, sigma) : null;
  if (decoded === null || !areFinite(decoded)) {
    throw new CubelensError(
      'degenerate',
      `The pixel at line ${at.line}, sample ${at.sample} has ${lackOf(measured, ready.standardisation, takes)}: it has no Gaussian.`,
      { field: 'line', remedy: 'Choose a pixel with a usual value in all bands that the model takes.' },
    );
  }
  return {
    ...at,
    mu: [...mu],
    sigma: [...sigma],
    klPerDimension: Array.from(mu, (one, k) =>
      Math.min(largestFloat, divergence(one, 2 * Math.log(sigma[k] as number))),
    ),
    error: error[0] as number,
    ...columnsOf(takes),
    measured: [...measured],
    decoded: [...decoded.mean],
    sd: [...decoded.sd],
  };
}

/** What keeps a spectrum from having a Gaussian. */
function lackOf(measured: Float32Array, standardisation: Standardisation, takes: ModelColumns): string {
  const missing = measured.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) return `no value in ${nameOf(takes, missing)}`;
  // A finite value may be too many deviations away for float32.
  const beyond = standardised(measured, standardisation, 1, 0).findIndex((value) => !Number.isFinite(value));
  return beyond < 0
    ? 'values that are too large for the model'
    : `a value in ${nameOf(takes, beyond)} that is too large for the model`;
}

/**
 * Spectra along latent dimensions through a point. Throws `invalid-request` where the point is not of the model's size, `degenerate`
 * where it decodes to no finite numbers, `cancelled`.
 * @param from - r numbers; null: the origin.
 * @param dimensionIndexes - from 0, each below r.
 */
export function traversalOf(
  packed: SharedArrayBuffer,
  from: readonly number[] | null,
  { dimensionIndexes, reach, steps }: { dimensionIndexes: readonly number[]; reach: number; steps: number },
  { signal }: CancelOptions = {},
): Traversal {
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
  const spectra = new Float32Array(dimensionIndexes.length * steps * columns);
  let sd = new Float32Array();
  dimensionIndexes.forEach((dimension, place) => {
    throwIfAborted(signal);
    const points = Float32Array.from({ length: steps * latent }, (_, k) => {
      const offset = k % latent === dimension ? (offsets[Math.floor(k / latent)] as number) : 0;
      return (start[k % latent] as number) + offset;
    });
    const decoded = decodeWith(plainMultiply, ready, points, steps);
    if (!areFinite(decoded)) {
      throw new CubelensError(
        'degenerate',
        `Along z${dimension + 1} the model decodes to no finite numbers.`,
        {
          field: 'reach',
          remedy: 'Begin nearer to the origin, or go less far.',
        },
      );
    }
    spectra.set(decoded.mean, place * steps * columns);
    // Without sigma the same in every row.
    sd = decoded.sd.slice(0, columns);
  });
  return {
    from: [...start],
    dimensionIndexes: [...dimensionIndexes],
    offsets,
    ...columnsOf(takes),
    spectra,
    sd: [...sd],
  };
}

/** A traversal as programs get it. */
export function nested(traversal: Traversal): VaeTraversal {
  const { dimensionIndexes, offsets } = traversal;
  return {
    ...traversal,
    spectra: dimensionIndexes.map((_, place) =>
      offsets.map((__, step) => [...spectrumAtStep(traversal, place, step)]),
    ),
  };
}

/** One spectrum of a traversal: of the dimension at this place of its list. */
export function spectrumAtStep(
  { names, offsets, spectra }: Traversal,
  place: number,
  step: number,
): Float32Array {
  const from = (place * offsets.length + step) * names.length;
  return spectra.subarray(from, from + names.length);
}

const areFinite = ({ mean, sd }: { mean: Float32Array; sd: Float32Array }): boolean =>
  mean.every(Number.isFinite) && sd.every(Number.isFinite);

const nameOf = ({ names }: ModelColumns, column: number): string => names[column] ?? `column ${column + 1}`;

const columnsOf = (takes: ModelColumns): Pick<VaeSpectrum, 'names' | 'wavelengthsNm'> => ({
  names: Array.from({ length: takes.columns }, (_, k) => nameOf(takes, k)),
  wavelengthsNm: takes.wavelengthsNm,
});
