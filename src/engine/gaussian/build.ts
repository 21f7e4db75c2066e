import type { Matrix } from 'ml-matrix';
import type { GaussianSpec } from '../contract/gaussian.ts';
import { fromBlocks } from './blocks.ts';
import { symmetrised } from './linear.ts';
import { checkedMatrix, checkNumbers, checkSymmetry, checkVariances } from './matrixChecks.ts';
import { estimate } from './samples.ts';
import {
  cellInWords,
  componentCount,
  componentNames,
  invalid,
  layVectors,
  type NamedVector,
} from './vectors.ts';

/** One Gaussian over named vectors. Its covariance is exactly symmetric, and not always valid. */
export interface Gaussian {
  vectors: NamedVector[];
  mean: number[];
  covariance: Matrix;
  /** Sentences on what was assumed. */
  notes: string[];
}

/** A covariance as it was stated, the mean of its samples, and what is to be said of it. */
interface Stated {
  covariance: Matrix;
  sampleMean?: number[];
  notes: string[];
}

/**
 * The Gaussian that a specification states. Throws `invalid-request`, with field and cell, where sizes do not fit, numbers
 * are not finite, a matrix is not symmetric to 1e-9 of its cells' size, a variance or standard deviation is negative, or
 * names are given twice. Whether the covariance is positive semi-definite is not its question.
 */
export function buildGaussian(spec: GaussianSpec): Gaussian {
  const vectors = layVectors(spec.vectors);
  spec.vectors.forEach(({ name, mean }, k) => {
    if (mean !== undefined) checkNumbers(mean, `vectors.${k}.mean`, `The mean of ${name}`);
  });
  const { covariance, sampleMean, notes } = statedCovariance(spec, vectors);
  checkRange(covariance, vectors);
  return { vectors, mean: meanOf(spec, vectors, sampleMean, notes), covariance, notes };
}

/** Squares and products of huge numbers leave the range of float64. */
function checkRange(covariance: Matrix, vectors: readonly NamedVector[]): void {
  for (let i = 0; i < covariance.rows; i++) {
    for (let j = 0; j <= i; j++) {
      if (Number.isFinite(covariance.get(i, j))) continue;
      throw invalid(
        'covariance',
        `The covariance at ${cellInWords(vectors, j, i)} leaves the range of float64.`,
        'Give the components in larger units.',
        { row: j + 1, column: i + 1 },
      );
    }
  }
}

function statedCovariance(spec: GaussianSpec, vectors: readonly NamedVector[]): Stated {
  if (spec.covariance !== undefined) {
    return {
      covariance: checkedCovariance(spec.covariance, 'covariance', vectors),
      notes: [],
    };
  }
  if (spec.blocks !== undefined) return fromBlocks(spec.blocks, vectors);
  if (spec.sd !== undefined && spec.correlation !== undefined) {
    return { covariance: fromCorrelation(spec.sd, spec.correlation, vectors), notes: [] };
  }
  if (spec.factor !== undefined) return fromFactor(spec.factor, vectors);
  if (spec.samples !== undefined) return fromSamples(spec.samples, spec.shrinkage !== undefined, vectors);
  throw invalid(
    'covariance',
    'The specification states no covariance.',
    'Give covariance, blocks, sd with correlation, factor or samples.',
  );
}

function checkedCovariance(
  rows: readonly (readonly number[])[],
  field: string,
  vectors: readonly NamedVector[],
): Matrix {
  const n = componentCount(vectors);
  const matrix = checkedMatrix(rows, field, { rows: n, columns: n }, vectors);
  checkVariances(matrix, field, vectors);
  checkSymmetry(matrix, field, vectors);
  return symmetrised(matrix);
}

/** D R D. */
function fromCorrelation(
  deviations: readonly number[],
  rows: readonly (readonly number[])[],
  vectors: readonly NamedVector[],
): Matrix {
  const names = componentNames(vectors);
  checkNumbers(deviations, 'sd', 'sd');
  if (deviations.length !== names.length) {
    throw invalid(
      'sd',
      `sd has ${deviations.length} numbers, but the vectors have ${names.length} components.`,
      'Give one standard deviation a component.',
    );
  }
  deviations.forEach((deviation, k) => {
    if (deviation < 0) {
      throw invalid(
        'sd',
        `The standard deviation of ${names[k]} is ${deviation}: none is negative.`,
        'Give sigma, 0 or more.',
        { column: k + 1 },
      );
    }
  });
  const correlation = checkedMatrix(
    rows,
    'correlation',
    { rows: names.length, columns: names.length },
    vectors,
  );
  names.forEach((name, k) => {
    if (Math.abs(correlation.get(k, k) - 1) > 1e-9) {
      throw invalid(
        'correlation',
        `The correlation of ${name} with itself is ${correlation.get(k, k)} (row ${k + 1}, column ${k + 1}): it is 1.`,
        'Put ones on the diagonal; give variances as covariance.',
        { row: k + 1, column: k + 1 },
      );
    }
  });
  checkSymmetry(correlation, 'correlation', vectors);
  const covariance = symmetrised(correlation);
  deviations.forEach((deviation, k) => covariance.mulRow(k, deviation).mulColumn(k, deviation));
  deviations.forEach((deviation, k) => covariance.set(k, k, deviation * deviation));
  return symmetrised(covariance);
}

/** L L'. */
function fromFactor(rows: readonly (readonly number[])[], vectors: readonly NamedVector[]): Stated {
  const n = componentCount(vectors);
  const factor = checkedMatrix(rows, 'factor', { rows: n, columns: null }, vectors);
  const notes: string[] = [];
  if (factor.columns === n && n > 1 && isUpper(factor)) {
    notes.push(
      "The factor is upper triangular; the covariance is F F' all the same. If F' F is meant, give the transpose.",
    );
  }
  return { covariance: symmetrised(factor.mmul(factor.transpose())), notes };
}

/** True for an upper triangle that is no diagonal. */
function isUpper(matrix: Matrix): boolean {
  let above = false;
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < i; j++) {
      if (matrix.get(i, j) !== 0) return false;
      above ||= matrix.get(j, i) !== 0;
    }
  }
  return above;
}

function fromSamples(
  rows: readonly (readonly number[])[],
  shrinkage: boolean,
  vectors: readonly NamedVector[],
): Stated {
  const n = componentCount(vectors);
  rows.forEach((row, k) => {
    if (row.length !== n) {
      throw invalid(
        'samples',
        `Sample ${k + 1} has ${row.length} numbers, but the vectors have ${n} components.`,
        'Give one number a component in each row.',
        { row: k + 1 },
      );
    }
    checkNumbers(row, 'samples', 'samples', k + 1);
  });
  const found = estimate(rows, shrinkage);
  const notes = [`Covariance of ${rows.length} samples about their mean, divided by ${rows.length - 1}.`];
  if (found.shrinkage !== null) {
    notes.push(`Ledoit-Wolf shrinkage: ${found.shrinkage} of the mean variance times the identity.`);
  } else if (rows.length <= n) {
    notes.push(
      `${rows.length} samples of ${n} components give a covariance of rank ${rows.length - 1} at most; ` +
        'shrinkage "ledoit-wolf" gives one of full rank.',
    );
  }
  return { covariance: found.covariance, sampleMean: found.mean, notes };
}

/** Stated means; where one is left out, that of the samples. */
function meanOf(
  spec: GaussianSpec,
  vectors: readonly NamedVector[],
  sampleMean: number[] | undefined,
  notes: string[],
): number[] {
  return vectors.flatMap(({ name, start, length }, k) => {
    const stated = spec.vectors[k]?.mean;
    const ofSamples = sampleMean?.slice(start, start + length);
    if (stated === undefined && ofSamples === undefined) {
      throw invalid(`vectors.${k}.mean`, `Vector ${name} has no mean.`, 'Give one number a component.');
    }
    if (stated !== undefined && ofSamples !== undefined) {
      notes.push(
        `The stated mean of ${name} stands; that of its samples is (${ofSamples.join(', ')}). Leave mean out to take it.`,
      );
    }
    return stated ?? ofSamples ?? [];
  });
}
