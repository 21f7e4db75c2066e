import type { Assumption } from '../../../contract/cube.ts';
import type { DataType } from '../../../base/dataTypes.ts';
import type { NoDataValue } from '../../cube.ts';
import { noDataInType } from '../../noData.ts';

/** A nodata value in the file's own type, or null with the reason where the text gives none. */
export interface ParsedNoData {
  noData: NoDataValue | null;
  assumption: Assumption | null;
}

/** Reads the text of GDAL_NODATA (tag 42113). Text that no stored value can equal gives null and says so. */
export function parseNoData(text: string, dataType: DataType): ParsedNoData {
  const plain = text.trim();
  if (plain === '') return { noData: null, assumption: null };
  const noData = noDataInType(plain, dataType);
  if (noData !== null) return { noData, assumption: null };
  const shown = plain.slice(0, 40);
  const why = `The file's nodata value "${shown}" is not a ${dataType} value, so no pixel can be nodata.`;
  return { noData: null, assumption: { field: 'noDataValue', value: 'none', why } };
}
