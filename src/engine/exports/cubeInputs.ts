import { randomUUID } from 'node:crypto';
import { CubelensError } from '../base/errors.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { filesOfCube } from '../cube/filesOfCube.ts';
import type { ReadableFile } from '../io/grants.ts';

/**
 * All files of the cube at a path as inputs of an output that is made of files: a recipe must name each, and none may be
 * replaced. Throws what opening the cube throws.
 */
export async function cubeInputs(
  cubes: Cubes,
  file: ReadableFile,
  signal: AbortSignal,
): Promise<ReadableFile[]> {
  const holder = `inputs ${randomUUID()}`;
  try {
    const cube = await cubes.open(file, {}, holder, signal);
    return filesOfCube(cube).map(({ path }) => ({ path, within: file.within }));
  } finally {
    cubes.closeAll(holder);
  }
}

/**
 * Opens the cube whose files are among the inputs, the chosen one first. Throws `malformed-file` where there is none, or where
 * other files are read with it now.
 */
export async function openInputCube(
  cubes: Cubes,
  inputs: readonly ReadableFile[],
  holder: string,
  signal: AbortSignal,
): Promise<Cube> {
  const [file] = inputs;
  if (file === undefined) {
    throw new CubelensError('malformed-file', 'No cube is named among the inputs.', {
      field: 'inputs',
      remedy: 'Make the output anew.',
    });
  }
  const cube = await cubes.open(file, {}, holder, signal);
  const opened = filesOfCube(cube).map(({ path }) => path);
  const named = inputs.map(({ path }) => path);
  if (opened.toSorted().join('\n') === named.toSorted().join('\n')) return cube;
  throw new CubelensError(
    'malformed-file',
    `${cube.description.file} is now read together with other files than the inputs name.`,
    {
      file: cube.description.file,
      field: 'inputs',
      remedy: 'Remove headers that were added beside it since, or make the output anew.',
    },
  );
}
