import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { OpenOptions } from '../contract/cube.ts';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { Cube } from '../cube/cubes.ts';
import { openCubeTask } from '../cube/tasks.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { defineTask } from '../workers/task.ts';
import type { RecipeEnvelope } from './recipeEnvelope.ts';
import { maximumRecipeBytes, notARecipe, recipeText } from './recipeText.ts';
import { writeWholePart } from './writeWholePart.ts';

/** Reads and checks a recipe. Throws `not-found`, `malformed-file` where it is none. Up to 64 MiB are parsed here. */
export async function readRecipe(path: string): Promise<RecipeEnvelope> {
  // The schema comes with a library that a worker does not need otherwise.
  const { parseRecipe } = await import('./recipeEnvelope.ts');
  return parseRecipe(await readText(path), basename(path));
}

async function readText(path: string): Promise<string> {
  const file = basename(path);
  try {
    const { size } = await stat(path);
    if (size > maximumRecipeBytes) {
      throw new CubelensError('malformed-file', `${file} is too large for a recipe.`, {
        file,
        remedy: notARecipe,
      });
    }
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

/**
 * A recipe as it crosses threads: its open options, whose lists may have a million entries, stay packed on the engine
 * thread.
 */
export interface SentRecipe extends Omit<RecipeEnvelope, 'open'> {
  open: SharedArrayBuffer;
}

/** Reads and checks a recipe. */
export const readRecipeTask = defineTask(
  'exports.readRecipe',
  async (args: { path: string }): Promise<SentRecipe> => {
    const recipe = await readRecipe(args.path);
    const packed = serialize(recipe.open);
    const open = new SharedArrayBuffer(packed.length);
    new Uint8Array(open).set(packed);
    return { ...recipe, open };
  },
);

/** Opens an input of a recipe with the recipe's options. Throws as `openCubeTask`. */
export const openRecordedTask = defineTask(
  'exports.openRecorded',
  async ({ path, within, open }: ReadableFile & Pick<SentRecipe, 'open'>, context): Promise<Cube> => {
    // Packed above, after the schema's check.
    const options = deserialize(Uint8Array.from(new Uint8Array(open))) as OpenOptions;
    return openCubeTask.run({ path, within, options }, context);
  },
);

/** Writes a recipe's text to a temporary file. */
export const writeRecipeTask = defineTask(
  'exports.writeRecipe',
  (args: { output: OutputFile; recipe: RecipeEnvelope }): void => {
    writeWholePart(args.output, recipeText(args.recipe));
  },
);
