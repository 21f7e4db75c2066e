import { stat } from 'node:fs/promises';
import { CubelensError } from '../base/errors.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { commitOutput, createOutput, discardOutput, exists, type OutputFile } from '../io/outputFile.ts';

/**
 * One output of its own, without recipe: written to a temporary file, then renamed; whole or not at all. Throws
 * `invalid-request` for a file that is there and not to be replaced, and what `write` throws.
 * @param write makes the content of the temporary file, on a worker.
 */
export async function writeOneFile(
  path: string,
  replace: boolean,
  write: (file: OutputFile) => Promise<unknown>,
): Promise<WrittenFile> {
  if (!replace && (await exists(path))) {
    throw new CubelensError('invalid-request', 'There is a file of that name already.', {
      field: 'replace',
      remedy: 'Allow it to be replaced, or give another name.',
    });
  }
  const file = await writeTemporary(path, write);
  try {
    const { size } = await stat(file.part);
    await commitOutput(file);
    return { files: [file.name], bytes: size };
  } catch (thrown) {
    await discardOutput(file);
    throw thrown;
  }
}

/** A temporary file beside its target, complete; removed where `write` fails. Throws what `write` throws. */
export async function writeTemporary(
  path: string,
  write: (file: OutputFile) => Promise<unknown>,
): Promise<OutputFile> {
  const file = await createOutput(path, 0);
  try {
    await write(file);
    return file;
  } catch (thrown) {
    await discardOutput(file);
    throw thrown;
  }
}
