import { refused, checkFinite, matrix, rowOf, transposed, type Matrix } from './matrix.ts';
import { softmaxRows } from './attend.ts';
import type { Tensor } from './tensorFiles.ts';

/** Weights of layers and heads, from a file. */
export interface ImportedWeights {
  layers: Matrix[][];
  notes: string[];
}

/** How far a row's sum may be from 1: float16 rounds that much. */
const sumTolerance = 5e-3;

/**
 * Tensors as weights: heads x N x N, layers x heads x N x N, or N x N; several of them are layers, in the order of the numbers
 * in their names. Throws `invalid-request` by tensor, row and column: not square, not finite, rows that do not sum to 1 (with
 * what would help: `transpose` where the columns do, `softmax` for scores).
 */
export function importedWeights(
  tensors: readonly Tensor[],
  options: { transpose: boolean; softmax: boolean },
): ImportedWeights {
  const used = tensors.length === 1 ? tensors : tensors.filter(isWeightLike);
  if (used.length === 0) throw refused('file', 'The file has no tensor whose last two axes are equal.');
  const ordered = [...used].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const layers = ordered.flatMap((tensor) => layersOf(tensor));
  const notes: string[] = [];
  const size = layers[0]?.[0]?.rows ?? 0;
  const done = layers.map((heads, layer) =>
    heads.map((weights, head) => {
      const name = `layer ${layer}, head ${head}`;
      if (weights.rows !== size)
        throw refused('file', `${name} has ${weights.rows} tokens, layer 0 has ${size}.`);
      checkNumbers(name, weights, options.softmax);
      const turned = options.transpose ? transposed(weights) : weights;
      const normal = options.softmax ? softmaxRows(turned).weights : turned;
      checkRows(name, normal, options);
      return normal;
    }),
  );
  if (used.length < tensors.length)
    notes.push(`${tensors.length - used.length} tensors that are not square were left out.`);
  if (options.transpose) notes.push('Rows and columns were exchanged.');
  if (options.softmax) notes.push('Scores became weights by a softmax over each row.');
  return { layers: done, notes };
}

const isWeightLike = ({ shape }: Tensor): boolean =>
  shape.length >= 2 && shape.length <= 5 && shape.at(-1) === shape.at(-2);

function layersOf({ name, shape, values }: Tensor): Matrix[][] {
  const what = name === '' ? 'The tensor' : name;
  const [rows = 0, columns = 0] = shape.slice(-2);
  // A batch of one sentence, as models give it.
  const outer = shape.slice(0, -2);
  while (outer.length > 2 && outer.includes(1)) outer.splice(outer.indexOf(1), 1);
  if (shape.length < 2 || outer.length > 2 || shape.includes(0)) {
    throw refused(
      'file',
      `${what} has the shape [${shape.join(', ')}]; weights are heads x N x N or layers x heads x N x N.`,
    );
  }
  if (rows !== columns) {
    throw refused(
      'file',
      `${what} is not square: its last two axes are ${rows} and ${columns}.`,
      'Self-attention has as many keys as queries.',
    );
  }
  const headCount = outer.at(-1) ?? 1;
  const layerCount = outer.length > 1 ? (outer[0] ?? 1) : 1;
  return Array.from({ length: layerCount }, (_, layer) =>
    Array.from({ length: headCount }, (__, head) => {
      const start = (layer * headCount + head) * rows * rows;
      return matrix(rows, rows, values.slice(start, start + rows * rows));
    }),
  );
}

/** Scores may be -Infinity where a mask forbids them. */
function checkNumbers(name: string, weights: Matrix, areScores: boolean): void {
  if (!areScores) checkFinite(name, weights);
  else
    checkFinite(name, {
      ...weights,
      values: weights.values.map((score) => (score === -Infinity ? 0 : score)),
    });
}

function checkRows(name: string, weights: Matrix, options: { transpose: boolean; softmax: boolean }): void {
  const sums = Array.from({ length: weights.rows }, (_, i) => total(rowOf(weights, i)));
  const wrong = sums.findIndex((sum) => Math.abs(sum - 1) > sumTolerance);
  const negative = weights.values.findIndex((value) => value < 0);
  if (wrong < 0 && negative < 0) return;
  const columns = transposed(weights);
  const columnsFit =
    negative < 0 && sums.every((_, j) => Math.abs(total(rowOf(columns, j)) - 1) <= sumTolerance);
  const remedy = columnsFit
    ? `Its columns do: ${options.transpose ? 'leave out' : 'use'} transpose.`
    : options.softmax
      ? undefined
      : 'If these are scores before the softmax, use softmax.';
  if (wrong >= 0) {
    throw refused(
      'file',
      `${name}: row ${wrong} sums to ${(sums[wrong] ?? 0).toPrecision(4)}, not to 1.`,
      remedy,
    );
  }
  const place = `row ${Math.floor(negative / weights.columns)}, column ${negative % weights.columns}`;
  throw refused(
    'file',
    `${name}: ${place} is ${weights.values[negative] ?? 0}; a weight is not negative.`,
    remedy,
  );
}

const total = (row: Float64Array): number => row.reduce((sum, value) => sum + value, 0);
