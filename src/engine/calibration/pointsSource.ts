import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { CalibrationPoints } from '../contract/calibration.ts';
import { readPoints } from './pointsFile.ts';
import type { PointsSource } from './tasks.ts';

/** Most bytes of a file of points. */
const mostFileBytes = 256 * 1024 * 1024;

/** The points themselves. Throws as `readPoints`, `not-found`, `resource-exhausted`. */
export async function readPointsSource(source: PointsSource): Promise<CalibrationPoints> {
  if (source.kind === 'points') return source.points;
  const file = basename(source.path);
  return readPoints(await readTextFile(source.path), file, source.options);
}

/** A small text file. Throws `not-found`, `resource-exhausted`. */
export async function readTextFile(path: string): Promise<string> {
  const file = basename(path);
  try {
    if ((await stat(path)).size > mostFileBytes) {
      throw new CubelensError('resource-exhausted', `${file} has more than 256 MB.`, {
        file,
        remedy: 'Leave views out: a hundred of them are plenty.',
      });
    }
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}
