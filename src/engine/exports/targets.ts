import { basename } from 'node:path';
import { CubelensError } from '../base/errors.ts';
import type { Cube } from '../cube/cubes.ts';
import { endingOf } from '../cube/formats/envi/pairing.ts';
import type { ReadableFile } from '../io/grants.ts';
import { exists, sameFile, statOrNull } from '../io/outputFile.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { foreignHeaderTask } from './foreignHeader.ts';
import { recipePath } from './recipeText.ts';

/**
 * Refuses an output that would replace an input, a folder or a foreign header (`foreignHeaderTask`), or anything where replacing was not
 * allowed. An old recipe may always be replaced: without its output it says nothing.
 * @param uses files beside the cube that the output is made from.
 * @param targets absolute paths of the output's files, the data file last.
 * Throws `invalid-request` that names the file.
 */
export async function checkTargets(
  pool: ThreadPool,
  cube: Cube,
  targets: readonly string[],
  replace: boolean,
  uses: readonly ReadableFile[] = [],
): Promise<void> {
  const data = targets.at(-1) ?? '';
  const inputs = [...cube.files.filter((file) => file.kind === 'file'), ...uses].map(({ path }) => path);
  if (new Set(targets).size < targets.length) {
    throw refused(
      data,
      'cannot be the data file: its header has the same name',
      'Choose an ending such as .dat.',
    );
  }
  for (const target of [...targets.toReversed(), recipePath(data)]) {
    for (const input of inputs) {
      if (await sameFile(target, input)) {
        throw refused(target, `would replace ${basename(input)}, an input`, 'Choose another name or folder.');
      }
    }
    if ((await statOrNull(target))?.isDirectory() === true) {
      throw refused(target, 'is a folder', 'Choose another name.');
    }
  }
  for (const target of targets) {
    if (!replace && (await exists(target))) {
      const remedy = 'Allow replacing it, or choose another name.';
      throw refused(target, 'already exists', remedy, 'replace');
    }
    if (endingOf(basename(target)) === 'hdr' && (await exists(target))) {
      const foreign = await pool.run(foreignHeaderTask, { header: target, data });
      if (foreign !== null) throw refused(target, foreign, 'Choose another name or folder.');
    }
  }
}

function refused(path: string, says: string, remedy: string, field = 'target'): CubelensError {
  const file = basename(path);
  return new CubelensError('invalid-request', `${file} ${says}.`, { file, field, remedy });
}
