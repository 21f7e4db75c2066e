import type { Assumption } from '../../../contract/cube.ts';
import type { DataType } from '../../../base/dataTypes.ts';
import type { NoDataValue } from '../../cube.ts';
import { noDataInType } from '../../noData.ts';
import { zeroScale } from '../bandLists.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import { shorten, textOf } from './fields.ts';
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
 * A gain of 0 is no gain: it is left out. Entries that cannot be used are left out with an assumption; nothing here is
 * an error.
 */
export function readRadiometry(
  header: EnviHeader,
  bands: number,
  dataType: DataType,
  assumptions: Assumption[],
): Radiometry {
  const noData = readNoData(header, dataType, assumptions);
  const dataUnits = textOf(header, 'data units');
  const gains = withoutZeros(finiteList(header, 'data gain values', bands, assumptions), assumptions);
  const offsets = finiteList(header, 'data offset values', bands, assumptions);
  const factor = readScaleFactor(header, assumptions);
  const none = new Array<null>(bands).fill(null);
  const changes =
    gains?.some((gain) => gain !== null && gain !== 1) === true ||
    offsets?.some((offset) => offset !== 0) === true;
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

/** The gains, null where 0: they would make every value the same. */
function withoutZeros(gains: number[] | null, assumptions: Assumption[]): (number | null)[] | null {
  const zeros = (gains ?? []).flatMap((gain, bandIndex) => (gain === 0 ? [bandIndex] : []));
  if (gains === null || zeros.length === 0) return gains;
  assumptions.push(zeroScale('data gain values', zeros, gains.length));
  return zeros.length === gains.length ? null : gains.map((gain) => (gain === 0 ? null : gain));
}

function readNoData(header: EnviHeader, dataType: DataType, assumptions: Assumption[]): NoDataValue | null {
  const text = textOf(header, 'data ignore value');
  if (text === null) return null;
  const value = noDataInType(text, dataType);
  if (value !== null) return value;
  const why =
    parseNumber(text) === null
      ? `"${shorten(text)}" is not a number.`
      : `${dataType} cannot hold ${shorten(text)}.`;
  assumptions.push({ field: 'data ignore value', value: 'ignored', why });
  return null;
}
