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
import { workerSources } from '../cube/tasks.ts';
import {
  addToSummary,
  countBins,
  countHighKeys,
  countLowKeys,
  emptySummary,
  type Summary,
} from '../kernels/statistics.ts';
import { defineTask, type TaskContext } from '../workers/task.ts';
import { maximumStretch, stretchStatistics, type PartialStatistics } from './bandStatistics.ts';
import { bandsOfRows, computeImage, neededBands } from './compute.ts';
import { downsample } from './downsample.ts';
import { operatorFor, operatorNotes } from './operators.ts';
import type { ImageRecipe } from './recipe.ts';
import { pixelSpectrum, spectrumFrame } from './spectrum.ts';

/** What every task on a cube gets: the cube by id and the decoded blocks it will need. */
interface CubeArgs {
  cubeId: string;
  blocks: DecodedBlocks;
}

const cubeOf = (args: { cubeId: string }, context: TaskContext): ReadableCube =>
  context.shared<ReadableCube>(cubeKey(args.cubeId));

/** Memory of this worker's reads: the tasks below copy or sum up what they read before the next task begins. */
const memory = { stored: new Scratch(), values: new Scratch() };

const readContext = (args: CubeArgs, context: TaskContext): ReadContext => ({
  sources: workerSources,
  blocks: args.blocks,
  signal: context.signal,
  memory,
});

/** Bands whose pixels an image needs; refuses what has no image. */
export const planImageTask = defineTask(
  'products.planImage',
  (args: { cubeId: string; recipe: ImageRecipe }, context): number[] =>
    neededBands(cubeOf(args, context), args.recipe),
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
 * One window of an image in shared memory: float32, or the stored type for kind `stored`; that kind brings the pixels'
 * validity too (one byte a pixel, 1 valid) where the file has a mask.
 */
export const imageTask = defineTask(
  'products.image',
  async (
    args: CubeArgs & { recipe: ImageRecipe; window: LineSampleWindow },
    context,
  ): Promise<{ pixels: SharedArrayBuffer; valid: SharedArrayBuffer | null }> => {
    const cube = cubeOf(args, context);
    const reading = readContext(args, context);
    const pixels = shared(await computeImage(cube, args.recipe, args.window, reading));
    const valid = args.recipe.kind === 'stored' ? await readValidity(cube, args.window, reading) : null;
    return { pixels, valid: valid === null ? null : shared(valid) };
  },
);

/** Four (or fewer) tiles of one level as one tile of the next. */
export const downsampleTask = defineTask('products.downsample', downsample);

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

/** First pass over one tile of an image: summary and counts of the upper halves of the sorting keys. */
export const summariseTask = defineTask(
  'products.summarise',
  (args: { tile: SharedArrayBuffer }): { summary: Summary; high: Uint32Array } => {
    const values = new Float32Array(args.tile);
    const summary = emptySummary();
    addToSummary(summary, values);
    const high = new Uint32Array(65_536);
    countHighKeys(values, high);
    return { summary, high };
  },
);

/** Second pass: counts in equal bins, and of the lower key halves of the wanted upper halves. */
export const countTask = defineTask(
  'products.count',
  (args: {
    tile: SharedArrayBuffer;
    low: number;
    high: number;
    bins: number;
    wanted: number[];
  }): { counts: Uint32Array; lowKeys: Uint32Array[] } => {
    const values = new Float32Array(args.tile);
    const counts = new Uint32Array(args.bins);
    countBins(values, args.low, args.high, counts);
    const lowKeys = args.wanted.map((high) => {
      const keys = new Uint32Array(65_536);
      countLowKeys(values, high, keys);
      return keys;
    });
    return { counts, lowKeys };
  },
);

/** Lines of a statistics window, so that its integer sums stay exact. */
export function statisticsLines(samples: number): number {
  return Math.max(1, Math.floor(maximumStretch / samples));
}

function shared(image: StoredArray): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(image.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(image.buffer, image.byteOffset, image.byteLength));
  return buffer;
}

/** Tasks of this folder. */
export const productTasks = [
  planImageTask,
  filteredBandsTask,
  imageTask,
  downsampleTask,
  spectrumFrameTask,
  spectrumTask,
  bandStatisticsTask,
  summariseTask,
  countTask,
];
