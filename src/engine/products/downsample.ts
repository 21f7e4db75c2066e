import { storedView, type DataType, type StoredArray } from '../base/dataTypes.ts';

/** Tiles of one level that make one tile of the next, in the order top-left, top-right, bottom-left, bottom-right. */
export interface Quad {
  /** null: outside the image. All planes of a tile lie one after the other. */
  tiles: ({ pixels: SharedArrayBuffer; lines: number; samples: number } | null)[];
  planes: number;
  dataType: DataType;
  /**
   * Values (float32) are averaged, NaN left out. Stored numbers are not, for nodata is a number among them: the top-left
   * pixel of each 2 x 2 stands for all four.
   */
  averages: boolean;
  /** Size of the result in pixels. */
  lines: number;
  samples: number;
}

/**
 * Halves an image: the mean of the valid pixels of each 2 x 2, NaN where none is; at an odd edge of those there are. Or
 * one pixel of each 2 x 2, for stored numbers.
 */
export function downsample(quad: Quad): SharedArrayBuffer {
  const { tiles, planes, dataType, averages, lines, samples } = quad;
  const parts = tiles.map((tile) => (tile === null ? null : viewOf(dataType, tile.pixels)));
  const bytes = (parts.find((part) => part !== null)?.BYTES_PER_ELEMENT ?? 4) * perPixel(dataType);
  const buffer = new SharedArrayBuffer(planes * lines * samples * bytes);
  const out = viewOf(dataType, buffer);
  const halfLines = Math.ceil((tiles[0]?.lines ?? 0) / 2);
  const halfSamples = Math.ceil((tiles[0]?.samples ?? 0) / 2);
  for (let plane = 0; plane < planes; plane++) {
    for (let line = 0; line < lines; line++) {
      for (let sample = 0; sample < samples; sample++) {
        const down = line >= halfLines;
        const right = sample >= halfSamples;
        const which = (down ? 2 : 0) + (right ? 1 : 0);
        const tile = tiles[which];
        const part = parts[which];
        if (tile === null || tile === undefined || part === null || part === undefined) continue;
        const from = {
          pixels: part,
          base: plane * tile.lines * tile.samples,
          lines: tile.lines,
          samples: tile.samples,
          line: 2 * (down ? line - halfLines : line),
          sample: 2 * (right ? sample - halfSamples : sample),
        };
        const target = (plane * lines + line) * samples + sample;
        if (averages) out[target] = meanOf4(from);
        else copyPixel(from, out, target, perPixel(dataType));
      }
    }
  }
  return buffer;
}

interface Corner {
  pixels: StoredArray;
  base: number;
  lines: number;
  samples: number;
  line: number;
  sample: number;
}

function meanOf4({ pixels, base, lines, samples, line, sample }: Corner): number {
  let sum = 0;
  let count = 0;
  for (let l = line; l < Math.min(line + 2, lines); l++) {
    for (let s = sample; s < Math.min(sample + 2, samples); s++) {
      const value = Number(pixels[base + l * samples + s]);
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
  }
  return count === 0 ? NaN : sum / count;
}

function copyPixel(from: Corner, out: StoredArray, target: number, parts: number): void {
  const source = (from.base + from.line * from.samples + from.sample) * parts;
  for (let part = 0; part < parts; part++) {
    const value = from.pixels[source + part];
    if (value !== undefined) out[target * parts + part] = value;
  }
}

const perPixel = (type: DataType): number => (type === 'complex64' || type === 'complex128' ? 2 : 1);

function viewOf(type: DataType, buffer: SharedArrayBuffer): StoredArray {
  const probe = storedView(type, buffer, 0, 0).BYTES_PER_ELEMENT * perPixel(type);
  return storedView(type, buffer, 0, buffer.byteLength / probe);
}
