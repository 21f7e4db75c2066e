import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../../base/errors.ts';
import type { ReadTable } from './spectraTable.ts';

/** Most bytes of a file of samples: half a gigabyte of numbers, or four times that as text. */
const mostBytes = 2 ** 31;

/**
 * The samples of an NPY file, or of a CSV: told apart by the first bytes. With `keepMissing` rows that lack a value stay. Throws as `tableOfNpy` and `tableOfCsv`,
 * `not-found`, `resource-exhausted`.
 */
export async function tableOfFile(path: string, options: { keepMissing?: boolean } = {}): Promise<ReadTable> {
  const file = basename(path);
  try {
    if ((await stat(path)).size > mostBytes) {
      throw new CubelensError('resource-exhausted', `${file} is larger than 2 GiB.`, {
        file,
        remedy: 'Give fewer rows.',
      });
    }
    if (await isNpy(path)) {
      const { tableOfNpy } = await import('./tableOfNpy.ts');
      return tableOfNpy(await readFile(path), file, options);
    }
    const { tableOfCsv } = await import('./tableOfCsv.ts');
    return tableOfCsv(await readFile(path, 'utf8'), file, options);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

async function isNpy(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(6), 0, 6, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === '\x93NUMPY';
  } finally {
    await handle.close();
  }
}
