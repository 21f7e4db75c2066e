import type { Assumption } from '../contract/cube.ts';
import type { BandStatistics } from '../contract/statistics.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { Work } from '../base/work.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { checkBand } from '../cube/read.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { joinStatistics, type PartialStatistics } from './bandStatistics.ts';
import { bandStatisticsTask, statisticsLines } from './tasks.ts';

/**
 * Sum, min, max and count of some bands over valid stored values. Stretches are whole lines of at most 2^20 pixels,
 * joined in their order, so that the last digit of a float sum does not depend on threads.
 */
export async function readBandStatistics(
  pool: ThreadPool,
  cubes: Cubes,
  cube: Cube,
  bandIndexes: readonly number[],
  job: JobContext,
): Promise<{ bands: BandStatistics[]; assumptions: Assumption[] }> {
  const { description, cubeId } = cube;
  const { lines, samples } = description;
  for (const bandIndex of bandIndexes) checkBand(description, bandIndex);
  const work: Work = { signal: job.signal, priority: 'statistics' };
  const step = statisticsLines(samples);
  const starts = Array.from({ length: Math.ceil(lines / step) }, (_, k) => k * step);
  const stretches = bandIndexes.flatMap((bandIndex) => starts.map((line0) => ({ bandIndex, line0 })));
  job.stage('Reading bands', stretches.length);
  let done = 0;
  const parts = await mapInOrder(stretches, pool.threads + 1, async ({ bandIndex, line0 }) => {
    const window = { line0, sample0: 0, lines: Math.min(step, lines - line0), samples };
    const blocks = await cubes.blocks.fetch(cube, window, [bandIndex], work);
    const part = await pool.run(bandStatisticsTask, { cubeId, blocks, bandIndex, window }, work);
    job.progress(++done);
    return part;
  });
  const ofBand = (k: number): PartialStatistics[] => parts.slice(k * starts.length, (k + 1) * starts.length);
  return {
    bands: bandIndexes.map((bandIndex, k) => joinStatistics(bandIndex, ofBand(k))),
    assumptions: description.assumptions,
  };
}
