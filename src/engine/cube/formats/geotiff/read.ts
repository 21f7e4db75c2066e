import { bytesOf, isComplexType, type StoredArray } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../../base/signal.ts';
import { intersect, type LineSampleWindow } from '../../../base/window.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import type { NoDataValue } from '../../cube.ts';
import {
  blockWindow,
  decodedLineBytes,
  forBlocksOfPlane,
  isDirect,
  isSparse,
  planesOf,
  samplesInBlock,
} from './blocks.ts';
import { readDirect } from './direct.ts';
import { movePixels, unitBytesOf, unitView, type UnitArray } from './gather.ts';
import type { GeoTiffLayout, TiffBlocks } from './layout.ts';

/** Where a window's pixels come from and go to. */
export interface TiffReading {
  source: ByteSource;
  /** Decoded blocks by index: all that `blocksFor` names, unless the image is read directly. */
  blocks: ReadonlyMap<number, SharedArrayBuffer>;
  /** What sparse blocks hold: the nodata value; null: 0. */
  fill: NoDataValue | null;
  /** Band-sequential [band][line][sample] of the window, of `image.dataType` (complex: twice as long). */
  out: StoredArray;
}

/** One block's share of a window, as the readers of blocks and of byte ranges need it. */
export interface BlockPart {
  image: TiffBlocks;
  index: number;
  /** The shared pixels, in the image's lines and samples. */
  part: LineSampleWindow;
  /** First line and sample of the block. */
  line0: number;
  sample0: number;
  to: UnitArray;
  /** Units of one value, and of one line of `to`. */
  parts: number;
  toLine: number;
  /** Units from the block's pixel to each wanted band, and where in `to` each band's first shared pixel goes. */
  bandFrom: number[];
  bandTo: number[];
}

/**
 * Reads a window of some bands (indexes from 0, any order, repeats allowed) of an image, overview or mask as stored
 * values in this machine's byte order, from decoded blocks, or straight from the source where `isDirect`.
 * Throws `out-of-range` where the window or a band passes the image, `internal` where a block or room in `out` is
 * missing, and what the source throws.
 */
export async function readTiffWindow(
  layout: GeoTiffLayout,
  image: TiffBlocks,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  reading: TiffReading,
  cancel: CancelOptions = {},
): Promise<void> {
  checkRequest(layout, image, window, bandIndexes, reading.out);
  const valueBytes = bytesOf(image.dataType);
  const unitBytes = unitBytesOf(valueBytes);
  const { out } = reading;
  const to = unitView(unitBytes, out.buffer, out.byteOffset, out.byteLength / unitBytes);
  const parts = valueBytes / unitBytes;
  const toLine = window.samples * parts;
  const direct = isDirect(layout, image);
  for (const plane of planesOf(image, bandIndexes)) {
    const { bandFrom, starts } = bandsOfPlane(image, plane, bandIndexes, parts, window.lines * toLine);
    const indexes: number[] = [];
    forBlocksOfPlane(image, plane, window, (index) => indexes.push(index));
    for (const index of indexes) {
      const whole = blockWindow(image, index);
      const part = intersect(whole, window);
      if (part === null) continue;
      const shift = (part.line0 - window.line0) * toLine + (part.sample0 - window.sample0) * parts;
      const { line0, sample0 } = whole;
      const bandTo = starts.map((start) => start + shift);
      const block: BlockPart = { image, index, part, line0, sample0, to, parts, toLine, bandFrom, bandTo };
      if (isSparse(image, index)) fillPart(block, out, reading.fill);
      else if (direct) await readDirect(block, reading.source, cancel);
      else copyPart(block, reading.blocks.get(index));
    }
    throwIfAborted(cancel.signal);
  }
}

/** The image that says which pixels are valid, and its band: a mask directory, else a closing alpha sample, else null. */
export function maskSource(layout: GeoTiffLayout): { image: TiffBlocks; bandIndex: number } | null {
  if (layout.mask !== null) return { image: layout.mask, bandIndex: 0 };
  if (layout.samplesPerPixel > layout.bands) return { image: layout.image, bandIndex: layout.bands };
  return null;
}

/**
 * The validity of a window, [line][sample], 1 valid and 0 not, or null where the file has neither mask nor alpha.
 * `blocks`: decoded blocks of `maskSource(layout).image` that `blocksFor` names for its band. A sparse mask block is
 * not valid (libtiff and GDAL read it as zeros).
 */
export async function readMask(
  layout: GeoTiffLayout,
  window: LineSampleWindow,
  reading: Pick<TiffReading, 'source' | 'blocks'>,
  cancel: CancelOptions = {},
): Promise<Uint8Array | null> {
  const mask = maskSource(layout);
  if (mask === null) return null;
  const { image, bandIndex } = mask;
  const pixels = window.lines * window.samples;
  const valueBytes = bytesOf(image.dataType);
  const bytes = new Uint8Array(pixels * valueBytes);
  await readTiffWindow(layout, image, window, [bandIndex], { ...reading, fill: null, out: bytes }, cancel);
  const valid = valueBytes === 1 ? bytes : new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    let any = 0;
    for (let b = i * valueBytes; b < (i + 1) * valueBytes; b++) any |= bytes[b] as number;
    valid[i] = any === 0 ? 0 : 1;
  }
  return valid;
}

/** Which bands of the request lie in a plane: where in a pixel, and where in the output. In units. */
function bandsOfPlane(
  image: TiffBlocks,
  plane: number,
  bandIndexes: ArrayLike<number>,
  parts: number,
  bandUnits: number,
): { bandFrom: number[]; starts: number[] } {
  const bandFrom: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < bandIndexes.length; i++) {
    const band = bandIndexes[i] as number;
    if (image.planar === 'separate' && band !== plane) continue;
    bandFrom.push(image.planar === 'separate' ? 0 : band * parts);
    starts.push(i * bandUnits);
  }
  return { bandFrom, starts };
}

function copyPart(block: BlockPart, decoded: SharedArrayBuffer | undefined): void {
  const { image, part, parts, to, toLine, bandFrom, bandTo } = block;
  if (decoded === undefined) {
    throw new CubelensError(
      'internal',
      `Block ${block.index} of image directory ${image.directory} was not decoded.`,
    );
  }
  const unitBytes = to.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const fromLine = decodedLineBytes(image) / unitBytes;
  const fromPixel = samplesInBlock(image) * parts;
  movePixels({
    lines: part.lines,
    samples: part.samples,
    parts,
    from: unitView(unitBytes, decoded, 0, decoded.byteLength / unitBytes),
    fromStart: (part.line0 - block.line0) * fromLine + (part.sample0 - block.sample0) * fromPixel,
    fromLine,
    fromPixel,
    to,
    toLine,
    bandFrom,
    bandTo,
  });
}

/** Sparse pixels: the fill value; the imaginary part of complex ones is 0. */
function fillPart(block: BlockPart, out: StoredArray, fill: NoDataValue | null): void {
  const { part, bandTo, parts, toLine, to, image } = block;
  // From units to elements of `out`: a complex value has two elements.
  const elements = isComplexType(image.dataType) ? 2 : 1;
  for (const start of bandTo) {
    for (let line = 0; line < part.lines; line++) {
      const at = start + line * toLine;
      to.fill(0, at, at + part.samples * parts);
      if (fill === null) continue;
      const first = (at / parts) * elements;
      fillElements(out, fill, first, first + part.samples * elements, elements);
    }
  }
}

function fillElements(out: StoredArray, fill: NoDataValue, first: number, end: number, step: number): void {
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) out.fill(BigInt(fill), first, end);
  else if (step === 1) out.fill(Number(fill), first, end);
  else for (let i = first; i < end; i += step) out[i] = Number(fill);
}

function checkRequest(
  layout: GeoTiffLayout,
  image: TiffBlocks,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  out: StoredArray,
): void {
  const { line0, sample0, lines, samples } = window;
  const isInside =
    [line0, sample0, lines, samples].every(Number.isInteger) &&
    line0 >= 0 &&
    sample0 >= 0 &&
    lines > 0 &&
    samples > 0 &&
    line0 + lines <= image.lines &&
    sample0 + samples <= image.samples;
  const file = layout.source.name;
  if (!isInside) {
    throw new CubelensError(
      'out-of-range',
      `Lines ${line0} to ${line0 + lines - 1} and samples ${sample0} to ${sample0 + samples - 1} are not all inside ${file} (${image.lines} lines x ${image.samples} samples).`,
      { file },
    );
  }
  for (let i = 0; i < bandIndexes.length; i++) {
    const band = bandIndexes[i] as number;
    if (!Number.isInteger(band) || band < 0 || band >= image.samplesPerPixel) {
      throw new CubelensError('out-of-range', `${file} has no band ${band + 1}.`, { file, field: 'band' });
    }
  }
  if (out.byteLength !== lines * samples * bandIndexes.length * bytesOf(image.dataType)) {
    throw new CubelensError(
      'internal',
      `The output for ${file} has ${out.byteLength} bytes, not the window's size.`,
    );
  }
}
