import { resolve } from 'node:path';
import type { RecipeEnvelope } from './recipeEnvelope.ts';

// What needs no schema, and so no library where a worker starts.

/** Most bytes of a recipe file: one with a list for every one of many bands is still far below. */
export const maximumRecipeBytes = 64 * 1024 * 1024;

/** Name of the recipe beside an output. */
export const recipePath = (outputPath: string): string => `${outputPath}.recipe.json`;

/** The recipe as the text of its file: stable, with a line end. */
export const recipeText = (recipe: RecipeEnvelope): string => `${JSON.stringify(recipe, null, 2)}\n`;

/** What to do about a file that is no recipe. */
export const notARecipe = 'Choose a .recipe.json file that Cubelens wrote.';

/** Absolute path of an input of a recipe in this folder. */
export const inputPath = (folder: string, path: string): string => resolve(folder, path);
