import { Matrix } from 'ml-matrix';
import { cholesky, fromEigen, part, range, symmetricEigen } from './linear.ts';

/** A symmetric matrix in units of its own standard deviations: what is small does not hang on anybody's units. */
export interface Definiteness {
  kind: 'positive-definite' | 'degenerate' | 'indefinite';
  /** Number of eigenvalues that are not zero within rounding. */
  rank: number;
  /** Square roots of the diagonal; 1 where it is 0. */
  deviations: number[];
  /** The matrix divided by them: a correlation matrix. */
  correlation: Matrix;
  /** Eigenvalues of `correlation`, rising, and their vectors as columns. */
  values: number[];
  vectors: Matrix;
  /** Size below which an eigenvalue of `correlation` is rounding. */
  tolerance: number;
}

/**
 * Whether a symmetric matrix with a diagonal from 0 is positive definite, singular or indefinite. By Sylvester's law of
 * inertia its scaled form answers: eigenvalues of the correlation matrix against 16 n epsilon of the largest one.
 */
export function definiteness(matrix: Matrix): Definiteness {
  const n = matrix.rows;
  const deviations = matrix.diagonal().map((variance) => (variance > 0 ? Math.sqrt(variance) : 1));
  const correlation = new Matrix(n, n);
  deviations.forEach((own, i) =>
    deviations.forEach((other, j) => correlation.set(i, j, matrix.get(i, j) / own / other)),
  );
  const { values, vectors } = symmetricEigen(correlation);
  const tolerance = toleranceOf(values);
  const smallest = values[0] ?? 0;
  const rank = values.filter((value) => Math.abs(value) > tolerance).length;
  const kind = smallest < -tolerance ? 'indefinite' : rank < n ? 'degenerate' : 'positive-definite';
  return { kind, rank, deviations, correlation, values, vectors, tolerance };
}

function toleranceOf(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return 16 * values.length * Number.EPSILON * largest;
}

/** Where an indefinite matrix breaks. */
export interface Break {
  /** The first leading block that is not positive semi-definite has so many rows. */
  leadingSize: number;
  /** The cell of largest weight in it; row below column. */
  row: number;
  column: number;
}

/**
 * The first leading block that is indefinite, and in it the cell that takes most from v'Rv, where v is the vector of the
 * block's smallest eigenvalue and R the correlation matrix. Smallest eigenvalues of leading blocks never rise with their
 * size (Cauchy's interlacing), so the block is found by bisection.
 */
export function breakOf({ correlation, tolerance }: Definiteness): Break {
  const leading = (size: number): Matrix => part(correlation, range(size), range(size));
  let valid = 1;
  let broken = correlation.rows;
  while (broken - valid > 1) {
    const middle = (valid + broken) >> 1;
    if ((symmetricEigen(leading(middle)).values[0] ?? 0) < -tolerance) broken = middle;
    else valid = middle;
  }
  const block = leading(broken);
  const { vectors } = symmetricEigen(block);
  const found = { leadingSize: broken, row: 0, column: Math.min(1, broken - 1) };
  let least = Infinity;
  for (let i = 0; i < broken; i++) {
    for (let j = i + 1; j < broken; j++) {
      const share = vectors.get(i, 0) * vectors.get(j, 0) * block.get(i, j);
      // Among equals the first one: rounding decides nothing.
      if (share < least - 1e-12 * Math.abs(share)) {
        least = share;
        found.row = i;
        found.column = j;
      }
    }
  }
  return found;
}

/**
 * The positive semi-definite matrix nearest to a symmetric one in the Frobenius norm: negative eigenvalues become 0
 * (N. Higham, "Computing a nearest symmetric positive semidefinite matrix", Linear Algebra Appl. 103, 1988). `distance` is
 * the norm of the difference.
 */
export function nearestSemidefinite(matrix: Matrix): { covariance: Matrix; distance: number } {
  const { values, vectors } = symmetricEigen(matrix);
  const covariance = fromEigen(
    vectors,
    values.map((value) => Math.max(0, value)),
  );
  return { covariance, distance: Math.hypot(...values.filter((value) => value < 0)) };
}

/**
 * F with matrix = F F', for positive semi-definite matrices: Cholesky's L where definite, else one column for each
 * eigenvalue that is not zero (n x rank). Null where indefinite.
 */
export function factorOf(matrix: Matrix, known: Definiteness): Matrix | null {
  if (known.kind === 'indefinite') return null;
  const lower = known.kind === 'positive-definite' ? cholesky(matrix) : null;
  if (lower !== null) return lower;
  const kept = range(known.values.length).filter((k) => (known.values[k] ?? 0) > known.tolerance);
  const factor = new Matrix(matrix.rows, kept.length);
  kept.forEach((k, column) => {
    const root = Math.sqrt(known.values[k] ?? 0);
    known.deviations.forEach((deviation, i) =>
      factor.set(i, column, deviation * root * known.vectors.get(i, k)),
    );
  });
  return factor;
}
