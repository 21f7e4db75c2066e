import {
  bytesOf,
  machineByteOrder,
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

/** Most bytes of one merged read: they stay in the processor's second cache until they are taken apart. */
const scratchBytes = 256 * 1024;

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

/** BSQ: rows of one band lie together; whole lines make one read a band, narrower ones are cut out of a longer read. */
async function readBandRows(read: RawRead, out: Uint8Array, cancel: CancelOptions): Promise<void> {
  const { layout, window, bandIndexes, source } = read;
  const size = bytesOf(layout.dataType);
  const rowBytes = window.samples * size;
  const lineBytes = layout.samples * size;
  const rows = rowsPerRead(window.lines, rowBytes, lineBytes);
  const straight = rows === 1 || rowBytes === lineBytes;
  const scratch = new Uint8Array(straight ? 0 : (rows - 1) * lineBytes + rowBytes);
  let at = 0;
  for (let k = 0; k < bandIndexes.length; k++) {
    for (let line = 0; line < window.lines; line += rows) {
      throwIfAborted(cancel.signal);
      const count = Math.min(rows, window.lines - line);
      const index = rawIndex(layout, window.line0 + line, window.sample0, bandIndexes[k] ?? 0);
      const target = out.subarray(at, at + rowBytes * count);
      const span = straight ? target : scratch.subarray(0, (count - 1) * lineBytes + rowBytes);
      await source.readInto(layout.headerOffset + index * size, span, cancel);
      for (let row = 0; !straight && row < count; row++) {
        target.set(span.subarray(row * lineBytes, row * lineBytes + rowBytes), row * rowBytes);
      }
      at += target.length;
    }
  }
}

function rowsPerRead(lines: number, rowBytes: number, lineBytes: number): number {
  if (rowBytes === lineBytes) return lines;
  if (lineBytes - rowBytes > mergeGapBytes) return 1;
  return Math.min(lines, Math.max(1, Math.floor(scratchBytes / lineBytes)));
}

/** One wanted run of equally spaced values of a line, and where it goes. */
interface Piece {
  /** Byte offset from the line's first byte, and length from the first to the last value. */
  offset: number;
  bytes: number;
  /** Number of values. */
  count: number;
  /** First value in the output, for the window's first line. */
  target: number;
}

/** Neighbouring pieces that one read brings. */
interface Run {
  offset: number;
  bytes: number;
  pieces: Piece[];
}

/** BIL and BIP: line by line, neighbouring pieces merged into one read and taken apart in memory. */
async function readLines(read: RawRead, out: Uint8Array, cancel: CancelOptions): Promise<void> {
  const { layout, window, source } = read;
  const size = bytesOf(layout.dataType);
  const lineBytes = layout.samples * layout.bands * size;
  // All lines are alike.
  const runs = mergedRuns(piecesOfLine(read, size));
  const scratch = new Uint8Array(runs.reduce((most, { bytes }) => Math.max(most, bytes), 0));
  for (let line = 0; line < window.lines; line++) {
    throwIfAborted(cancel.signal);
    const start = layout.headerOffset + (window.line0 + line) * lineBytes;
    for (const run of runs) {
      const chunk = scratch.subarray(0, run.bytes);
      await source.readInto(start + run.offset, chunk, cancel);
      if (layout.interleave === 'bil') copyRows(chunk, run, out, line * window.samples, size);
      else gatherPixels(chunk, run, layout.bands, out, line * window.samples, size);
    }
  }
}

function piecesOfLine(read: RawRead, size: number): Piece[] {
  const { layout, window, bandIndexes } = read;
  const { stride, step } = pieceSteps(read, size);
  const pieces: Piece[] = [];
  for (let sample = 0; sample < window.samples; sample += step) {
    const count = Math.min(step, window.samples - sample);
    const stretch: Piece[] = [];
    for (let k = 0; k < bandIndexes.length; k++) {
      stretch.push({
        offset: rawIndex(layout, 0, window.sample0 + sample, bandIndexes[k] ?? 0) * size,
        bytes: ((count - 1) * stride + 1) * size,
        count,
        target: k * window.lines * window.samples + sample,
      });
    }
    stretch.sort((a, b) => a.offset - b.offset);
    for (const piece of stretch) pieces.push(piece);
  }
  return pieces;
}

/** Spacing of a piece's values in the file, and how many samples one piece takes. */
function pieceSteps({ layout, window }: RawRead, size: number): { stride: number; step: number } {
  if (layout.interleave === 'bil') return { stride: 1, step: window.samples };
  // A long BIP line is cut into stretches of samples that fit the scratch memory.
  return { stride: layout.bands, step: Math.max(1, Math.floor(scratchBytes / (layout.bands * size))) };
}

function mergedRuns(pieces: readonly Piece[]): Run[] {
  const runs: Run[] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    const end = piece.offset + piece.bytes;
    const merged = run === undefined ? 0 : Math.max(run.bytes, end - run.offset);
    if (
      run !== undefined &&
      piece.offset - (run.offset + run.bytes) <= mergeGapBytes &&
      merged <= scratchBytes + mergeGapBytes
    ) {
      run.bytes = merged;
      run.pieces.push(piece);
    } else {
      runs.push({ offset: piece.offset, bytes: piece.bytes, pieces: [piece] });
    }
  }
  return runs;
}

/** BIL: every piece is a row. `shift` is where the line starts in each band of the output, in values. */
function copyRows(chunk: Uint8Array, run: Run, out: Uint8Array, shift: number, size: number): void {
  for (const { offset, count, target } of run.pieces) {
    const start = offset - run.offset;
    out.set(chunk.subarray(start, start + count * size), (target + shift) * size);
  }
}

/** BIP: values of one band lie `bands` values apart, whatever their width. */
function gatherPixels(
  chunk: Uint8Array,
  run: Run,
  bands: number,
  out: Uint8Array,
  shift: number,
  size: number,
): void {
  const words = size <= 2 ? 1 : size / 4;
  const unit = size / words;
  const from = unit === 1 ? chunk : unit === 2 ? view16(chunk) : view32(chunk);
  const to = unit === 1 ? out : unit === 2 ? view16(out) : view32(out);
  const starts: number[] = [];
  const targets: number[] = [];
  for (let first = 0; first < run.pieces.length;) {
    const count = run.pieces[first]?.count ?? 0;
    starts.length = targets.length = 0;
    for (; first < run.pieces.length && run.pieces[first]?.count === count; first++) {
      const { offset, target } = run.pieces[first] as Piece;
      for (let word = 0; word < words; word++) {
        starts.push((offset - run.offset) / unit + word);
        targets.push((target + shift) * words + word);
      }
    }
    gatherStrided(from, starts, bands * words, to, targets, words, count);
  }
}

// Scratch memory and outputs start at multiples of the value size, so these views are aligned.
type UnitArray = Uint8Array | Uint16Array | Uint32Array;
const view16 = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
const view32 = (bytes: Uint8Array): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);

/**
 * Takes several equally spaced rows out of `from` at once: their values lie side by side there, so four are taken with
 * each step. One running index on each side and the rows' fixed distances from it: twice as fast as an index a row.
 */
function gatherStrided(
  from: UnitArray,
  starts: readonly number[],
  fromStride: number,
  to: UnitArray,
  targets: readonly number[],
  toStride: number,
  count: number,
): void {
  let k = 0;
  for (; k + 4 <= starts.length; k += 4) {
    let [at = 0, b = 0, c = 0, d = 0] = [starts[k], starts[k + 1], starts[k + 2], starts[k + 3]];
    let [place = 0, pb = 0, pc = 0, pd = 0] = [targets[k], targets[k + 1], targets[k + 2], targets[k + 3]];
    [b, c, d] = [b - at, c - at, d - at];
    [pb, pc, pd] = [pb - place, pc - place, pd - place];
    for (let i = 0; i < count; i++, at += fromStride, place += toStride) {
      to[place] = from[at] ?? 0;
      to[place + pb] = from[at + b] ?? 0;
      to[place + pc] = from[at + c] ?? 0;
      to[place + pd] = from[at + d] ?? 0;
    }
  }
  for (; k < starts.length; k++) {
    let at = starts[k] ?? 0;
    let place = targets[k] ?? 0;
    for (let i = 0; i < count; i++, at += fromStride, place += toStride) to[place] = from[at] ?? 0;
  }
}
