import { bytesOf, type DataType, type Interleave, type StoredArray } from '../base/dataTypes.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { rawIndex } from '../cube/formats/raw.ts';
import type { OutputFile, PartWriter } from '../io/outputFile.ts';

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
 * Writes a window of all bands, given band after band (bands x lines x samples), to its places in the file. Windows that
 * do not overlap may be written in any order and from any thread.
 */
export function writeRawWindow(
  target: RawTarget,
  window: LineSampleWindow,
  data: StoredArray,
  writer: PartWriter,
): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (target.interleave === 'bsq') writeBands(target, window, bytes, writer);
  else writeLines(target, window, bytes, writer);
}

const position = (target: RawTarget, line: number, sample: number, band: number): number =>
  target.headerOffset + rawIndex(target, line, sample, band) * bytesOf(target.dataType);

function writeBands(
  target: RawTarget,
  window: LineSampleWindow,
  bytes: Uint8Array,
  writer: PartWriter,
): void {
  const rowBytes = window.samples * bytesOf(target.dataType);
  const whole = window.samples === target.samples;
  const rows = whole ? window.lines : 1;
  let at = 0;
  for (let band = 0; band < target.bands; band++) {
    for (let line = 0; line < window.lines; line += rows) {
      const chunk = bytes.subarray(at, at + rows * rowBytes);
      writer.write(chunk, position(target, window.line0 + line, window.sample0, band));
      at += chunk.length;
    }
  }
}

/** BIL and BIP: whole lines of all bands in one write where the window is as wide as the image. */
function writeLines(
  target: RawTarget,
  window: LineSampleWindow,
  bytes: Uint8Array,
  writer: PartWriter,
): void {
  const { bands, interleave } = target;
  const size = bytesOf(target.dataType);
  const lineBytes = bands * window.samples * size;
  const whole = window.samples === target.samples;
  const buffer = new Uint8Array(lineBytes * (whole ? window.lines : 1));
  for (let line = 0; line < window.lines; line++) {
    const at = whole ? line * lineBytes : 0;
    const row = { bytes, line, window, bands, size };
    if (interleave === 'bip') interleavePixels(row, buffer, at);
    else interleaveRows(row, buffer, at);
    if (whole) continue;
    writePart(target, window, line, buffer, writer);
  }
  if (whole) writer.write(buffer, position(target, window.line0, 0, 0));
}

function writePart(
  target: RawTarget,
  window: LineSampleWindow,
  line: number,
  buffer: Uint8Array,
  writer: PartWriter,
): void {
  const row = window.line0 + line;
  if (target.interleave === 'bip') {
    writer.write(buffer, position(target, row, window.sample0, 0));
    return;
  }
  const rowBytes = window.samples * bytesOf(target.dataType);
  for (let band = 0; band < target.bands; band++) {
    const piece = buffer.subarray(band * rowBytes, (band + 1) * rowBytes);
    writer.write(piece, position(target, row, window.sample0, band));
  }
}

interface Row {
  bytes: Uint8Array;
  line: number;
  window: LineSampleWindow;
  bands: number;
  size: number;
}

function interleaveRows({ bytes, line, window, bands, size }: Row, out: Uint8Array, at: number): void {
  const rowBytes = window.samples * size;
  for (let band = 0; band < bands; band++) {
    const from = (band * window.lines + line) * rowBytes;
    out.set(bytes.subarray(from, from + rowBytes), at + band * rowBytes);
  }
}

function interleavePixels({ bytes, line, window, bands, size }: Row, out: Uint8Array, at: number): void {
  const unit = size === 1 ? 1 : size === 2 ? 2 : 4;
  const from = unitView(bytes, unit);
  const to = unitView(out, unit);
  const words = size / unit;
  const base = at / unit;
  for (let band = 0; band < bands; band++) {
    const row = (band * window.lines + line) * window.samples * words;
    for (let sample = 0; sample < window.samples; sample++) {
      const target = base + (sample * bands + band) * words;
      for (let word = 0; word < words; word++) to[target + word] = from[row + sample * words + word] ?? 0;
    }
  }
}

function unitView(bytes: Uint8Array, unit: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (unit === 1) return bytes;
  return unit === 2
    ? new Uint16Array(buffer, byteOffset, byteLength >> 1)
    : new Uint32Array(buffer, byteOffset, byteLength >> 2);
}
