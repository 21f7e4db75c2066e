import type { Assumption } from '../../contract/cube.ts';

/** Bands of a list by number (from 1), cut to a length that fits a message. */
export function bandNumbers(bandIndexes: readonly number[]): string {
  const shown = bandIndexes.slice(0, 8).map((bandIndex) => bandIndex + 1);
  const rest = bandIndexes.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** The assumption that a scale of 0, which would make all values of a band the same, is none. */
export function zeroScale(field: string, bandIndexes: readonly number[], bands: number): Assumption {
  const where = bandIndexes.length === bands ? 'every band' : `bands ${bandNumbers(bandIndexes)}`;
  const value = bandIndexes.length === bands ? 'ignored' : 'ignored for these bands';
  return { field, value, why: `It is 0 for ${where}, which would leave no data: taken as none.` };
}
