import type { CancelOptions } from '../../../base/signal.ts';
import type { ClassRecord } from '../../../contract/cube.ts';
import { numbersOf, type TiffFile } from './directory.ts';
import type { DirectorySummary } from './imageFile.ts';
import { tags } from './tags.ts';

/** Codes of a byte, and so entries of its palette. */
const mostClasses = 256;
const palettePhotometric = 3;
/** One step of a byte in a palette's uint16. */
const step = 257;

/**
 * The classes of a map in a GeoTIFF that Cubelens wrote: names from GDAL's metadata item CLASS_NAMES (`{name of code 0, ...}`), colours
 * from the palette where there is one. Null where there are no names: a palette alone may be that of any picture.
 */
export async function readClasses(
  file: TiffFile,
  { directory, photometric, samplesPerPixel, bitsPerSample }: DirectorySummary,
  items: readonly { name: string; sample: number | null; value: string }[],
  cancel: CancelOptions,
): Promise<ClassRecord[] | null> {
  const text = items.find(({ name, sample }) => name === 'CLASS_NAMES' && sample === null)?.value.trim();
  if (text === undefined || samplesPerPixel !== 1 || bitsPerSample !== 8) return null;
  const names = (/^\{(.*)\}$/s.exec(text)?.[1] ?? '').split(',').map((name) => name.trim());
  if (names.length < 2 || names.length > mostClasses || names.includes('')) return null;
  const palette =
    photometric === palettePhotometric
      ? await numbersOf(file, directory, tags.colorMap, 3 * mostClasses, cancel)
      : null;
  const channel = (code: number, which: number): number =>
    Math.round((palette?.[which * mostClasses + code] ?? 0) / step);
  return names.map((name, code) => ({
    name,
    rgb: palette?.length === 3 * mostClasses ? [channel(code, 0), channel(code, 1), channel(code, 2)] : null,
  }));
}
