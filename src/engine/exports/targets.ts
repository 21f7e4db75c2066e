import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { CubelensError } from '../base/errors.ts';
import type { Cube } from '../cube/cubes.ts';
import { dataNames, endingOf } from '../cube/formats/envi/pairing.ts';
import { exists } from '../io/outputFile.ts';
import { recipePath } from './recipeEnvelope.ts';

/**
 * Refuses an output that would replace an input, a folder or another cube's header, or anything where replacing was not
 * allowed. An old recipe may always be replaced: without its output it says nothing.
 * @param targets absolute paths of the output's files, the data file last.
 * Throws `invalid-request` that names the file.
 */
export async function checkTargets(cube: Cube, targets: readonly string[], replace: boolean): Promise<void> {
  const data = targets.at(-1) ?? '';
  if (new Set(targets).size < targets.length) {
    throw refused(
      data,
      'cannot be the data file: its header has the same name',
      'Choose an ending such as .dat.',
    );
  }
  for (const target of [...targets.toReversed(), recipePath(data)]) {
    for (const file of cube.files) {
      if (file.kind === 'file' && sameFile(target, file.path)) {
        throw refused(target, `would replace ${file.name}, an input`, 'Choose another name or folder.');
      }
    }
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw refused(target, 'is a folder', 'Choose another name.');
    }
  }
  for (const target of targets) {
    if (!replace && (await exists(target))) {
      const remedy = 'Allow replacing it, or choose another name.';
      throw refused(target, 'already exists', remedy, 'replace');
    }
    if (endingOf(basename(target)) === 'hdr') await checkHeader(target, data);
  }
}

/** Throws where a header stands there that belongs to another data file: replacing it would make that one unreadable. */
async function checkHeader(header: string, data: string): Promise<void> {
  if (!(await exists(header)) || (await exists(data))) return;
  const name = basename(header);
  const siblings = await readdir(dirname(header), { withFileTypes: true }).catch(() => []);
  const files = siblings.flatMap((sibling) => (sibling.isDirectory() ? [] : [sibling.name]));
  const [owner] = dataNames(name, files);
  if (owner !== undefined)
    throw refused(header, `is the header of ${owner}`, 'Choose another name or folder.');
}

function refused(path: string, says: string, remedy: string, field = 'target'): CubelensError {
  const file = basename(path);
  return new CubelensError('invalid-request', `${file} ${says}.`, { file, field, remedy });
}

/** True where two paths lead to one file, also through links or another spelling of the name. */
export function sameFile(a: string, b: string): boolean {
  if (a === b) return true;
  const first = statSync(a, { throwIfNoEntry: false });
  const second = statSync(b, { throwIfNoEntry: false });
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}
