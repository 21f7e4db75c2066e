import { isComplexType, type DataType, type StoredArray, type ValueArray } from '../base/dataTypes.ts';

/** One band's stored values on their way to numbers. The plain TypeScript twin of a later SIMD kernel. */
export interface Conversion {
  stored: StoredArray;
  dataType: DataType;
  /** First value and number of values (complex: pairs) taken from `stored`. */
  start: number;
  count: number;
  /** Compared with the stored value in the file's own type; null: none. */
  noData: number | bigint | null;
  /** Validity a value, 1 valid; null: all valid. */
  valid: Uint8Array | null;
}

/**
 * Stored values as floating-point numbers, not scaled: NaN where the stored value is nodata or not valid; complex ones
 * as magnitude. Fills out[outStart ... outStart + count - 1].
 */
export function storedToNumbers(conversion: Conversion, out: ValueArray, outStart: number): void {
  const { stored, dataType, valid } = conversion;
  if (isComplexType(dataType)) magnitudes(conversion, out, outStart);
  else if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    wideIntegers(conversion, stored, out, outStart);
  } else numbers(conversion, stored, out, outStart);
  if (valid !== null) {
    for (let i = 0; i < conversion.count; i++) if (valid[i] === 0) out[outStart + i] = NaN;
  }
}

type NumberArray = Exclude<StoredArray, BigInt64Array | BigUint64Array>;

function numbers(conversion: Conversion, stored: NumberArray, out: ValueArray, outStart: number): void {
  const { start, count } = conversion;
  out.set(stored.subarray(start, start + count), outStart);
  if (conversion.noData === null) return;
  const noData = Number(conversion.noData);
  // Compared as stored: a float64 value that rounds to nodata in a float32 output is not nodata.
  for (let i = 0; i < count; i++) if (stored[start + i] === noData) out[outStart + i] = NaN;
}

function wideIntegers(
  conversion: Conversion,
  stored: BigInt64Array | BigUint64Array,
  out: ValueArray,
  outStart: number,
): void {
  const { start, count } = conversion;
  const noData = conversion.noData === null ? null : BigInt(conversion.noData);
  for (let i = 0; i < count; i++) {
    const value = stored[start + i] ?? 0n;
    out[outStart + i] = value === noData ? NaN : Number(value);
  }
}

function magnitudes(conversion: Conversion, out: ValueArray, outStart: number): void {
  const { start, count, noData, stored } = conversion;
  for (let i = 0; i < count; i++) {
    const re = Number(stored[2 * (start + i)]);
    const im = Number(stored[2 * (start + i) + 1]);
    // Nodata of a complex image is a real number with imaginary part 0.
    out[outStart + i] = noData !== null && re === noData && im === 0 ? NaN : Math.hypot(re, im);
  }
}

/**
 * Numbers become values in place: value = number x scale + offset, in float64, rounded once to the array's type. Null
 * scales by 1 and moves by 0.
 */
export function scaleNumbers(numbers: ValueArray, scale: number | null, offset: number | null): void {
  const factor = scale ?? 1;
  const summand = offset ?? 0;
  if (factor === 1 && summand === 0) return;
  for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] ?? 0) * factor + summand;
}
