import { randomUUID } from 'node:crypto';
import { CubelensError } from '../../base/errors.ts';
import { mapInOrder } from '../../base/mapInOrder.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { Work } from '../../base/work.ts';
import type { MaximiseScene } from '../../contract/maximise.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import type { ReadableFile } from '../../io/grants.ts';
import { nearestInWindowTask } from '../data/tableTasks.ts';
import { bandsOfClassifier } from './bandsOfClassifier.ts';
import { inputPlaces } from './inputs.ts';
import type { SavedFacts } from './savedFacts.ts';

/** Numbers of one window. */
const numbersAtOnce = 2 ** 21;

/**
 * The pixel of a cube whose spectrum is nearest to a given one of a classifier's spectrum: all pixels are looked at, window by
 * window. Throws `invalid-request` for a cube that does not fit, `degenerate` where no pixel has all values.
 */
export async function nearestOfCube(
  { pool, cubes }: Pick<ExportEngine, 'pool' | 'cubes'>,
  file: ReadableFile,
  facts: Pick<SavedFacts, 'columns' | 'wavelengthsNm' | 'auxiliary'>,
  spectrum: readonly number[],
  work: Work,
): Promise<NonNullable<MaximiseScene['nearest']>> {
  const holder = `nearest ${randomUUID()}`;
  try {
    const cube = await cubes.open(file, {}, holder, work.signal);
    const { description, cubeId } = cube;
    const { bands: all, notes } = bandsOfClassifier(facts, description);
    const bands = Array.from(inputPlaces(facts.columns, facts.auxiliary).spectrum, (k) => all[k] as number);
    const { lines, samples } = description;
    const step = Math.max(1, Math.floor(numbersAtOnce / (samples * bands.length)));
    const windows = Array.from({ length: Math.ceil(lines / step) }, (_, k): LineSampleWindow => {
      const line0 = k * step;
      return { line0, sample0: 0, lines: Math.min(step, lines - line0), samples };
    });
    const found = await cubes.using(cube, () =>
      mapInOrder(windows, pool.threads + 1, async (window) => {
        const blocks = await cubes.blocks.fetch(cube, window, bands, work);
        return pool.run(
          nearestInWindowTask,
          { cubeId, blocks, window, bands, spectrum: [...spectrum] },
          work,
        );
      }),
    );
    const nearest = found.reduce((best, one) =>
      one !== null && (best === null || one.square < best.square) ? one : best,
    );
    if (nearest === null || nearest === undefined) {
      throw new CubelensError('degenerate', `${description.file}: no pixel has a value in all bands.`, {
        file: description.file,
        field: 'nearest',
        remedy: 'Give another cube of the scene.',
      });
    }
    const { line, sample, square } = nearest;
    return { file: description.file, line, sample, distance: Math.sqrt(square), notes };
  } finally {
    cubes.closeAll(holder);
  }
}
