import { CubelensError } from '../base/errors.ts';

/** Type of a TIFF field: TIFF 6.0 section 2 and the BigTIFF extension. */
export type TiffFieldType = 'ascii' | 'short' | 'long' | 'double' | 'long8';

/** One field of a TIFF directory, its values little-endian as they stand in the file. */
export interface TiffField {
  tag: number;
  type: TiffFieldType;
  /** Number of values (of bytes for text, the closing zero included). */
  count: number;
  bytes: Uint8Array;
}

const typeFacts: Record<TiffFieldType, { code: number; bytes: number }> = {
  ascii: { code: 2, bytes: 1 },
  short: { code: 3, bytes: 2 },
  long: { code: 4, bytes: 4 },
  double: { code: 12, bytes: 8 },
  long8: { code: 16, bytes: 8 },
};

/** A field of numbers. Throws `internal` where one does not fit its type: callers check ranges before. */
export function numberField(
  tag: number,
  type: Exclude<TiffFieldType, 'ascii'>,
  values: ArrayLike<number>,
): TiffField {
  const size = typeFacts[type].bytes;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (type === 'double') {
      view.setFloat64(i * size, value, true);
      continue;
    }
    const limit = type === 'short' ? 0xffff : type === 'long' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 0 || value > limit) {
      throw new CubelensError('internal', `TIFF tag ${tag} cannot hold ${value} as ${type}.`);
    }
    if (type === 'short') view.setUint16(i * size, value, true);
    else if (type === 'long') view.setUint32(i * size, value, true);
    else view.setBigUint64(i * size, BigInt(value), true);
  }
  return { tag, type, count: values.length, bytes };
}

/** A text field: UTF-8 (as GDAL writes it) and a closing zero; zeros inside the text are dropped. */
export function textField(tag: number, text: string): TiffField {
  const bytes = new TextEncoder().encode(`${text.replaceAll('\0', '')}\0`);
  return { tag, type: 'ascii', count: bytes.length, bytes };
}

/** Sizes of the parts of a classic TIFF file (32-bit offsets) and a BigTIFF file (64-bit offsets). */
interface DirectoryShape {
  fileHeaderBytes: number;
  countBytes: number;
  entryBytes: number;
  /** Bytes of an offset, and of values small enough to stand in the entry itself. */
  offsetBytes: number;
}

const classic: DirectoryShape = { fileHeaderBytes: 8, countBytes: 2, entryBytes: 12, offsetBytes: 4 };
const big: DirectoryShape = { fileHeaderBytes: 16, countBytes: 8, entryBytes: 20, offsetBytes: 8 };

const padded = (bytes: number, step: number): number => Math.ceil(bytes / step) * step;

function firstValueByte(fields: readonly TiffField[], shape: DirectoryShape): number {
  const entries = fields.length * shape.entryBytes;
  return padded(shape.fileHeaderBytes + shape.countBytes + entries + shape.offsetBytes, 8);
}

/**
 * Bytes of a file header with one directory of these fields and all their values, up to a multiple of `align`: the
 * pixels may begin there. It depends on the fields' sizes only, not on their values.
 */
export function directoryBytes(fields: readonly TiffField[], isBig: boolean, align: number): number {
  const shape = isBig ? big : classic;
  let end = firstValueByte(fields, shape);
  for (const { bytes } of fields) if (bytes.length > shape.offsetBytes) end += padded(bytes.length, 8);
  return padded(end, align);
}

/**
 * The start of a little-endian TIFF file: file header, one directory sorted by tag, and the values that do not fit
 * into their entries, each on a multiple of 8 bytes. `totalBytes` is what `directoryBytes` gave.
 */
export function encodeDirectory(
  fields: readonly TiffField[],
  isBig: boolean,
  totalBytes: number,
): Uint8Array<ArrayBuffer> {
  const shape = isBig ? big : classic;
  const out = new Uint8Array(totalBytes);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49]);
  view.setUint16(2, isBig ? 43 : 42, true);
  if (isBig) view.setUint16(4, 8, true);
  setOffset(view, shape.fileHeaderBytes - shape.offsetBytes, shape.fileHeaderBytes, isBig);
  // The entry count fits 16 bits; BigTIFF's field of 64 bits is little-endian, so its low bytes come first too.
  view.setUint16(shape.fileHeaderBytes, fields.length, true);

  let entry = shape.fileHeaderBytes + shape.countBytes;
  let valueAt = firstValueByte(fields, shape);
  for (const field of [...fields].sort((a, b) => a.tag - b.tag)) {
    const { bytes } = field;
    view.setUint16(entry, field.tag, true);
    view.setUint16(entry + 2, typeFacts[field.type].code, true);
    setOffset(view, entry + 4, field.count, isBig);
    const slot = entry + 4 + shape.offsetBytes;
    if (bytes.length <= shape.offsetBytes) out.set(bytes, slot);
    else {
      setOffset(view, slot, valueAt, isBig);
      out.set(bytes, valueAt);
      valueAt += padded(bytes.length, 8);
    }
    entry += shape.entryBytes;
  }
  return out;
}

function setOffset(view: DataView, at: number, value: number, isBig: boolean): void {
  if (isBig) view.setBigUint64(at, BigInt(value), true);
  else view.setUint32(at, value, true);
}
