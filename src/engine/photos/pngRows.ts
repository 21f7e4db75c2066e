import { malformed } from './photo.ts';

/** How the samples of a PNG file lie. */
export interface PngLayout {
  width: number;
  height: number;
  /** Bits of a sample. */
  depth: number;
  channels: number;
  interlaced: boolean;
}

/** Of Adam7's passes: first column and row, and the steps between. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Samples of a PNG picture from its inflated rows, which are unfiltered in place. Throws `malformed-file`. */
export function unpackPng(rows: Uint8Array, layout: PngLayout, file: string): Uint8Array | Uint16Array {
  const { width, height, depth, channels } = layout;
  const out =
    depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const pixelBytes = Math.max(1, (depth * channels) / 8);
  let at = 0;
  for (const [x0, y0, xStep, yStep] of layout.interlaced ? passes : ([[0, 0, 1, 1]] as const)) {
    const columns = Math.ceil((width - x0) / xStep);
    if (columns <= 0) continue;
    const rowBytes = Math.ceil((columns * channels * depth) / 8);
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let y = y0; y < height; y += yStep) {
      if (at + 1 + rowBytes > rows.length) throw malformed(file, 'is cut off: rows are missing');
      const row = rows.subarray(at + 1, at + 1 + rowBytes);
      if (!unfilter(rows[at] as number, row, above, pixelBytes))
        throw malformed(file, 'has an unknown row filter');
      at += 1 + rowBytes;
      above = row;
      for (let i = 0; i < columns; i++) {
        const to = (y * width + x0 + i * xStep) * channels;
        for (let c = 0; c < channels; c++) out[to + c] = sampleAt(row, i * channels + c, depth);
      }
    }
  }
  if (at !== rows.length) throw malformed(file, 'has more rows than its header says');
  return out;
}

function sampleAt(row: Uint8Array, n: number, depth: number): number {
  if (depth === 8) return row[n] as number;
  if (depth === 16) return (row[2 * n] as number) * 256 + (row[2 * n + 1] as number);
  const bit = n * depth;
  return ((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Undoes filter type 0 to 4 in place; false for another. */
function unfilter(type: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  if (type > 4) return false;
  if (type === 0) return true;
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : (row[i - step] as number);
    const up = above[i] as number;
    let guess = type === 1 ? left : type === 2 ? up : (left + up) >> 1;
    if (type === 4) {
      const corner = i < step ? 0 : (above[i - step] as number);
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      guess = a <= b && a <= c ? left : b <= c ? up : corner;
    }
    row[i] = (row[i] as number) + guess;
  }
  return true;
}
