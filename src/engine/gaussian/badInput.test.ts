import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { gaussianSpecSchema, type GaussianSpec } from '../contract/gaussian.ts';
import { buildGaussian } from './build.ts';
import { conditionalOf } from './conditional.ts';
import { densityAt } from './density.ts';
import { example, exampleCovariance } from './testGaussians.ts';

function refusalOf(run: () => unknown): CubelensError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof CubelensError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}

const changed = (row: number, column: number, value: number): number[][] =>
  exampleCovariance.map((cells, i) => cells.map((cell, j) => (i === row && j === column ? value : cell)));

const pair = [
  { name: 'a', mean: [0, 0] },
  { name: 'b', mean: [0, 0, 0] },
];
const eye = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => (i === j ? 1 : 0)));

describe('bad specifications', () => {
  const bad: [string, GaussianSpec, RegExp, Record<string, unknown>][] = [
    [
      'asymmetry',
      { ...example, covariance: changed(0, 3, 0.5) },
      /\(a1, b2\) of block a,b \(row 1, column 4\) is 0\.5, its mirror image 0 \(they differ by 0\.5\)/,
      { field: 'covariance', row: 1, column: 4 },
    ],
    ['NaN', { ...example, covariance: changed(2, 1, NaN) }, /NaN as row 3, column 2/, { row: 3, column: 2 }],
    [
      'a negative variance',
      { ...example, covariance: changed(4, 4, -5) },
      /\(b3, b3\) of block b,b .* variance of -5/,
      { row: 5, column: 5 },
    ],
    ['rows that are missing', { ...example, covariance: eye(8) }, /8 rows, but there are 9 components/, {}],
    [
      'duplicate names',
      {
        vectors: [
          { name: 'a', mean: [0] },
          { name: 'a', mean: [0] },
        ],
        covariance: eye(2),
      },
      /Two vectors are named a/,
      { field: 'vectors.1.name' },
    ],
    [
      'duplicate components',
      {
        vectors: [
          { name: 'a', mean: [0], components: ['x'] },
          { name: 'b', mean: [0], components: ['x'] },
        ],
        covariance: eye(2),
      },
      /Vectors a and b both have a component named x/,
      {},
    ],
    [
      'component names that do not fit',
      { vectors: [{ name: 'a', mean: [0, 1], components: ['x'] }], covariance: eye(2) },
      /2 numbers in its mean but 1 component names/,
      {},
    ],
    [
      'a transposed block',
      {
        vectors: pair,
        blocks: {
          'a,a': eye(2),
          'b,b': eye(3),
          'a,b': [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      },
      /Block a,b is 3 x 2, but must be 2 x 3/,
      { field: 'blocks.a,b', remedy: 'Transpose it, or name it "b,a".' },
    ],
    [
      'an unknown block',
      { vectors: pair, blocks: { 'a,a': eye(2), 'b,b': eye(3), 'a,z': [[1]] } },
      /Block "a,z" names no two vectors/,
      {},
    ],
    ['a missing block', { vectors: pair, blocks: { 'a,a': eye(2) } }, /Block b,b is missing/, {}],
    [
      'an asymmetric block',
      {
        vectors: pair,
        blocks: {
          'a,a': [
            [1, 0.5],
            [0.4, 1],
          ],
          'b,b': eye(3),
        },
      },
      /blocks\.a,a is not symmetric/,
      { field: 'blocks.a,a' },
    ],
    [
      'two blocks that disagree',
      {
        vectors: pair,
        blocks: {
          'a,a': eye(2),
          'b,b': eye(3),
          'a,b': [
            [0.1, 0, 0],
            [0, 0, 0],
          ],
          'b,a': [
            [0.2, 0],
            [0, 0],
            [0, 0],
          ],
        },
      },
      /\(a1, b1\) is 0\.1 in a,b and 0\.2 in b,a/,
      {},
    ],
    [
      'covariances as correlations',
      { vectors: pair, sd: [1, 1, 1, 1, 1], correlation: eye(5).map((row) => row.map((one) => 2 * one)) },
      /correlation of a1 with itself is 2/,
      {},
    ],
    [
      'a negative standard deviation',
      { vectors: pair, sd: [1, -1, 1, 1, 1], correlation: eye(5) },
      /standard deviation of a2 is -1/,
      {},
    ],
    [
      'one sample',
      { vectors: pair, samples: [[1, 2, 3, 4, 5]] },
      /1 sample: a covariance needs at least 2/,
      {},
    ],
    [
      'short samples',
      { vectors: pair, samples: [[1, 2, 3, 4, 5], [1]] },
      /Sample 2 has 1 numbers/,
      { row: 2 },
    ],
    ['huge numbers', { vectors: [{ name: 'a', mean: [0] }], factor: [[1e200]] }, /leaves the range/, {}],
  ];
  it.each(bad)('%s are refused by place', (_name, spec, message, place) => {
    const refusal = refusalOf(() => buildGaussian(spec));
    expect(refusal.code).toBe('invalid-request');
    expect(refusal.message).toMatch(message);
    expect(refusal.place).toMatchObject(place);
    expect(refusal.place.remedy).toBeTruthy();
    expect(refusal.place.field).toBeTruthy();
  });

  it('rounding of 1e-9 is no asymmetry', () => {
    expect(
      buildGaussian({ ...example, covariance: changed(0, 1, 2 + 1e-9) }).covariance.get(1, 0),
    ).toBeCloseTo(2, 8);
  });

  it('state their covariance in exactly one way', () => {
    const issues = (spec: unknown) => gaussianSpecSchema.safeParse(spec).error?.issues[0]?.message;
    expect(issues(example)).toBeUndefined();
    expect(issues({ vectors: pair })).toContain('none is there');
    expect(issues({ ...example, factor: eye(9) })).toContain('covariance and factor are there');
    expect(issues({ vectors: pair, sd: [1] })).toContain('go together');
    expect(issues({ vectors: pair, correlation: eye(5) })).toContain('go together');
    expect(issues({ ...example, shrinkage: 'ledoit-wolf' })).toContain('for samples only');
    expect(issues({ ...example, covariance: [[null]] })).toBeTruthy();
  });
});

describe('bad questions', () => {
  it.each([
    [{ z: [1] }, 'no vector or component named z'],
    [{ a: [1] }, 'a has 2 components, but 1 numbers are given'],
    [{ a: [1, 2], a1: [3] }, 'a1 is given twice'],
    [{}, 'Nothing is given'],
    [{ a: [1, NaN] }, 'NaN'],
    [{ a: [1, 2], b: [1, 2, 3], c: [1, 2, 3, 4] }, 'nothing is left'],
  ])('given %j', (given: Record<string, number[]>, message) => {
    expect(refusalOf(() => conditionalOf(example, given)).message).toContain(message);
  });

  it('points that do not fit', () => {
    expect(refusalOf(() => densityAt(example, [[1]])).place).toMatchObject({ field: 'points', row: 1 });
  });
});
