import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { defineTask } from '../workers/task.ts';
import {
  maximumRecipeBytes,
  notARecipe,
  parseRecipe,
  recipeText,
  type RecipeEnvelope,
} from './recipeEnvelope.ts';
import { writeWholePart } from './writeWholePart.ts';

/** Reads and checks a recipe. Throws `not-found`, `malformed-file` where it is none. Up to 64 MiB are parsed here. */
export async function readRecipe(path: string): Promise<RecipeEnvelope> {
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

/** Reads and checks a recipe, as plain data. */
export const readRecipeTask = defineTask(
  'exports.readRecipe',
  (args: { path: string }): Promise<RecipeEnvelope> => readRecipe(args.path),
);

/** Writes a recipe's text to a temporary file. */
export const writeRecipeTask = defineTask(
  'exports.writeRecipe',
  (args: { output: OutputFile; recipe: RecipeEnvelope }): void => {
    writeWholePart(args.output, recipeText(args.recipe));
  },
);
