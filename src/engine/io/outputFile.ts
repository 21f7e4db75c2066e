import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';

/** Room that must be left on the disk beside an output, for its header and recipe. */
const spaceReserveBytes = 1024 * 1024;

/** A temporary file in the target's folder, renamed into place when complete. Plain data: workers write to `part`. */
export interface OutputFile {
  /** Final path. */
  path: string;
  name: string;
  /** Temporary path in the same folder. */
  part: string;
}

/**
 * Makes an empty temporary file of its final size beside the target.
 * Throws `resource-exhausted` where the disk has less room than `bytes`, `access-denied` on a read-only target.
 */
export async function createOutput(path: string, bytes: number): Promise<OutputFile> {
  const name = basename(path);
  await checkSpace(dirname(path), bytes, name);
  const output = { path, name, part: join(dirname(path), `.${name}.${randomBytes(6).toString('hex')}.part`) };
  try {
    const handle = await open(output.part, 'wx');
    try {
      await handle.truncate(bytes);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    await discardOutput(output);
    // Of an output "does not exist" would be said of what is to be made.
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CubelensError('not-found', `${name} cannot be made there: that folder does not exist.`, {
        file: name,
        remedy: 'Choose another folder.',
      });
    }
    throw asCubelensError(thrown, name);
  }
  return output;
}

async function checkSpace(folder: string, bytes: number, name: string): Promise<void> {
  let free: number;
  try {
    const system = await statfs(folder);
    // Some network file systems answer with nothing but zeros.
    if (system.blocks === 0) return;
    free = system.bavail * system.bsize;
  } catch {
    // Not every file system tells; the write itself then finds out.
    return;
  }
  if (bytes + spaceReserveBytes > free) {
    const needed = (bytes / 1e6).toFixed(1);
    throw new CubelensError(
      'resource-exhausted',
      `${name} needs ${needed} MB, but the disk has ${(free / 1e6).toFixed(1)} MB free.`,
      { file: name, remedy: 'Free some space, choose another disk or export fewer bands.' },
    );
  }
}

/** Flushes and renames the temporary file over the target. */
export async function commitOutput(output: OutputFile): Promise<void> {
  try {
    const handle = await open(output.part, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(output.part, output.path);
  } catch (thrown) {
    await discardOutput(output);
    throw asCubelensError(thrown, output.name);
  }
}

/** Removes the temporary file; never throws. */
export async function discardOutput(output: OutputFile): Promise<void> {
  await rm(output.part, { force: true }).catch(() => undefined);
}

/** True where something exists at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** What stands at a path, links followed; null where nothing does. Throws `access-denied` where it cannot be seen. */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw asCubelensError(thrown, basename(path));
  }
}

/** True where two paths lead to one file, also through links or another spelling of the name. */
export async function sameFile(a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  const [first, second] = await Promise.all([statOrNull(a), statOrNull(b)]);
  return first !== null && second !== null && first.dev === second.dev && first.ino === second.ino;
}
