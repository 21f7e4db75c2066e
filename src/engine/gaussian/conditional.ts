import { Matrix } from 'ml-matrix';
import { CubelensError } from '../base/errors.ts';
import type { GaussianConditional, GaussianSpec, GaussianVectorAnswer } from '../contract/gaussian.ts';
import { buildGaussian } from './build.ts';
import { definiteness, type Definiteness } from './definiteness.ts';
import { cholesky, part, range, rowsOf, solveLower, solveLowerTransposed, symmetrised } from './linear.ts';
import { checkNumbers } from './matrixChecks.ts';
import { componentNames, invalid, type NamedVector } from './vectors.ts';

/** Part of given values outside the subspace that holds all mass, in standard deviations, that is still rounding. */
const subspaceTolerance = 1e-6;

/**
 * The other components, given some: `given` holds values by the names of vectors (one number a component) or of single
 * components (one number). With o the others and g the given:
 * mean_o + G (x_g - mean_g) and S_oo - G S_go, where G = S_og S_gg^-1 (of a singular S_gg the pseudo-inverse, which a note
 * says). Throws `invalid-request` for names and lengths that do not fit or where nothing is left, `degenerate` for an
 * indefinite covariance and for values that a singular one rules out.
 */
export function conditionalOf(
  spec: GaussianSpec,
  given: Readonly<Record<string, readonly number[]>>,
): GaussianConditional {
  const { vectors, mean, covariance, notes } = buildGaussian(spec);
  const values = valuesByIndex(vectors, given);
  const known = range(mean.length).filter((k) => values.has(k));
  const others = range(mean.length).filter((k) => !values.has(k));
  if (others.length === 0) {
    throw invalid('given', 'All components are given: nothing is left to infer.', 'Leave a vector out.');
  }
  if (definiteness(covariance).kind === 'indefinite') {
    throw new CubelensError(
      'degenerate',
      'The covariance is not positive semi-definite: nothing follows from it.',
      {
        field: 'spec',
        remedy: 'Describe it to see where it breaks and the nearest valid matrix.',
      },
    );
  }
  const own = part(covariance, known, known);
  const cross = part(covariance, others, known);
  const definite = definiteness(own);
  const moved = known.map((k) => (values.get(k) ?? NaN) - (mean[k] ?? NaN));
  if (definite.kind === 'degenerate') {
    checkSubspace(definite, moved);
    notes.push(
      `The covariance of what is given is degenerate (rank ${definite.rank} of ${known.length}): its pseudo-inverse is used.`,
    );
  }
  const { gain, rest } = regression(cross, own, definite, part(covariance, others, others));
  const shifts = gain.mmul(Matrix.columnVector(moved)).getColumn(0);
  const means = others.map((k, row) => (mean[k] ?? NaN) + (shifts[row] ?? NaN));
  const names = componentNames(vectors);
  return {
    given: Object.fromEntries(Object.entries(given).map(([name, numbers]) => [name, [...numbers]])),
    vectors: vectorsOf(vectors, others, means),
    mean: means,
    covariance: rowsOf(rest),
    gain: rowsOf(gain),
    givenComponents: known.map((k) => names[k] ?? ''),
    notes,
  };
}

/** G = cross own^-1, and what is left of the others' covariance. */
function regression(
  cross: Matrix,
  own: Matrix,
  known: Definiteness,
  others: Matrix,
): { gain: Matrix; rest: Matrix } {
  const lower = known.kind === 'positive-definite' ? cholesky(own) : null;
  const gain =
    lower === null
      ? cross.mmul(pseudoInverse(known))
      : solveLowerTransposed(lower, solveLower(lower, cross.transpose())).transpose();
  const rest = symmetrised(Matrix.sub(others, gain.mmul(cross.transpose())));
  // Where nothing is left of a variance rounding leaves a little, above or below zero.
  for (let k = 0; k < rest.rows; k++) {
    const rounding = 4 * own.rows * Number.EPSILON * others.get(k, k);
    if (rest.get(k, k) > rounding) continue;
    for (let j = 0; j < rest.rows; j++) {
      rest.set(k, j, 0);
      rest.set(j, k, 0);
    }
  }
  return { gain, rest };
}

function pseudoInverse({ values, vectors, deviations, tolerance }: Definiteness): Matrix {
  const out = Matrix.zeros(values.length, values.length);
  values.forEach((value, k) => {
    if (value <= tolerance) return;
    const along = Matrix.columnVector(
      deviations.map((deviation, i) => vectors.get(i, k) / Math.sqrt(value) / deviation),
    );
    out.add(along.mmul(along.transpose()));
  });
  return out;
}

function checkSubspace(
  { values, vectors, deviations, tolerance }: Definiteness,
  moved: readonly number[],
): void {
  const scaled = moved.map((shift, i) => shift / (deviations[i] ?? 1));
  const size = Math.max(1, Math.hypot(...scaled));
  values.forEach((value, k) => {
    if (value > tolerance) return;
    const along = scaled.reduce((sum, shift, i) => sum + shift * vectors.get(i, k), 0);
    if (Math.abs(along) <= subspaceTolerance * size) return;
    throw new CubelensError(
      'degenerate',
      'The given values cannot occur: the covariance is singular, and they lie outside the subspace that holds all mass.',
      {
        field: 'given',
        remedy: 'Give values that satisfy the linear relations between the given components.',
      },
    );
  });
}

/** Values by the index of their component. */
function valuesByIndex(
  vectors: readonly NamedVector[],
  given: Readonly<Record<string, readonly number[]>>,
): Map<number, number> {
  const names = componentNames(vectors);
  const values = new Map<number, number>();
  for (const [name, numbers] of Object.entries(given)) {
    const field = `given.${name}`;
    const vector = vectors.find((one) => one.name === name);
    const component = names.indexOf(name);
    const start = vector?.start ?? component;
    if (start < 0) {
      const known = vectors.map((one) => one.name).join(', ');
      throw invalid(field, `There is no vector or component named ${name}.`, `There are ${known}.`);
    }
    const length = vector?.length ?? 1;
    if (numbers.length !== length) {
      throw invalid(
        field,
        `${name} has ${length} ${length === 1 ? 'component' : 'components'}, but ${numbers.length} numbers are given.`,
        'Give one number a component.',
      );
    }
    checkNumbers(numbers, field, `given ${name}`);
    numbers.forEach((number, k) => {
      if (values.has(start + k)) {
        throw invalid(field, `${names[start + k]} is given twice.`, 'Give each component once.');
      }
      values.set(start + k, number);
    });
  }
  if (values.size === 0) throw invalid('given', 'Nothing is given.', 'Give the values of a vector.');
  return values;
}

/** The vectors of some components, in the file's order; a vector without any is left out. */
function vectorsOf(
  vectors: readonly NamedVector[],
  indexes: readonly number[],
  means: readonly number[],
): GaussianVectorAnswer[] {
  return vectors.flatMap(({ name, components, start, length }) => {
    const kept = indexes.flatMap((index, place) =>
      index >= start && index < start + length ? [{ index, place }] : [],
    );
    if (kept.length === 0) return [];
    return {
      name,
      mean: kept.map(({ place }) => means[place] ?? NaN),
      components: kept.map(({ index }) => components[index - start] ?? ''),
    };
  });
}
