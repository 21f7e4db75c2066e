import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { asCubelensError, CubelensError } from '../../base/errors.ts';
import { defineTask } from '../../workers/task.ts';
import type { VaeModel } from './model.ts';

/** Largest file of a model or checkpoint that is read. */
const mostBytes = 2 ** 29;

/**
 * A whole file of a model; it is named with its folder, as all models' files have the same names. Throws `not-found`,
 * `resource-exhausted` for one that is too large.
 */
export async function contentOf(path: string): Promise<Uint8Array> {
  const file = `${basename(dirname(path))}/${basename(path)}`;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) {
      throw new CubelensError('resource-exhausted', `${file} has ${size} bytes.`, {
        file,
        remedy: `Files of an autoencoder up to ${mostBytes} bytes are read.`,
      });
    }
    return await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

/** A saved model. Throws as `contentOf` and `modelFromFiles`, naming the folder. */
export const readVaeTask = defineTask(
  'vae.read',
  async ({ json, binary }: { json: string; binary: string }): Promise<VaeModel> => {
    const { modelFromFiles } = await import('./modelFiles.ts');
    const [text, bytes] = [await contentOf(json), await contentOf(binary)];
    try {
      return modelFromFiles(new TextDecoder().decode(text), bytes);
    } catch (thrown) {
      const error = asCubelensError(thrown);
      throw new CubelensError(
        error.code,
        `${basename(dirname(json))}: ${error.message}`,
        error.place,
        thrown,
      );
    }
  },
);
