import type { FilterSettings } from '../contract/filter.ts';
import type { SpectrumResult } from '../contract/spectra.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { Work } from '../base/work.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { checkWindow } from '../cube/read.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { spectrumFrameTask, spectrumTask } from './tasks.ts';

/** Spectra of some pixels (line and sample from 0), in their order. Throws `out-of-range` before anything is read. */
export async function readSpectra(
  pool: ThreadPool,
  cubes: Cubes,
  cube: Cube,
  wanted: { at: readonly { line: number; sample: number }[]; filter: FilterSettings | null },
  work: Work,
): Promise<SpectrumResult> {
  const { cubeId, description } = cube;
  const { filter } = wanted;
  for (const { line, sample } of wanted.at) {
    checkWindow(description, { line0: line, sample0: sample, lines: 1, samples: 1 });
  }
  const allBands = description.bandRecords.map((_, bandIndex) => bandIndex);
  // Side by side: a click waits for one trip to a worker, not for two.
  const frame = pool.run(spectrumFrameTask, { cubeId, filter }, work);
  const pixels = mapInOrder(wanted.at, pool.threads, async (at) => {
    const window = { line0: at.line, sample0: at.sample, lines: 1, samples: 1 };
    const blocks = await cubes.blocks.fetch(cube, window, allBands, work);
    return pool.run(spectrumTask, { cubeId, blocks, at, filter }, work);
  });
  const [shared, all] = await Promise.all([frame, pixels]);
  return { ...shared, pixels: all };
}
