/** Unsigned integers as wide as the largest power of two that a stored value consists of: moved, never interpreted. */
export type UnitArray = Uint8Array | Uint16Array | Uint32Array;

/** Bytes of the unit that values of `bytes` bytes are moved in. */
export const unitBytesOf = (bytes: number): 1 | 2 | 4 => (bytes === 1 ? 1 : bytes === 2 ? 2 : 4);

/** A view of `length` units from byte `offset` (a multiple of the unit). */
export function unitView(
  unitBytes: 1 | 2 | 4,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): UnitArray {
  if (unitBytes === 1) return new Uint8Array(buffer, offset, length);
  if (unitBytes === 2) return new Uint16Array(buffer, offset, length);
  return new Uint32Array(buffer, offset, length);
}

/** A rectangle of pixels to move. All positions and strides are in units. */
export interface PixelMove {
  lines: number;
  samples: number;
  /** Units of one value. */
  parts: number;
  from: UnitArray;
  fromStart: number;
  fromLine: number;
  /** From one pixel to the next: `parts` where a block holds one band, else `parts` x bands. */
  fromPixel: number;
  to: UnitArray;
  toLine: number;
  /** For each band to move: where its first value is, relative to the pixel, and where it goes. */
  bandFrom: readonly number[];
  bandTo: readonly number[];
}

/** Bytes of pixel-interleaved data that are taken apart band by band while they stay in the processor's cache. */
const cachedUnits = 8192;

/** Moves the pixels of some bands out of a block into band-sequential lines. */
export function movePixels(move: PixelMove): void {
  if (move.fromPixel === move.parts) moveLines(move);
  else if (move.parts === 1) gatherSingle(move);
  else gatherParts(move);
}

/** One band a block: whole lines at once. */
function moveLines({
  lines,
  samples,
  parts,
  from,
  fromStart,
  fromLine,
  to,
  toLine,
  bandTo,
}: PixelMove): void {
  const length = samples * parts;
  for (const start of bandTo) {
    for (let line = 0; line < lines; line++) {
      const at = fromStart + line * fromLine;
      to.set(from.subarray(at, at + length), start + line * toLine);
    }
  }
}

/** Values of one unit. A stretch of samples is taken band by band, short enough to be read from the cache each time. */
function gatherSingle(move: PixelMove): void {
  const { lines, samples, from, fromStart, fromLine, fromPixel, to, toLine, bandFrom, bandTo } = move;
  const stretch = Math.max(16, Math.floor(cachedUnits / fromPixel));
  for (let line = 0; line < lines; line++) {
    for (let first = 0; first < samples; first += stretch) {
      const count = Math.min(stretch, samples - first);
      const base = fromStart + line * fromLine + first * fromPixel;
      const target = line * toLine + first;
      for (let b = 0; b < bandFrom.length; b++) {
        let at = base + (bandFrom[b] as number);
        const start = target + (bandTo[b] as number);
        for (let i = start; i < start + count; i++, at += fromPixel) to[i] = from[at] as number;
      }
    }
  }
}

/** Values of several units (64-bit and complex ones). */
function gatherParts(move: PixelMove): void {
  const { lines, samples, parts, from, fromStart, fromLine, fromPixel, to, toLine, bandFrom, bandTo } = move;
  const stretch = Math.max(16, Math.floor(cachedUnits / fromPixel));
  for (let line = 0; line < lines; line++) {
    for (let first = 0; first < samples; first += stretch) {
      const count = Math.min(stretch, samples - first) * parts;
      const base = fromStart + line * fromLine + first * fromPixel;
      const target = line * toLine + first * parts;
      for (let b = 0; b < bandFrom.length; b++) {
        let at = base + (bandFrom[b] as number);
        const start = target + (bandTo[b] as number);
        for (let i = start; i < start + count; i += parts, at += fromPixel) {
          for (let part = 0; part < parts; part++) to[i + part] = from[at + part] as number;
        }
      }
    }
  }
}
