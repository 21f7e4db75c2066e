import { bytesOf } from '../../../base/dataTypes.ts';
import { intersect, type LineSampleWindow } from '../../../base/window.ts';
import { compressions } from './compression.ts';
import type { GeoTiffLayout, TiffBlocks } from './layout.ts';

/** Blocks of one plane: across, down, and both together. */
export interface BlockGrid {
  across: number;
  down: number;
  perPlane: number;
}

/** How many blocks cover the image. A separate image has one such grid a band, band after band. */
export function blockGrid(image: TiffBlocks): BlockGrid {
  const across = Math.ceil(image.samples / image.blockSamples);
  const down = Math.ceil(image.lines / image.blockLines);
  return { across, down, perPlane: across * down };
}

/**
 * True for uncompressed, byte-aligned images: they are read directly by byte ranges, without whole blocks. `image` is
 * the full-size one unless given (an overview or the mask).
 */
export function isDirect(layout: GeoTiffLayout, image: TiffBlocks = layout.image): boolean {
  return (
    image.compression === compressions.none &&
    image.predictor === 1 &&
    image.fillOrder === 1 &&
    image.bitsPerSample >= 8
  );
}

/** True for a block that the file leaves out: all its pixels are nodata (or 0). */
export const isSparse = (image: TiffBlocks, index: number): boolean => image.byteCounts[index] === 0;

/** The pixels of the image that block `index` covers: cut off at the image's edge. */
export function blockWindow(image: TiffBlocks, index: number): LineSampleWindow {
  const { across, perPlane } = blockGrid(image);
  const inPlane = index % perPlane;
  const line0 = Math.floor(inPlane / across) * image.blockLines;
  const sample0 = (inPlane % across) * image.blockSamples;
  return {
    line0,
    sample0,
    lines: Math.min(image.blockLines, image.lines - line0),
    samples: Math.min(image.blockSamples, image.samples - sample0),
  };
}

/** Lines that block `index` stores: all of a tile, and of the last strip only those inside the image. */
export const storedLines = (image: TiffBlocks, index: number): number =>
  image.tiled ? image.blockLines : blockWindow(image, index).lines;

/** Samples of one pixel inside a block. */
export const samplesInBlock = (image: TiffBlocks): number =>
  image.planar === 'contiguous' ? image.samplesPerPixel : 1;

/** Bytes of one decoded line of a block (a 1-bit mask counts one byte a pixel). */
export const decodedLineBytes = (image: TiffBlocks): number =>
  image.blockSamples * samplesInBlock(image) * bytesOf(image.dataType);

/**
 * Indexes of the blocks that a window of some bands (from 0) needs decoded, each once, in the order they lie in the
 * file. Sparse blocks are left out, and all blocks where the image is read directly: there is nothing to decode. The
 * window is cut off at the image's edge.
 */
export function blocksFor(
  layout: GeoTiffLayout,
  image: TiffBlocks,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
): number[] {
  const inside = intersect(window, { line0: 0, sample0: 0, lines: image.lines, samples: image.samples });
  if (inside === null || bandIndexes.length === 0 || isDirect(layout, image)) return [];
  const indexes: number[] = [];
  for (const plane of planesOf(image, bandIndexes)) {
    forBlocksOfPlane(image, plane, inside, (index) => {
      if (!isSparse(image, index)) indexes.push(index);
    });
  }
  return indexes.sort((a, b) => (image.offsets[a] as number) - (image.offsets[b] as number) || a - b);
}

/** The planes that hold these bands, each once: one a band where separate, the only one where contiguous. */
export function planesOf(image: TiffBlocks, bandIndexes: ArrayLike<number>): number[] {
  return image.planar === 'contiguous' ? [0] : [...new Set(Array.from(bandIndexes))];
}

/** Calls `visit` with the index of each block of a plane that meets `inside` (a window inside the image). */
export function forBlocksOfPlane(
  image: TiffBlocks,
  plane: number,
  inside: LineSampleWindow,
  visit: (index: number) => void,
): void {
  const { across, perPlane } = blockGrid(image);
  const row0 = Math.floor(inside.line0 / image.blockLines);
  const row1 = Math.floor((inside.line0 + inside.lines - 1) / image.blockLines);
  const column0 = Math.floor(inside.sample0 / image.blockSamples);
  const column1 = Math.floor((inside.sample0 + inside.samples - 1) / image.blockSamples);
  for (let row = row0; row <= row1; row++) {
    for (let column = column0; column <= column1; column++) visit(plane * perPlane + row * across + column);
  }
}
