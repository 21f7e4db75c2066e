import { exportWork } from './exportKind.ts';
import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import { version } from '../base/version.ts';
import type { Cube } from '../cube/cubes.ts';
import { filesOfCube } from '../cube/filesOfCube.ts';
import type { FileState } from '../io/byteSource.ts';
import type { UsedFile } from '../products/imageKind.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { RecipeEnvelope } from './recipeEnvelope.ts';
import { hashFileTask } from './tasks.ts';

/** The recipe of an output of this cube, and of the files beside it that it is made from; inputs hashed. */
export async function makeRecipe(
  pool: ThreadPool,
  cube: Cube,
  output: { kind: string; parameters: unknown; path: string; uses: readonly UsedFile[] },
  signal: AbortSignal,
): Promise<RecipeEnvelope> {
  const inputs =
    cube.origin.kind === 'scene'
      ? [{ scene: cube.origin.recipe }]
      : await hashFiles(pool, filesOfCube(cube), dirname(output.path), signal);
  const uses = await hashFiles(pool, output.uses, dirname(output.path), signal);
  return {
    version,
    kind: output.kind,
    parameters: output.parameters,
    open: cube.options,
    output: basename(output.path),
    inputs,
    ...(uses.length === 0 ? {} : { uses }),
  };
}

/** A file by its absolute path, and its state where it must still be that. */
interface FileInput {
  path: string;
  state: FileState | null;
}

/** Files as a recipe in this folder holds them, in their order. */
export const hashFiles = (
  pool: ThreadPool,
  files: readonly FileInput[],
  folder: string,
  signal: AbortSignal,
): Promise<NonNullable<RecipeEnvelope['uses']>> =>
  Promise.all(
    files.map(async ({ path, state }) => {
      const hash = await pool.run(hashFileTask, { path, expected: state }, exportWork({ signal }));
      const input = { path: relativePath(folder, path), size: hash.size, sha256: hash.sha256 };
      return hash.sampled ? { ...input, sampled: true as const } : input;
    }),
  );

/** A path as recipes hold it: relative, with forward slashes on every system. */
function relativePath(folder: string, path: string): string {
  const way = relative(folder, path);
  // Another drive on Windows: there is no relative path, so the name alone is kept and the file goes beside the recipe.
  return isAbsolute(way) ? basename(path) : way.split(sep).join('/');
}
