import { Matrix } from 'ml-matrix';
import { CubelensError } from '../base/errors.ts';
import { definiteness } from './definiteness.ts';
import { cholesky, solveLower } from './linear.ts';

/** Count, means and centred sums of products (lower triangle, n x n) of some pixels. */
export interface Moments {
  count: number;
  mean: Float64Array;
  products: Float64Array;
}

/** Planes of numbers, band after band: `pixels` of each. */
export interface Planes {
  numbers: ArrayLike<number>;
  bands: number;
  pixels: number;
}

/** Indexes of the pixels that are finite in all bands. */
export function completePixels({ numbers, bands, pixels }: Planes): Uint32Array {
  const complete = new Uint8Array(pixels).fill(1);
  for (let at = 0, band = 0; band < bands; band++) {
    for (let pixel = 0; pixel < pixels; pixel++, at++) {
      if (!Number.isFinite(numbers[at])) complete[pixel] = 0;
    }
  }
  return Uint32Array.from(complete.keys()).filter((pixel) => complete[pixel] === 1);
}

/** Moments of the complete pixels of one window, centred on their own mean: safe where values are large and even. */
export function momentsOf(planes: Planes): Moments {
  const { numbers, bands, pixels } = planes;
  const kept = completePixels(planes);
  const count = kept.length;
  const mean = new Float64Array(bands);
  const products = new Float64Array(bands * bands);
  if (count === 0) return { count, mean, products };
  const centred = Array.from({ length: bands }, (_, band) => {
    const plane = new Float64Array(count);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const value = numbers[band * pixels + (kept[k] ?? 0)] ?? NaN;
      plane[k] = value;
      sum += value;
    }
    const middle = sum / count;
    mean[band] = middle;
    for (let k = 0; k < count; k++) plane[k] = (plane[k] ?? NaN) - middle;
    return plane;
  });
  for (let i = 0; i < bands; i++) {
    for (let j = 0; j <= i; j++) {
      products[i * bands + j] = dot(centred[i] ?? new Float64Array(0), centred[j] ?? new Float64Array(0));
    }
  }
  return { count, mean, products };
}

function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0; k < whole; k += 4) {
    s0 += (a[k] ?? NaN) * (b[k] ?? NaN);
    s1 += (a[k + 1] ?? NaN) * (b[k + 1] ?? NaN);
    s2 += (a[k + 2] ?? NaN) * (b[k + 2] ?? NaN);
    s3 += (a[k + 3] ?? NaN) * (b[k + 3] ?? NaN);
  }
  for (let k = whole; k < a.length; k++) s0 += (a[k] ?? NaN) * (b[k] ?? NaN);
  return s0 + s1 + (s2 + s3);
}

/**
 * Adds moments of further pixels in place (T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for
 * computing sample variances", 1979).
 */
export function mergeMoments(into: Moments, further: Moments): void {
  const count = into.count + further.count;
  if (further.count === 0) return;
  const bands = into.mean.length;
  const step = further.mean.map((mean, band) => mean - (into.mean[band] ?? NaN));
  const share = (into.count * further.count) / count;
  for (let i = 0; i < bands; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * bands + j;
      into.products[at] =
        (into.products[at] ?? NaN) +
        (further.products[at] ?? NaN) +
        share * (step[i] ?? NaN) * (step[j] ?? NaN);
    }
  }
  step.forEach((one, band) => (into.mean[band] = (into.mean[band] ?? NaN) + (one * further.count) / count));
  into.count = count;
}

/**
 * Mean (n) and then L^-1 (n x n, row by row) of the covariance L L' with N-1. Throws `degenerate` where the covariance is
 * singular: no more pixels than bands, or bands that follow from others.
 */
export function whiteningOf({ count, mean, products }: Moments): SharedArrayBuffer {
  const bands = mean.length;
  const covariance = new Matrix(bands, bands);
  for (let i = 0; i < bands; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (products[i * bands + j] ?? NaN) / (count - 1);
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  if (count <= bands) {
    throw degenerate(
      `Only ${count} pixels are complete in the ${bands} good bands: their covariance is singular.`,
      'Mark bands with many missing values as bad, or take a cube with more pixels than bands.',
    );
  }
  const known = definiteness(covariance);
  const lower = known.kind === 'positive-definite' ? cholesky(covariance) : null;
  if (lower === null) {
    const constant = covariance.diagonal().findIndex((variance) => variance === 0);
    throw degenerate(
      `The covariance of the ${bands} good bands is singular (rank ${known.rank}): ` +
        (constant < 0 ? 'some bands follow from others.' : `good band ${constant + 1} of them is constant.`),
      'Mark bands that are constant or computed from others as bad.',
    );
  }
  const inverse = solveLower(lower, Matrix.eye(bands));
  const prepared = new SharedArrayBuffer((bands + bands * bands) * 8);
  const out = new Float64Array(prepared);
  out.set(mean);
  out.set(inverse.to1DArray(), bands);
  return prepared;
}

/** Squared Mahalanobis distances |L^-1 (x - mean)|^2 of a window's pixels; NaN where one is not complete. */
export function squaredDistances(planes: Planes, prepared: SharedArrayBuffer): Float32Array {
  const { numbers, bands, pixels } = planes;
  const mean = new Float64Array(prepared, 0, bands);
  const inverse = new Float64Array(prepared, bands * 8, bands * bands);
  const out = new Float32Array(pixels).fill(NaN);
  const kept = completePixels(planes);
  const x = new Float64Array(4 * bands);
  // Four pixels at a time: a weight is read once for all.
  for (let first = 0; first < kept.length; first += 4) {
    for (let one = 0; one < 4; one++) {
      const pixel = kept[Math.min(first + one, kept.length - 1)] ?? 0;
      for (let band = 0; band < bands; band++) {
        x[4 * band + one] = (numbers[band * pixels + pixel] ?? NaN) - (mean[band] ?? NaN);
      }
    }
    let [d0, d1, d2, d3] = [0, 0, 0, 0];
    for (let i = 0; i < bands; i++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = 0, at = i * bands; k <= i; k++, at++) {
        const weight = inverse[at] ?? NaN;
        s0 += weight * (x[4 * k] ?? NaN);
        s1 += weight * (x[4 * k + 1] ?? NaN);
        s2 += weight * (x[4 * k + 2] ?? NaN);
        s3 += weight * (x[4 * k + 3] ?? NaN);
      }
      d0 += s0 * s0;
      d1 += s1 * s1;
      d2 += s2 * s2;
      d3 += s3 * s3;
    }
    [d0, d1, d2, d3].forEach((distance, one) => {
      const pixel = kept[first + one];
      if (pixel !== undefined) out[pixel] = distance;
    });
  }
  return out;
}

const degenerate = (message: string, remedy: string): CubelensError =>
  new CubelensError('degenerate', message, { field: 'image', remedy });
