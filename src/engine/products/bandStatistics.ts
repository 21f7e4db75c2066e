import type { BandStatistics } from '../contract/statistics.ts';
import { isComplexType, isIntegerType, type DataType, type StoredArray } from '../base/dataTypes.ts';
import type { NoDataValue } from '../cube/cube.ts';
import { addToSummary, emptySummary, mergeSummary, type Summary } from '../kernels/statistics.ts';

/** Sum of integers, exact: kept as bigint; or of floats, compensated. */
export type PartialStatistics =
  | { kind: 'integer'; sum: bigint; min: bigint; max: bigint; count: number }
  | { kind: 'float'; summary: Summary };

/**
 * Statistics over the valid stored values of one stretch of a band: finite, not nodata, not masked; complex by magnitude.
 */
export function stretchStatistics(
  stored: StoredArray,
  dataType: DataType,
  noData: NoDataValue | null,
  valid: Uint8Array | null,
): PartialStatistics {
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    return wideStatistics(stored, noData, valid);
  }
  const numbers = isComplexType(dataType) ? magnitudes(stored, noData) : stored;
  const kept = validOnly(numbers, isComplexType(dataType) ? null : noData, valid);
  const summary = emptySummary();
  addToSummary(summary, kept);
  if (!isIntegerType(dataType)) return { kind: 'float', summary };
  // Up to 2^20 integers of up to 32 bits sum below 2^53; a longer line's rounding is whole in the correction.
  return {
    kind: 'integer',
    sum: BigInt(summary.sum) + BigInt(summary.correction),
    min: summary.count === 0 ? 0n : BigInt(summary.min),
    max: summary.count === 0 ? 0n : BigInt(summary.max),
    count: summary.count,
  };
}

/** Most values of one stretch, so that integer sums stay exact. */
export const maximumStretch = 2 ** 20;

/** Adds stretches in their order and gives the band's statistics. */
export function joinStatistics(bandIndex: number, parts: readonly PartialStatistics[]): BandStatistics {
  const floats = emptySummary();
  const integers = { sum: 0n, min: 0n, max: 0n, count: 0 };
  for (const part of parts) {
    if (part.kind === 'float') mergeSummary(floats, part.summary);
    else if (part.count > 0) {
      integers.min = integers.count === 0 || part.min < integers.min ? part.min : integers.min;
      integers.max = integers.count === 0 || part.max > integers.max ? part.max : integers.max;
      integers.sum += part.sum;
      integers.count += part.count;
    }
  }
  if (parts.some((part) => part.kind === 'float')) {
    const { sum, correction, min, max, count } = floats;
    return { bandIndex, sum: sum + correction, min: count ? min : null, max: count ? max : null, count };
  }
  const { sum, min, max, count } = integers;
  return {
    bandIndex,
    sum: plain(sum),
    min: count ? plain(min) : null,
    max: count ? plain(max) : null,
    count,
  };
}

const plain = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

type NumberArray = Exclude<StoredArray, BigInt64Array | BigUint64Array>;

function validOnly(
  numbers: NumberArray,
  noData: NoDataValue | null,
  valid: Uint8Array | null,
): ArrayLike<number> {
  if (noData === null && valid === null) return numbers;
  const unwanted = noData === null ? NaN : Number(noData);
  const kept = new Float64Array(numbers.length);
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? NaN;
    if (value !== unwanted && valid?.[i] !== 0) kept[count++] = value;
  }
  return kept.subarray(0, count);
}

function magnitudes(stored: NumberArray, noData: NoDataValue | null): Float64Array {
  const out = new Float64Array(stored.length / 2);
  for (let i = 0; i < out.length; i++) {
    const re = stored[2 * i] ?? NaN;
    const im = stored[2 * i + 1] ?? NaN;
    out[i] = noData !== null && re === noData && im === 0 ? NaN : Math.hypot(re, im);
  }
  return out;
}

function wideStatistics(
  stored: BigInt64Array | BigUint64Array,
  noData: NoDataValue | null,
  valid: Uint8Array | null,
): PartialStatistics {
  const unwanted = noData === null ? null : BigInt(noData);
  const result = { kind: 'integer' as const, sum: 0n, min: 0n, max: 0n, count: 0 };
  stored.forEach((value: bigint, i: number) => {
    if (value === unwanted || valid?.[i] === 0) return;
    if (result.count === 0 || value < result.min) result.min = value;
    if (result.count === 0 || value > result.max) result.max = value;
    result.sum += value;
    result.count += 1;
  });
  return result;
}
