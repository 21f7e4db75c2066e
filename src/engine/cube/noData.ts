import { is64BitInteger, isIntegerType, type DataType } from '../base/dataTypes.ts';
import { parseNumber } from '../base/parseNumber.ts';
import type { NoDataValue } from './cube.ts';

const integerRange: Partial<Record<DataType, readonly [bigint, bigint]>> = {
  uint8: [0n, 2n ** 8n - 1n],
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * The number a text means as a file of this type stores it, for an exact comparison: a bigint for 64-bit integers,
 * rounded to float16 or float32 where the samples are (writers give more digits than they have), NaN and infinities for
 * floats only. Null where no stored value can equal it: 0.5 or nan among integers, -9999 among uint8, no number at all.
 */
export function noDataInType(text: string, dataType: DataType): NoDataValue | null {
  const plain = text.trim();
  const value = parseNumber(plain);
  if (value === null) return null;
  if (isIntegerType(dataType)) return storedInteger(plain, value, dataType);
  if (!Number.isFinite(value)) return value;
  const rounded = roundTo(value, dataType);
  const isLost = !Number.isFinite(rounded) || (rounded === 0 && value !== 0);
  return isLost ? null : rounded;
}

function storedInteger(text: string, value: number, dataType: DataType): NoDataValue | null {
  if (!Number.isInteger(value)) return null;
  // Plain digits are taken as they are: doubles do not hold every 64-bit integer.
  const exact = /^[+-]?\d+(?:\.0*)?$/.test(text)
    ? BigInt(text.replace(/^\+/, '').replace(/\..*$/, ''))
    : BigInt(value);
  const [least, most] = integerRange[dataType] ?? [0n, 0n];
  if (exact < least || exact > most) return null;
  return is64BitInteger(dataType) ? exact : Number(exact);
}

function roundTo(value: number, dataType: DataType): number {
  if (dataType === 'float16') return Math.f16round(value);
  if (dataType === 'float32' || dataType === 'complex64') return Math.fround(value);
  return value;
}
