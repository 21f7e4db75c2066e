import { CubelensError } from '../../base/errors.ts';
import type { CubeDescription } from '../../cube/cube.ts';
import { listed } from './listed.ts';

/** Nanometres by which a band may lie away from the one that was trained on. */
const mostShiftNm = 1;

/** What a trained model says of its columns. */
export interface TrainedColumns {
  /** "band N" (from 1) for those of a cube; empty where the data did not say. */
  names: readonly string[];
  columns: number;
  /** Of the training cube; null where it was none, or where the model's file is older than this. */
  bands: number | null;
  wavelengthsNm: readonly number[] | null;
  /** Columns (from 0) that the wavelengths belong to, in their order; null: all. */
  spectrum: ArrayLike<number> | null;
}

/** What is looked at of a cube. */
export type DescribedBands = Pick<CubeDescription, 'file' | 'bandRecords'>;

/** Bands of a cube (indexes from 0), and what is to be said of them. */
export interface BandsOfModel {
  bands: number[];
  notes: string[];
}

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
 * The bands of a cube (indexes from 0) that are a model's columns, in their order: by their numbers where it was trained on
 * a cube, else the good ones or all of them where their number fits; notes say where they may be others than the training's.
 * Throws `invalid-request` where the cube does not fit.
 * @param model - how a sentence names it: "The model".
 */
export function trainedBands(trained: TrainedColumns, cube: DescribedBands, model: string): BandsOfModel {
  const { names, columns } = trained;
  const { file, bandRecords } = cube;
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
        ? `${model} takes ${columns} columns; ${file} has ${bandRecords.length} bands, of which ${good.length} are good.`
        : `${model} takes band ${missing + 1}; ${file} has ${bandRecords.length}.`,
      {
        file,
        field: 'cube',
        remedy: `Give a cube of the sensor that ${lower(model)} was trained on.`,
      },
    );
  }
  const spectrum =
    trained.spectrum === null ? bands : Array.from(trained.spectrum, (k) => bands[k] as number);
  return {
    bands,
    notes: [...bandNotes(bands, cube, trained, model), ...shiftNotes(spectrum, cube, trained, model)],
  };
}

const lower = (model: string): string => model.slice(0, 1).toLowerCase() + model.slice(1);

/** Notes of another number of bands than the training cube's, and of bands that the cube itself marks as bad. */
function bandNotes(
  bands: readonly number[],
  { file, bandRecords }: DescribedBands,
  trained: TrainedColumns,
  model: string,
): string[] {
  const bad = bands.filter((band) => bandRecords[band]?.good === false).map((band) => `band ${band + 1}`);
  const differ = trained.bands !== null && trained.bands !== bandRecords.length;
  return [
    ...(differ
      ? [
          `${model} was trained on a cube of ${trained.bands} bands; ${file} has ${bandRecords.length}: the same numbers may be other bands.`,
        ]
      : []),
    ...(bad.length > 0 ? [`${file} marks bands as bad that ${lower(model)} takes: ${listed(bad)}.`] : []),
  ];
}

/** A note of wavelengths that differ (`bands`: of the spectrum, in its order), or that cannot be compared. */
function shiftNotes(
  bands: readonly number[],
  { file, bandRecords }: DescribedBands,
  { wavelengthsNm }: TrainedColumns,
  model: string,
): string[] {
  const own = bands.map((band) => bandRecords[band]?.wavelengthNm ?? null);
  if (wavelengthsNm === null && own.every((nm) => nm === null)) return [];
  const shifts = own.flatMap((here, k) => {
    const there = wavelengthsNm?.[k] ?? null;
    return here === null || there === null ? [] : [Math.abs(here - there)];
  });
  if (shifts.length < bands.length) {
    const some = own.some((nm) => nm !== null) ? ' for some bands' : '';
    const who = wavelengthsNm === null ? 'the training data have none' : `${file} has none${some}`;
    return [`Wavelengths could not be compared: ${who}.`];
  }
  const most = shifts.reduce((a, b) => Math.max(a, b), 0);
  if (most <= mostShiftNm) return [];
  return [
    `Bands of ${file} lie up to ${most.toFixed(1)} nm away from those that ${lower(model)} was trained on.`,
  ];
}
