import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCubelensError, type CubelensError } from '../base/errors.ts';
import { parseRecipe, type RecipeEnvelope } from './recipeEnvelope.ts';
import { recipePath, recipeText } from './recipeText.ts';

const recipe: RecipeEnvelope = {
  version: '0.1.0',
  kind: 'cube',
  parameters: { format: 'envi', filter: null, bandIndexes: null, interleave: null },
  open: { noData: 'NaN', scale: 0.5 },
  output: 'x.dat',
  inputs: [
    { path: '../data/x.img', size: 12, sha256: 'a'.repeat(64) },
    { path: '../data/x.hdr', size: 3, sha256: '0'.repeat(64), sampled: true },
  ],
};

function refusal(text: string): CubelensError {
  try {
    parseRecipe(text, 'x.recipe.json');
  } catch (thrown) {
    return asCubelensError(thrown);
  }
  throw new Error('The recipe was taken.');
}

describe('a recipe', () => {
  it('stands beside its output', () => {
    expect(recipePath('/a/x.tif')).toBe('/a/x.tif.recipe.json');
  });

  it('is read as it was written', () => {
    expect(parseRecipe(recipeText(recipe), 'x')).toEqual(recipe);
    expect(recipeText(recipe).endsWith('}\n')).toBe(true);
    const scene = { ...recipe, inputs: [{ scene: { part: 'cube', recipe: { seed: 1 } } }] };
    expect(parseRecipe(recipeText(scene), 'x')).toEqual(scene);
  });

  it.each([
    ['version', { ...recipe, version: 1 }],
    ['kind', { ...recipe, kind: null }],
    ['output', { ...recipe, output: '' }],
    ['output', { ...recipe, output: '../x.dat' }],
    ['output', { ...recipe, output: 'x\0.dat' }],
    ['inputs', { ...recipe, inputs: [] }],
    ['inputs', { ...recipe, inputs: 'x.img' }],
    ['inputs.0.sha256', { ...recipe, inputs: [{ path: 'x', size: 1, sha256: 'no hash' }] }],
    ['inputs.0.path', { ...recipe, inputs: [{ path: 'x\0y', size: 1, sha256: 'a'.repeat(64) }] }],
    ['open.scale', { ...recipe, open: { scale: 'large' } }],
    ['open', { ...recipe, open: { colour: 1 } }],
    ['', { ...recipe, more: 1 }],
    ['', []],
    ['', null],
  ])('names the field that is wrong: %s', (field, damaged) => {
    const error = refusal(JSON.stringify(damaged));
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject({ file: 'x.recipe.json', field });
  });

  it('of any text is refused as malformed, or is one', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(2000), fc.nat(200), (insert, at, remove) => {
        const text = recipeText(recipe);
        const damaged = text.slice(0, at) + insert + text.slice(at + remove);
        try {
          parseRecipe(damaged, 'x');
        } catch (thrown) {
          expect(asCubelensError(thrown).code).toBe('malformed-file');
        }
      }),
    );
  });
});
