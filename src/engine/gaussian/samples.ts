import { Matrix } from 'ml-matrix';
import { invalid } from './vectors.ts';

/** Mean and covariance of samples, and the part of the shrinkage target (null: none asked for). */
export interface Estimate {
  mean: number[];
  covariance: Matrix;
  shrinkage: number | null;
}

/**
 * Mean and covariance of rows of numbers, divided by N-1. With `shrinkage` the covariance becomes
 * (1 - s) S + s m I, m the mean variance, with the intensity s of O. Ledoit and M. Wolf, "A well-conditioned estimator for
 * large-dimensional covariance matrices" (J. Multivariate Anal. 88, 2004), with N-1 for N as in the authors' own code
 * (cov1Para) for data whose mean is estimated; scikit-learn divides by N. Throws `invalid-request` for fewer than two rows.
 */
export function estimate(rows: readonly (readonly number[])[], shrinkage: boolean): Estimate {
  const count = rows.length;
  const n = rows[0]?.length ?? 0;
  if (count < 2) {
    throw invalid(
      'samples',
      `There ${count === 1 ? 'is 1 sample' : 'are no samples'}: a covariance needs at least 2.`,
      'Give more rows.',
    );
  }
  const mean = Array.from(
    { length: n },
    (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? NaN), 0) / count,
  );
  const products = new Float64Array(n * n);
  const squares = new Float64Array(n * n);
  const centred = new Float64Array(n);
  for (const row of rows) {
    mean.forEach((middle, k) => (centred[k] = (row[k] ?? NaN) - middle));
    for (let i = 0; i < n; i++) {
      const own = centred[i] ?? NaN;
      for (let j = 0; j <= i; j++) {
        const product = own * (centred[j] ?? NaN);
        const at = i * n + j;
        products[at] = (products[at] ?? NaN) + product;
        squares[at] = (squares[at] ?? NaN) + product * product;
      }
    }
  }
  const covariance = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (products[i * n + j] ?? NaN) / (count - 1);
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  if (!shrinkage) return { mean, covariance, shrinkage: null };
  const intensity = ledoitWolf(covariance, squares, count - 1);
  const middle = covariance.trace() / n;
  const shrunk = covariance.clone().mul(1 - intensity);
  for (let i = 0; i < n; i++) shrunk.set(i, i, shrunk.get(i, i) + intensity * middle);
  return { mean, covariance: shrunk, shrinkage: intensity };
}

/** @param squares lower triangle of the sums of squared products. @param freedom N-1. */
function ledoitWolf(covariance: Matrix, squares: Float64Array, freedom: number): number {
  const n = covariance.rows;
  const middle = covariance.trace() / n;
  let scatter = 0;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance.get(i, j);
      const times = i === j ? 1 : 2;
      scatter += times * ((squares[i * n + j] ?? NaN) / freedom - value * value);
      distance += times * (value - (i === j ? middle : 0)) ** 2;
    }
  }
  // Where the covariance is its own target, any share gives the same.
  return distance === 0 ? 0 : Math.min(1, Math.max(0, scatter / distance / freedom));
}
