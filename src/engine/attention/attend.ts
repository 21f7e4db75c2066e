import type { AttentionMask } from '../contract/attention.ts';
import { addScaled, matrix, product, refused, rowOf, transposed, type Matrix } from './matrix.ts';

/** How scores become weights. */
export interface AttendOptions {
  mask: AttentionMask;
  /** Scores are divided by it: above 0, 1 changes nothing. */
  temperature: number;
  /** Whether scores are divided by the square root of the width of a key. */
  scale: boolean;
}

/** One head: everything from queries to output. */
export interface Head {
  q: Matrix;
  k: Matrix;
  v: Matrix;
  /** Scores, scaled and masked: -Infinity where the mask forbids. */
  s: Matrix;
  /** Weights: row i is how query i spreads over the keys. */
  a: Matrix;
  z: Matrix;
  /** Queries (from 0) that the mask leaves no key: their rows of A and Z are zero. */
  maskedRows: number[];
}

/**
 * Scaled dot-product attention of one head (Vaswani et al. 2017, equation 1): S = Q K' / sqrt(d_k) / temperature with the mask,
 * A = softmax over each row of S, Z = A V. q: N x d_k, k: M x d_k, v: M x d_v. Throws `invalid-request` where shapes do not fit.
 */
export function attend(q: Matrix, k: Matrix, v: Matrix, options: AttendOptions): Head {
  if (q.columns !== k.columns) {
    throw refused(
      'k',
      `Queries are ${q.columns} wide and keys ${k.columns}: their dot product needs one width.`,
    );
  }
  if (k.rows !== v.rows)
    throw refused('v', `There are ${k.rows} keys and ${v.rows} values: each key has one value.`);
  if (q.rows !== k.rows) {
    throw refused('k', `There are ${q.rows} queries and ${k.rows} keys: self-attention has as many of both.`);
  }
  const s = product(q, transposed(k));
  const factor = (options.scale ? 1 / Math.sqrt(k.columns) : 1) / options.temperature;
  for (let i = 0; i < s.values.length; i++) s.values[i] = (s.values[i] ?? 0) * factor;
  checkScores(s);
  applyMask(s, options.mask);
  const { weights, emptyRows } = softmaxRows(s);
  return { q, k, v, s, a: weights, z: product(weights, v), maskedRows: emptyRows };
}

/** Throws `invalid-request` at the first score that is beyond what a number holds. */
function checkScores({ values, columns }: Matrix): void {
  const at = values.findIndex((score) => !Number.isFinite(score));
  if (at < 0) return;
  throw refused(
    'q',
    `The score of query ${Math.floor(at / columns)} and key ${at % columns} is ${values[at]}: their numbers are too large.`,
    'Give smaller queries and keys, or a temperature nearer to 1.',
  );
}

/** Sets forbidden scores to -Infinity. `padding`: only the first `length` keys may be attended to. */
export function applyMask(s: Matrix, mask: AttentionMask): void {
  if (mask.kind === 'none') return;
  for (let i = 0; i < s.rows; i++) {
    const first = mask.kind === 'causal' ? i + 1 : Math.min(mask.length, s.columns);
    rowOf(s, i).fill(-Infinity, first);
  }
}

/** Softmax over each row; a row of nothing but -Infinity becomes zeros and is reported. */
export function softmaxRows(s: Matrix): { weights: Matrix; emptyRows: number[] } {
  const weights = matrix(s.rows, s.columns);
  const emptyRows: number[] = [];
  for (let i = 0; i < s.rows; i++) {
    const scores = rowOf(s, i);
    const out = rowOf(weights, i);
    // exp of the largest score is 1: nothing overflows.
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    if (most === -Infinity) {
      emptyRows.push(i);
      continue;
    }
    let sum = 0;
    for (let j = 0; j < scores.length; j++) sum += out[j] = Math.exp((scores[j] ?? 0) - most);
    for (let j = 0; j < out.length; j++) out[j] = (out[j] ?? 0) / sum;
  }
  return { weights, emptyRows };
}

/** Mean of the heads' weights. For reading and for rollout: times the concatenated values it is not the layer's output. */
export function headMean(heads: readonly Matrix[]): Matrix {
  const [first] = heads;
  const out = matrix(first?.rows ?? 0, first?.columns ?? 0);
  for (const head of heads) addScaled(out.values, 1 / heads.length, head.values, 0);
  return out;
}
