import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Gaussian } from './build.ts';
import { definiteness } from './definiteness.ts';
import { cholesky, part, range, solveLower } from './linear.ts';
import type { NamedVector } from './vectors.ts';

/** Correlations above this are 1 within rounding: the mutual information is infinite. */
const certain = 1 - 1e-12;

/**
 * Canonical correlations of two vectors, falling, min(length a, length b) of them: the singular values of the
 * cross-covariance between the whitened vectors (H. Hotelling, "Relations between two sets of variates", Biometrika 28,
 * 1936). Directions without variance have none. The joint covariance must be positive semi-definite.
 */
export function canonicalCorrelations({ covariance }: Gaussian, a: NamedVector, b: NamedVector): number[] {
  const rows = range(a.length, a.start);
  const columns = range(b.length, b.start);
  const left = whitening(part(covariance, rows, rows));
  const right = whitening(part(covariance, columns, columns));
  const count = Math.min(a.length, b.length);
  if (left.rows === 0 || right.rows === 0) return range(count).map(() => 0);
  const whitened = left.mmul(part(covariance, rows, columns)).mmul(right.transpose());
  const found = new SingularValueDecomposition(whitened, { autoTranspose: true }).diagonal;
  return range(count).map((k) => Math.min(1, Math.max(0, found[k] ?? 0)));
}

/** -1/2 sum ln(1 - r^2) over canonical correlations r, in nats; null where one is 1 (infinite). */
export function mutualInformation(correlations: readonly number[]): number | null {
  if (correlations.some((correlation) => correlation >= certain)) return null;
  const sum = correlations.reduce((total, correlation) => total + Math.log1p(-correlation * correlation), 0);
  return sum === 0 ? 0 : -sum / 2;
}

/** W with W S W' = I, of as many rows as S has rank. */
function whitening(covariance: Matrix): Matrix {
  const known = definiteness(covariance);
  const lower = known.kind === 'positive-definite' ? cholesky(covariance) : null;
  if (lower !== null) return solveLower(lower, Matrix.eye(lower.rows));
  const kept = range(known.values.length).filter((k) => (known.values[k] ?? 0) > known.tolerance);
  const out = new Matrix(kept.length, covariance.rows);
  kept.forEach((k, row) => {
    const root = Math.sqrt(known.values[k] ?? 1);
    known.deviations.forEach((deviation, i) => out.set(row, i, known.vectors.get(i, k) / root / deviation));
  });
  return out;
}
