/** Tiles of one level that make one tile of the next, in the order top-left, top-right, bottom-left, bottom-right. */
export interface Quad {
  /** null: outside the image. float32 values, all planes of a tile one after the other. */
  tiles: readonly ({ pixels: ArrayBuffer; lines: number; samples: number } | null)[];
  planes: number;
  /** Size of the result in pixels. */
  lines: number;
  samples: number;
}

/** Halves an image: the mean of the valid pixels of each 2 x 2, NaN where none is; at an odd edge of those there are. */
export function downsample({ tiles, planes, lines, samples }: Quad): ArrayBuffer {
  const buffer = new ArrayBuffer(planes * lines * samples * 4);
  const out = new Float32Array(buffer);
  const halfLines = Math.ceil((tiles[0]?.lines ?? 0) / 2);
  const halfSamples = Math.ceil((tiles[0]?.samples ?? 0) / 2);
  tiles.forEach((tile, quarter) => {
    if (tile === null) return;
    const pixels = new Float32Array(tile.pixels);
    const line0 = quarter >= 2 ? halfLines : 0;
    const sample0 = quarter % 2 === 1 ? halfSamples : 0;
    for (let plane = 0; plane < planes; plane++) {
      const from = plane * tile.lines * tile.samples;
      const to = (plane * lines + line0) * samples + sample0;
      halve(pixels.subarray(from, from + tile.lines * tile.samples), tile, out.subarray(to), samples);
    }
  });
  return buffer;
}

/** Means of the 2 x 2 of one plane into a corner of `out`, whose lines are `toLine` values long. */
function halve(
  pixels: Float32Array,
  { lines, samples }: { lines: number; samples: number },
  out: Float32Array,
  toLine: number,
): void {
  for (let line = 0; line < lines; line += 2) {
    for (let sample = 0; sample < samples; sample += 2) {
      let sum = 0;
      let count = 0;
      for (let l = line; l < line + 2 && l < lines; l++) {
        for (let s = sample; s < sample + 2 && s < samples; s++) {
          const value = pixels[l * samples + s] ?? NaN;
          if (Number.isNaN(value)) continue;
          sum += value;
          count += 1;
        }
      }
      out[(line >> 1) * toLine + (sample >> 1)] = count === 0 ? NaN : sum / count;
    }
  }
}
