import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binEdges, binOf, type Limits } from './binEdges.ts';

/** What the shader does: the number of the last edge that is not above the value. */
function binByEdges(value: number, limits: Limits): number {
  const { edges, direction } = binEdges(limits);
  return edges.findLastIndex((edge) => direction * value >= edge);
}

describe('binOf, the rule of exported pictures', () => {
  it('has 256 bins of equal width, the ends for what is outside', () => {
    const limits = { low: 0, high: 256 };
    expect([0, 0.9, 1, 128, 255.9, 256, 1e9, -5].map((value) => binOf(value, limits))).toEqual([
      0, 0, 1, 128, 255, 255, 255, 0,
    ]);
    expect([0, 1, 255, 256].map((value) => binOf(value, { low: 256, high: 0 }))).toEqual([255, 255, 1, 0]);
    expect([6, 7, 8].map((value) => binOf(value, { low: 7, high: 7 }))).toEqual([0, 128, 255]);
  });
});

describe('binEdges', () => {
  it('are whole numbers for the range 0 to 256', () => {
    const { edges, direction } = binEdges({ low: 0, high: 256 });
    expect(direction).toBe(1);
    expect([...edges.subarray(1, 4), edges[255]]).toEqual([1, 2, 3, 255]);
  });

  it('give the colour of the rule for every float32', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e38, max: 1e38 }),
      fc.double({ noNaN: true, min: -2, max: 2 }),
      fc.integer({ min: -40_000, max: 70_000 }),
    );
    fc.assert(
      fc.property(
        number,
        number,
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { maxLength: 8 }),
        (low, high, anywhere, shares) => {
          // A range of a few subnormal steps has no 256 parts.
          fc.pre(low === high || Math.abs(high - low) > 1e-290);
          const limits = { low, high };
          const within = shares
            .map((share) => Math.fround(low + share * (high - low)))
            .filter(Number.isFinite);
          for (const value of [...anywhere, ...within, Math.fround(low), Math.fround(high)]) {
            expect(binByEdges(value, limits)).toBe(binOf(value, limits));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('also for the float32 on both sides of every edge', () => {
    const limits = { low: 0.0123, high: 0.4567 };
    const { edges } = binEdges(limits);
    const next = new Float32Array(1);
    const bits = new Int32Array(next.buffer);
    for (let k = 1; k < 256; k++) {
      const edge = edges[k] ?? NaN;
      next[0] = edge;
      bits[0] = (bits[0] ?? 0) - 1;
      expect(binOf(edge, limits)).toBe(k);
      expect(binOf(next[0], limits)).toBe(k - 1);
    }
  });

  it('stands limits that differ by less than float32 can tell, or not at all', () => {
    const narrow = { low: 1e6, high: 1e6 + 0.01 };
    expect([1e6 - 0.0625, 1e6, 1e6 + 0.0625].map((value) => binByEdges(value, narrow))).toEqual([0, 0, 255]);
    const equal = { low: 0.1, high: 0.1 };
    // 0.1 is no float32: its neighbours lie below and above.
    expect([0.0999, Math.fround(0.1)].map((value) => binByEdges(value, equal))).toEqual([0, 255]);
    expect([1, 2, 3].map((value) => binByEdges(value, { low: 2, high: 2 }))).toEqual([0, 128, 255]);
    const widest = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
    expect(binByEdges(0, widest)).toBe(128);
  });

  it.each([NaN, Infinity])('refuses %s as a limit', (low) => {
    expect(() => binEdges({ low, high: 1 })).toThrow(RangeError);
  });
});
