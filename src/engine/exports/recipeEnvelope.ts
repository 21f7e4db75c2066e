import { openOptionsSchema } from '../contract/cube.ts';
import { basename } from 'node:path';
import { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import { notARecipe } from './recipeText.ts';

const inputFileSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(4096)
    .refine((path) => !path.includes('\0'), 'must not hold a NUL'),
  size: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sampled: z.literal(true).optional(),
});

/** What stands beside every output as X.EXT.recipe.json: enough to make the same bytes again, and nothing else. */
export const recipeSchema = z.strictObject({
  version: z.string().max(50),
  kind: z.string().max(50),
  parameters: z.unknown(),
  open: openOptionsSchema,
  output: z
    .string()
    .min(1)
    .max(255)
    .refine(
      (name) => name === basename(name) && !name.startsWith('.') && !name.includes('\0'),
      'must be a plain file name',
    ),
  /** The file that was opened first, then the others it was read with; or the recipe of a made scene. */
  inputs: z
    .array(z.union([inputFileSchema, z.strictObject({ scene: z.unknown() })]))
    .min(1)
    // Photos of a calibration are inputs too.
    .max(5000),
  /** Files beside the cube that the output is made from, such as a model. */
  uses: z.array(inputFileSchema).min(1).max(100).optional(),
});
export type RecipeEnvelope = z.infer<typeof recipeSchema>;

/** Reads a recipe's text. Throws `malformed-file` naming the file and the field. */
export function parseRecipe(text: string, file: string): RecipeEnvelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new CubelensError('malformed-file', `${file} is not JSON.`, { file, remedy: notARecipe }, thrown);
  }
  const checked = recipeSchema.safeParse(json);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new CubelensError('malformed-file', `${file} is not a recipe: ${field}: ${issue?.message ?? ''}.`, {
      file,
      field,
      remedy: notARecipe,
    });
  }
  return checked.data;
}
