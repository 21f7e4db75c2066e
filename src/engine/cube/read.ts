import {
  bytesOf,
  storedView,
  type DataType,
  type StoredArray,
  type SummandArray,
  type ValueArray,
  fitsFloat32,
  isComplexType,
} from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { Scratch } from '../base/scratch.ts';
import type { CancelOptions } from '../base/signal.ts';
import type { LineSampleWindow } from '../base/window.ts';
import type { SourceOpener } from '../io/byteSource.ts';
import { scaleNumbers, storedToNumbers } from '../kernels/convert.ts';
import type { CubeDescription, Layout } from './cube.ts';
import type { GeoTiffLayout, TiffBlocks } from './formats/geotiff/layout.ts';
import { maskSource, readMask, readTiffWindow } from './formats/geotiff/read.ts';
import { fullGrid, gridSize, placesOf, spanOf, type GridPlaces, type PixelGrid } from './grid.ts';
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
  /** Which pixels stand for the image; windows are in its lines and samples. Left out: all of them. */
  grid?: PixelGrid;
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
  const { grid = fullGrid } = context;
  checkWindow(gridSize(cube.description, grid), window);
  for (let k = 0; k < bandIndexes.length; k++) checkBand(cube.description, bandIndexes[k] ?? -1);
  const count = bandIndexes.length * window.lines * window.samples;
  if (count * bytesOf(cube.description.dataType) > maximumReadBytes) {
    throw new CubelensError('resource-exhausted', `A read of ${count} values at once is too large.`);
  }
  const out = storedArray(cube.description.dataType, count, context.memory?.stored);
  const { layout } = cube;
  const source = context.sources.open(layout.source);
  const image = layout.kind === 'raw' ? layout : gridImage(layout, grid);
  const read = async (part: LineSampleWindow, into: StoredArray): Promise<void> => {
    if (layout.kind === 'raw') {
      await readRawWindow({ layout, window: part, bandIndexes, source }, into, context);
    } else {
      const fill = cube.description.bandRecords[0]?.noData ?? 0;
      const from = { source, blocks: context.blocks.image, fill, out: into };
      await readTiffWindow(layout, gridImage(layout, grid), part, bandIndexes, from, context);
    }
  };
  if (grid.kind === 'full') await read(window, out);
  else {
    const pixelBytes = cube.description.bands * bytesOf(cube.description.dataType);
    const isScattered = layout.kind === 'raw' && layout.interleave === 'bip';
    await gather(read, placesOf(window, grid, image), {
      out,
      planes: bandIndexes.length,
      dataType: cube.description.dataType,
      // A line of pixel-interleaved data brings all bands of all samples between along: then pixel by pixel.
      mostSpanSamples: isScattered ? Math.max(1, Math.floor(mostSpanBytes / pixelBytes)) : Infinity,
    });
  }
  return out;
}

/** Bytes of one line that are read for a few of its pixels. */
const mostSpanBytes = 64 * 1024;

/** The blocks that a grid's pixels are taken from. Throws `internal` where there is no such overview. */
export function gridImage(layout: GeoTiffLayout, grid: PixelGrid): TiffBlocks {
  if (grid.kind !== 'overview') return layout.image;
  const overview = layout.overviews[grid.index];
  if (overview === undefined) throw new CubelensError('internal', `There is no overview ${grid.index}.`);
  return overview;
}

/** Reads the places of a grid line by line (or pixel by pixel) and puts them together, plane after plane. */
async function gather(
  read: (window: LineSampleWindow, into: StoredArray) => Promise<void>,
  { lines, samples }: GridPlaces,
  to: { out: StoredArray; planes: number; dataType: DataType; mostSpanSamples: number },
): Promise<void> {
  const { out, planes, dataType, mostSpanSamples } = to;
  const spans = spanOf(0, samples).samples > mostSpanSamples ? samples.map((one) => [one]) : [samples];
  const parts = isComplexType(dataType) ? 2 : 1;
  for (const [i, line] of lines.entries()) {
    let column = 0;
    for (const span of spans) {
      const window = spanOf(line, span);
      const piece = storedArray(dataType, planes * window.samples, undefined);
      await read(window, piece);
      for (let plane = 0; plane < planes; plane++) {
        const target = (plane * lines.length + i) * samples.length + column;
        span.forEach((sample, j) => {
          const from = plane * window.samples + sample - window.sample0;
          for (let part = 0; part < parts; part++) {
            // Both arrays are of the stored type.
            (out as Float64Array)[(target + j) * parts + part] =
              (piece as Float64Array)[from * parts + part] ?? 0;
          }
        });
      }
      column += span.length;
    }
  }
}

/** Validity of a window's pixels (1 valid), or null where the file has no mask. */
export async function readValidity(
  cube: ReadableCube,
  window: LineSampleWindow,
  context: ReadContext,
): Promise<Uint8Array | null> {
  const { layout } = cube;
  if (layout.kind === 'raw') return null;
  const reading = { source: context.sources.open(layout.source), blocks: context.blocks.mask };
  const { grid = fullGrid } = context;
  if (grid.kind === 'full') return readMask(layout, window, reading, context);
  if (maskSource(layout) === null) return null;
  const { lines, samples } = placesOf(window, grid, layout.image);
  const valid = new Uint8Array(window.lines * window.samples);
  for (const [i, line] of lines.entries()) {
    const span = spanOf(line, samples);
    const whole = await readMask(layout, span, reading, context);
    samples.forEach((sample, j) => (valid[i * samples.length + j] = whole?.[sample - span.sample0] ?? 0));
  }
  return valid;
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

/**
 * What a filter sums: as `readNumbers`, but small whole numbers that are all valid as they are stored, without a pass over
 * them.
 */
export async function readSummands(
  cube: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: readonly number[],
  context: ReadContext,
): Promise<SummandArray> {
  const stored = await readStored(cube, window, bandIndexes, context);
  const { bandRecords } = cube.description;
  const areValid =
    bandIndexes.every((bandIndex) => (bandRecords[bandIndex]?.noData ?? null) === null) &&
    (cube.layout.kind === 'raw' || maskSource(cube.layout) === null);
  if (areValid && isSmallInteger(stored)) return stored;
  return numbersOfStored(cube, window, bandIndexes, stored, context);
}

const isSmallInteger = (stored: StoredArray): stored is Int8Array | Uint8Array | Int16Array | Uint16Array =>
  stored instanceof Int16Array ||
  stored instanceof Uint16Array ||
  stored instanceof Int8Array ||
  stored instanceof Uint8Array;

const bufferOf = (bytes: number, scratch: Scratch | undefined): ArrayBuffer =>
  scratch === undefined ? new ArrayBuffer(bytes) : scratch.take(bytes);

const storedArray = (type: DataType, count: number, scratch: Scratch | undefined): StoredArray =>
  storedView(type, bufferOf(count * bytesOf(type), scratch), 0, count);

/** Throws `out-of-range` where a window is empty or leaves the cube. */
export function checkWindow(cube: { lines: number; samples: number }, window: LineSampleWindow): void {
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
