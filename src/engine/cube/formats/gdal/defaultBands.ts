import { parseNumber } from '../../../base/parseNumber.ts';
import type { Assumption } from '../../../contract/cube.ts';
import { BandItems, entriesOf } from './bandItems.ts';
import type { MetadataItem } from './metadataItems.ts';

/** True for the item that names the bands to show first, as GDAL takes it over from ENVI headers. */
export const isDefaultBands = ({ domain, name, sample }: MetadataItem): boolean =>
  sample === null && domain.toUpperCase() === 'ENVI' && /^default[ _]bands$/i.test(name);

/** Band indexes (from 0) of the `default_bands` item of GDAL's ENVI domain: one or three numbers from 1, `{r, g, b}`. */
export function readDefaultBands(
  items: readonly MetadataItem[],
  bands: number,
): { defaultBands: number[] | null; assumptions: Assumption[] } {
  const text = new BandItems(items.filter(isDefaultBands), bands).ofFile('ENVI', ['default_bands']);
  if (text === null) return { defaultBands: null, assumptions: [] };
  const numbers = entriesOf(text.slice(0, 1000)).map(parseNumber);
  const isInside = numbers.every((one) => one !== null && Number.isInteger(one) && one >= 1 && one <= bands);
  if (isInside && (numbers.length === 1 || numbers.length === 3)) {
    return { defaultBands: numbers.map((one) => Number(one) - 1), assumptions: [] };
  }
  const why = `"${text.slice(0, 60).replace(/\s+/g, ' ')}" is not one band or three bands from 1 to ${bands}.`;
  return { defaultBands: null, assumptions: [{ field: 'default bands', value: 'ignored', why }] };
}
