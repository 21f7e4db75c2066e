import { existsSync, mkdirSync, statSync } from 'node:fs';
import { usageError } from './exitCodes.ts';

/**
 * Makes the folder that an option names where it is not there; true where it was made. Only the last folder of its path: asked for
 * more, Node never ends where the system denies a parent that is there. Throws a usage error.
 */
export function makeFolder(option: string, folder: string): boolean {
  if (existsSync(folder)) {
    if (statSync(folder).isDirectory()) return false;
    throw usageError(`--${option} ${folder} is a file; a folder is written.`, 'Give the name of a folder.');
  }
  try {
    mkdirSync(folder);
    return true;
  } catch {
    throw usageError(
      `--${option} ${folder} cannot be made there.`,
      'Choose a folder that exists and can be written, or a new one in it.',
    );
  }
}
