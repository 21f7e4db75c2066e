import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  attentionRequestSchema,
  type AttentionAnswer,
  type AttentionRequest,
} from '../contract/attention.ts';
import { attend, softmaxRows } from './attend.ts';
import { computeAttention } from './computeAttention.ts';
import { fromRows, matrix, rowOf, rowsOf } from './matrix.ts';
import { valueWeighted } from './measures.ts';

const ask = (request: AttentionRequest, paths: Record<string, string> = {}): Promise<AttentionAnswer> =>
  computeAttention({ request: attentionRequestSchema.parse(request), paths });
const example = (
  name: 'f1' | 'f2' | 'f3' | 'f4',
  more: Partial<AttentionRequest> = {},
): Promise<AttentionAnswer> => ask({ source: { kind: 'example', name }, ...more });

const near = (
  got: readonly (readonly number[])[] | null | undefined,
  wanted: number[][],
  digits = 12,
): void => {
  expect(got?.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  got?.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(wanted[i]?.[j] ?? NaN, digits);
    });
  });
};

describe('the examples', () => {
  it('f1: weights, outputs, entropies, received, rollout and value-weighted weights by hand', async () => {
    const { layers, rollout, tokens } = await example('f1');
    const [head] = layers[0]?.heads ?? [];
    expect(tokens).toEqual(['one', 'two']);
    near(head?.A, [
      [1 / 3, 2 / 3],
      [3 / 4, 1 / 4],
    ]);
    near(head?.Z, [
      [1, 4],
      [2.25, 1.5],
    ]);
    near([head?.entropy ?? []], [[0.636514, 0.562335]], 6);
    near([head?.effectiveCount ?? []], [[Math.exp(0.636514), Math.exp(0.562335)]], 5);
    near([head?.received ?? []], [[(1 / 3 + 3 / 4) / 2, (2 / 3 + 1 / 4) / 2]]);
    near(rollout, [
      [2 / 3, 1 / 3],
      [3 / 8, 5 / 8],
    ]);
    const weighted = valueWeighted(
      fromRows('a', head?.A ?? []),
      fromRows('v', [
        [3, 0],
        [0, 6],
      ]),
    );
    near(rowsOf(weighted), [
      [1, 4],
      [2.25, 1.5],
    ]);
  });

  it('f1 without scale, with a causal mask, with another temperature', async () => {
    near((await example('f1', { scale: false })).layers[0]?.heads[0]?.A, [
      [0.2, 0.8],
      [0.9, 0.1],
    ]);
    near((await example('f1', { mask: { kind: 'causal' } })).layers[0]?.heads[0]?.A, [
      [1, 0],
      [3 / 4, 1 / 4],
    ]);
    // Twice the width's root is what dividing by 2 does again.
    near((await example('f1', { scale: false, temperature: 2 })).layers[0]?.heads[0]?.A, [
      [1 / 3, 2 / 3],
      [3 / 4, 1 / 4],
    ]);
  });

  it('f2: the heads side by side, and the mean that is not the output', async () => {
    const { layers } = await example('f2', { tensors: true });
    near(layers[0]?.tensors?.concat, [
      [1, 4, 1, 1],
      [2.25, 1.5, 1, 1],
    ]);
    near(layers[0]?.heads[1]?.A, [
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('f3: the Illustrated Transformer', async () => {
    near((await example('f3')).layers[0]?.heads[0]?.A.slice(0, 1), [[0.880797, 0.119203]], 6);
  });

  it('f4: the tutorial with and without its scale', async () => {
    const plain = (await example('f4', { tensors: true })).layers[0]?.heads[0];
    near(plain?.tensors?.S as number[][], [
      [2, 4, 4],
      [4, 16, 12],
      [4, 12, 10],
    ]);
    near(plain?.A.slice(0, 1), [[0.063379, 0.468311, 0.468311]], 6);
    near(plain?.Z?.slice(0, 1), [[1.936621, 6.683105, 1.595068]], 6);
    const scaled = (await example('f4', { scale: true })).layers[0]?.heads[0];
    near(scaled?.A.slice(0, 1), [[0.136126, 0.431937, 0.431937]], 6);
    near(scaled?.Z?.slice(0, 1), [[1.863874, 6.319371, 1.704189]], 6);
  });

  it('a cell step by step', async () => {
    const { cell } = await example('f1', { cell: { layer: 0, head: 0, query: 0, key: 1 } });
    expect(cell).toMatchObject({
      terms: [2 * 0, 0, 0, 0].map((_, c) => (c === 0 ? 2 * Math.log(2) : 0)),
      isMasked: false,
      shift: 0,
    });
    expect(cell?.dot).toBeCloseTo(2 * Math.log(2), 14);
    expect(cell?.scaled).toBeCloseTo(Math.log(2), 14);
    expect([cell?.exp, cell?.rowSum, cell?.weight]).toEqual([
      expect.closeTo(2, 12),
      expect.closeTo(3, 12),
      expect.closeTo(2 / 3, 14),
    ]);
    const masked = (
      await example('f1', {
        mask: { kind: 'causal' },
        cell: { layer: 0, head: 0, query: 0, key: 1 },
      })
    ).cell;
    expect(masked).toMatchObject({ isMasked: true, exp: 0, rowSum: 1, weight: 0 });
  });

  it('rows that the mask leaves no key are zero and reported', async () => {
    const { layers, notes } = await example('f1', { mask: { kind: 'padding', length: 0 } });
    expect(layers[0]?.heads[0]?.A).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(notes.join(' ')).toContain('Queries 0, 1 have no key');
  });
});

const rows = (count: number, width: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: width, maxLength: width }), {
    minLength: count,
    maxLength: count,
  });
const plain = { mask: { kind: 'none' }, temperature: 1, scale: true } as const;

describe('whatever the numbers', () => {
  const triple = fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(rows(n, 3), rows(n, 3), rows(n, 2)));

  it('weights are not negative, rows sum to 1, and permuted tokens permute them', async () => {
    fc.assert(
      fc.property(triple, ([q, k, v]) => {
        const made = attend(fromRows('q', q), fromRows('k', k), fromRows('v', v), plain);
        for (let i = 0; i < q.length; i++) {
          const row = rowOf(made.a, i);
          expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
          expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        }
        const turned = <Item>(list: readonly Item[]): Item[] => [...list].reverse();
        const other = attend(
          fromRows('q', turned(q)),
          fromRows('k', turned(k)),
          fromRows('v', turned(v)),
          plain,
        );
        near(rowsOf(other.a), turned(rowsOf(made.a)).map(turned), 10);
        near(rowsOf(other.z), turned(rowsOf(made.z)), 10);
      }),
    );
  });

  it('a constant added to a row of scores changes nothing, however large; a forbidden key has exactly 0', async () => {
    fc.assert(
      fc.property(rows(3, 4), fc.double({ min: -1e5, max: 1e5, noNaN: true }), (scores, constant) => {
        const moved = scores.map((row) => row.map((score) => score + constant));
        near(
          rowsOf(softmaxRows(fromRows('s', moved)).weights),
          rowsOf(softmaxRows(fromRows('s', scores)).weights),
          8,
        );
      }),
    );
    const s = matrix(1, 3, Float64Array.of(1000, -Infinity, 999));
    expect(softmaxRows(s).weights.values[1]).toBe(0);
  });
});

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/sentence_encoder.json'), 'utf8'),
) as {
  text: string;
  layers: { A: number[][][]; Z: number[][][]; output: number[][] }[];
  embedding: number[];
};

describe('the sentence encoder', () => {
  it('agrees with TensorFlow.js in every head, output and the embedding', async () => {
    const answer = await ask({ source: { kind: 'text', text: fixture.text }, tensors: true });
    expect(answer.tokens.join(' ')).toContain("animal didn ' t cross the street because it was too tired");
    fixture.layers.forEach(({ A, Z, output }, layer) => {
      A.forEach((weights, head) => {
        near(answer.layers[layer]?.heads[head]?.A, weights, 5);
        near(
          answer.layers[layer]?.heads[head]?.Z?.map((row) => row.slice(0, 4)),
          Z[head] ?? [],
          4,
        );
      });
      near(
        answer.layers[layer]?.tensors?.output?.map((row) => row.slice(0, 6)),
        output,
        4,
      );
    });
    near([answer.embedding ?? []], [fixture.embedding], 5);
    const it = answer.tokens.indexOf('it');
    const animal = answer.tokens.indexOf('animal');
    expect(answer.layers[1]?.heads[1]?.A[it]?.[animal]).toBeCloseTo(0.2076, 3);
    expect(answer.layers[1]?.heads[3]?.A[it]?.[animal]).toBeCloseTo(0.1991, 3);
  });

  it('takes masks, and names what it cannot read', async () => {
    const { layers } = await ask({ source: { kind: 'text', text: 'A dog runs' }, mask: { kind: 'causal' } });
    for (const { heads } of layers) for (const { A } of heads) expect(A[0]?.slice(1)).toEqual([0, 0]);
    expect((await ask({ source: { kind: 'text', text: 'a 🦊 runs' } })).notes.join()).toContain(
      'does not know "🦊"',
    );
    await expect(ask({ source: { kind: 'text', text: 'word '.repeat(200) } })).rejects.toThrow(
      /200 pieces; the model reads 128/,
    );
    await expect(ask({ source: { kind: 'text', text: '   ' } })).rejects.toThrow('The text is empty.');
  });
});

it('answers one layer where only that is asked for, and refuses more than an answer holds', async () => {
  const source = { kind: 'text', text: 'It works' } as const;
  const last = await ask({ source, layer: 'last' });
  expect([last.layerCount, last.firstLayer, last.layers.length]).toEqual([2, 1, 1]);
  const all = await ask({ source });
  expect([all.firstLayer, all.layers[1]]).toEqual([0, last.layers[0]]);
  expect(all.rollout).toEqual(last.rollout);
  const row = [1];
  const many = Array.from({ length: 3200 }, () => row);
  const large = { kind: 'vectors', q: many, k: many, v: many } as const;
  await expect(ask({ source: large })).rejects.toMatchObject({
    code: 'resource-exhausted',
  });
});

describe('inputs that do not fit', () => {
  const vectors = (q: number[][], k: number[][], v: number[][], tokens?: string[]): AttentionRequest => ({
    source: { kind: 'vectors', q, k, v, ...(tokens === undefined ? {} : { tokens }) },
  });
  it.each([
    [vectors([[1, 2]], [[1]], [[1]]), 'Queries are 2 wide and keys 1'],
    [vectors([[1]], [[1], [2]], [[1]]), 'There are 2 keys and 1 values'],
    [vectors([[1], [2]], [[1]], [[1]]), 'There are 2 queries and 1 keys'],
    [vectors([[1], [2, 3]], [[1], [2]], [[1], [2]]), 'q: row 1 has 2 numbers, row 0 has 1.'],
    [vectors([[1]], [[1]], [[1]], ['a', 'b']), 'There are 2 tokens for 1 rows.'],
    [{ source: { kind: 'example', name: 'f1' }, transpose: true }, 'are for weights from a file'],
    [
      { source: { kind: 'projected', x: [[1, 2]], wq: [[1]], wk: [[1]], wv: [[1]] } },
      'x is 1 x 2 and wq 1 x 1: 2 columns meet 1 rows.',
    ],
    [
      {
        source: { kind: 'projected', x: [[1]], wq: [[1, 2, 3]], wk: [[1, 2, 3]], wv: [[1, 2, 3]], heads: 2 },
      },
      'wq has 3 columns, which 2 heads cannot share evenly.',
    ],
    [
      { source: { kind: 'example', name: 'f1' }, cell: { layer: 0, head: 1, query: 0, key: 0 } },
      'There is no head 1: they go from 0 to 0.',
    ],
    [vectors([[1e200]], [[1e200]], [[1]]), 'The score of query 0 and key 0 is Infinity'],
    [{ source: { kind: 'example', name: 'f4' }, temperature: 1e-320 }, 'their numbers are too large'],
    [{ source: { kind: 'example', name: 'f1' }, layer: 3 }, 'There is no layer 3: they go from 0 to 0.'],
  ] as [AttentionRequest, string][])('%j', async (request, message) => {
    await expect(ask(request)).rejects.toThrow(message);
  });
});
