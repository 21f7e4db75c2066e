import { parseNumber } from '../../../base/parseNumber.ts';
import { CubelensError } from '../../../base/errors.ts';
import type { EnviHeader } from './header.ts';
import type { KnownKey } from './keys.ts';

/** More entries than this are cut off: no list of a header that is of use is longer. */
export const maxEntries = 1_000_000;

/** The text of a field, null where it is absent or empty. */
export function textOf(header: EnviHeader, key: KnownKey): string | null {
  const text = header.fields.get(key)?.text.trim();
  return text === undefined || text === '' ? null : text;
}

/**
 * A whole number of at least `least` that doubles hold exactly; null where the field is absent or empty.
 * Throws `malformed-file` with file, field and row for anything else.
 */
export function wholeNumberOf(header: EnviHeader, key: KnownKey, least: number): number | null {
  const text = textOf(header, key);
  if (text === null) return null;
  const value = parseNumber(text);
  if (value === null) throw fieldError(header, key, `should be a whole number, not "${shorten(text)}"`);
  if (!Number.isSafeInteger(value) || value < least) {
    throw fieldError(header, key, `should be a whole number of at least ${least}, not ${shorten(text)}`);
  }
  return value;
}

/** As `wholeNumberOf`, and throws `malformed-file` where the field is missing. */
export function requiredWholeNumber(header: EnviHeader, key: KnownKey, least: number): number {
  const value = wholeNumberOf(header, key, least);
  if (value !== null) return value;
  throw new CubelensError('malformed-file', `${header.fileName} does not state "${key}".`, {
    file: header.fileName,
    field: key,
    remedy: `Add a line "${key} = ..." to the header.`,
  });
}

/** Entries of a list between commas, blanks around them taken off; null where the field is absent or empty. */
export function entriesOf(header: EnviHeader, key: KnownKey): string[] | null {
  const text = textOf(header, key);
  if (text === null) return null;
  const entries = text.split(',', maxEntries).map((entry) => onOneLine(entry));
  if (entries.length > 1 && entries.at(-1) === '') entries.pop();
  return entries;
}

/**
 * Entries of a list of numbers between commas or blanks (as NumPy prints them); null where an entry is no number, and
 * null as a whole where the field is absent or empty.
 */
export function numbersOf(header: EnviHeader, key: KnownKey): (number | null)[] | null {
  const text = textOf(header, key);
  if (text === null) return null;
  const entries = text.split(/\s*,\s*|\s+/, maxEntries);
  if (entries.length > 1 && entries.at(-1) === '') entries.pop();
  return entries.map(parseNumber);
}

/** `malformed-file` for a field of the header: names file, row and field. */
export function fieldError(header: EnviHeader, key: KnownKey, what: string): CubelensError {
  const row = header.fields.get(key)?.row;
  const where = row === undefined ? header.fileName : `${header.fileName}, row ${row}`;
  return new CubelensError('malformed-file', `${where}: "${key}" ${what}.`, {
    file: header.fileName,
    field: key,
    ...(row === undefined ? {} : { row }),
    remedy: `Correct "${key}" in the header.`,
  });
}

/** Text on one line: line ends and the blanks around them become one blank. (Split, for a time linear in the length.) */
export function onOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** Text of a file cut to a length that fits a message. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
