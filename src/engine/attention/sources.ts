import type { z } from 'zod';
import type { projectedSchema, vectorsSchema } from '../contract/attention.ts';
import { cutColumns, fromRows, product, refused, type Matrix } from './matrix.ts';

/** Queries, keys and values of each head, tokens in rows. */
export interface HeadInputs {
  tokens: string[];
  heads: { q: Matrix; k: Matrix; v: Matrix }[];
  /** What the joined heads are multiplied with; null: they stay as they are. */
  wo: Matrix | null;
  /** X, where the vectors were made from it. */
  x: Matrix | null;
}

/** Q = X Wq, K = X Wk, V = X Wv, cut into heads. Throws `invalid-request` by the name of the matrix. */
export function projectedInputs(given: z.output<typeof projectedSchema>): HeadInputs {
  const x = fromRows('x', given.x);
  const project = (name: 'wq' | 'wk' | 'wv'): Matrix[] =>
    cutColumns(name, product(x, fromRows(name, given[name]), ['x', name]), given.heads);
  const [q, k, v] = [project('wq'), project('wk'), project('wv')];
  const wo = given.wo === undefined ? null : fromRows('wo', given.wo);
  const width = (v[0]?.columns ?? 0) * given.heads;
  if (wo !== null && wo.rows !== width) {
    throw refused('wo', `wo has ${wo.rows} rows; the joined heads are ${width} wide.`);
  }
  return { ...joined(given.tokens, q, k, v), wo, x };
}

/** Queries, keys and values as they are, of one head or several. Throws `invalid-request` by their names. */
export function vectorInputs(given: z.output<typeof vectorsSchema>): HeadInputs {
  const [q, k, v] = (['q', 'k', 'v'] as const).map((name) =>
    headsOf(given[name]).map((rows, head, all) =>
      fromRows(all.length > 1 ? `${name}, head ${head}` : name, rows),
    ),
  );
  return { ...joined(given.tokens, q ?? [], k ?? [], v ?? []), wo: null, x: null };
}

/** Tokens as given, or their indexes. Throws `invalid-request` for another number of them. */
export function tokensFor(given: readonly string[] | undefined, count: number): string[] {
  if (given === undefined) return Array.from({ length: count }, (_, i) => String(i));
  if (given.length !== count) {
    throw refused(
      'tokens',
      `There are ${given.length} tokens for ${count} rows.`,
      'Give one token a row, or none.',
    );
  }
  return [...given];
}

function joined(
  tokens: readonly string[] | undefined,
  q: readonly Matrix[],
  k: readonly Matrix[],
  v: readonly Matrix[],
): Pick<HeadInputs, 'tokens' | 'heads'> {
  for (const [name, matrices] of [
    ['k', k],
    ['v', v],
  ] as const) {
    if (matrices.length !== q.length) {
      throw refused(name, `q has ${q.length} heads and ${name} ${matrices.length}.`);
    }
  }
  const rows = q[0]?.rows ?? 0;
  q.forEach((matrix, head) => {
    if (matrix.rows !== rows) {
      throw refused('q', `Head ${head} has ${matrix.rows} queries, head 0 has ${rows}.`);
    }
  });
  const heads = q.flatMap((queries, h) => {
    const [keys, values] = [k[h], v[h]];
    return keys === undefined || values === undefined ? [] : [{ q: queries, k: keys, v: values }];
  });
  return { tokens: tokensFor(tokens, rows), heads };
}

type Rows = readonly (readonly number[])[];

/** One head as rows, or several, as a list of heads. */
function headsOf(given: readonly (readonly (number | readonly number[])[])[]): readonly Rows[] {
  const isOne = typeof given[0]?.[0] === 'number';
  return isOne ? [given as Rows] : (given as readonly Rows[]);
}
