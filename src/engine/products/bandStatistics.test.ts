import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinStatistics, stretchStatistics } from './bandStatistics.ts';

describe('statistics of a stretch', () => {
  it('integers: without nodata and masked pixels, exact', () => {
    const stored = Uint32Array.of(4294967295, 7, 4294967295, 5, 9);
    const valid = Uint8Array.of(1, 1, 1, 1, 0);
    const parts = [stretchStatistics(stored, 'uint32', 7, valid)];
    expect(joinStatistics(2, parts)).toEqual({
      bandIndex: 2,
      sum: 2 * 4294967295 + 5,
      min: 5,
      max: 4294967295,
      count: 3,
    });
  });

  it('64-bit integers: sums beyond 2^53 as text, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }),
        fc.nat(20),
        (values, cut) => {
          const stretches = [values.slice(0, cut), values.slice(cut)];
          const parts = stretches.map((stretch) =>
            stretchStatistics(BigInt64Array.from(stretch), 'int64', null, null),
          );
          const sum = values.reduce((total, value) => total + value, 0n);
          const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          const result = joinStatistics(0, parts);
          expect([result.sum, result.min, result.max].map((value) => BigInt(value ?? 0))).toEqual([
            sum,
            sorted[0],
            sorted.at(-1),
          ]);
          expect(result.count).toBe(values.length);
          const isSafe = sum <= 2n ** 53n - 1n && sum >= -(2n ** 53n) + 1n;
          expect(typeof result.sum).toBe(isSafe ? 'number' : 'string');
        },
      ),
    );
  });

  it('floats: what is not finite is left out, small numbers beside large ones are not lost', () => {
    const stored = Float64Array.of(1e16, 1, NaN, -1e16, Infinity, 1, -9999);
    const parts = [stretchStatistics(stored, 'float64', -9999, null)];
    expect(joinStatistics(0, parts)).toEqual({ bandIndex: 0, sum: 2, min: -1e16, max: 1e16, count: 4 });
  });

  it('complex: by magnitude; nodata is a real number', () => {
    const stored = Float32Array.of(3, 4, -1, 0, -1, 1, NaN, 0);
    const parts = [stretchStatistics(stored, 'complex64', -1, null)];
    expect(joinStatistics(0, parts)).toEqual({
      bandIndex: 0,
      sum: 5 + Math.SQRT2,
      min: Math.SQRT2,
      max: 5,
      count: 2,
    });
  });

  it('nothing valid: no extremes', () => {
    const nothing = { bandIndex: 0, sum: 0, min: null, max: null, count: 0 };
    expect(joinStatistics(0, [stretchStatistics(Int16Array.of(-1, -1), 'int16', -1, null)])).toEqual(nothing);
    expect(joinStatistics(0, [stretchStatistics(Float32Array.of(NaN), 'float32', null, null)])).toEqual(
      nothing,
    );
    expect(joinStatistics(0, [stretchStatistics(BigUint64Array.of(4n), 'uint64', 4n, null)])).toEqual(
      nothing,
    );
  });
});
