import type { Assumption, ClassRecord } from '../../../contract/cube.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import { entriesOf, numbersOf, onOneLine, shorten, textOf } from './fields.ts';
import type { EnviHeader } from './header.ts';
import { canonicalKey, type KnownKey } from './keys.ts';
import { maxBands } from './layout.ts';
import { wrongLength } from './spectralFields.ts';

/** One name a band, null where the header states none or a list of another length (with an assumption). */
export function readBandNames(header: EnviHeader, bands: number, assumptions: Assumption[]): string[] | null {
  const names = entriesOf(header, 'band names');
  if (names === null || names.length === bands) return names;
  assumptions.push(wrongLength('band names', names.length, bands));
  return null;
}

/** Band indexes (from 0) of `default bands` (from 1): one or three, else null with an assumption. */
export function readDefaultBands(
  header: EnviHeader,
  bands: number,
  assumptions: Assumption[],
): number[] | null {
  const numbers = numbersOf(header, 'default bands');
  if (numbers === null) return null;
  const isInside = numbers.every((one) => one !== null && Number.isInteger(one) && one >= 1 && one <= bands);
  if (isInside && (numbers.length === 1 || numbers.length === 3))
    return numbers.map((one) => Number(one) - 1);
  const said = shorten(onOneLine(textOf(header, 'default bands') ?? ''));
  const why = `"${said}" is not one band or three bands from 1 to ${bands}.`;
  assumptions.push({ field: 'default bands', value: 'ignored', why });
  return null;
}

/** Names and colours of a class map; null where the header states neither `classes` nor `class names`. */
export function readClasses(header: EnviHeader, assumptions: Assumption[]): ClassRecord[] | null {
  const names = entriesOf(header, 'class names');
  const countText = textOf(header, 'classes');
  const count = countText === null ? null : parseNumber(countText);
  const isCount = count !== null && Number.isInteger(count) && count >= 1 && count <= maxBands;
  if (countText !== null && !isCount) {
    const why = `"${shorten(countText)}" is not a number of classes from 1 to ${maxBands}.`;
    assumptions.push({ field: 'classes', value: 'ignored', why });
  }
  const length = Math.min(names?.length ?? (isCount ? count : 0), maxBands);
  if (length === 0) return null;
  if (isCount && count !== length) {
    const why = `The header states ${count} classes and ${length} class names.`;
    assumptions.push({ field: 'classes', value: String(length), why });
  }
  if (names === null) {
    const why = 'The header states how many classes there are, but not their names.';
    assumptions.push({ field: 'class names', value: `Class 0 to Class ${length - 1}`, why });
  }
  const colours = readColours(header, length, assumptions);
  return Array.from({ length }, (_, index) => ({
    name: names?.[index] ?? `Class ${index}`,
    rgb: colours?.[index] ?? null,
  }));
}

function readColours(
  header: EnviHeader,
  classes: number,
  assumptions: Assumption[],
): (readonly [number, number, number])[] | null {
  const parts = numbersOf(header, 'class lookup');
  if (parts === null) return null;
  const isColour = parts.every((part) => part !== null && part >= 0 && part <= 255);
  if (parts.length !== classes * 3 || !isColour) {
    const why = `It should have ${classes * 3} numbers from 0 to 255 and has ${parts.length} entries.`;
    assumptions.push({ field: 'class lookup', value: 'ignored', why });
    return null;
  }
  const part = (index: number): number => Math.round(parts[index] ?? 0);
  return Array.from({ length: classes }, (_, index) => [
    part(index * 3),
    part(index * 3 + 1),
    part(index * 3 + 2),
  ]);
}

/** Fields that a cube's description holds in a form of its own; all others are metadata. */
const describedKeys = new Set<string>([
  'band names',
  'bands',
  'bbl',
  'byte order',
  'class lookup',
  'class names',
  'classes',
  'coordinate system string',
  'data gain values',
  'data ignore value',
  'data offset values',
  'data type',
  'data units',
  'default bands',
  'file compression',
  'file type',
  'fwhm',
  'header offset',
  'interleave',
  'lines',
  'major frame offsets',
  'map info',
  'minor frame offsets',
  'reflectance scale factor',
  'samples',
  'wavelength',
  'wavelength units',
] satisfies KnownKey[]);

/** True for keys that the description covers: they are neither metadata nor taken from it. */
export const isDescribedKey = (key: string): boolean => describedKeys.has(canonicalKey(key).key);

/** All other fields as text, by folded key: description, sensor type, acquisition time, solar irradiance, ... */
export function readMetadata(header: EnviHeader): Record<string, string> {
  const others = [...header.fields].filter(([key, { text }]) => !describedKeys.has(key) && text !== '');
  return Object.fromEntries(others.map(([key, { text }]) => [key, text]));
}

/** The acquisition time where the header states one in ISO 8601. */
export function readTime(header: EnviHeader): string | null {
  const text = textOf(header, 'acquisition time');
  const isIso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
  return text !== null && isIso.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** One assumption a key that had to be respelled ("wavelength_unts"), stands twice with two values or has no end. */
export function noteKeys(header: EnviHeader, assumptions: Assumption[]): void {
  for (const [key, { spelling, row, passedOver, endedBy }] of header.fields) {
    if (endedBy !== undefined) {
      const why = `The list of "${shorten(key)}" in row ${row} has no closing brace; "${endedBy.key}" in row ${endedBy.row} ends it.`;
      assumptions.push({ field: shorten(key), value: `ends before row ${endedBy.row}`, why });
    }
    if (!canonicalKey(spelling).isExact) {
      assumptions.push({ field: key, value: 'read', why: `The header spells it "${shorten(spelling)}".` });
    }
    if (passedOver !== undefined) {
      const rows = [...passedOver].sort((a, b) => a - b);
      const why = `The header states it more than once; row${rows.length > 1 ? 's' : ''} ${rows.join(', ')} did not count.`;
      assumptions.push({ field: shorten(key), value: `as in row ${row}`, why });
    }
  }
}
