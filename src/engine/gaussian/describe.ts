import type { Matrix } from 'ml-matrix';
import type { GaussianDescription, GaussianPlace, GaussianSpec } from '../contract/gaussian.ts';
import { buildGaussian, type Gaussian } from './build.ts';
import { breakOf, definiteness, nearestSemidefinite, type Definiteness } from './definiteness.ts';
import { logDeterminantOf } from './density.ts';
import { canonicalCorrelations, mutualInformation } from './information.ts';
import { cellIntervals, mostSingularComponents } from './intervals.ts';
import { cholesky, part, range, rowsOf, symmetricEigen } from './linear.ts';
import { componentAt, invalid } from './vectors.ts';

/**
 * All that is known of the Gaussian that a specification states. One whose covariance is indefinite is an answer too:
 * `valid` false, with the reason, the place and the nearest valid matrix. Throws `invalid-request` as `buildGaussian`.
 */
export function describeGaussian(spec: GaussianSpec): GaussianDescription {
  const gaussian = buildGaussian(spec);
  const { vectors, mean, covariance } = gaussian;
  const n = mean.length;
  const known = definiteness(covariance);
  const { values: eigenvalues, vectors: directions } = symmetricEigen(covariance);
  const valid = known.kind !== 'indefinite';
  const lower = known.kind === 'positive-definite' ? cholesky(covariance) : null;
  const logDeterminant = lower === null ? null : logDeterminantOf(lower);
  const where = valid ? null : placeOf(gaussian, known);
  const nearest = valid ? null : nearestSemidefinite(covariance);
  const intervals = cellIntervals(known);
  const notes = [...gaussian.notes];
  if (intervals === null) {
    notes.push(
      `Intervals of a singular or invalid matrix are found for up to ${mostSingularComponents} components.`,
    );
  }
  const determinant = determinantOf(known, lower, eigenvalues);
  return {
    vectors: vectors.map(({ name, components, start, length }) => ({
      name,
      mean: mean.slice(start, start + length),
      components,
    })),
    mean,
    covariance: rowsOf(covariance),
    valid,
    definiteness: known.kind,
    reason: reasonOf(gaussian, known, eigenvalues, where),
    where,
    rank: known.rank,
    determinant: Number.isFinite(determinant) ? determinant : null,
    logDeterminant,
    entropy: logDeterminant === null ? null : (n * Math.log(2 * Math.PI * Math.E) + logDeterminant) / 2,
    eigenvalues,
    smallestEigenvector: directions.getColumn(0),
    intervals: intervals ?? range(n).map(() => range(n).map(() => null)),
    ...informationOf(gaussian, valid),
    nearest: nearest === null ? null : { covariance: rowsOf(nearest.covariance), distance: nearest.distance },
    notes,
  };
}

function determinantOf({ kind }: Definiteness, lower: Matrix | null, eigenvalues: readonly number[]): number {
  if (kind === 'indefinite') return eigenvalues.reduce((product, value) => product * value, 1);
  return lower === null ? 0 : lower.diagonal().reduce((product, pivot) => product * pivot, 1) ** 2;
}

function informationOf(
  gaussian: Gaussian,
  valid: boolean,
): Pick<GaussianDescription, 'mutualInformation' | 'canonicalCorrelations'> {
  const information: Record<string, number | null> = {};
  const correlations: Record<string, number[] | null> = {};
  const { vectors } = gaussian;
  vectors.forEach((a, k) => {
    for (const b of vectors.slice(k + 1)) {
      const found = valid ? canonicalCorrelations(gaussian, a, b) : null;
      correlations[`${a.name},${b.name}`] = found;
      information[`${a.name},${b.name}`] = found === null ? null : mutualInformation(found);
    }
  });
  return { mutualInformation: information, canonicalCorrelations: correlations };
}

function placeOf({ vectors, covariance }: Gaussian, known: Definiteness): GaussianPlace {
  const { leadingSize, row, column } = breakOf(known);
  const [from, to] = [componentAt(vectors, row), componentAt(vectors, column)];
  return {
    rowIndex: row,
    columnIndex: column,
    row: from.component,
    column: to.component,
    block: `${from.vector.name},${to.vector.name}`,
    value: covariance.get(row, column),
    leadingSize,
    leadingComponent: componentAt(vectors, leadingSize - 1).component,
  };
}

function reasonOf(
  gaussian: Gaussian,
  known: Definiteness,
  eigenvalues: readonly number[],
  where: GaussianPlace | null,
): string | null {
  const n = gaussian.mean.length;
  if (known.kind === 'positive-definite') return null;
  if (where === null) {
    return `The covariance is degenerate: its rank is ${known.rank} of ${n}, so all mass lies in a subspace.`;
  }
  const parts = [
    `The covariance is not positive semi-definite: its smallest eigenvalue is ${shortened(eigenvalues[0] ?? NaN)}.`,
    `It breaks at component ${where.leadingComponent} (leading block of ${where.leadingSize}); ` +
      `the cell that weighs most is (${where.row}, ${where.column}) of block ${where.block}, ${shortened(where.value)}.`,
  ];
  if (wereDeviations(gaussian)) {
    parts.push(
      'With the diagonal squared it would be valid: are these standard deviations where variances belong?',
    );
  }
  return parts.join(' ');
}

/** True where squaring the diagonal makes the matrix valid: the classic mix-up. */
function wereDeviations({ covariance }: Gaussian): boolean {
  const squared = covariance.clone();
  covariance.diagonal().forEach((value, k) => squared.set(k, k, value * value));
  return definiteness(squared).kind !== 'indefinite';
}

const shortened = (value: number): string => String(Number(value.toPrecision(6)));

/** The marginal of some vectors: means and covariance, sliced. Throws `invalid-request` for a name that is unknown. */
export function marginalOf(spec: GaussianSpec, names: readonly string[]): GaussianSpec {
  const { vectors, mean, covariance } = buildGaussian(spec);
  const kept = names.map((name) => {
    const vector = vectors.find((one) => one.name === name);
    if (vector !== undefined) return vector;
    throw invalid(
      'vectors',
      `There is no vector named ${name}.`,
      `There are ${vectors.map((one) => one.name).join(', ')}.`,
    );
  });
  const indexes = kept.flatMap(({ start, length }) => range(length, start));
  return {
    vectors: kept.map(({ name, components, start, length }) => ({
      name,
      components,
      mean: mean.slice(start, start + length),
    })),
    covariance: rowsOf(part(covariance, indexes, indexes)),
  };
}
