import { CubelensError } from '../../../base/errors.ts';
import { canonicalKey, isKnownKey } from './keys.ts';

/** One field as the file has it. */
export interface RawField {
  /** The key as spelled in the file. */
  spelling: string;
  /** The value without its braces and comments; lines of a list are joined by line feeds. */
  text: string;
  /** True where the value stood in braces or brackets. */
  isList: boolean;
  /** Row of the key in the file, from 1. */
  row: number;
  /** Rows of other fields with this key and another value, which do not count. */
  passedOver?: number[];
  /** The field that ended this list, which has no closing brace. */
  endedBy?: { key: string; row: number };
}

/** An ENVI header: its fields by folded key ("data type"), in the file's order. */
export interface EnviHeader {
  fileName: string;
  fields: ReadonlyMap<string, RawField>;
}

/** Headers beyond this are refused: sixteen million characters hold every list of a million bands. */
export const maxHeaderBytes = 16 * 1024 * 1024;

/** Headers of a thousand fields have not been seen. */
const maxFields = 20_000;

/**
 * Reads the text of an ENVI header. Byte order mark and any line ends are accepted, UTF-8 else Latin-1, keys in any
 * case with blanks or underscores (and the misspellings of `keys.ts`), `;` comments also inside lists, lists in `{}`
 * or `[]` over any number of lines. A list without its closing brace ends where a line begins with a known key and `=`.
 * Where a key stands twice the last one counts, a right spelling before a wrong one.
 * Throws `unsupported-format` where the text is another kind of header, `malformed-file` where it is no text, is too
 * large or has a list without an end. Time and memory are linear in the size.
 */
export function parseEnviHeader(bytes: Uint8Array, fileName: string): EnviHeader {
  if (bytes.length > maxHeaderBytes) throw tooLarge(fileName, bytes.length);
  const text = decode(bytes, fileName);
  if (!startsAsEnvi(text)) throw notEnvi(text, fileName);
  const fields = new Map<string, RawField>();
  const reader = new FieldReader(text, fileName);
  reader.nextLine();
  let count = 0;
  for (let field = reader.nextField(); field !== null; field = reader.nextField()) {
    if (++count > maxFields) throw tooMany(fileName, field.row);
    const { key, isExact } = canonicalKey(field.spelling);
    const earlier = fields.get(key);
    if (earlier === undefined) fields.set(key, field);
    else
      fields.set(
        key,
        isExact || !canonicalKey(earlier.spelling).isExact ? over(field, earlier) : over(earlier, field),
      );
  }
  return { fileName, fields };
}

/** The field that counts of two with one key. It remembers the other where that says something else. */
function over(counts: RawField, other: RawField): RawField {
  const rows = [...(counts.passedOver ?? []), ...(other.passedOver ?? [])];
  if (counts.text !== other.text && rows.length < maxRows) rows.push(other.row);
  return rows.length === 0 ? counts : { ...counts, passedOver: rows };
}

/** As many rows as a message can name. */
const maxRows = 8;

/** True where the text (or the first bytes of a file) begins as an ENVI header does: its first line is `ENVI`. */
export function startsAsEnvi(start: string | Uint8Array): boolean {
  const text = typeof start === 'string' ? start : new TextDecoder('latin1').decode(start.subarray(0, 64));
  // A byte order mark is three other characters in Latin-1.
  return /^(?:\uFEFF|\u00EF\u00BB\u00BF)?[ \t]*ENVI[ \t]*(?:[\r\n]|$)/i.test(text.slice(0, 64));
}

function decode(bytes: Uint8Array, fileName: string): string {
  if (bytes.includes(0)) {
    throw new CubelensError(
      'malformed-file',
      `${fileName} is not a text file: byte ${bytes.indexOf(0)} is zero.`,
      {
        file: fileName,
        byte: bytes.indexOf(0),
        remedy: 'An ENVI header is plain text. Choose the header or the data file of the cube.',
      },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

function tooLarge(fileName: string, size: number): CubelensError {
  return new CubelensError(
    'malformed-file',
    `${fileName} has ${size} bytes; an ENVI header has at most ${maxHeaderBytes}.`,
    { file: fileName, remedy: 'Check that the header and the data file were not swapped.' },
  );
}

function tooMany(fileName: string, row: number): CubelensError {
  const message = `${fileName}, row ${row}: an ENVI header has at most ${maxFields} fields.`;
  return new CubelensError('malformed-file', message, {
    file: fileName,
    row,
    remedy: 'Check that this is the header of the cube.',
  });
}

/** Throws where a header of this size should not even be read. */
export function checkHeaderSize(fileName: string, size: number): void {
  if (size > maxHeaderBytes) throw tooLarge(fileName, size);
}

function notEnvi(text: string, fileName: string): CubelensError {
  const isEsri = /^\s*(?:BYTEORDER|LAYOUT|NROWS|NCOLS|NBANDS|NBITS|ULXMAP)\s+\S/im.test(text.slice(0, 4096));
  const message = isEsri
    ? `${fileName} is an ESRI header (BIL, BIP or BSQ), not an ENVI header: its first line is not "ENVI".`
    : `${fileName} is not an ENVI header: its first line is not "ENVI".`;
  const remedy = isEsri
    ? 'Convert the image to ENVI or GeoTIFF, for instance with gdal_translate -of ENVI.'
    : 'Choose the header that belongs to the cube, or its data file.';
  return new CubelensError('unsupported-format', message, { file: fileName, row: 1, remedy });
}

/** The lines of a list without its opening brace. */
const joined = (lines: readonly string[]): string => lines.join('\n').slice(1).trim();

/** True for a line such as `wavelength = ...`, of a key that has a meaning here. */
function startsKnownField(line: string): boolean {
  const equals = line.indexOf('=');
  return equals > 0 && equals < 80 && isKnownKey(line.slice(0, equals));
}

/** Walks over the lines of a header and takes whole fields off them. */
class FieldReader {
  private readonly text: string;
  private readonly fileName: string;
  private position = 0;
  private row = 0;
  /** Lists that may still be found to have no end by reading to the end of the file: few, so that the time stays linear. */
  private longReadsLeft = 8;

  constructor(text: string, fileName: string) {
    this.text = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    this.fileName = fileName;
  }

  /** The next line without its end, or null after the last. */
  nextLine(): string | null {
    const { text, position } = this;
    if (position >= text.length) return null;
    const feed = text.indexOf('\n', position);
    const end = feed < 0 ? text.length : feed;
    this.position = end + 1;
    this.row++;
    return text.slice(position, end);
  }

  /** The next `key = value`; lines that are none (comments, blanks, junk) are passed over. */
  nextField(): RawField | null {
    for (let line = this.nextLine(); line !== null; line = this.nextLine()) {
      const equals = line.indexOf('=');
      const spelling = line.slice(0, Math.max(equals, 0)).trim();
      if (spelling === '' || spelling.startsWith(';')) continue;
      const start = line.slice(equals + 1).trim();
      const row = this.row;
      if (start.startsWith('{')) return { spelling, ...this.braced(start, spelling), isList: true, row };
      const list = start.startsWith('[') ? this.bracketed(start) : null;
      return list === null
        ? { spelling, text: start, isList: false, row }
        : { spelling, text: list, isList: true, row };
    }
    return null;
  }

  /**
   * A list in braces from its first line on; braces inside are kept where they pair up. Where they do not, the first
   * closing brace ends it, or the line before the next known key.
   */
  private braced(start: string, spelling: string): Pick<RawField, 'text' | 'endedBy'> {
    const { position, row } = this;
    if (this.longReadsLeft > 0) {
      const whole = this.upToBrace(start);
      if (whole !== null) return { text: whole };
      this.longReadsLeft--;
      this.position = position;
      this.row = row;
    }
    const whole = this.upToBraceOrKey(start);
    if (whole !== null) return whole;
    throw new CubelensError(
      'malformed-file',
      `${this.fileName}, row ${row}: the list of "${spelling.slice(0, 80)}" has no closing brace.`,
      { file: this.fileName, field: spelling.slice(0, 80), row, remedy: 'Add the missing } to the header.' },
    );
  }

  private upToBrace(start: string): string | null {
    const lines: string[] = [];
    let depth = 0;
    for (let line: string | null = start; line !== null; line = this.nextLine()) {
      if (lines.length > 0 && line.trimStart().startsWith(';')) continue;
      for (const { 0: brace, index } of line.matchAll(/[{}]/g)) {
        depth += brace === '{' ? 1 : -1;
        if (depth > 0) continue;
        lines.push(line.slice(0, index));
        return joined(lines);
      }
      lines.push(line);
    }
    return null;
  }

  private upToBraceOrKey(start: string): Pick<RawField, 'text' | 'endedBy'> | null {
    const lines: string[] = [];
    for (let line: string | null = start; line !== null;) {
      const brace = line.indexOf('}');
      if (brace >= 0) {
        lines.push(line.slice(0, brace));
        return { text: joined(lines) };
      }
      lines.push(line);
      const { position, row } = this;
      do {
        line = this.nextLine();
      } while (line?.trimStart().startsWith(';') === true);
      if (line === null || !startsKnownField(line)) continue;
      const endedBy = { key: line.slice(0, line.indexOf('=')).trim(), row: this.row };
      this.position = position;
      this.row = row;
      return { text: joined(lines), endedBy };
    }
    return null;
  }

  /** A list as NumPy prints it, `[1. 2.\n 3.]`; null where no bracket closes it before the next `key = value`. */
  private bracketed(start: string): string | null {
    const { position, row } = this;
    const lines: string[] = [];
    for (let line: string | null = start; line !== null; line = this.nextLine()) {
      const end = line.indexOf(']');
      if (end >= 0) {
        lines.push(line.slice(0, end));
        return joined(lines);
      }
      if (lines.length > 0 && line.includes('=')) break;
      lines.push(line);
    }
    this.position = position;
    this.row = row;
    return null;
  }
}
