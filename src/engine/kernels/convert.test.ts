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
import { storedToValues } from './convert.ts';

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
  {
    noData,
    scale,
    offset,
    valid,
  }: { noData: number | bigint | null; scale: number | null; offset: number | null; valid: boolean },
): number {
  const [re, im] = parts;
  if (!valid || re === undefined) return NaN;
  if (noData !== null && re === noData && (im === undefined || im === 0)) return NaN;
  const stored = im === undefined ? Number(re) : Math.hypot(Number(re), Number(im));
  return stored * (scale ?? 1) + (offset ?? 0);
}

describe('storedToValues', () => {
  it.each(dataTypes)('%s: nodata, mask, scale and offset as one value at a time', (type) => {
    const parts = isComplexType(type) ? 2 : 1;
    const cases = fc.record({
      given: fc.array(partsOf(type), { minLength: 6 * parts, maxLength: 6 * parts }),
      noData: fc.option(partsOf(type)),
      scale: fc.option(fc.constantFrom(1, 0.0001, -2, 0)),
      offset: fc.option(fc.constantFrom(0, 1.5, -1000)),
      mask: fc.option(fc.array(fc.constantFrom(0, 1, 255), { minLength: 4, maxLength: 4 })),
    });
    fc.assert(
      fc.property(cases, ({ given, noData: asked, scale, offset, mask }) => {
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
        const conversion = { stored, dataType: type, start: 1, count: 4, noData, scale, offset, valid };
        storedToValues(conversion, out, 2);
        const expected = Array.from({ length: 4 }, (_, i) =>
          naive(
            Array.from({ length: parts }, (_part, p) => element(stored, (1 + i) * parts + p)),
            { noData, scale, offset, valid: mask === null || mask[i] !== 0 },
          ),
        );
        // -0 and 0 are the same number here.
        const plain = (values: number[]): number[] => values.map((value) => (value === 0 ? 0 : value));
        expect(plain([...out.subarray(2, 6)])).toEqual(plain(expected));
        // Nothing around the range is touched, nor the stored values.
        expect([...out.subarray(0, 2), ...out.subarray(6)]).toEqual([77, 77, 77, 77]);
        const narrow = new Float32Array(4);
        storedToValues(conversion, narrow, 0);
        expect([...narrow].map(Number.isNaN)).toEqual(expected.map((value) => Number.isNaN(value)));
      }),
    );
  });

  const plain = { start: 0, scale: null, offset: null, valid: null };

  it('tells 64-bit integers apart that are the same double', () => {
    const stored = BigInt64Array.from([2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n)]);
    const out = new Float64Array(3);
    storedToValues({ ...plain, stored, dataType: 'int64', count: 3, noData: 2n ** 53n + 1n }, out, 0);
    expect([...out]).toEqual([2 ** 53, NaN, -(2 ** 63)]);
    const unsigned = BigUint64Array.from([2n ** 64n - 1n, 2n ** 64n - 2n]);
    storedToValues(
      { ...plain, stored: unsigned, dataType: 'uint64', count: 2, noData: 2n ** 64n - 1n },
      out,
      0,
    );
    expect([...out.subarray(0, 2)]).toEqual([NaN, 2 ** 64]);
  });

  it('compares nodata before scaling and before rounding', () => {
    const stored = Int16Array.from([-9999, 1, 10_000]);
    const out = new Float32Array(3);
    // 1 x 10000 - 19999 is -9999 as a value, but not as stored.
    const scaled = { ...plain, scale: 10_000, offset: -19_999 };
    storedToValues({ ...scaled, stored, dataType: 'int16', count: 3, noData: -9999 }, out, 0);
    expect([...out]).toEqual([NaN, -9999, Math.fround(99_980_001)]);
    // 2^24 + 1 becomes 2^24 in float32, yet it is not nodata.
    const wideStored = Float64Array.from([2 ** 24, 2 ** 24 + 1]);
    storedToValues({ ...plain, stored: wideStored, dataType: 'float64', count: 2, noData: 2 ** 24 }, out, 0);
    expect([...out.subarray(0, 2)]).toEqual([NaN, 2 ** 24]);
  });

  it('takes NaN as nodata where it is stored', () => {
    const stored = Float32Array.from([NaN, 1]);
    const out = new Float64Array(2);
    storedToValues({ ...plain, stored, dataType: 'float32', count: 2, noData: NaN, scale: 2 }, out, 0);
    expect([...out]).toEqual([NaN, 2]);
  });

  it('scales the magnitude of complex values: 3 + 4i is 5', () => {
    const stored = Float64Array.from([3, 4, 0, -2, -1, 0, -1, 1e-9]);
    const out = new Float64Array(4);
    storedToValues(
      { ...plain, stored, dataType: 'complex128', count: 4, noData: -1, scale: 2, offset: 1 },
      out,
      0,
    );
    expect([...out]).toEqual([11, 5, NaN, 3]);
  });
});
