import { Matrix } from 'ml-matrix';
import type { GaussianInterval } from '../contract/gaussian.ts';
import type { Definiteness } from './definiteness.ts';
import { cholesky, part, range, solveLower, symmetricEigen } from './linear.ts';

/** Largest singular or indefinite matrix whose intervals are found: each pair of components takes an eigenproblem. */
export const mostSingularComponents = 32;

/**
 * For each cell of a covariance the interval that keeps it positive semi-definite while all others stay (a cell and its
 * mirror image move together); null where no value does. With P the inverse, cell (i, j) may move by
 * -1/(sqrt(Pii Pjj) + Pij) to 1/(sqrt(Pii Pjj) - Pij), a variance down by 1/Pii; without an inverse the conditional
 * covariance of the two, given all others, decides. Null as a whole for a singular or indefinite matrix of more than
 * `mostSingularComponents`.
 */
export function cellIntervals(known: Definiteness): (GaussianInterval | null)[][] | null {
  const scaled =
    known.kind === 'positive-definite' ? intervalsByInverse(known.correlation) : intervalsByOthers(known);
  if (scaled === null) return null;
  const { deviations } = known;
  return scaled.map((row, i) =>
    row.map((interval, j) => {
      if (interval === null) return null;
      const unit = (deviations[i] ?? 1) * (deviations[j] ?? 1);
      const [low, high] = interval;
      return [low * unit, high === null ? null : high * unit];
    }),
  );
}

function intervalsByInverse(correlation: Matrix): (GaussianInterval | null)[][] | null {
  const lower = cholesky(correlation);
  if (lower === null) return null;
  const half = solveLower(lower, Matrix.eye(lower.rows));
  const inverse = half.transpose().mmul(half);
  return range(lower.rows).map((i) =>
    range(lower.rows).map((j): GaussianInterval => {
      const value = correlation.get(i, j);
      const own = inverse.get(i, j);
      if (i === j) return [value - 1 / own, null];
      const root = Math.sqrt(inverse.get(i, i)) * Math.sqrt(inverse.get(j, j));
      return [value - 1 / (root + own), value + 1 / (root - own)];
    }),
  );
}

function intervalsByOthers(known: Definiteness): (GaussianInterval | null)[][] | null {
  const n = known.correlation.rows;
  if (n > mostSingularComponents) return null;
  const intervals = range(n).map(() => range(n).map((): GaussianInterval | null => null));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const interval = intervalGivenOthers(known, i, j);
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const) {
        const cells = intervals[row];
        if (cells !== undefined) cells[column] = interval;
      }
    }
  }
  return intervals;
}

/** Part of a vector outside the span of the others that is more than rounding, in units of standard deviations. */
const spanTolerance = 1e-7;

function intervalGivenOthers(
  { correlation, tolerance }: Definiteness,
  i: number,
  j: number,
): GaussianInterval | null {
  const pair = i === j ? [i] : [i, j];
  const others = range(correlation.rows).filter((k) => !pair.includes(k));
  const conditional = part(correlation, pair, pair);
  if (others.length > 0) {
    const { values, vectors } = symmetricEigen(part(correlation, others, others));
    if ((values[0] ?? 0) < -tolerance) return null;
    // Rows: the pair's parts along the others' eigenvectors.
    const along = part(correlation, pair, others).mmul(vectors);
    for (const [k, value] of values.entries()) {
      const parts = along.getColumn(k);
      if (value <= tolerance) {
        if (parts.some((one) => Math.abs(one) > spanTolerance)) return null;
        continue;
      }
      parts.forEach((own, row) =>
        parts.forEach((other, column) =>
          conditional.set(row, column, conditional.get(row, column) - (own * other) / value),
        ),
      );
    }
  }
  const first = conditional.get(0, 0);
  if (i === j) return [correlation.get(i, i) - first, null];
  const second = conditional.get(1, 1);
  if (first < -spanTolerance || second < -spanTolerance) return null;
  const middle = correlation.get(i, j) - conditional.get(0, 1);
  const room = Math.sqrt(Math.max(0, first) * Math.max(0, second));
  return [middle - room, middle + room];
}
