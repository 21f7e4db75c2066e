import type { ClassRecord } from '../contract/cube.ts';
import type { DataType } from '../base/dataTypes.ts';
import { listEntry } from './enviHeader.ts';
import { numberField, type TiffField } from './tiffDirectory.ts';

/** Entries of a palette of bytes. */
const entries = 256;

/** What a GeoTIFF says of classes. */
export interface TiffClasses {
  /** Null where it holds no palette. */
  palette: TiffField | null;
  /** Items of GDAL's metadata. */
  metadata: Record<string, string>;
  warnings: string[];
}

/**
 * Classes of an image in a GeoTIFF: their colours as its palette (tag 320, red, green and blue of 256 codes as uint16), which goes with one
 * band of uint8 alone, and their names by code as the item CLASS_NAMES. A class without a colour is black.
 */
export function tiffClasses(
  classes: readonly ClassRecord[] | null,
  { dataType, bands }: { dataType: DataType; bands: number },
): TiffClasses {
  if (classes === null) return { palette: null, metadata: {}, warnings: [] };
  const metadata = {
    CLASS_NAMES: `{${classes.map(({ name }, code) => listEntry(name) || `Class ${code}`).join(', ')}}`,
  };
  if (classes.every(({ rgb }) => rgb === null)) return { palette: null, metadata, warnings: [] };
  if (dataType !== 'uint8' || bands !== 1) {
    const says = `The class colours are not written: a GeoTIFF holds them for one band of uint8, not ${bands === 1 ? dataType : `${bands} bands`}.`;
    return { palette: null, metadata, warnings: [`${says} An ENVI file (.dat) keeps them.`] };
  }
  const values = new Uint16Array(3 * entries);
  classes.slice(0, entries).forEach(({ rgb }, code) => {
    // 255 is 65535.
    rgb?.forEach((value, channel) => (values[channel * entries + code] = 257 * value));
  });
  return { palette: numberField(320, 'short', values), metadata, warnings: [] };
}
