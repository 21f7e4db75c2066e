import { is64BitInteger, isIntegerType, type DataType } from '../../../base/dataTypes.ts';
import type { Assumption, NoDataValue } from '../../cube.ts';

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

/** A nodata value in the file's own type, or null with the reason where the text gives none. */
export interface ParsedNoData {
  noData: NoDataValue | null;
  assumption: Assumption | null;
}

/**
 * Reads the text of GDAL_NODATA (tag 42113) as a value of the stored type: rounded to float32 or float16 where the
 * samples are (GDAL writes more digits than they have, and the comparison is exact), a bigint for 64-bit integers.
 * Text that no stored value can equal (`nan` or 0.5 among integers, -9999 among uint8) gives null and says so.
 */
export function parseNoData(text: string, dataType: DataType): ParsedNoData {
  const plain = text.trim().toLowerCase();
  if (plain === '') return { noData: null, assumption: null };
  const noData = isIntegerType(dataType) ? parseInteger(plain, dataType) : parseFloating(plain, dataType);
  if (noData !== null) return { noData, assumption: null };
  const shown = plain.slice(0, 40);
  const why = `The file's nodata value "${shown}" is not a ${dataType} value, so no pixel can be nodata.`;
  return { noData: null, assumption: { field: 'noDataValue', value: 'none', why } };
}

function parseInteger(text: string, dataType: DataType): NoDataValue | null {
  const range = integerRange[dataType];
  const value = wholeNumber(text);
  if (range === undefined || value === null || value < range[0] || value > range[1]) return null;
  return is64BitInteger(dataType) ? value : Number(value);
}

/** Whole numbers as digits, or in a decimal or exponent form ("-9999.0", "1e4") that stands for one. */
function wholeNumber(text: string): bigint | null {
  if (/^[+-]?\d{1,40}$/.test(text)) return BigInt(text.replace('+', ''));
  const value = decimal(text);
  return value !== null && Number.isInteger(value) ? BigInt(value) : null;
}

function parseFloating(text: string, dataType: DataType): number | null {
  if (/^[+-]?nan/.test(text)) return NaN;
  const infinity = /^([+-]?)(?:1\.#)?inf(?:inity)?$/.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  const value = decimal(text);
  if (value === null) return null;
  const rounded = roundTo(value, dataType);
  return Number.isFinite(rounded) ? rounded : null;
}

function roundTo(value: number, dataType: DataType): number {
  if (dataType === 'float16') return Math.f16round(value);
  if (dataType === 'float32' || dataType === 'complex64') return Math.fround(value);
  return value;
}

function decimal(text: string): number | null {
  if (!/^[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:e[+-]?\d{1,4})?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
