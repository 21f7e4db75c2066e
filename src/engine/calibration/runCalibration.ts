import { basename } from 'node:path';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { CalibrationAnswer, CalibrationOptions } from '../contract/calibration.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { photoTask, type SeenPhoto } from './photoTasks.ts';
import { photoViews } from './photoViews.ts';
import type { ReportPicture } from './report/reportInput.ts';
import { calibrateTask, type PointsSource } from './tasks.ts';

/** Photos of a board, or points. */
export type CalibrationInputs =
  PointsSource | { kind: 'photos'; paths: string[]; board: readonly [number, number] };

/** A calibration, and what a report of it shows. */
export interface Calibrated {
  answer: CalibrationAnswer;
  source: PointsSource;
  /** Of photos, by their views' names: those asked for. */
  pictures: [name: string, picture: ReportPicture][];
}

/** Photos that a report shows, the first ones. */
export const mostPictures = 60;
/** Photos under way at once, and from how many pixels on only one: one of 12 megapixels takes some 400 MB while it is decoded. */
const photosAtOnce = 2;
const largePhoto = 6e6;

type Work = Pick<JobContext, 'signal'> & Partial<Pick<JobContext, 'stage' | 'progress'>>;

/**
 * Calibrates from points, or from photos in which the board is looked for first, on the pool. Throws as `calibrate` and
 * `photoViews`.
 */
export async function runCalibration(
  pool: ThreadPool,
  inputs: CalibrationInputs,
  options: CalibrationOptions,
  work: Work & { pictures?: boolean },
): Promise<Calibrated> {
  const { signal } = work;
  const run = { signal, priority: 'export' as const };
  if (inputs.kind !== 'photos') {
    work.stage?.('Fitting');
    const answer = await pool.run(calibrateTask, { source: inputs, options }, run);
    return { answer, source: inputs, pictures: [] };
  }
  const { paths, board } = inputs;
  work.stage?.('Looking for the board', paths.length);
  let done = 0;
  const look = async (path: string, k: number): Promise<SeenPhoto> => {
    const picture = work.pictures === true && k < mostPictures;
    const photo = await pool.run(photoTask, { path, board, picture }, run);
    done += 1;
    work.progress?.(done);
    return photo;
  };
  // The first one tells how large they are.
  const first = await mapInOrder(paths.slice(0, 1), 1, look);
  const isLarge = first.some(({ board: { width, height } }) => width * height > largePhoto);
  const rest = await mapInOrder(paths.slice(1), isLarge ? 1 : photosAtOnce, (path, k) => look(path, k + 1));
  const seen = [...first, ...rest];
  const named = seen.map((photo, k) => ({ name: basename(paths[k] as string), board: photo.board }));
  const { points, notes } = photoViews(named, board);
  work.stage?.('Fitting');
  const source = { kind: 'points' as const, points };
  const answer = await pool.run(calibrateTask, { source, options }, run);
  const views = answer.views.map((view, k) => {
    const corners = seen[k]?.board.corners ?? null;
    return { ...view, found: corners !== null, ...(corners === null ? {} : { corners }) };
  });
  const pictures = seen.flatMap(({ picture }, k): Calibrated['pictures'] => {
    const name = views[k]?.name;
    return picture === null || name === undefined ? [] : [[name, picture]];
  });
  return { answer: { ...answer, views, notes: [...answer.notes, ...notes] }, source, pictures };
}
