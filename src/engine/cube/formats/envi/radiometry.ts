import { is64BitInteger, isIntegerType, type DataType } from '../../../base/dataTypes.ts';
import type { Assumption, NoDataValue } from '../../cube.ts';
import { parseNumber, shorten, textOf } from './fields.ts';
import type { EnviHeader } from './header.ts';
import { listOfBands } from './spectralFields.ts';

/** How stored values become values: one entry a band, null where the header states none. */
export interface Radiometry {
  noData: NoDataValue | null;
  scales: (number | null)[];
  offsets: (number | null)[];
  unit: string | null;
}

/**
 * `data ignore value` in the file's own type, `data gain values` and `data offset values`, or `reflectance scale
 * factor` f as scale 1/f. Gains and offsets that change something come before the scale factor, with an assumption.
 * Entries that cannot be used are left out with an assumption; nothing here is an error.
 */
export function readRadiometry(
  header: EnviHeader,
  bands: number,
  dataType: DataType,
  assumptions: Assumption[],
): Radiometry {
  const noData = readNoData(header, dataType, assumptions);
  const dataUnits = textOf(header, 'data units');
  const gains = finiteList(header, 'data gain values', bands, assumptions);
  const offsets = finiteList(header, 'data offset values', bands, assumptions);
  const factor = readScaleFactor(header, assumptions);
  const none = new Array<null>(bands).fill(null);
  const changes =
    gains?.some((gain) => gain !== 1) === true || offsets?.some((offset) => offset !== 0) === true;
  if (factor !== null && !changes) {
    return {
      noData,
      scales: new Array<number>(bands).fill(1 / factor),
      offsets: none,
      unit: dataUnits ?? 'reflectance',
    };
  }
  if (factor !== null) {
    const why = 'The header states gains or offsets too; they are applied, the scale factor is not.';
    assumptions.push({ field: 'reflectance scale factor', value: 'ignored', why });
  }
  return { noData, scales: gains ?? none, offsets: offsets ?? none, unit: dataUnits };
}

function readScaleFactor(header: EnviHeader, assumptions: Assumption[]): number | null {
  const text = textOf(header, 'reflectance scale factor');
  if (text === null) return null;
  const factor = parseNumber(text);
  if (factor !== null && Number.isFinite(1 / factor) && Number.isFinite(factor)) return factor;
  const why = `"${shorten(text)}" is not a number to divide by.`;
  assumptions.push({ field: 'reflectance scale factor', value: 'ignored', why });
  return null;
}

function finiteList(
  header: EnviHeader,
  key: 'data gain values' | 'data offset values',
  bands: number,
  assumptions: Assumption[],
): number[] | null {
  const list = listOfBands(header, key, bands, assumptions);
  if (list === null) return null;
  const finite = list.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (finite.length === bands) return finite;
  const why = `${bands - finite.length} of its ${bands} entries are not finite numbers.`;
  assumptions.push({ field: key, value: 'ignored', why });
  return null;
}

function readNoData(header: EnviHeader, dataType: DataType, assumptions: Assumption[]): NoDataValue | null {
  const text = textOf(header, 'data ignore value');
  if (text === null) return null;
  const value = storedValue(text, dataType);
  if (value !== null) return value;
  const why =
    parseNumber(text) === null
      ? `"${shorten(text)}" is not a number.`
      : `${dataType} cannot hold ${shorten(text)}.`;
  assumptions.push({ field: 'data ignore value', value: 'ignored', why });
  return null;
}

const integerRange: Partial<Record<DataType, readonly [bigint, bigint]>> = {
  uint8: [0n, 255n],
  int8: [-128n, 127n],
  uint16: [0n, 65_535n],
  int16: [-32_768n, 32_767n],
  uint32: [0n, 4_294_967_295n],
  int32: [-2_147_483_648n, 2_147_483_647n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * The number a text means as this type stores it: a bigint for 64-bit integers, rounded to float32 for float32 and
 * complex64, NaN and infinities for floats only. Null where the type cannot hold it.
 */
export function storedValue(text: string, dataType: DataType): NoDataValue | null {
  const value = parseNumber(text);
  if (value === null) return null;
  if (isIntegerType(dataType)) return storedInteger(text.trim(), value, dataType);
  if (!Number.isFinite(value)) return value;
  if (dataType === 'float64' || dataType === 'complex128') return value;
  const rounded = dataType === 'float16' ? Math.f16round(value) : Math.fround(value);
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
