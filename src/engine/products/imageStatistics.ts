import type { ImageStatistics } from '../contract/statistics.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { Cube } from '../cube/cubes.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { emptySummary, floatOfKey, mergeSummary } from '../kernels/statistics.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { tilesOf, type Images, type TileAddress } from './images.ts';
import type { ImageRecipe } from './recipe.ts';
import { countTask, summariseTask } from './tasks.ts';

/** Tiles worked on at once: enough for the threads, few enough for the memory. */
const tilesAtOnce = 4;

/**
 * Percentiles and histogram of an image in two passes over its tiles, exact for float32 whatever the image's size: the
 * first pass counts the upper 16 bits of each number's sorting key, the second the lower 16 bits where they are needed.
 */
export async function imageStatistics(
  pool: ThreadPool,
  images: Images,
  cube: Cube,
  recipe: Exclude<ImageRecipe, { kind: 'stored' | 'composite' }>,
  wanted: { percentiles: readonly number[]; bins: number },
  job: Pick<JobContext, 'signal' | 'stage' | 'progress'>,
): Promise<ImageStatistics> {
  const { signal } = job;
  const tiles = tilesOf(cube.description);
  job.stage('Reading the image', 2 * tiles.length);
  let done = 0;
  const overTiles = <T>(work: (tile: SharedArrayBuffer) => Promise<T>): Promise<T[]> =>
    mapInOrder(tiles, tilesAtOnce, async (address: TileAddress) => {
      const tile = await images.tile(cube, recipe, address, signal);
      const result = await work(tile.pixels);
      job.progress(++done);
      return result;
    });

  const high = new Float64Array(65_536);
  const summaries = await overTiles(async (tile) => {
    const part = await pool.run(summariseTask, { tile }, { signal });
    addCounts(high, part.high);
    return part.summary;
  });
  // In the order of the tiles, so that the mean's last digit never depends on threads.
  const summary = emptySummary();
  for (const part of summaries) mergeSummary(summary, part);
  const { count, min, max } = summary;
  if (count === 0) return noStatistics(wanted.percentiles);

  const ranks = wanted.percentiles.map((percent) => (percent / 100) * (count - 1));
  const orders = [...new Set(ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]))];
  const buckets = new Map(orders.map((order) => [order, bucketOf(high, order)]));
  const places = [...new Set([...buckets.values()].map((bucket) => bucket.place))];
  const counts = new Float64Array(wanted.bins);
  const low = places.map(() => new Float64Array(65_536));
  const countArgs = { low: min, high: max, bins: wanted.bins, wanted: places };
  await overTiles(async (tile) => {
    const part = await pool.run(countTask, { tile, ...countArgs }, { signal });
    addCounts(counts, part.counts);
    low.forEach((sums, k) => {
      addCounts(sums, part.lowKeys[k] ?? new Uint32Array(0));
    });
  });
  const valueOf = (order: number): number => {
    const bucket = buckets.get(order) ?? { place: 0, rest: 0 };
    const keys = low[places.indexOf(bucket.place)] ?? new Float64Array(0);
    return floatOfKey(((bucket.place << 16) | bucketOf(keys, bucket.rest).place) >>> 0);
  };
  return {
    count,
    min,
    max,
    mean: (summary.sum + summary.correction) / count,
    percentiles: ranks.map((rank, k) => {
      const below = valueOf(Math.floor(rank));
      const above = valueOf(Math.ceil(rank));
      return {
        percent: wanted.percentiles[k] ?? 0,
        value: below + (above - below) * (rank - Math.floor(rank)),
      };
    }),
    histogram: { low: min, high: max, counts: [...counts] },
  };
}

function addCounts(sums: Float64Array, counts: Uint32Array): void {
  for (let place = 0; place < counts.length; place++) sums[place] = (sums[place] ?? 0) + (counts[place] ?? 0);
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

function noStatistics(percentiles: readonly number[]): ImageStatistics {
  return {
    count: 0,
    min: null,
    max: null,
    mean: null,
    percentiles: percentiles.map((percent) => ({ percent, value: null })),
    histogram: null,
  };
}
