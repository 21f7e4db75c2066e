import { expect, test } from 'vitest';
import type { PlaneStatistics } from '../../../src/engine/contract/index.ts';
import { limitsOf, percentagesOf, sameLimits, withLimit } from './limits.ts';

const plane = (
  min: number | null,
  max: number | null,
  low: number | null,
  high: number | null,
): PlaneStatistics => ({
  count: 4,
  min,
  max,
  mean: null,
  percentiles: [
    { percent: 2, value: low },
    { percent: 98, value: high },
  ],
  histogram: null,
});
const two = { kind: 'percentiles', low: 2, high: 98 } as const;
const statistics = { level: 0, planes: [plane(-10, 20, -8, 5)] };

test('percentiles, extremes and numbers', () => {
  expect(limitsOf(two, statistics, false)).toEqual([{ low: -8, high: 5 }]);
  expect(limitsOf({ kind: 'extremes' }, statistics, false)).toEqual([{ low: -10, high: 20 }]);
  expect(limitsOf({ kind: 'numbers', planes: [{ low: 1, high: 0 }] }, statistics, false)).toEqual([
    { low: 1, high: 0 },
  ]);
});

test('about 0 both ends are as far as the farther one', () => {
  expect(limitsOf(two, statistics, true)).toEqual([{ low: -8, high: 8 }]);
  expect(limitsOf({ kind: 'extremes' }, statistics, true)).toEqual([{ low: -20, high: 20 }]);
});

test('numbers for one plane do not serve three, and an image without a value has limits all the same', () => {
  const three = { level: 0, planes: [plane(0, 1, 0, 1), plane(0, 2, 0, 2), plane(null, null, null, null)] };
  expect(limitsOf({ kind: 'numbers', planes: [{ low: 5, high: 6 }] }, three, false)).toEqual([
    { low: 0, high: 1 },
    { low: 0, high: 2 },
    { low: 0, high: 1 },
  ]);
  expect(percentagesOf({ kind: 'extremes' })).toEqual([2, 98]);
});

test('limits are the same by their numbers', () => {
  expect(sameLimits([{ low: 1, high: 2 }], [{ low: 1, high: 2 }])).toBe(true);
  expect(sameLimits([{ low: 1, high: 2 }], [{ low: 1, high: 3 }])).toBe(false);
  expect(sameLimits(null, [])).toBe(false);
});

test('a limit beyond the other one moves it along, at the distance that they had', () => {
  expect(withLimit({ low: 0, high: 2 }, 'low', 1)).toEqual({ low: 1, high: 2 });
  expect(withLimit({ low: 0, high: 2 }, 'low', 5)).toEqual({ low: 5, high: 7 });
  expect(withLimit({ low: 5, high: 7 }, 'high', 1)).toEqual({ low: -1, high: 1 });
  expect(withLimit({ low: 3, high: 3 }, 'high', 3)).toEqual({ low: 2, high: 3 });
});
