import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../../base/errors.ts';
import { defineTask } from '../../workers/task.ts';
import type { VaeModel } from './model.ts';

/** A whole file. Throws `not-found` and others naming it. */
export async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, basename(path));
  }
}

/** A saved model. Throws `not-found`, and as `modelFromFiles` naming the file. */
export const readVaeTask = defineTask(
  'vae.read',
  async ({ json, binary }: { json: string; binary: string }): Promise<VaeModel> => {
    const { modelFromFiles } = await import('./modelFiles.ts');
    const [text, bytes] = [await contentOf(json), await contentOf(binary)];
    try {
      return modelFromFiles(
        Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8'),
        bytes,
      );
    } catch (thrown) {
      const error = asCubelensError(thrown, basename(json));
      throw new CubelensError(
        error.code,
        `${basename(json)}: ${error.message}`,
        { ...error.place, file: basename(json) },
        thrown,
      );
    }
  },
);
