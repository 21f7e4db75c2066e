import {
  bytesOf,
  storedView,
  type DataType,
  type StoredArray,
  type ValueArray,
  fitsFloat32,
} from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { Scratch } from '../base/scratch.ts';
import type { CancelOptions } from '../base/signal.ts';
import type { LineSampleWindow } from '../base/window.ts';
import type { SourceOpener } from '../io/byteSource.ts';
import { scaleNumbers, storedToNumbers } from '../kernels/convert.ts';
import type { CubeDescription, Layout } from './cube.ts';
import { readMask, readTiffWindow } from './formats/geotiff/read.ts';
import { readRawWindow } from './formats/raw.ts';

/** What a worker needs to read a cube: shared once with all workers under `cubeKey(cubeId)`. */
export interface ReadableCube {
  cubeId: string;
  description: CubeDescription;
  layout: Layout;
}

/** Key under which the pool shares a cube. */
export const cubeKey = (cubeId: string): string => `cube:${cubeId}`;

/** Decoded blocks of a compressed file by block index: of the image, and of its validity mask. */
export interface DecodedBlocks {
  image: ReadonlyMap<number, SharedArrayBuffer>;
  mask: ReadonlyMap<number, SharedArrayBuffer>;
}

/** Where a read takes its bytes from. */
export interface ReadContext extends CancelOptions {
  sources: SourceOpener;
  /** Empty for files that are read directly. */
  blocks: DecodedBlocks;
  /** Memory for the results, which then hold only until the next read. Left out: fresh memory. */
  memory?: ReadMemory;
}

/** Memory that the reads of one thread use again. */
export interface ReadMemory {
  stored: Scratch;
  values: Scratch;
}

/** Most bytes one read may ask for: callers cut larger work into chunks, so more is a mistake of ours. */
const maximumReadBytes = 2 ** 31;

/**
 * Stored values of a window of some bands: bandIndexes.length x lines x samples, band after band.
 * Throws `out-of-range` where window or bands leave the cube, `malformed-file`, `cancelled`.
 */
export async function readStored(
  cube: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  context: ReadContext,
): Promise<StoredArray> {
  checkWindow(cube.description, window);
  for (let k = 0; k < bandIndexes.length; k++) checkBand(cube.description, bandIndexes[k] ?? -1);
  const count = bandIndexes.length * window.lines * window.samples;
  if (count * bytesOf(cube.description.dataType) > maximumReadBytes) {
    throw new CubelensError('resource-exhausted', `A read of ${count} values at once is too large.`);
  }
  const out = storedArray(cube.description.dataType, count, context.memory?.stored);
  const { layout } = cube;
  const source = context.sources.open(layout.source);
  if (layout.kind === 'raw') {
    await readRawWindow({ layout, window, bandIndexes, source }, out, context);
  } else {
    const fill = cube.description.bandRecords[0]?.noData ?? 0;
    const from = { source, blocks: context.blocks.image, fill, out };
    await readTiffWindow(layout, layout.image, window, bandIndexes, from, context);
  }
  return out;
}

/** Validity of a window's pixels (1 valid), or null where the file has no mask. */
export async function readValidity(
  cube: ReadableCube,
  window: LineSampleWindow,
  context: ReadContext,
): Promise<Uint8Array | null> {
  const { layout } = cube;
  if (layout.kind === 'raw') return null;
  const source = context.sources.open(layout.source);
  return readMask(layout, window, { source, blocks: context.blocks.mask }, context);
}

/**
 * Values of a window: stored x scale + offset, NaN where nodata or masked, complex as magnitude; band after band.
 * Computed in float64 and rounded once: to float32 where that holds every stored number exactly, not at all otherwise.
 */
export async function readValues(
  cube: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  context: ReadContext,
): Promise<ValueArray> {
  const numbers = await readNumbers(cube, window, bandIndexes, context);
  scaleBands(cube.description, bandIndexes, numbers);
  return numbers;
}

/** Makes numbers of these bands (as many of each, band after band) values in place, rounded to the array's type. */
export function scaleBands(
  { bandRecords }: CubeDescription,
  bandIndexes: ArrayLike<number>,
  numbers: ValueArray,
): void {
  const count = numbers.length / bandIndexes.length;
  for (let k = 0; k < bandIndexes.length; k++) {
    const { scale = null, offset = null } = bandRecords[bandIndexes[k] ?? 0] ?? {};
    scaleNumbers(numbers.subarray(k * count, (k + 1) * count), scale, offset);
  }
}

/**
 * Numbers of a window: what is stored, not scaled, NaN where nodata or masked, complex as magnitude; band after band.
 * This is what filters take: their weights carry scale and offset. Float32 where that holds every stored number exactly,
 * float64 otherwise.
 */
export async function readNumbers(
  cube: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  context: ReadContext,
): Promise<ValueArray> {
  const stored = await readStored(cube, window, bandIndexes, context);
  return numbersOfStored(cube, window, bandIndexes, stored, context);
}

/** As `readNumbers`, from what `readStored` gave for the same window and bands. */
export async function numbersOfStored(
  cube: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  stored: StoredArray,
  context: ReadContext,
): Promise<ValueArray> {
  const valid = await readValidity(cube, window, context);
  const pixels = window.lines * window.samples;
  const { dataType, bandRecords } = cube.description;
  const count = bandIndexes.length * pixels;
  const isSingle = fitsFloat32(dataType);
  const buffer = bufferOf(count * (isSingle ? 4 : 8), context.memory?.values);
  const numbers = isSingle ? new Float32Array(buffer, 0, count) : new Float64Array(buffer, 0, count);
  for (let k = 0; k < bandIndexes.length; k++) {
    const noData = bandRecords[bandIndexes[k] ?? 0]?.noData ?? null;
    const start = k * pixels;
    storedToNumbers({ stored, dataType, start, count: pixels, noData, valid }, numbers, start);
  }
  return numbers;
}

const bufferOf = (bytes: number, scratch: Scratch | undefined): ArrayBuffer =>
  scratch === undefined ? new ArrayBuffer(bytes) : scratch.take(bytes);

const storedArray = (type: DataType, count: number, scratch: Scratch | undefined): StoredArray =>
  storedView(type, bufferOf(count * bytesOf(type), scratch), 0, count);

/** Throws `out-of-range` where a window is empty or leaves the cube. */
export function checkWindow(cube: CubeDescription, window: LineSampleWindow): void {
  const { line0, sample0, lines, samples } = window;
  checkSpan('line', line0, lines, cube.lines);
  checkSpan('sample', sample0, samples, cube.samples);
}

function checkSpan(field: string, first: number, count: number, size: number): void {
  const whole = Number.isInteger(first) && Number.isInteger(count);
  if (!whole || first < 0 || count < 1 || first + count > size) {
    const wanted = count === 1 ? `${field} ${first}` : `${field}s ${first} to ${first + count - 1}`;
    throw new CubelensError('out-of-range', `There is no ${wanted}: ${field}s go from 0 to ${size - 1}.`, {
      field,
      remedy: `Give a ${field} from 0 to ${size - 1}.`,
    });
  }
}

/** Throws `out-of-range` where there is no such band; the message counts from 1 as people do. */
export function checkBand(cube: Pick<CubeDescription, 'bands'>, bandIndex: number): void {
  if (!Number.isInteger(bandIndex) || bandIndex < 0 || bandIndex >= cube.bands) {
    throw new CubelensError(
      'out-of-range',
      `There is no band ${bandIndex + 1}: bands go from 1 to ${cube.bands}.`,
      { field: 'band', remedy: `Give a band from 1 to ${cube.bands}.` },
    );
  }
}
