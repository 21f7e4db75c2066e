import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';
import type { ModelColumns } from './packedModel.ts';

/** Nanometres by which a band may lie away from the one that the model was trained on. */
const mostShiftNm = 1;

/** Band numbers (from 1) by the names of a model's columns; null where some say none. Kept for each list of names. */
const numbersByNames = new WeakMap<readonly string[], number[] | null>();

function bandNumbers(names: readonly string[]): number[] | null {
  const known = numbersByNames.get(names);
  if (known !== undefined) return known;
  const numbers = names.map((name) => Number(/^band (\d+)$/.exec(name)?.[1]));
  const found = numbers.some(Number.isNaN) ? null : numbers;
  numbersByNames.set(names, found);
  return found;
}

/**
 * The bands of a cube (indexes from 0) that a model takes, in its order: by their numbers where it was trained on a cube, else the
 * good ones or all of them where their number fits. Throws `invalid-request` where the cube does not fit.
 */
export function bandsOf(
  { names, columns, wavelengthsNm }: ModelColumns,
  { file, bandRecords }: CubeDescription,
): { bands: number[]; notes: string[] } {
  const numbers = bandNumbers(names);
  const good = bandRecords.flatMap((record, index) => (record.good ? [index] : []));
  const bands =
    numbers?.length === columns
      ? numbers.map((number) => number - 1)
      : good.length === columns
        ? good
        : bandRecords.length === columns
          ? bandRecords.map((_, index) => index)
          : [];
  const missing = bands.find((band) => bandRecords[band] === undefined);
  if (bands.length !== columns || missing !== undefined) {
    throw new CubelensError(
      'invalid-request',
      missing === undefined
        ? `The model takes ${columns} columns; ${file} has ${bandRecords.length} bands, of which ${good.length} are good.`
        : `The model takes band ${missing + 1}; ${file} has ${bandRecords.length}.`,
      { file, field: 'cube', remedy: 'Give a cube of the sensor that the model was trained on.' },
    );
  }
  const shift = bands.reduce((most, band, k) => {
    const [here, there] = [bandRecords[band]?.wavelengthNm ?? null, wavelengthsNm?.[k] ?? null];
    return here === null || there === null ? most : Math.max(most, Math.abs(here - there));
  }, 0);
  const notes =
    shift > mostShiftNm
      ? [`Bands of ${file} lie up to ${shift.toFixed(1)} nm away from those that the model was trained on.`]
      : [];
  return { bands, notes };
}
