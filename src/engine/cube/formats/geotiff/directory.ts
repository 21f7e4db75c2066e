import type { ByteOrder } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../../base/signal.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import { tagNames } from './tags.ts';

/** One tag of an image file directory: its type, its number of values, and where they lie. */
export interface TiffEntry {
  tag: number;
  /** TIFF field type (1 BYTE ... 18 IFD8). */
  type: number;
  count: number;
  /** Byte offset of the values in the file (inside the directory itself where they fit there). */
  offset: number;
}

/** One image file directory (IFD). */
export interface TiffDirectory {
  /** From 0, in the order of the file's chain. */
  number: number;
  entries: ReadonlyMap<number, TiffEntry>;
}

/** A TIFF's directories, not yet their values. */
export interface TiffFile {
  source: ByteSource;
  byteOrder: ByteOrder;
  /** BigTIFF: 64-bit offsets. */
  big: boolean;
  directories: TiffDirectory[];
}

/** More directories than any real cube or page stack has. */
const maxDirectories = 20_000;
/** More entries than tags exist; BigTIFF would allow 2^64. */
const maxEntries = 4096;
/** Entries of all directories together: directories may overlap in a small file, so its size does not bound them. */
const maxEntriesInAll = 1_000_000;

const typeBytes: Partial<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Byte order and kind of a TIFF by its first bytes (at least 4), or null where it is none. */
export function tiffHeader(head: Uint8Array): { byteOrder: ByteOrder; big: boolean } | null {
  const [a, b, c, d] = head;
  const order = a === 0x49 && b === 0x49 ? 'little' : a === 0x4d && b === 0x4d ? 'big' : null;
  if (order === null) return null;
  const [low, high] = order === 'little' ? [c, d] : [d, c];
  if (high !== 0 || (low !== 42 && low !== 43)) return null;
  return { byteOrder: order, big: low === 43 };
}

/**
 * Reads the header and the chain of directories of a classic or Big TIFF. Tag values stay in the file until asked for,
 * so nothing is allocated by a count that the file merely claims. (geotiff.js allocates by that count, refuses a file
 * with one private tag of an unknown type, and reads long arrays of big-endian files in the wrong order; so only its
 * georeference keys are used, see georeference.ts.)
 * Throws `malformed-file` where a directory passes the end of the file or the chain turns back on itself.
 */
export async function readDirectories(source: ByteSource, cancel: CancelOptions = {}): Promise<TiffFile> {
  const head = await source.read(0, Math.min(16, source.size), cancel);
  const header = tiffHeader(head);
  if (header === null || head.length < (header.big ? 16 : 8)) {
    throw new CubelensError('malformed-file', `${source.name} does not start as a TIFF file.`, {
      file: source.name,
      byte: 0,
      remedy: 'Check that this is the right file.',
    });
  }
  const file: TiffFile = { source, ...header, directories: [] };
  const view = viewOf(head);
  const little = file.byteOrder === 'little';
  let next = file.big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const seen = new Set<number>();
  let entries = 0;
  while (next !== 0) {
    throwIfAborted(cancel.signal);
    if (seen.has(next)) throw malformed(file, `its directory at byte ${next} is chained to itself`, next);
    if (seen.size === maxDirectories)
      throw malformed(file, `it has more than ${maxDirectories} images`, next);
    seen.add(next);
    next = await readDirectory(file, next, cancel);
    entries += file.directories.at(-1)?.entries.size ?? 0;
    if (entries > maxEntriesInAll) throw malformed(file, `it has more than ${maxEntriesInAll} tags`, next);
  }
  if (file.directories.length === 0) throw malformed(file, 'it holds no image', 0);
  return file;
}

/** Reads one directory into `file` and gives the offset of the next one (0 at the end). */
async function readDirectory(file: TiffFile, offset: number, cancel: CancelOptions): Promise<number> {
  const { source, big } = file;
  const little = file.byteOrder === 'little';
  const countBytes = big ? 8 : 2;
  if (!within(source, offset, countBytes)) {
    throw malformed(file, `directory ${file.directories.length} lies beyond its end`, offset);
  }
  const countView = viewOf(await source.read(offset, countBytes, cancel));
  const count = big ? Number(countView.getBigUint64(0, little)) : countView.getUint16(0, little);
  const entryBytes = big ? 20 : 12;
  const start = offset + countBytes;
  if (count > maxEntries || !within(source, start, count * entryBytes)) {
    throw malformed(
      file,
      `directory ${file.directories.length} states ${count} tags, too many for it`,
      offset,
    );
  }
  // The pointer to the next directory may be cut off in a truncated file: then there is none.
  const pointerBytes = big ? 8 : 4;
  const hasNext = within(source, start + count * entryBytes, pointerBytes);
  const view = viewOf(await source.read(start, count * entryBytes + (hasNext ? pointerBytes : 0), cancel));
  const entries = new Map<number, TiffEntry>();
  for (let i = 0; i < count; i++) {
    const entry = readEntry(view, i * entryBytes, start, big, little);
    // Of a repeated tag the first counts, as in libtiff.
    if (entry !== null && !entries.has(entry.tag)) entries.set(entry.tag, entry);
  }
  file.directories.push({ number: file.directories.length, entries });
  if (!hasNext) return 0;
  const at = count * entryBytes;
  return big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
}

function readEntry(
  view: DataView,
  at: number,
  viewOffset: number,
  big: boolean,
  little: boolean,
): TiffEntry | null {
  const tag = view.getUint16(at, little);
  const type = view.getUint16(at + 2, little);
  const size = typeBytes[type];
  // A type from after this reader's time: the tag is passed over, as the specification asks.
  if (size === undefined) return null;
  const count = big ? Number(view.getBigUint64(at + 4, little)) : view.getUint32(at + 4, little);
  const valueAt = at + (big ? 12 : 8);
  const isInline = count * size <= (big ? 8 : 4);
  const pointer = big ? Number(view.getBigUint64(valueAt, little)) : view.getUint32(valueAt, little);
  return { tag, type, count, offset: isInline ? viewOffset + valueAt : pointer };
}

/**
 * The first `limit` values of a numeric tag (rationals as quotients), or null where the directory lacks the tag.
 * Throws `malformed-file` where the values pass the end of the file or are text.
 */
export async function numbersOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  limit: number,
  cancel: CancelOptions = {},
): Promise<Float64Array | null> {
  const entry = directory.entries.get(tag);
  if (entry === undefined) return null;
  const count = Math.min(entry.count, limit);
  const size = typeBytes[entry.type] ?? 0;
  const view = viewOf(await readValues(file, directory, entry, count * size, cancel));
  const values = new Float64Array(count);
  const read = numberReaders[entry.type];
  if (read === undefined)
    throw tagError(file, directory, tag, 'holds text where numbers belong', entry.offset);
  const little = file.byteOrder === 'little';
  for (let i = 0; i < count; i++) values[i] = read(view, i * size, little);
  return values;
}

/** The single number of a tag, or `fallback` where the directory lacks the tag or it is empty. */
export async function numberOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  fallback: number,
  cancel: CancelOptions = {},
): Promise<number> {
  return (await numbersOf(file, directory, tag, 1, cancel))?.[0] ?? fallback;
}

/** A text tag without its closing zeros (UTF-8, else Latin-1), or null where there is none or it is above `limit` bytes. */
export async function textOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  limit: number,
  cancel: CancelOptions = {},
): Promise<string | null> {
  const entry = directory.entries.get(tag);
  if (entry === undefined || typeBytes[entry.type] !== 1 || entry.count > limit) return null;
  const bytes = await readValues(file, directory, entry, entry.count, cancel);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return new TextDecoder('latin1').decode(text);
  }
}

async function readValues(
  file: TiffFile,
  directory: TiffDirectory,
  entry: TiffEntry,
  bytes: number,
  cancel: CancelOptions,
): Promise<Uint8Array> {
  if (!within(file.source, entry.offset, bytes)) {
    throw tagError(
      file,
      directory,
      entry.tag,
      `states ${entry.count} values that pass the end of the file`,
      entry.offset,
    );
  }
  return file.source.read(entry.offset, bytes, cancel);
}

type NumberReader = (view: DataView, at: number, little: boolean) => number;

const numberReaders: Partial<Record<number, NumberReader>> = {
  1: (view, at) => view.getUint8(at),
  3: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
  5: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little),
  6: (view, at) => view.getInt8(at),
  7: (view, at) => view.getUint8(at),
  8: (view, at, little) => view.getInt16(at, little),
  9: (view, at, little) => view.getInt32(at, little),
  10: (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little),
  11: (view, at, little) => view.getFloat32(at, little),
  12: (view, at, little) => view.getFloat64(at, little),
  13: (view, at, little) => view.getUint32(at, little),
  // Beyond 2^53 the number is no longer exact, but then it is also beyond every file.
  16: (view, at, little) => Number(view.getBigUint64(at, little)),
  17: (view, at, little) => Number(view.getBigInt64(at, little)),
  18: (view, at, little) => Number(view.getBigUint64(at, little)),
};

/** A `malformed-file` error about one tag of one directory. */
export function tagError(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  says: string,
  byte?: number,
): CubelensError {
  const field = tagNames[tag] ?? `tag ${tag}`;
  return new CubelensError(
    'malformed-file',
    `${file.source.name} is damaged: ${field} of image directory ${directory.number} ${says}.`,
    {
      file: file.source.name,
      field,
      ...(byte === undefined ? {} : { byte }),
      remedy: 'Get the file again, or rewrite it with gdal_translate.',
    },
  );
}

function malformed(file: TiffFile, says: string, byte: number): CubelensError {
  return new CubelensError('malformed-file', `${file.source.name} is damaged: ${says}.`, {
    file: file.source.name,
    byte,
    remedy: 'Get the file again, or rewrite it with gdal_translate.',
  });
}

/** Exact: sums of two safe integers below 2^54 never round down below a smaller file size. */
const within = (source: ByteSource, offset: number, length: number): boolean =>
  offset >= 0 && length >= 0 && offset + length <= source.size;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
