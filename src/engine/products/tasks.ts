import type { FilterBandAnswer, PixelReading } from '../contract/readings.ts';
import type { CompleteImageParameters } from '../contract/images.ts';
import type { FilterSettings } from '../contract/filter.ts';
import type { PixelSpectrum, SpectrumResult } from '../contract/spectra.ts';
import type { StoredArray } from '../base/dataTypes.ts';
import { Scratch } from '../base/scratch.ts';
import type { LineSampleWindow } from '../base/window.ts';
import {
  cubeKey,
  readStored,
  readValidity,
  type DecodedBlocks,
  type ReadableCube,
  type ReadContext,
} from '../cube/read.ts';
import type { PixelGrid } from '../cube/grid.ts';
import { workerSources } from '../cube/tasks.ts';
import {
  addToSummary,
  countBins,
  countHighKeys,
  countLowKeys,
  emptySummary,
  type KeyCounts,
  type Summary,
} from '../kernels/statistics.ts';
import { defineTask, type Task, type TaskContext } from '../workers/task.ts';
import { maximumStretch, stretchStatistics, type PartialStatistics } from './bandStatistics.ts';
import { bandsOfRows, filteredImage, neededBands, valuesImage } from './compute.ts';
import { downsample, type Quad } from './downsample.ts';
import { operatorFor, operatorNotes } from './operators.ts';
import type { ImageTaskArgs, ImageTaskResult } from './imageKind.ts';
import { filterAtBand } from './filterBand.ts';
import { planesAtPixel, type PixelImage } from './pixelImage.ts';
import { bandPixel, pixelSpectrum, spectrumFrame } from './spectrum.ts';

/** What every task on a cube gets: the cube by id and the decoded blocks it will need. */
export interface CubeArgs {
  cubeId: string;
  blocks: DecodedBlocks;
}

/** The cube that a task works on. */
export const cubeOf = (args: { cubeId: string }, context: TaskContext): ReadableCube =>
  context.shared<ReadableCube>(cubeKey(args.cubeId));

/** Memory of this worker's reads: the tasks below copy or sum up what they read before the next task begins. */
const memory = { stored: new Scratch(), values: new Scratch() };

/** How a task reads: what it reads holds until this worker's next read. */
export const readContext = (args: CubeArgs & { grid?: PixelGrid }, context: TaskContext): ReadContext => ({
  sources: workerSources,
  blocks: args.blocks,
  signal: context.signal,
  memory,
  ...(args.grid === undefined ? {} : { grid: args.grid }),
});

/** Bands whose pixels some filtered bands need; refuses what has no image. */
export const neededBandsTask = defineTask(
  'products.neededBands',
  (args: { cubeId: string; filter: FilterSettings; bandIndexes: number[] }, context): number[] =>
    neededBands(cubeOf(args, context), args.filter, args.bandIndexes),
);

/** Bands whose pixels a filtered cube of these bands needs, and what the filter leaves out, in sentences. */
export const filteredBandsTask = defineTask(
  'products.filteredBands',
  (
    args: { cubeId: string; filter: FilterSettings; bandIndexes: number[] },
    context,
  ): { needed: number[]; notes: string[] } => {
    const operator = operatorFor(cubeOf(args, context), args.filter);
    return { needed: bandsOfRows(operator, args.bandIndexes), notes: operatorNotes(operator) };
  },
);

/**
 * Declares the task of a kind of image. `Parameters` are those that the kind's `complete` gives. The array that `compute`
 * returns is given away, unless it stands in the reading's own memory.
 */
export function defineImageTask<Parameters>(
  kind: string,
  compute: (
    cube: ReadableCube,
    parameters: Parameters,
    window: LineSampleWindow,
    reading: ReadContext,
    prepared: SharedArrayBuffer | undefined,
  ) => Promise<StoredArray>,
): Task<ImageTaskArgs, ImageTaskResult> {
  return defineTask(`image.${kind}`, async (args: ImageTaskArgs, context): Promise<ImageTaskResult> => {
    const cube = cubeOf(args, context);
    const { parameters, window, prepared } = args;
    const image = await compute(cube, parameters as Parameters, window, readContext(args, context), prepared);
    return { pixels: moved(image, context), valid: null };
  });
}

export const bandImageTask = defineImageTask<CompleteImageParameters['band']>(
  'band',
  (cube, { bandIndex }, window, reading) => valuesImage(cube, [bandIndex], window, reading),
);

export const filteredImageTask = defineImageTask<CompleteImageParameters['filtered']>(
  'filtered',
  (cube, { bandIndex, filter }, window, reading) => filteredImage(cube, [bandIndex], filter, window, reading),
);

export const compositeImageTask = defineImageTask<CompleteImageParameters['composite']>(
  'composite',
  (cube, { bandIndexes, filter }, window, reading) =>
    filter === null
      ? valuesImage(cube, bandIndexes, window, reading)
      : filteredImage(cube, bandIndexes, filter, window, reading),
);

/** Stored numbers bring the pixels' validity along where the file has a mask. */
export const storedImageTask = defineTask(
  'image.stored',
  async (args: ImageTaskArgs, context): Promise<ImageTaskResult> => {
    const cube = cubeOf(args, context);
    const reading = readContext(args, context);
    const { bandIndex } = args.parameters as CompleteImageParameters['stored'];
    const pixels = moved(await readStored(cube, args.window, [bandIndex], reading), context);
    const valid = await readValidity(cube, args.window, reading);
    return { pixels, valid: valid === null ? null : moved(valid, context) };
  },
);

/** Four (or fewer) tiles of one level as one tile of the next. */
export const downsampleTask = defineTask('products.downsample', (quad: Quad, context) =>
  context.transfer(downsample(quad)),
);

/** All that a spectrum answer holds beside its pixels; refuses a filter that does not fit the cube. */
export const spectrumFrameTask = defineTask(
  'products.spectrumFrame',
  (args: { cubeId: string; filter: FilterSettings | null }, context): Omit<SpectrumResult, 'pixels'> =>
    spectrumFrame(cubeOf(args, context), args.filter),
);

/** The spectrum of one pixel. */
export const spectrumTask = defineTask(
  'products.spectrum',
  (
    args: CubeArgs & { at: { line: number; sample: number }; filter: FilterSettings | null },
    context,
  ): Promise<PixelSpectrum> =>
    pixelSpectrum(cubeOf(args, context), args.at, args.filter, readContext(args, context)),
);

/** One pixel's stored number and value of a band, and an image's planes there. */
export const readPixelTask = defineTask(
  'products.readPixel',
  async (
    args: CubeArgs & { window: LineSampleWindow; bandIndex: number; image: PixelImage | null },
    context,
  ): Promise<Pick<PixelReading, 'stored' | 'value' | 'image'>> => {
    const cube = cubeOf(args, context);
    const { cubeId, blocks, window, bandIndex, image } = args;
    const { stored, value } = await bandPixel(cube, bandIndex, window, readContext(args, context));
    if (image === null) return { stored, value, image: null };
    const { parameters, prepared } = image;
    const asked: ImageTaskArgs = { cubeId, blocks, parameters, window, prepared };
    const { pixels } = await context.call<ImageTaskResult>(image.task, asked);
    return { stored, value, image: planesAtPixel(pixels, image) };
  },
);

/** What a filter does at one band; refuses a band that has no filtered value. */
export const filterBandTask = defineTask(
  'products.filterBand',
  (args: { cubeId: string; filter: FilterSettings; bandIndex: number }, context): FilterBandAnswer =>
    filterAtBand(cubeOf(args, context), args.filter, args.bandIndex),
);

/** Statistics of one band over a window of at most `maximumStretch` pixels, stretch by stretch. */
export const bandStatisticsTask = defineTask(
  'products.bandStatistics',
  async (
    args: CubeArgs & { bandIndex: number; window: LineSampleWindow },
    context,
  ): Promise<PartialStatistics> => {
    const cube = cubeOf(args, context);
    const reading = readContext(args, context);
    const stored = await readStored(cube, args.window, [args.bandIndex], reading);
    const valid = await readValidity(cube, args.window, reading);
    const noData = cube.description.bandRecords[args.bandIndex]?.noData ?? null;
    return stretchStatistics(stored, cube.description.dataType, noData, valid);
  },
);

/** First pass over one tile of an image, plane by plane: summary and counts of the upper halves of the sorting keys. */
export const summariseTask = defineTask(
  'products.summarise',
  (args: { tile: ArrayBuffer; planes: number }): { summary: Summary; high: KeyCounts }[] =>
    planesOfTile(args.tile, args.planes).map((values) => {
      const summary = emptySummary();
      addToSummary(summary, values);
      return { summary, high: countHighKeys(values) };
    }),
);

/** What the second pass counts of one plane: equal bins from low to high, and keys with these upper halves. */
export interface WantedCounts {
  low: number;
  high: number;
  bins: number;
  wanted: number[];
}

/** Second pass, plane by plane: counts in equal bins, and of the lower key halves of the wanted upper halves. */
export const countTask = defineTask(
  'products.count',
  (args: { tile: ArrayBuffer; planes: WantedCounts[] }): { counts: Uint32Array; lowKeys: KeyCounts[] }[] =>
    planesOfTile(args.tile, args.planes.length).map((values, k) => {
      const { low, high, bins, wanted } = args.planes[k] ?? { low: 0, high: 0, bins: 0, wanted: [] };
      const counts = new Uint32Array(bins);
      countBins(values, low, high, counts);
      return { counts, lowKeys: wanted.map((place) => countLowKeys(values, place)) };
    }),
);

function planesOfTile(tile: ArrayBuffer, planes: number): Float32Array[] {
  const values = new Float32Array(tile);
  const pixels = values.length / planes;
  return Array.from({ length: planes }, (_, k) => values.subarray(k * pixels, (k + 1) * pixels));
}

/** Lines of a statistics window, so that its integer sums stay exact. */
export function statisticsLines(samples: number): number {
  return Math.max(1, Math.floor(maximumStretch / samples));
}

/**
 * The numbers as a buffer that moves to the engine thread with the answer; a copy where they stand in memory that is used
 * again. Not shared memory: V8 does not count that towards
 * its next collection, and tiles that nobody keeps would pile up.
 */
function moved(image: StoredArray, context: TaskContext): ArrayBuffer {
  const { buffer: own, byteLength } = image;
  const isReused = memory.stored.holds(own) || memory.values.holds(own);
  if (own instanceof ArrayBuffer && own.byteLength === byteLength && !isReused) return context.transfer(own);
  const buffer = new ArrayBuffer(byteLength);
  new Uint8Array(buffer).set(new Uint8Array(own, image.byteOffset, byteLength));
  return context.transfer(buffer);
}

/** Tasks of this folder. */
export const productTasks = [
  neededBandsTask,
  filteredBandsTask,
  bandImageTask,
  storedImageTask,
  filteredImageTask,
  compositeImageTask,
  downsampleTask,
  spectrumFrameTask,
  spectrumTask,
  readPixelTask,
  filterBandTask,
  bandStatisticsTask,
  summariseTask,
  countTask,
];
