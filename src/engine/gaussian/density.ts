import { Matrix } from 'ml-matrix';
import { CubelensError } from '../base/errors.ts';
import type { GaussianDensities, GaussianSpec } from '../contract/gaussian.ts';
import { buildGaussian, type Gaussian } from './build.ts';
import { definiteness } from './definiteness.ts';
import { cholesky, range, solveLower } from './linear.ts';
import { checkNumbers } from './matrixChecks.ts';
import { invalid } from './vectors.ts';

/** 2 sum ln Lii of a Cholesky factor: the natural logarithm of the determinant. */
export const logDeterminantOf = (lower: Matrix): number =>
  2 * lower.diagonal().reduce((sum, pivot) => sum + Math.log(pivot), 0);

/**
 * Natural logarithm of the density at points (rows of N numbers), and their squared Mahalanobis distances:
 * -1/2 (N ln 2pi + ln det + |L^-1 (x - mean)|^2). Throws `invalid-request` for points that do not fit, `degenerate` where
 * the covariance is singular or indefinite: then there is no density.
 */
export function densityAt(spec: GaussianSpec, points: readonly (readonly number[])[]): GaussianDensities {
  const gaussian = buildGaussian(spec);
  const n = gaussian.mean.length;
  points.forEach((point, k) => {
    if (point.length !== n) {
      throw invalid(
        'points',
        `Point ${k + 1} has ${point.length} numbers, but the vectors have ${n} components.`,
        'Give one number a component.',
        { row: k + 1 },
      );
    }
    checkNumbers(point, 'points', 'points', k + 1);
  });
  const lower = definiteFactor(gaussian);
  const centred = new Matrix(n, points.length);
  points.forEach((point, k) => {
    point.forEach((number, i) => centred.set(i, k, number - (gaussian.mean[i] ?? NaN)));
  });
  const whitened = solveLower(lower, centred);
  const constant = n * Math.log(2 * Math.PI) + logDeterminantOf(lower);
  const squaredDistance = range(points.length).map((k) =>
    whitened.getColumn(k).reduce((sum, one) => sum + one * one, 0),
  );
  return { logDensity: squaredDistance.map((square) => -(constant + square) / 2), squaredDistance };
}

function definiteFactor({ covariance }: Gaussian): Matrix {
  const { kind, rank } = definiteness(covariance);
  const lower = kind === 'positive-definite' ? cholesky(covariance) : null;
  if (lower !== null) return lower;
  throw new CubelensError(
    'degenerate',
    kind === 'indefinite'
      ? 'The covariance is not positive semi-definite: there is no density.'
      : `The covariance is singular (rank ${rank} of ${covariance.rows}): all mass lies in a subspace, without a density.`,
    {
      field: 'spec',
      remedy:
        kind === 'indefinite'
          ? 'Describe it to see where it breaks and the nearest valid matrix.'
          : 'Leave out components that follow from others.',
    },
  );
}
