import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToSummary,
  countBins,
  countHighKeys,
  countLowKeys,
  emptySummary,
  floatKey,
  floatOfKey,
  mergeSummary,
  type KeyCounts,
} from './statistics.ts';

const sumOf = (values: number[]): number => {
  const summary = emptySummary();
  addToSummary(summary, values);
  return summary.sum + summary.correction;
};

describe('a summary', () => {
  it('adds what a plain sum loses', () => {
    expect(sumOf([1e100, 1, -1e100])).toBe(1);
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf(new Array<number>(10).fill(0.1))).toBe(1);
    const small = 2 ** -53;
    expect(sumOf([1, ...new Array<number>(1024).fill(small)])).toBe(1 + 2 ** -43);
  });

  it('agrees with the exact sum of whole numbers up to 2^90', () => {
    const numbers = fc.tuple(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 40 }), (pairs) => {
        const exact = pairs.reduce((sum, [factor, power]) => sum + BigInt(factor) * 2n ** BigInt(power), 0n);
        const size = pairs.reduce((sum, [factor, power]) => sum + Math.abs(factor) * 2 ** power, 0);
        const sum = sumOf(pairs.map(([factor, power]) => factor * 2 ** power));
        // Neumaier's bound: one rounding of the result, and the square of the rounding unit times the sum of sizes.
        const bound = Math.abs(Number(exact)) * 2 ** -52 + size * 40 * 2 ** -104;
        expect(Math.abs(sum - Number(exact))).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('leaves out what is not finite, and starts from nothing', () => {
    const summary = emptySummary();
    addToSummary(summary, [NaN, Infinity, -Infinity]);
    expect(summary).toEqual({ sum: 0, correction: 0, min: Infinity, max: -Infinity, count: 0 });
    addToSummary(summary, Float32Array.from([NaN, 2, -3, Infinity]));
    expect(summary).toMatchObject({ sum: -1, min: -3, max: 2, count: 2 });
  });

  it('merged from pieces equals the whole', () => {
    const values = fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), (pieces) => {
        const whole = emptySummary();
        const merged = emptySummary();
        for (const piece of pieces) {
          addToSummary(whole, piece);
          const part = emptySummary();
          addToSummary(part, piece);
          mergeSummary(merged, part);
        }
        expect([merged.min, merged.max, merged.count]).toEqual([whole.min, whole.max, whole.count]);
        const size = pieces.flat().reduce((sum, value) => sum + Math.abs(value), 0);
        const difference = merged.sum + merged.correction - (whole.sum + whole.correction);
        expect(Math.abs(difference)).toBeLessThanOrEqual(size * 2 ** -52);
      }),
    );
    const merged = emptySummary();
    for (const piece of [[1e100], [1], [-1e100]]) {
      const part = emptySummary();
      addToSummary(part, piece);
      mergeSummary(merged, part);
    }
    expect(merged.sum + merged.correction).toBe(1);
  });
});

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;

/** From the least to the greatest. */
const ladder = [
  -Infinity,
  -3.4028234663852886e38,
  -1,
  -(2 ** -126),
  -(2 ** -149) * 2,
  -(2 ** -149),
  -0,
  0,
  2 ** -149,
  2 ** -149 * 2,
  2 ** -126 - 2 ** -149,
  2 ** -126,
  1 - 2 ** -24,
  1,
  3.4028234663852886e38,
  Infinity,
];

describe('floatKey', () => {
  it('rises along all kinds of numbers, -0 before 0', () => {
    const keys = ladder.map((value) => floatKey(bitsOf(value)));
    for (let i = 1; i < keys.length; i++) expect(keys[i], `${ladder[i]}`).toBeGreaterThan(keys[i - 1] ?? NaN);
    expect(floatKey(bitsOf(0)) - floatKey(bitsOf(-0))).toBe(1);
    expect(keys.map(floatOfKey)).toEqual(ladder);
  });

  it('sorts any two floats as numbers do, and gives each back to the bit', () => {
    const floats = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(...ladder));
    fc.assert(
      fc.property(floats, floats, (a, b) => {
        const [keyA, keyB] = [floatKey(bitsOf(a)), floatKey(bitsOf(b))];
        if (a < b) expect(keyA).toBeLessThan(keyB);
        expect(Number.isInteger(keyA) && keyA >= 0 && keyA < 2 ** 32).toBe(true);
        expect(Object.is(floatOfKey(keyA), a)).toBe(true);
        expect(keyA === keyB).toBe(Object.is(a, b));
      }),
    );
  });
});

describe('counting keys', () => {
  it('in two passes finds every order statistic of the finite values', () => {
    const floats = fc.oneof(fc.float(), fc.constantFrom(...ladder, NaN), fc.constantFrom(1, 1, 2, 2.5));
    fc.assert(
      fc.property(fc.array(floats, { minLength: 1, maxLength: 30 }), fc.nat(), (list, pick) => {
        // A view that does not start at its buffer's beginning.
        const values = new Float32Array(list.length + 3).subarray(3);
        values.set(list);
        const finite = [...values].filter(Number.isFinite).sort((a, b) => a - b);
        const high = countHighKeys(values);
        expect(high.counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
        // Nothing of one call is left to the next.
        expect(countHighKeys(values)).toEqual(high);
        if (finite.length === 0) return;
        const rank = pick % finite.length;
        const find = ({ places, counts }: KeyCounts, wanted: number): { place: number; rest: number } => {
          let rest = wanted;
          let at = 0;
          while (rest >= (counts[at] ?? Infinity)) rest -= counts[at++] ?? 0;
          return { place: places[at] ?? NaN, rest };
        };
        const first = find(high, rank);
        const second = find(countLowKeys(values, first.place), first.rest);
        const found = floatOfKey(first.place * 65536 + second.place);
        expect(found === finite[rank]).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

const binsOf = (values: number[], low: number, high: number, bins: number): number[] => {
  const counts = new Uint32Array(bins);
  countBins(Float64Array.from(values), low, high, counts);
  return [...counts];
};

describe('countBins', () => {
  it('includes the lower edge of each bin and the upper one of the last', () => {
    expect(binsOf([0, 1, 2, 3, 4], 0, 4, 4)).toEqual([1, 1, 1, 2]);
    expect(binsOf([-0.001, 4.001, NaN, Infinity, -Infinity], 0, 4, 4)).toEqual([0, 0, 0, 0]);
    expect(binsOf([0.9999, 1.0001], 0, 4, 4)).toEqual([1, 1, 0, 0]);
  });

  it('puts whole numbers on an edge above it, whatever the width of a bin', () => {
    // 49 x (1 / 49) is below 1 in doubles.
    expect(binsOf([49], 0, 49 * 256, 256).slice(0, 3)).toEqual([0, 1, 0]);
    const cases = fc.record({
      low: fc.integer({ min: -40_000, max: 40_000 }),
      width: fc.integer({ min: 1, max: 300 }),
      bins: fc.integer({ min: 1, max: 256 }),
      bin: fc.nat(255),
    });
    fc.assert(
      fc.property(cases, ({ low, width, bins, bin }) => {
        const place = bin % bins;
        const counts = binsOf(
          [low + place * width, low + (place + 1) * width - 1],
          low,
          low + bins * width,
          bins,
        );
        const expected = new Array<number>(bins).fill(0);
        expected[place] = 2;
        expect(counts).toEqual(expected);
      }),
    );
  });

  it('takes a range of one value', () => {
    expect(binsOf([5, 5, 4, 6], 5, 5, 3)).toEqual([2, 0, 0]);
  });

  it('takes the widest and the narrowest range of doubles', () => {
    const largest = Number.MAX_VALUE;
    expect(binsOf([-largest, -largest / 4, 0, largest / 4, largest], -largest, largest, 4)).toEqual([
      1, 1, 2, 1,
    ]);
    expect(binsOf([-1e308, -6e307, 6e307, 1e308], -1e308, 1e308, 4)).toEqual([2, 0, 0, 2]);
    expect(binsOf([0, Number.MIN_VALUE], 0, Number.MIN_VALUE, 2)).toEqual([1, 1]);
  });

  it('loses no value inside the range', () => {
    const values = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (list, bins) => {
          const counts = binsOf(list, Math.min(...list), Math.max(...list), bins);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(list.length);
        },
      ),
    );
  });
});
