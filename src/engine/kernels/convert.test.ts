import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dataTypes,
  is64BitInteger,
  isComplexType,
  isIntegerType,
  newStoredArray,
  type DataType,
  type StoredArray,
} from '../base/dataTypes.ts';
import { scaleNumbers, storedToNumbers } from './convert.ts';

/** Few distinct numbers, so that nodata is met often, and the awkward ones among them. */
const floats = fc.constantFrom(0, -0, 1, -1, 0.5, -9999, 1e30, 2 ** -24, NaN, Infinity, -Infinity, 3, 4);
const integers = fc.constantFrom(0, 1, 2, 3, 100, 127);
const wide = fc.constantFrom(0n, 1n, 7n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 63n - 1n);

const partsOf = (type: DataType): fc.Arbitrary<number | bigint> =>
  is64BitInteger(type) ? wide : isIntegerType(type) ? integers : floats;

const element = (stored: StoredArray, i: number): number | bigint => stored[i] as number | bigint;

/** One value, from the words of the definition alone. */
function naive(
  parts: (number | bigint)[],
  { noData, valid }: { noData: number | bigint | null; valid: boolean },
): number {
  const [re, im] = parts;
  if (!valid || re === undefined) return NaN;
  if (noData !== null && re === noData && (im === undefined || im === 0)) return NaN;
  return im === undefined ? Number(re) : Math.hypot(Number(re), Number(im));
}

describe('storedToNumbers', () => {
  it.each(dataTypes)('%s: nodata and mask as one value at a time', (type) => {
    const parts = isComplexType(type) ? 2 : 1;
    const cases = fc.record({
      given: fc.array(partsOf(type), { minLength: 6 * parts, maxLength: 6 * parts }),
      noData: fc.option(partsOf(type)),
      mask: fc.option(fc.array(fc.constantFrom(0, 1, 255), { minLength: 4, maxLength: 4 })),
    });
    fc.assert(
      fc.property(cases, ({ given, noData: asked, mask }) => {
        const stored = newStoredArray(type, 6);
        given.forEach((part, i) => {
          stored[i] = part;
        });
        // Nodata is a value of the file's own type: what the type makes of it.
        const one = newStoredArray(type, 1);
        if (asked !== null) one[0] = asked;
        const noData = asked === null ? null : element(one, 0);
        const out = new Float64Array(8).fill(77);
        const valid = mask === null ? null : Uint8Array.from(mask);
        const conversion = { stored, dataType: type, start: 1, count: 4, noData, valid };
        storedToNumbers(conversion, out, 2);
        const expected = Array.from({ length: 4 }, (_, i) =>
          naive(
            Array.from({ length: parts }, (_part, p) => element(stored, (1 + i) * parts + p)),
            { noData, valid: mask === null || mask[i] !== 0 },
          ),
        );
        // -0 and 0 are the same number here.
        const plain = (values: number[]): number[] => values.map((value) => (value === 0 ? 0 : value));
        expect(plain([...out.subarray(2, 6)])).toEqual(plain(expected));
        // Nothing around the range is touched, nor the stored values.
        expect([...out.subarray(0, 2), ...out.subarray(6)]).toEqual([77, 77, 77, 77]);
        const narrow = new Float32Array(4);
        storedToNumbers(conversion, narrow, 0);
        expect([...narrow].map(Number.isNaN)).toEqual(expected.map((value) => Number.isNaN(value)));
      }),
    );
  });

  const plain = { start: 0, valid: null };

  it('tells 64-bit integers apart that are the same double', () => {
    const stored = BigInt64Array.from([2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n)]);
    const out = new Float64Array(3);
    storedToNumbers({ ...plain, stored, dataType: 'int64', count: 3, noData: 2n ** 53n + 1n }, out, 0);
    expect([...out]).toEqual([2 ** 53, NaN, -(2 ** 63)]);
    const unsigned = BigUint64Array.from([2n ** 64n - 1n, 2n ** 64n - 2n]);
    storedToNumbers(
      { ...plain, stored: unsigned, dataType: 'uint64', count: 2, noData: 2n ** 64n - 1n },
      out,
      0,
    );
    expect([...out.subarray(0, 2)]).toEqual([NaN, 2 ** 64]);
  });

  it('compares nodata before rounding', () => {
    const out = new Float32Array(2);
    // 2^24 + 1 becomes 2^24 in float32, yet it is not nodata.
    const wideStored = Float64Array.from([2 ** 24, 2 ** 24 + 1]);
    storedToNumbers({ ...plain, stored: wideStored, dataType: 'float64', count: 2, noData: 2 ** 24 }, out, 0);
    expect([...out]).toEqual([NaN, 2 ** 24]);
  });

  it('takes NaN as nodata where it is stored', () => {
    const stored = Float32Array.from([NaN, 1]);
    const out = new Float64Array(2);
    storedToNumbers({ ...plain, stored, dataType: 'float32', count: 2, noData: NaN }, out, 0);
    expect([...out]).toEqual([NaN, 1]);
  });

  it('gives the magnitude of complex values: 3 + 4i is 5', () => {
    const stored = Float64Array.from([3, 4, 0, -2, -1, 0, -1, 1e-9]);
    const out = new Float64Array(4);
    storedToNumbers({ ...plain, stored, dataType: 'complex128', count: 4, noData: -1 }, out, 0);
    expect([...out]).toEqual([5, 2, NaN, 1]);
  });
});

describe('scaleNumbers', () => {
  it('is one float64 expression, rounded once', () => {
    // In float32 steps 23456 x 0.001 would be rounded before 273.15 is added.
    const counts = Array.from({ length: 65_536 }, (_, count) => count);
    const single = Float32Array.from(counts);
    scaleNumbers(single, 0.001, 273.15);
    expect(single).toEqual(Float32Array.from(counts, (count) => count * 0.001 + 273.15));
    const double = Float64Array.from(counts);
    scaleNumbers(double, 0.001, 273.15);
    expect(double).toEqual(Float64Array.from(counts, (count) => count * 0.001 + 273.15));
  });

  it('takes null as 1 and 0, and leaves NaN as NaN', () => {
    const scaled = (scale: number | null, offset: number | null): number[] => {
      const numbers = Float64Array.of(-2, 0.5, NaN, Infinity);
      scaleNumbers(numbers, scale, offset);
      return [...numbers];
    };
    expect(scaled(null, null)).toEqual([-2, 0.5, NaN, Infinity]);
    expect(scaled(1, 0)).toEqual([-2, 0.5, NaN, Infinity]);
    expect(scaled(-4, null)).toEqual([8, -2, NaN, -Infinity]);
    expect(scaled(null, 3)).toEqual([1, 3.5, NaN, Infinity]);
    expect(scaled(2, 1)).toEqual([-3, 2, NaN, Infinity]);
  });
});
