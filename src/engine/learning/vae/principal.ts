import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { seededRandom } from '../../base/random.ts';
import type { Multiply } from './multiply.ts';
import { standardised, type Samples, type Standardisation } from './standardise.ts';

/** Variances of the standardised data. */
export interface PrincipalVariances {
  /** Largest eigenvalues of the covariance, falling. */
  eigenvalues: number[];
  /** Sum of all eigenvalues. */
  total: number;
}

const mostRows = 8192;
const iterations = 12;

/**
 * The largest eigenvalues of the covariance by subspace iteration with a final Rayleigh-Ritz step (N. Halko, P.
 * Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review 53, 2011, algorithm 4.4), from at most 8192
 * samples spread evenly over the table.
 * @param count - how many; fewer columns or samples give fewer.
 */
export function principalVariances(
  multiply: Multiply,
  samples: Samples,
  scale: Standardisation,
  count: number,
): PrincipalVariances {
  const { columns } = samples;
  const rows = Math.min(samples.rows, mostRows);
  const order = Int32Array.from({ length: rows }, (_, k) => Math.floor((k * samples.rows) / rows));
  const x = standardised(samples.values, scale, rows, 0, order);
  // The mean of a part of the rows is not quite that of all; unstandardised data has any mean.
  centre(x, columns);
  let total = 0;
  for (const value of x) total += (value * value) / rows;
  const width = Math.min(columns, rows, count + 8);
  const random = seededRandom(0, 1);
  let basis = orthonormal(
    Float32Array.from({ length: columns * width }, () => random.normal()),
    columns,
    width,
  );
  for (let k = 0; k < iterations; k++) {
    const scores = multiply(x, basis, [rows, columns, width]);
    const next = multiply(x, scores, [columns, rows, width], { transposeA: true });
    basis = orthonormal(next, columns, width);
  }
  const scores = multiply(x, basis, [rows, columns, width]);
  const gram = multiply(scores, scores, [width, rows, width], { transposeA: true });
  const matrix = Matrix.zeros(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      matrix.set(i, j, ((gram[i * width + j] as number) + (gram[j * width + i] as number)) / 2 / rows);
    }
  }
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues;
  const eigenvalues = found
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .map((value) => Math.max(0, value));
  return { eigenvalues, total };
}

function centre(x: Float32Array, columns: number): void {
  const mean = new Float64Array(columns);
  const rows = x.length / columns;
  for (let k = 0; k < x.length; k++) {
    mean[k % columns] = (mean[k % columns] as number) + (x[k] as number) / rows;
  }
  for (let k = 0; k < x.length; k++) x[k] = (x[k] as number) - (mean[k % columns] as number);
}

/** The columns made orthonormal by Gram and Schmidt's method, twice, in float64; a column without a rest becomes 0. */
function orthonormal(values: Float32Array, rows: number, columns: number): Float32Array {
  const q = Float64Array.from(values);
  for (let j = 0; j < columns; j++) {
    const before = norm(q, rows, columns, j);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < j; i++) {
        let dot = 0;
        for (let k = 0; k < rows; k++) dot += (q[k * columns + i] as number) * (q[k * columns + j] as number);
        for (let k = 0; k < rows; k++) {
          q[k * columns + j] = (q[k * columns + j] as number) - dot * (q[k * columns + i] as number);
        }
      }
    }
    const length = norm(q, rows, columns, j);
    const factor = length > 1e-7 * before ? 1 / length : 0;
    for (let k = 0; k < rows; k++) q[k * columns + j] = (q[k * columns + j] as number) * factor;
  }
  return Float32Array.from(q);
}

function norm(q: Float64Array, rows: number, columns: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < rows; k++) sum += (q[k * columns + j] as number) ** 2;
  return Math.sqrt(sum);
}

/** Least noise variance that is assumed for data of a mean variance: float32 training follows nothing finer. */
export const leastNoise = (meanVariance: number): number => 1e-3 * meanVariance;

/**
 * The noise variance for `data`: the mean of the eigenvalues beyond the first r, which is what maximum likelihood gives
 * for a linear model (M. Tipping and C. Bishop, "Probabilistic principal component analysis", J. R. Stat. Soc. B 61,
 * 1999, equation 8), with the mean variance per column. It follows the data's own correlation instead of a fixed 1, at
 * which a spectrum of hundreds of nearly proportional bands is under- and one of few bands over-regularised; because
 * the data is standardised first, reflectance and raw counts give the same number. At this noise no direction that a
 * linear model would keep collapses, however many columns there are.
 */
export function noiseOfData({ eigenvalues, total }: PrincipalVariances, columns: number): number {
  const mean = total / columns;
  if (mean === 0) return 1;
  const kept = eigenvalues.reduce((sum, value) => sum + value, 0);
  const rest = columns - eigenvalues.length;
  return Math.max(leastNoise(mean), rest > 0 ? (total - kept) / rest : 0);
}
