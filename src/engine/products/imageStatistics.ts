import { CubelensError } from '../base/errors.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import { mostStatisticsPixels, type ImageStatistics, type PlaneStatistics } from '../contract/statistics.ts';
import type { Work } from '../base/work.ts';
import type { Cube } from '../cube/cubes.ts';
import {
  emptySummary,
  floatOfKey,
  mergeSummary,
  type KeyCounts,
  type Summary,
} from '../kernels/statistics.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { levelCount, levelSize, tilesOf, type Images, type Tile } from './images.ts';
import type { ImageRecipe } from './recipe.ts';
import { countTask, summariseTask, type WantedCounts } from './tasks.ts';

/** Tiles worked on at once: enough for the threads, few enough for the memory. */
const tilesAtOnce = 4;

/** What is asked of an image, and how its work is followed. */
export interface StatisticsWanted {
  percentiles: readonly number[];
  bins: number;
  /** Level of the pixels; 0 is exact. */
  level: number;
}

/**
 * Percentiles and histogram of all planes of an image in two passes over its tiles, exact for float32 whatever the
 * image's size: the first pass counts the upper 16 bits of each number's sorting key, the second the lower 16 bits where
 * they are needed. Throws `invalid-request` for stored numbers, which are not float32.
 */
export async function imageStatistics(
  pool: ThreadPool,
  images: Images,
  cube: Cube,
  recipe: ImageRecipe,
  wanted: StatisticsWanted,
  work: Work,
  progress: { begins?: (steps: number) => void; done?: (steps: number) => void } = {},
): Promise<ImageStatistics> {
  const plan = await images.plan(cube, recipe, work);
  if (plan.holds === 'stored') {
    throw new CubelensError('invalid-request', 'Statistics are of values, not of stored numbers.', {
      field: 'image.kind',
      remedy: 'Ask for the image of kind band, or for band-statistics.',
    });
  }
  const tiles = tilesOf(cube.description, wanted.level);
  progress.begins?.(2 * tiles.length);
  let done = 0;
  const overTiles = <T>(each: (tile: Tile) => Promise<T>): Promise<T[]> =>
    mapInOrder(tiles, tilesAtOnce, async (address) => {
      const result = await each(await images.tile(cube, recipe, address, work));
      progress.done?.(++done);
      return result;
    });

  const planes = plan.planes.map(() => new PlaneCounts(wanted));
  const parts = await overTiles(async (tile) => {
    const part = await pool.run(summariseTask, { tile: tile.pixels, planes: tile.planes }, work);
    // At once, so that none pile up: their sums are the same in any order.
    part.forEach(({ high }, k) => planes[k]?.addHigh(high));
    return part.map(({ summary }) => summary);
  });
  // In the order of the tiles, so that the mean's last digit never depends on threads.
  for (const part of parts) part.forEach((summary, k) => planes[k]?.addSummary(summary));
  if (planes.some((plane) => plane.count > 0)) {
    const counted = planes.map((plane) => plane.wanted());
    await overTiles(async (tile) => {
      const args = { tile: tile.pixels, planes: counted };
      const part = await pool.run(countTask, args, work);
      part.forEach(({ counts, lowKeys }, k) => planes[k]?.addLow(counts, lowKeys));
    });
  }
  return { level: wanted.level, planes: planes.map((plane) => plane.result()) };
}

/** Pixels that a coarse level for a live stretch has at most. */
const coarsePixels = 512 * 512;

/**
 * The level whose pixels statistics are made of: the one asked for, or with `auto` the finest of at most 512 x 512 pixels.
 * Throws `out-of-range` for a level that is not there, and where it has too many pixels for an answer at once.
 */
export function statisticsLevel(image: { lines: number; samples: number }, asked: number | 'auto'): number {
  const levels = Array.from({ length: levelCount(image) }, (_, level) => level);
  const pixelsOf = (level: number): number => {
    const { lines, samples } = levelSize(image, level);
    return lines * samples;
  };
  const last = levels.length - 1;
  const level = asked === 'auto' ? (levels.find((one) => pixelsOf(one) <= coarsePixels) ?? last) : asked;
  if (level > last) {
    throw new CubelensError('out-of-range', `There is no level ${level}: the last one is ${last}.`, {
      field: 'level',
      remedy: `Give a level from 0 to ${last}, or auto.`,
    });
  }
  if (pixelsOf(level) > mostStatisticsPixels) {
    throw new CubelensError(
      'out-of-range',
      `The image has ${pixelsOf(level)} pixels at level ${level}; an answer at once is of at most ${mostStatisticsPixels}.`,
      { field: 'level', remedy: 'Ask for level=auto, or start the job image-statistics.' },
    );
  }
  return level;
}

/** The counts of one plane, and what comes of them. */
class PlaneCounts {
  readonly #percentiles: readonly number[];
  readonly #summary = emptySummary();
  readonly #high = new Float64Array(65_536);
  readonly #counts: Float64Array;
  #places: number[] = [];
  #low: Float64Array[] = [];

  constructor({ percentiles, bins }: StatisticsWanted) {
    this.#percentiles = percentiles;
    this.#counts = new Float64Array(bins);
  }

  get count(): number {
    return this.#summary.count;
  }

  addSummary(summary: Summary): void {
    mergeSummary(this.#summary, summary);
  }

  addHigh(high: KeyCounts): void {
    addKeyCounts(this.#high, high);
  }

  /** What the second pass counts; call it once, after the first. */
  wanted(): WantedCounts {
    const { min, max } = this.#summary;
    const orders = this.#ranks().flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]);
    this.#places = [...new Set(orders.map((order) => bucketOf(this.#high, order).place))];
    this.#low = this.#places.map(() => new Float64Array(65_536));
    return { low: min, high: max, bins: this.#counts.length, wanted: this.#places };
  }

  addLow(counts: Uint32Array, lowKeys: readonly KeyCounts[]): void {
    for (const [bin, count] of counts.entries()) this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
    lowKeys.forEach((keys, k) => addKeyCounts(this.#low[k], keys));
  }

  result(): PlaneStatistics {
    const { count, min, max, sum, correction } = this.#summary;
    if (count === 0) {
      const percentiles = this.#percentiles.map((percent) => ({ percent, value: null }));
      return { count: 0, min: null, max: null, mean: null, percentiles, histogram: null };
    }
    return {
      count,
      min,
      max,
      mean: (sum + correction) / count,
      percentiles: this.#ranks().map((rank, k) => {
        const below = this.#valueOf(Math.floor(rank));
        const above = this.#valueOf(Math.ceil(rank));
        return {
          percent: this.#percentiles[k] ?? 0,
          value: below + (above - below) * (rank - Math.floor(rank)),
        };
      }),
      histogram: { low: min, high: max, counts: [...this.#counts] },
    };
  }

  #ranks(): number[] {
    return this.count === 0 ? [] : this.#percentiles.map((percent) => (percent / 100) * (this.count - 1));
  }

  /** The value of this order (from 0) among all. */
  #valueOf(order: number): number {
    const bucket = bucketOf(this.#high, order);
    const keys = this.#low[this.#places.indexOf(bucket.place)] ?? new Float64Array(0);
    return floatOfKey(((bucket.place << 16) | bucketOf(keys, bucket.rest).place) >>> 0);
  }
}

function addKeyCounts(sums: Float64Array | undefined, { places, counts }: KeyCounts): void {
  if (sums === undefined) return;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    sums[place] = (sums[place] ?? 0) + (counts[i] ?? 0);
  }
}

/** The bucket that holds the value of this order (from 0), and its order inside the bucket. */
function bucketOf(counts: ArrayLike<number>, order: number): { place: number; rest: number } {
  let rest = order;
  for (let place = 0; place < counts.length; place++) {
    const here = counts[place] ?? 0;
    if (rest < here) return { place, rest };
    rest -= here;
  }
  return { place: counts.length - 1, rest: 0 };
}
