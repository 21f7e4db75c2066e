import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';
import { inputPlaces } from './inputs.ts';
import type { SavedFacts } from './savedFacts.ts';
import { listed } from './trainNotes.ts';

/** Nanometres by which a band may lie away from the one that the classifier was trained on. */
const mostShiftNm = 1;

/**
 * The bands of a cube (indexes from 0) that are a classifier's columns, in their order: by their numbers where it was
 * trained on a cube, else the good ones or all of them where their number fits; notes say where they may be others than the
 * training's. Throws `invalid-request` where the cube does not fit.
 */
export function bandsOfClassifier(
  {
    columns,
    wavelengthsNm,
    auxiliary,
    bands: trainedBands,
  }: Pick<SavedFacts, 'columns' | 'wavelengthsNm' | 'auxiliary'> & { bands?: number | null | undefined },
  cube: Described,
): { bands: number[]; notes: string[] } {
  const { file, bandRecords } = cube;
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
  return {
    bands,
    notes: [
      ...bandNotes(bands, cube, trainedBands),
      ...shiftNotes(
        Array.from(inputPlaces(columns, auxiliary).spectrum, (k) => bands[k] as number),
        cube,
        wavelengthsNm,
      ),
    ],
  };
}

type Described = Pick<CubeDescription, 'file' | 'bandRecords'>;

/** Notes of another number of bands than the training cube's, and of bands that the cube itself marks as bad. */
function bandNotes(
  bands: readonly number[],
  { file, bandRecords }: Described,
  trained: number | null | undefined,
): string[] {
  const bad = bands.filter((band) => bandRecords[band]?.good === false).map((band) => `band ${band + 1}`);
  const differ = typeof trained === 'number' && trained !== bandRecords.length;
  return [
    ...(differ
      ? [
          `The classifier was trained on a cube of ${trained} bands; ${file} has ${bandRecords.length}: the same numbers may be other bands.`,
        ]
      : []),
    ...(bad.length > 0 ? [`${file} marks bands as bad that the classifier takes: ${listed(bad)}.`] : []),
  ];
}

/** A note of wavelengths that differ (`bands`: of the spectrum, in its order), or that cannot be compared. */
function shiftNotes(
  bands: readonly number[],
  { file, bandRecords }: Described,
  trained: readonly number[] | null,
): string[] {
  const own = bands.map((band) => bandRecords[band]?.wavelengthNm ?? null);
  if (trained === null && own.every((nm) => nm === null)) return [];
  const shifts = own.flatMap((here, k) => {
    const there = trained?.[k] ?? null;
    return here === null || there === null ? [] : [Math.abs(here - there)];
  });
  if (shifts.length < bands.length) {
    const some = own.some((nm) => nm !== null) ? ' for some bands' : '';
    const who = trained === null ? 'the training data have none' : `${file} has none${some}`;
    return [`Wavelengths could not be compared: ${who}.`];
  }
  const most = shifts.reduce((a, b) => Math.max(a, b), 0);
  if (most <= mostShiftNm) return [];
  return [
    `Bands of ${file} lie up to ${most.toFixed(1)} nm away from those that the classifier was trained on.`,
  ];
}
