import { CubelensError } from '../../base/errors.ts';
import { traversalLimits } from '../../contract/vaeSpectra.ts';

/** The first dimensions, so many at most, from 0. */
export const firstDimensions = (latent: number, most: number = traversalLimits.dimensions): number[] =>
  Array.from({ length: Math.min(latent, most) }, (_, k) => k);

/**
 * The dimensions that an answer goes along: those that are asked for, else the first. Throws `invalid-request` for one that the model
 * does not have, and where the answer would be too long.
 */
export function traversed(
  { latent, columns }: { latent: number; columns: number },
  {
    dimensionIndexes = firstDimensions(latent),
    steps,
  }: { dimensionIndexes?: number[] | undefined; steps: number },
): number[] {
  checkDimensions(latent, dimensionIndexes, 'dimensionIndexes');
  const numbers = dimensionIndexes.length * steps * columns;
  if (numbers <= traversalLimits.numbers) return dimensionIndexes;
  throw new CubelensError(
    'invalid-request',
    `${dimensionIndexes.length} dimensions in ${steps} steps of ${columns} columns are ${numbers} numbers: too many for one answer.`,
    {
      field: 'dimensionIndexes',
      remedy: `Ask for fewer dimensions or steps, ${traversalLimits.numbers} numbers at most, or write a file.`,
    },
  );
}

/** Throws `invalid-request` for a dimension (from 0) that the model does not have. */
export function checkDimensions(latent: number, dimensions: readonly number[], field: string): void {
  const beyond = dimensions.find((dimension) => dimension >= latent);
  if (beyond === undefined) return;
  throw new CubelensError(
    'invalid-request',
    `There is no latent dimension z${beyond + 1}: the model has ${latent === 1 ? 'z1 alone' : `z1 to z${latent}`}.`,
    { field, remedy: `Choose among them; the field ${field} counts from 0.` },
  );
}
