import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type {
  BandCalibration,
  BandsCalibrationAnswer,
  CalibrationAnswer,
  CalibrationOptions,
} from '../contract/calibration.ts';
import { plainBand } from '../cube/cube.ts';
import type { Cube } from '../cube/cubes.ts';
import type { ExportEngine } from '../exports/exportKind.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { bandBoardTask, checkBandPixels } from './photoTasks.ts';
import { photoViews, type SeenBoard } from './photoViews.ts';
import { calibrateTask } from './tasks.ts';

/** Cubes that each show the board once, the groups of bands to calibrate (indexes from 0), and how. */
export interface BandsOrder {
  cubes: readonly ReadableFile[];
  board: readonly [number, number];
  bands: readonly (readonly number[])[];
  options: CalibrationOptions;
}

/** Band images looked at at once. */
const imagesAtOnce = 3;

/**
 * A camera for each group of bands: the board is looked for in the mean of the group's bands in every cube. A band in which
 * it cannot be calibrated says why, and the others stand. Throws `out-of-range` for a band that a cube does not have,
 * `degenerate` where no band could be calibrated.
 */
export async function runBands(
  engine: ExportEngine,
  { cubes: files, board, bands, options }: BandsOrder,
  job: JobContext,
): Promise<BandsCalibrationAnswer> {
  const holder = `calibration ${randomUUID()}`;
  const { signal } = job;
  const run = { signal, priority: 'export' as const };
  try {
    job.stage('Opening the cubes', files.length);
    const cubes: Cube[] = [];
    for (const file of files) {
      cubes.push(await engine.cubes.open(file, {}, holder, signal));
      job.progress(cubes.length);
    }
    for (const cube of cubes) checkBands(cube, bands);
    job.stage('Looking for the board', bands.length * cubes.length);
    let done = 0;
    const answers: BandCalibration[] = [];
    let imageSize: [number, number] | null = null;
    for (const group of bands) {
      const seen = await mapInOrder(cubes, imagesAtOnce, async (cube): Promise<SeenBoard> => {
        const { lines, samples } = cube.description;
        const window = { line0: 0, sample0: 0, lines, samples };
        const found = await engine.cubes.using(cube, async () => {
          const blocks = await engine.cubes.blocks.fetch(cube, window, [...group], run);
          const args = { cubeId: cube.cubeId, blocks, window, bandIndexes: [...group], board };
          return engine.pool.run(bandBoardTask, args, run);
        });
        done += 1;
        job.progress(done);
        return found;
      });
      const views = seen.map((one, k) => ({ name: basename(files[k]?.path ?? ''), board: one }));
      const place = {
        band: (group[0] ?? 0) + 1,
        bands: group.map((index) => index + 1),
        wavelengthNm: meanWavelength(cubes, group),
      };
      try {
        const { points, notes } = photoViews(views, board);
        const source = { kind: 'points' as const, points };
        const answer: CalibrationAnswer = await engine.pool.run(calibrateTask, { source, options }, run);
        imageSize ??= answer.imageSize;
        const { models, test } = answer;
        answers.push({
          ...place,
          models,
          test,
          views: answer.views,
          notes: [...answer.notes, ...notes],
          problem: null,
        });
      } catch (thrown) {
        const error = asCubelensError(thrown);
        if (error.code === 'cancelled' || error.code === 'internal') throw thrown;
        answers.push({ ...place, models: [], test: null, views: [], notes: [], problem: error.message });
      }
    }
    return joined(answers, imageSize, cubes, options);
  } finally {
    engine.cubes.closeAll(holder);
  }
}

function joined(
  bands: BandCalibration[],
  imageSize: [number, number] | null,
  cubes: readonly Cube[],
  { squareMm }: CalibrationOptions,
): BandsCalibrationAnswer {
  if (imageSize === null) {
    const [first] = bands;
    throw new CubelensError(
      'degenerate',
      `No band could be calibrated: ${first?.problem ?? 'there is none.'}`,
      {
        field: 'bands',
        remedy: 'Choose bands in which the board is light and dark, sharp and without noise.',
      },
    );
  }
  const notes: string[] = [];
  if (bands.every(({ wavelengthNm }) => wavelengthNm === null)) {
    notes.push('The cubes have no wavelengths: bands are shown by their number.');
  }
  if (new Set(cubes.map(({ cubeId }) => cubeId)).size < cubes.length) {
    notes.push('Some cubes are the same file: a view that comes twice adds nothing.');
  }
  return { imageSize, translationUnit: squareMm === undefined ? 'board' : 'mm', bands, notes };
}

function checkBands({ description }: Cube, bands: readonly (readonly number[])[]): void {
  const { file, bandRecords, lines, samples } = description;
  for (const group of bands) {
    for (const index of group) {
      if (index < bandRecords.length) continue;
      throw new CubelensError(
        'out-of-range',
        `${file} has ${bandRecords.length} bands, no band ${index + 1}.`,
        {
          file,
          field: 'bands',
          remedy: `Give band numbers from 1 to ${bandRecords.length}.`,
        },
      );
    }
    checkBandPixels(lines, samples, group.length);
  }
}

/** Of the first cube; null where one of the bands has none. */
function meanWavelength(cubes: readonly Cube[], group: readonly number[]): number | null {
  const records = group.map((index) => cubes[0]?.description.bandRecords[index] ?? plainBand);
  const lengths = records.map(({ wavelengthNm }) => wavelengthNm);
  if (lengths.some((length) => length === null)) return null;
  return lengths.reduce((sum: number, length) => sum + Number(length), 0) / lengths.length;
}
