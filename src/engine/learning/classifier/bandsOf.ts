import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';
import { inputPlaces } from './inputs.ts';
import type { SavedFacts } from './savedFacts.ts';

/** Nanometres by which a band may lie away from the one that the classifier was trained on. */
const mostShiftNm = 1;

/**
 * The bands of a cube (indexes from 0) that are a classifier's columns, in their order: by their numbers where it was
 * trained on a cube, else the good ones or all of them where their number fits. Throws `invalid-request` where the cube
 * does not fit.
 */
export function bandsOfClassifier(
  { columns, wavelengthsNm, auxiliary }: Pick<SavedFacts, 'columns' | 'wavelengthsNm' | 'auxiliary'>,
  { file, bandRecords }: Pick<CubeDescription, 'file' | 'bandRecords'>,
): { bands: number[]; notes: string[] } {
  const numbers = columns.map((name) => /^band (\d+)$/.exec(name)?.[1]);
  const good = bandRecords.flatMap((record, index) => (record.good ? [index] : []));
  const bands = numbers.every((number) => number !== undefined)
    ? numbers.map((number) => Number(number) - 1)
    : good.length === columns.length
      ? good
      : bandRecords.length === columns.length
        ? bandRecords.map((_, index) => index)
        : [];
  const missing = bands.find((band) => bandRecords[band] === undefined);
  if (bands.length !== columns.length || missing !== undefined) {
    throw new CubelensError(
      'invalid-request',
      missing === undefined
        ? `The classifier takes ${columns.length} columns; ${file} has ${bandRecords.length} bands, of which ${good.length} are good.`
        : `The classifier takes band ${missing + 1}; ${file} has ${bandRecords.length}.`,
      { file, field: 'cube', remedy: 'Give a cube of the sensor that the classifier was trained on.' },
    );
  }
  const { spectrum } = inputPlaces(columns, auxiliary);
  const shift = spectrum.reduce((most, column, k) => {
    const here = bandRecords[bands[column] as number]?.wavelengthNm ?? null;
    const there = wavelengthsNm?.[k] ?? null;
    return here === null || there === null ? most : Math.max(most, Math.abs(here - there));
  }, 0);
  const notes =
    shift > mostShiftNm
      ? [
          `Bands of ${file} lie up to ${shift.toFixed(1)} nm away from those that the classifier was trained on.`,
        ]
      : [];
  return { bands, notes };
}
