import type { AttentionCell } from '../contract/attention.ts';
import type { AttendOptions, Head } from './attend.ts';
import { headMean } from './attend.ts';
import { matrix, product, rowOf, type Matrix } from './matrix.ts';

/** Entropy of each row in nats: -sum a ln a, 0 for a row on one key, ln N for an even one. */
export const entropies = (a: Matrix): number[] =>
  Array.from({ length: a.rows }, (_, i) => {
    let sum = 0;
    // 0 ln 0 is 0.
    for (const weight of rowOf(a, i)) if (weight > 0) sum -= weight * Math.log(weight);
    return sum;
  });

/** exp of the entropy: how many keys a query effectively looks at. */
export const effectiveCounts = (a: Matrix): number[] => entropies(a).map(Math.exp);

/** What each key receives: its column's sum over the number of queries. */
export function received(a: Matrix): number[] {
  const sums = new Array<number>(a.columns).fill(0);
  for (let i = 0; i < a.rows; i++)
    rowOf(a, i).forEach((weight, j) => (sums[j] = (sums[j] ?? 0) + weight / a.rows));
  return sums;
}

/** a_ij ||v_j||: a large weight on a small value moves nothing. */
export function valueWeighted(a: Matrix, v: Matrix): Matrix {
  const norms = Array.from({ length: v.rows }, (_, j) => Math.hypot(...rowOf(v, j)));
  const out = matrix(a.rows, a.columns);
  for (let i = 0; i < a.rows; i++)
    rowOf(a, i).forEach((weight, j) => (rowOf(out, i)[j] = weight * (norms[j] ?? 0)));
  return out;
}

/**
 * Attention rollout (Abnar and Zuidema 2020): the product over the layers, first to last, of (mean of the heads + I) / 2; row i
 * is how much of each token's input reaches place i of the last layer. Rows without a weight keep their own input.
 */
export function rollout(layers: readonly (readonly Matrix[])[]): Matrix {
  let all: Matrix | null = null;
  for (const heads of layers) {
    const mean = headMean(heads);
    for (let i = 0; i < mean.rows; i++) {
      const row = rowOf(mean, i);
      const isEmpty = row.every((weight) => weight === 0);
      for (let j = 0; j < row.length; j++) row[j] = ((row[j] ?? 0) + (i === j ? 1 : 0)) / (isEmpty ? 1 : 2);
    }
    all = all === null ? mean : product(mean, all);
  }
  return all ?? matrix(0, 0);
}

/**
 * The arithmetic of one weight, step by step: products, their sum, the scaled and masked score, its exponential, the row's sum
 * of exponentials, the weight. Indexes from 0. Where the mask forbids the key, `isMasked`.
 */
export function cellOf(
  head: Head,
  place: { layer: number; head: number; query: number; key: number },
  options: Pick<AttendOptions, 'scale' | 'temperature'>,
): AttentionCell {
  const q = rowOf(head.q, place.query);
  const k = rowOf(head.k, place.key);
  const terms = Array.from(q, (value, c) => value * (k[c] ?? 0));
  const dot = terms.reduce((sum, term) => sum + term, 0);
  const scaled = (dot * (options.scale ? 1 / Math.sqrt(k.length) : 1)) / options.temperature;
  const scores = rowOf(head.s, place.query);
  const isMasked = (scores[place.key] ?? 0) === -Infinity;
  // Where the exponentials themselves fit a number, no shift stands between the reader and the sum.
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const shift = most === -Infinity || Math.abs(most) < 600 ? 0 : most;
  const exp = isMasked ? 0 : Math.exp(scaled - shift);
  const rowSum = scores.reduce((sum, score) => sum + Math.exp(score - shift), 0);
  const weight = rowOf(head.a, place.query)[place.key] ?? 0;
  return { ...place, terms, dot, scaled, isMasked, shift, exp, rowSum, weight };
}
