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
  addProducts(centred, count, products);
  return { count, mean, products };
}

/** Lower triangle of all products of planes, two rows by four columns at a time: each number is read once for several. */
function addProducts(planes: readonly Float64Array[], count: number, products: Float64Array): void {
  const bands = planes.length;
  const nothing = new Float64Array(count);
  const plane = (band: number): Float64Array => planes[band] ?? nothing;
  for (let i = 0; i < bands; i += 2) {
    for (let j = 0; j <= i + 1; j += 4) {
      const sums = productsOf(
        [plane(i), plane(i + 1)],
        [plane(j), plane(j + 1), plane(j + 2), plane(j + 3)],
        count,
      );
      sums.forEach((sum, k) => {
        const [row, column] = [i + (k >> 2), j + (k & 3)];
        if (row < bands && column <= row) products[row * bands + column] = sum;
      });
    }
  }
}

function productsOf(
  [a, b]: readonly [Float64Array, Float64Array],
  [c, d, e, f]: readonly [Float64Array, Float64Array, Float64Array, Float64Array],
  count: number,
): number[] {
  let ac = 0;
  let ad = 0;
  let ae = 0;
  let af = 0;
  let bc = 0;
  let bd = 0;
  let be = 0;
  let bf = 0;
  for (let k = 0; k < count; k++) {
    const first = a[k] ?? NaN;
    const second = b[k] ?? NaN;
    const one = c[k] ?? NaN;
    ac += first * one;
    bc += second * one;
    const two = d[k] ?? NaN;
    ad += first * two;
    bd += second * two;
    const three = e[k] ?? NaN;
    ae += first * three;
    be += second * three;
    const four = f[k] ?? NaN;
    af += first * four;
    bf += second * four;
  }
  return [ac, ad, ae, af, bc, bd, be, bf];
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
 * singular: no more pixels than bands, or bands that follow from others. @param names of the bands, for the message.
 */
export function whiteningOf(
  { count, mean, products }: Moments,
  names: readonly string[] = [],
): SharedArrayBuffer {
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
        (constant < 0
          ? 'some bands follow from others.'
          : `${names[constant] ?? `the band of index ${constant} among them`} is constant.`),
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
  // One row and one column more, all zero: rows go in pairs.
  const inverse = new Float64Array((bands + 2) * bands);
  inverse.set(new Float64Array(prepared, bands * 8, bands * bands));
  const out = new Float32Array(pixels).fill(NaN);
  const kept = completePixels(planes);
  const x = new Float64Array(4 * (bands + 1));
  // Four pixels and two rows at a time: each number is read once for several.
  for (let at = 0; at < kept.length; at += 4) {
    for (let one = 0; one < 4; one++) {
      const pixel = kept[Math.min(at + one, kept.length - 1)] ?? 0;
      for (let band = 0; band < bands; band++) {
        x[4 * band + one] = (numbers[band * pixels + pixel] ?? NaN) - (mean[band] ?? NaN);
      }
    }
    let d0 = 0;
    let d1 = 0;
    let d2 = 0;
    let d3 = 0;
    for (let i = 0; i < bands; i += 2) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      const row = i * bands;
      for (let k = 0; k <= i + 1; k++) {
        const first = inverse[row + k] ?? NaN;
        const second = inverse[row + bands + k] ?? NaN;
        const x0 = x[4 * k] ?? NaN;
        const x1 = x[4 * k + 1] ?? NaN;
        const x2 = x[4 * k + 2] ?? NaN;
        const x3 = x[4 * k + 3] ?? NaN;
        s0 += first * x0;
        s1 += first * x1;
        s2 += first * x2;
        s3 += first * x3;
        t0 += second * x0;
        t1 += second * x1;
        t2 += second * x2;
        t3 += second * x3;
      }
      d0 += s0 * s0 + t0 * t0;
      d1 += s1 * s1 + t1 * t1;
      d2 += s2 * s2 + t2 * t2;
      d3 += s3 * s3 + t3 * t3;
    }
    [d0, d1, d2, d3].forEach((distance, one) => {
      const pixel = kept[at + one];
      if (pixel !== undefined) out[pixel] = distance;
    });
  }
  return out;
}

const degenerate = (message: string, remedy: string): CubelensError =>
  new CubelensError('degenerate', message, { field: 'image', remedy });
