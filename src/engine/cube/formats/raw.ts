import {
  bytesOf,
  machineByteOrder,
  storedView,
  swapBytes,
  type ByteOrder,
  type DataType,
  type Interleave,
  type StoredArray,
} from '../../base/dataTypes.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { ByteSource, SourceRef } from '../../io/byteSource.ts';

/** Uncompressed pixels in one file in one of the three interleaves: ENVI files and cubes in memory. */
export interface RawLayout {
  kind: 'raw';
  source: SourceRef;
  dataType: DataType;
  byteOrder: ByteOrder;
  interleave: Interleave;
  /** Bytes before the first pixel. */
  headerOffset: number;
  lines: number;
  samples: number;
  bands: number;
}

/** Pieces of a file closer together than this are read in one go: a system call costs about as much as this copy. */
const mergeGapBytes = 16 * 1024;

/** Most bytes of one merged read, so that scratch memory stays small. */
const scratchBytes = 4 * 1024 * 1024;

/** What a raw read fills: stored values band after band, each lines x samples, in this machine's byte order. */
export interface RawRead {
  layout: RawLayout;
  window: LineSampleWindow;
  /** Band indexes from 0, in the order wanted. */
  bandIndexes: ArrayLike<number>;
  source: ByteSource;
}

/** Bytes of the file that the layout describes, header included. */
export function rawFileBytes(layout: Omit<RawLayout, 'source' | 'kind'>): number {
  return layout.headerOffset + layout.lines * layout.samples * layout.bands * bytesOf(layout.dataType);
}

/** Index of a value in the file, counted in values from the first pixel. */
export function rawIndex(
  layout: Pick<RawLayout, 'interleave' | 'lines' | 'samples' | 'bands'>,
  line: number,
  sample: number,
  band: number,
): number {
  const { interleave, lines, samples, bands } = layout;
  if (interleave === 'bsq') return (band * lines + line) * samples + sample;
  if (interleave === 'bil') return (line * bands + band) * samples + sample;
  return (line * samples + sample) * bands + band;
}

/**
 * Reads a window of some bands. The result has bandIndexes.length x lines x samples stored values (complex: twice as
 * many numbers). Throws `malformed-file` where the file ends early, `cancelled`.
 */
export async function readRawWindow(
  read: RawRead,
  out: StoredArray,
  cancel: CancelOptions = {},
): Promise<void> {
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  if (read.layout.interleave === 'bsq') await readBandRows(read, bytes, cancel);
  else await readLines(read, bytes, cancel);
  if (read.layout.byteOrder !== machineByteOrder) swapBytes(bytes, read.layout.dataType);
}

/** BSQ: rows of one band lie together; whole lines make one read a band. */
async function readBandRows(read: RawRead, out: Uint8Array, cancel: CancelOptions): Promise<void> {
  const { layout, window, bandIndexes, source } = read;
  const size = bytesOf(layout.dataType);
  const rowBytes = window.samples * size;
  const whole = window.samples === layout.samples;
  const rowsPerRead = whole ? window.lines : 1;
  let at = 0;
  for (let k = 0; k < bandIndexes.length; k++) {
    for (let line = 0; line < window.lines; line += rowsPerRead) {
      throwIfAborted(cancel.signal);
      const index = rawIndex(layout, window.line0 + line, window.sample0, bandIndexes[k] ?? 0);
      const target = out.subarray(at, at + rowBytes * rowsPerRead);
      await source.readInto(layout.headerOffset + index * size, target, cancel);
      at += target.length;
    }
  }
}

/** One wanted run of equally spaced values of a line, and where it goes. */
interface Piece {
  /** Byte offset in the file and length from the first to the last value. */
  offset: number;
  bytes: number;
  /** Values, and their spacing in the file in values. */
  count: number;
  stride: number;
  /** First value in the output. */
  target: number;
}

/** BIL and BIP: line by line, neighbouring pieces merged into one read and taken apart in memory. */
async function readLines(read: RawRead, out: Uint8Array, cancel: CancelOptions): Promise<void> {
  const { layout, window, source } = read;
  const size = bytesOf(layout.dataType);
  let scratch = new Uint8Array(0);
  for (let line = 0; line < window.lines; line++) {
    throwIfAborted(cancel.signal);
    const pieces = piecesOfLine(read, line, size);
    for (let first = 0; first < pieces.length;) {
      const { last, offset, bytes } = mergedRun(pieces, first);
      if (scratch.length < bytes) scratch = new Uint8Array(bytes);
      const chunk = scratch.subarray(0, bytes);
      await source.readInto(offset, chunk, cancel);
      for (const piece of pieces.slice(first, last)) scatter(chunk, piece.offset - offset, piece, out, size);
      first = last;
    }
  }
}

function piecesOfLine(read: RawRead, line: number, size: number): Piece[] {
  const { layout, window, bandIndexes } = read;
  const bip = layout.interleave === 'bip';
  const stride = bip ? layout.bands : 1;
  // A long BIP line is cut into stretches of samples that fit the scratch memory.
  const step = bip ? Math.max(1, Math.floor(scratchBytes / (layout.bands * size))) : window.samples;
  const pieces: Piece[] = [];
  for (let sample = 0; sample < window.samples; sample += step) {
    const count = Math.min(step, window.samples - sample);
    const stretch: Piece[] = [];
    for (let k = 0; k < bandIndexes.length; k++) {
      const index = rawIndex(layout, window.line0 + line, window.sample0 + sample, bandIndexes[k] ?? 0);
      stretch.push({
        offset: layout.headerOffset + index * size,
        bytes: ((count - 1) * stride + 1) * size,
        count,
        stride,
        target: (k * window.lines + line) * window.samples + sample,
      });
    }
    stretch.sort((a, b) => a.offset - b.offset);
    pieces.push(...stretch);
  }
  return pieces;
}

function mergedRun(pieces: readonly Piece[], first: number): { last: number; offset: number; bytes: number } {
  const offset = pieces[first]?.offset ?? 0;
  let end = offset + (pieces[first]?.bytes ?? 0);
  let last = first + 1;
  for (; last < pieces.length; last++) {
    const piece = pieces[last];
    if (piece === undefined || piece.offset - end > mergeGapBytes) break;
    const newEnd = Math.max(end, piece.offset + piece.bytes);
    if (newEnd - offset > scratchBytes + mergeGapBytes) break;
    end = newEnd;
  }
  return { last, offset, bytes: end - offset };
}

/** Copies the values of one piece from a chunk of the file to their place, whatever their width. */
function scatter(chunk: Uint8Array, start: number, piece: Piece, out: Uint8Array, size: number): void {
  const { count, stride, target } = piece;
  if (stride === 1) {
    out.set(chunk.subarray(start, start + count * size), target * size);
  } else if (size === 1) {
    copyStrided(chunk, start, stride, out, target, count);
  } else if (size === 2) {
    copyStrided(view16(chunk), start / 2, stride, view16(out), target, count);
  } else {
    const words = size / 4;
    const from = view32(chunk);
    const to = view32(out);
    for (let word = 0; word < words; word++) {
      copyWords(from, start / 4 + word, stride * words, to, target * words + word, words, count);
    }
  }
}

// Scratch memory and outputs start at multiples of the value size, so these views are aligned.
const view16 = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
const view32 = (bytes: Uint8Array): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);

function copyStrided<T extends Uint8Array | Uint16Array>(
  from: T,
  start: number,
  stride: number,
  to: T,
  target: number,
  count: number,
): void {
  for (let i = 0, at = start; i < count; i++, at += stride) to[target + i] = from[at] ?? 0;
}

function copyWords(
  from: Uint32Array,
  start: number,
  stride: number,
  to: Uint32Array,
  target: number,
  targetStride: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) to[target + i * targetStride] = from[start + i * stride] ?? 0;
}

/** A fresh array for what `readRawWindow` fills. */
export function rawReadArray(read: RawRead): StoredArray {
  const { layout, window, bandIndexes } = read;
  const count = bandIndexes.length * window.lines * window.samples;
  return storedView(layout.dataType, new ArrayBuffer(count * bytesOf(layout.dataType)), 0, count);
}
