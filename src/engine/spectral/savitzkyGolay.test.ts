import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { designWeights } from './savitzkyGolay.ts';

interface ExactCase {
  name: string;
  coordinates: number[];
  at: number;
  degree: number;
  derivative: number;
  weights: number[];
}

const centredOffsets = (window: number): number[] =>
  Array.from({ length: window }, (_, i) => i - (window - 1) / 2);

/** Largest difference, relative to the largest weight. */
function relativeError(weights: ArrayLike<number>, expected: readonly number[]): number {
  expect(weights).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((weights[i] ?? NaN) - value))) / largest;
}

/** Numerators and denominator of weights with unit steps, by window, degrees and derivative. */
const centredWeights: [
  window: number,
  degrees: number[],
  derivative: number,
  over: number,
  numerators: number[],
][] = [
  [3, [2], 0, 1, [0, 1, 0]],
  [3, [2], 1, 2, [-1, 0, 1]],
  [3, [2], 2, 1, [1, -2, 1]],
  [5, [2, 3], 0, 35, [-3, 12, 17, 12, -3]],
  [5, [1, 2], 1, 10, [-2, -1, 0, 1, 2]],
  [5, [2, 3], 2, 7, [2, -1, -2, -1, 2]],
  [5, [3, 4], 1, 12, [1, -8, 0, 8, -1]],
  [5, [4], 0, 1, [0, 0, 1, 0, 0]],
  [5, [4], 2, 12, [-1, 16, -30, 16, -1]],
  [7, [2, 3], 0, 21, [-2, 3, 6, 7, 6, 3, -2]],
  [7, [1, 2], 1, 28, [-3, -2, -1, 0, 1, 2, 3]],
  [7, [2, 3], 2, 42, [5, 0, -3, -4, -3, 0, 5]],
  [7, [3, 4], 1, 252, [22, -67, -58, 0, 58, 67, -22]],
  [7, [4, 5], 0, 231, [5, -30, 75, 131, 75, -30, 5]],
  [7, [4, 5], 2, 132, [-13, 67, -19, -70, -19, 67, -13]],
  [9, [2, 3], 0, 231, [-21, 14, 39, 54, 59, 54, 39, 14, -21]],
  [9, [1, 2], 1, 60, [-4, -3, -2, -1, 0, 1, 2, 3, 4]],
  [9, [2, 3], 2, 462, [28, 7, -8, -17, -20, -17, -8, 7, 28]],
  [9, [4, 5], 0, 429, [15, -55, 30, 135, 179, 135, 30, -55, 15]],
  [9, [3, 4], 1, 1188, [86, -142, -193, -126, 0, 126, 193, 142, -86]],
  [9, [4, 5], 2, 1716, [-126, 371, 151, -211, -370, -211, 151, 371, -126]],
  [11, [2, 3], 0, 429, [-36, 9, 44, 69, 84, 89, 84, 69, 44, 9, -36]],
  [11, [1, 2], 1, 110, [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]],
  [11, [2, 3], 2, 429, [15, 6, -1, -6, -9, -10, -9, -6, -1, 6, 15]],
  [11, [4, 5], 0, 429, [18, -45, -10, 60, 120, 143, 120, 60, -10, -45, 18]],
  [11, [3, 4], 1, 5148, [300, -294, -532, -503, -296, 0, 296, 503, 532, 294, -300]],
  [11, [4, 5], 2, 1716, [-90, 174, 146, 1, -136, -190, -136, 1, 146, 174, -90]],
  [5, [3, 4], 3, 2, [-1, 2, 0, -2, 1]],
  [7, [3, 4], 3, 6, [-1, 1, 1, 0, -1, -1, 1]],
  [9, [3, 4], 3, 198, [-14, 7, 13, 9, 0, -9, -13, -7, 14]],
];

describe('weights with unit steps, evaluated at the centre', () => {
  for (const [window, degrees, derivative, over, numerators] of centredWeights) {
    for (const degree of degrees) {
      it(`window ${window}, degree ${degree}, derivative ${derivative}: [${numerators.join(', ')}]/${over}`, () => {
        const weights = designWeights(centredOffsets(window), 0, degree, derivative);
        expect(
          relativeError(
            weights,
            numerators.map((n) => n / over),
          ),
        ).toBeLessThan(5e-15);
      });
    }
  }
});

describe('weights evaluated off-centre: window 5, degree 2, at band', () => {
  const rows: [at: number, derivative: number, over: number, numerators: number[]][] = [
    [0, 0, 35, [31, 9, -3, -5, 3]],
    [1, 0, 35, [9, 13, 12, 6, -5]],
    [3, 0, 35, [-5, 6, 12, 13, 9]],
    [4, 0, 35, [3, -5, -3, 9, 31]],
    [0, 1, 70, [-54, 13, 40, 27, -26]],
    [1, 1, 70, [-34, 3, 20, 17, -6]],
    [3, 1, 70, [6, -17, -20, -3, 34]],
    [4, 1, 70, [26, -27, -40, -13, 54]],
    [0, 2, 7, [2, -1, -2, -1, 2]],
    [1, 2, 7, [2, -1, -2, -1, 2]],
    [4, 2, 7, [2, -1, -2, -1, 2]],
  ];
  for (const [at, derivative, over, numerators] of rows) {
    it(`${at}, derivative ${derivative}: [${numerators.join(', ')}]/${over}`, () => {
      const weights = designWeights([0, 1, 2, 3, 4], at, 2, derivative);
      expect(
        relativeError(
          weights,
          numerators.map((n) => n / over),
        ),
      ).toBeLessThan(5e-15);
    });
  }
});

describe('weights on uneven coordinates and with missing samples', () => {
  const rows: [coordinates: number[], at: number, derivative: number, over: number, numerators: number[]][] =
    [
      [[0, 1, 3, 6, 10], 3, 0, 429, [20, 90, 179, 185, -45]],
      [[0, 1, 3, 6, 10], 3, 1, 858, [-124, -51, 55, 114, 6]],
      [[0, 1, 3, 6, 10], 3, 2, 429, [18, 3, -17, -22, 18]],
      [[0, 1, 3], 1, 1, 6, [-4, 3, 1]],
      [[0, 1, 3], 1, 2, 3, [2, -3, 1]],
      [[-2, -1, 1, 2], 0, 0, 6, [-1, 4, 4, -1]],
      [[-2, -1, 1, 2], 0, 1, 10, [-2, -1, 1, 2]],
      [[-2, -1, 1, 2], 0, 2, 3, [1, -1, -1, 1]],
      [[-2, -1, 0, 2], 0, 0, 55, [-9, 24, 37, 3]],
      [[-2, -1, 0, 2], 0, 1, 220, [-49, -16, 12, 53]],
      [[-2, -1, 0, 2], 0, 2, 22, [7, -4, -8, 5]],
    ];
  for (const [coordinates, at, derivative, over, numerators] of rows) {
    it(`{${coordinates.join(', ')}} at ${at}, degree 2, derivative ${derivative}`, () => {
      const weights = designWeights(coordinates, at, 2, derivative);
      expect(
        relativeError(
          weights,
          numerators.map((n) => n / over),
        ),
      ).toBeLessThan(5e-15);
    });
  }

  it('are per unit of the coordinate: steps of 2 divide the k-th derivative by 2^k', () => {
    for (const derivative of [0, 1, 2, 3]) {
      const unit = designWeights([0, 1, 2, 3, 4], 2, 3, derivative);
      const wide = designWeights([10, 12, 14, 16, 18], 14, 3, derivative);
      expect(
        relativeError(
          wide,
          [...unit].map((weight) => weight / 2 ** derivative),
        ),
      ).toBeLessThan(1e-15);
    }
  });
});

describe('weights against exact rational arithmetic (fixtures/exact_weights.py)', () => {
  const { cases } = JSON.parse(
    readFileSync(new URL('fixtures/exact_weights.json', import.meta.url), 'utf8'),
  ) as { cases: ExactCase[] };
  const byGrid = Map.groupBy(cases, ({ name }) => name);
  for (const [name, group] of byGrid) {
    it(`${name}: degrees 2, 4, 6 and derivatives 0 to 3 within 2e-14 of the largest weight`, () => {
      expect(group.length).toBe(11);
      for (const { coordinates, at, degree, derivative, weights } of group) {
        expect(relativeError(designWeights(coordinates, at, degree, derivative), weights)).toBeLessThan(
          2e-14,
        );
      }
    });
  }
});

describe('the limits of the designer', () => {
  it('gives zeros for a derivative above the degree', () => {
    expect([...designWeights([0, 1, 2], 1, 1, 2)]).toEqual([0, 0, 0]);
    expect([...designWeights([0, 1, 2], 1, 0, 1)]).toEqual([0, 0, 0]);
  });

  it('takes the mean with degree 0, also of one value', () => {
    expect([...designWeights([0, 5, 9, 10], 5, 0, 0)]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...designWeights([7], 7, 0, 0)]).toEqual([1]);
  });

  it('refuses fewer coordinates than the polynomial has coefficients', () => {
    expect(() => designWeights([0, 1], 0, 2, 0)).toThrow(CubelensError);
  });

  it('refuses coordinates that are not distinct or not finite', () => {
    for (const coordinates of [
      [500, 500, 500],
      [0, 1, 1, 0],
      [0, NaN, 1, 2],
      [0, Infinity, 1, 2],
    ]) {
      expect(() => designWeights(coordinates, coordinates[0] ?? 0, 2, 0)).toThrow(
        expect.objectContaining({ code: 'degenerate' }),
      );
    }
  });
});
