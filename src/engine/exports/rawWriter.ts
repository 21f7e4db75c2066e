import { bytesOf, type DataType, type Interleave, type StoredArray } from '../base/dataTypes.ts';
import type { Scratch } from '../base/scratch.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { rawIndex } from '../cube/formats/raw.ts';
import type { OutputFile } from '../io/outputFile.ts';

/** Uncompressed little-endian pixels in a temporary file, at known positions: ENVI, NPY and our GeoTIFF alike. */
export interface RawTarget {
  output: OutputFile;
  dataType: DataType;
  interleave: Interleave;
  /** Bytes before the first pixel. */
  headerOffset: number;
  lines: number;
  samples: number;
  bands: number;
}

/** Bytes of the whole file. */
export function targetBytes(target: Omit<RawTarget, 'output'>): number {
  return target.headerOffset + target.lines * target.samples * target.bands * bytesOf(target.dataType);
}

/**
 * Pixels of a window, a few bands at a time: the planes (lines x samples) of bands `first` ... `first + count - 1` of the
 * output, one after the other. They hold until the next call.
 */
export type BandPlanes = (first: number, count: number) => StoredArray;

/** Takes bytes for a position: `PartWriter`, for files. */
export interface PositionWriter {
  write: (bytes: Uint8Array, position: number) => void;
}

/** Bands that are asked for at once: those of one pixel fill a line of the processor's cache with float32. */
const groupBands = 16;

/** The planes of an array that holds all of them, `length` numbers each. */
export function planesOfArray(data: StoredArray, length: number): BandPlanes {
  return (first, count) => data.subarray(first * length, (first + count) * length);
}

/**
 * Writes a window of all bands to its places in the file. Windows that do not overlap may be written in any order and
 * from any thread. `memory` holds what is put together for a write (BIL and BIP: the window's size).
 */
export function writeRawWindow(
  target: RawTarget,
  window: LineSampleWindow,
  planes: BandPlanes,
  writer: PositionWriter,
  memory: Scratch,
): void {
  if (target.interleave === 'bsq') writeBands(target, window, planes, writer);
  else writeLines(target, window, planes, writer, memory);
}

const position = (target: RawTarget, line: number, sample: number, band: number): number =>
  target.headerOffset + rawIndex(target, line, sample, band) * bytesOf(target.dataType);

const bytesOfArray = ({ buffer, byteOffset, byteLength }: StoredArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function writeBands(
  target: RawTarget,
  window: LineSampleWindow,
  planes: BandPlanes,
  writer: PositionWriter,
): void {
  const rowBytes = window.samples * bytesOf(target.dataType);
  const whole = window.samples === target.samples;
  const rows = whole ? window.lines : 1;
  for (let band = 0; band < target.bands; band++) {
    const bytes = bytesOfArray(planes(band, 1));
    for (let line = 0; line < window.lines; line += rows) {
      const chunk = bytes.subarray(line * rowBytes, (line + rows) * rowBytes);
      writer.write(chunk, position(target, window.line0 + line, window.sample0, band));
    }
  }
}

/** BIL and BIP: whole lines of all bands in one write where the window is as wide as the image. */
function writeLines(
  target: RawTarget,
  window: LineSampleWindow,
  planes: BandPlanes,
  writer: PositionWriter,
  memory: Scratch,
): void {
  const { bands, interleave } = target;
  const size = bytesOf(target.dataType);
  const lineBytes = bands * window.samples * size;
  const buffer = new Uint8Array(memory.take(lineBytes * window.lines), 0, lineBytes * window.lines);
  for (let first = 0; first < bands; first += groupBands) {
    const count = Math.min(groupBands, bands - first);
    const group = { bytes: bytesOfArray(planes(first, count)), first, count, bands, size };
    if (interleave === 'bip') interleavePixels(group, window.lines * window.samples, buffer);
    else interleaveRows(group, window, buffer);
  }
  if (window.samples === target.samples) {
    writer.write(buffer, position(target, window.line0, 0, 0));
    return;
  }
  for (let line = 0; line < window.lines; line++) {
    writePart(target, window, line, buffer.subarray(line * lineBytes, (line + 1) * lineBytes), writer);
  }
}

function writePart(
  target: RawTarget,
  window: LineSampleWindow,
  line: number,
  pixels: Uint8Array,
  writer: PositionWriter,
): void {
  const row = window.line0 + line;
  if (target.interleave === 'bip') {
    writer.write(pixels, position(target, row, window.sample0, 0));
    return;
  }
  const rowBytes = window.samples * bytesOf(target.dataType);
  for (let band = 0; band < target.bands; band++) {
    const piece = pixels.subarray(band * rowBytes, (band + 1) * rowBytes);
    writer.write(piece, position(target, row, window.sample0, band));
  }
}

/** Some bands of a window, band after band, on their way into an interleaved buffer. */
interface BandGroup {
  bytes: Uint8Array;
  /** First band, number of bands in the group and in all. */
  first: number;
  count: number;
  bands: number;
  /** Bytes of one value. */
  size: number;
}

function interleaveRows(group: BandGroup, window: LineSampleWindow, out: Uint8Array): void {
  const { bytes, first, count, bands, size } = group;
  const rowBytes = window.samples * size;
  for (let band = 0; band < count; band++) {
    for (let line = 0; line < window.lines; line++) {
      const from = (band * window.lines + line) * rowBytes;
      out.set(bytes.subarray(from, from + rowBytes), (line * bands + first + band) * rowBytes);
    }
  }
}

/** Pixels whose values of a group of bands are put in place at once, from the nearest cache. */
const blockPixels = 64;

function interleavePixels(group: BandGroup, pixels: number, out: Uint8Array): void {
  const { bytes, first, count, bands, size } = group;
  const unit = size === 1 ? 1 : size === 2 ? 2 : 4;
  const words = size / unit;
  const move: WordMove = {
    from: unitView(bytes, unit),
    to: unitView(out, unit),
    plane: pixels * words,
    words,
    pixel: bands * words,
  };
  for (let start = 0; start < pixels; start += blockPixels) {
    const values = Math.min(blockPixels, pixels - start);
    for (let band = 0; band < count; band += 4) {
      const at = band * move.plane + start * words;
      const target = (start * bands + first + band) * words;
      if (words === 1 && band + 4 <= count) moveFour(move, at, target, values);
      else moveRest(move, at, target, values, Math.min(4, count - band));
    }
  }
}

/** From planes to pixels, in units of up to four bytes. */
interface WordMove {
  from: UnitArray;
  to: UnitArray;
  /** Units of a plane, of one value and of one pixel of the output. */
  plane: number;
  words: number;
  pixel: number;
}

function moveFour({ from, to, plane, pixel }: WordMove, at: number, target: number, values: number): void {
  for (let i = 0, a = at, t = target; i < values; i++, a++, t += pixel) {
    to[t] = from[a] ?? 0;
    to[t + 1] = from[a + plane] ?? 0;
    to[t + 2] = from[a + 2 * plane] ?? 0;
    to[t + 3] = from[a + 3 * plane] ?? 0;
  }
}

function moveRest(move: WordMove, at: number, target: number, values: number, count: number): void {
  const { from, to, plane, words, pixel } = move;
  for (let band = 0; band < count; band++) {
    for (let word = 0; word < words; word++) {
      let a = at + band * plane + word;
      let t = target + band * words + word;
      for (let i = 0; i < values; i++, a += words, t += pixel) to[t] = from[a] ?? 0;
    }
  }
}

type UnitArray = Uint8Array | Uint16Array | Uint32Array;

function unitView(bytes: Uint8Array, unit: number): UnitArray {
  const { buffer, byteOffset, byteLength } = bytes;
  if (unit === 1) return bytes;
  return unit === 2
    ? new Uint16Array(buffer, byteOffset, byteLength >> 1)
    : new Uint32Array(buffer, byteOffset, byteLength >> 2);
}
