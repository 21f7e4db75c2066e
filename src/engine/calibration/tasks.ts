import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { CalibrationMatrixRequest, CalibrationRequest } from '../contract/calibration.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { calibrate } from './calibrate.ts';
import { knownMatrix } from './knownMatrix.ts';
import { readPoints, type PointsFileOptions } from './pointsFile.ts';

/** As `calibrate`, on a worker: a hundred views take a second. */
export const calibrateTask = defineTask('calibration.calibrate', (args: { request: CalibrationRequest }) =>
  calibrate(args.request),
);

/** As `knownMatrix`, on a worker. */
export const matrixTask = defineTask('calibration.matrix', (args: { request: CalibrationMatrixRequest }) =>
  knownMatrix(args.request),
);

/** Most bytes of a file of points. */
const mostFileBytes = 256 * 1024 * 1024;

/** As `readPoints`, of a file. Throws `not-found`, `resource-exhausted` too. */
export const readPointsTask = defineTask(
  'calibration.readPoints',
  async ({ path, options }: { path: string; options: PointsFileOptions }) => {
    const file = basename(path);
    try {
      if ((await stat(path)).size > mostFileBytes) {
        throw new CubelensError('resource-exhausted', `${file} has more than 256 MB.`, {
          file,
          remedy: 'Leave views out: a hundred of them are plenty.',
        });
      }
      return readPoints(await readFile(path, 'utf8'), file, options);
    } catch (thrown) {
      throw asCubelensError(thrown, file);
    }
  },
);

/** Tasks of this folder. */
export const calibrationTasks: readonly AnyTask[] = [calibrateTask, matrixTask, readPointsTask];
