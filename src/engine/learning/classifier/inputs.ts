import { CubelensError } from '../../base/errors.ts';
import type { ClassifierAuxiliary } from '../../contract/classifier.ts';
import type { Breathe } from '../breather.ts';

/** Where the network's inputs lie in the rows of a table: columns from 0, or the positions beside them. */
export interface InputPlaces {
  columns: number;
  spectrum: Int32Array;
  auxiliary: Int32Array | 'position' | null;
  /** Inputs in all. */
  size: number;
}

/** Rows to take inputs of. */
export interface RawRows {
  values: Float32Array;
  positions: Int32Array | null;
}

/**
 * The places of the spectrum and the auxiliary input among columns of these names. Throws `invalid-request` for an auxiliary column
 * that is not there, and where no column is left for the spectrum.
 */
export function inputPlaces(columns: readonly string[], auxiliary: ClassifierAuxiliary | null): InputPlaces {
  const all = Int32Array.from(columns, (_, k) => k);
  if (auxiliary === null) return { columns: all.length, spectrum: all, auxiliary, size: all.length };
  if (auxiliary === 'position')
    return { columns: all.length, spectrum: all, auxiliary, size: all.length + 2 };
  const places = auxiliary.map((name) => {
    const place = columns.indexOf(name);
    if (place >= 0) return place;
    throw new CubelensError('invalid-request', `There is no column "${name}" for the auxiliary input.`, {
      field: 'auxiliary',
      remedy: `Columns are ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', ...' : ''}.`,
    });
  });
  const spectrum = all.filter((k) => !places.includes(k));
  if (spectrum.length > 0 && new Set(places).size === places.length) {
    return { columns: all.length, spectrum, auxiliary: Int32Array.from(places), size: all.length };
  }
  throw new CubelensError(
    'invalid-request',
    'The auxiliary input leaves no spectrum, or names a column twice.',
    {
      field: 'auxiliary',
      remedy: 'Give some of the columns, each once.',
    },
  );
}

/** Writes the inputs of a row, not standardised, to `out` from `start`. */
export function takeInputs(
  { columns, spectrum, auxiliary }: InputPlaces,
  { values, positions }: RawRows,
  row: number,
  out: Float64Array | Float32Array,
  start: number,
): void {
  let to = start;
  for (const place of spectrum) out[to++] = values[row * columns + place] ?? NaN;
  if (auxiliary === 'position') {
    out[to++] = positions?.[2 * row] ?? NaN;
    out[to++] = positions?.[2 * row + 1] ?? NaN;
  } else if (auxiliary !== null) {
    for (const place of auxiliary) out[to++] = values[row * columns + place] ?? NaN;
  }
}

/** Mean and standard deviation of each input. */
export interface InputScales {
  mean: Float64Array;
  deviation: Float64Array;
}

/** Rows between two breaths. */
const rowsAtOnce = 1000;

/**
 * Mean and standard deviation of each input over some rows, and the places of the inputs that are constant there: their
 * deviation is 1, so that they become 0.
 */
export async function inputScales(
  places: InputPlaces,
  raw: RawRows,
  rows: Int32Array,
  breathe: Breathe,
): Promise<InputScales & { constant: number[] }> {
  const mean = new Float64Array(places.size);
  const squares = new Float64Array(places.size);
  const one = new Float64Array(places.size);
  let count = 0;
  // Welford's sums: large offsets do not eat the digits of small variances.
  for (const row of rows) {
    if (count % rowsAtOnce === 0) await breathe();
    takeInputs(places, raw, row, one, 0);
    count += 1;
    for (let k = 0; k < one.length; k++) {
      const difference = (one[k] as number) - (mean[k] as number);
      mean[k] = (mean[k] as number) + difference / count;
      squares[k] = (squares[k] as number) + difference * ((one[k] as number) - (mean[k] as number));
    }
  }
  const constant: number[] = [];
  const deviation = squares.map((sum, k) => {
    const found = Math.sqrt(sum / Math.max(1, count));
    // Below the rounding of float32 there is only noise.
    if (found > 1e-7 * Math.abs(mean[k] as number) && found > 1e-30) return found;
    constant.push(k);
    return 1;
  });
  return { mean, deviation, constant };
}

/** The name of each input, in the order of the network. */
export function inputNames({ spectrum, auxiliary }: InputPlaces, columns: readonly string[]): string[] {
  const named = (places: Int32Array): string[] => Array.from(places, (place) => columns[place] ?? '');
  const others = auxiliary === 'position' ? ['line', 'sample'] : named(auxiliary ?? new Int32Array());
  return [...named(spectrum), ...others];
}

/** Standardised inputs of some rows, row by row. */
export function standardised(
  places: InputPlaces,
  raw: RawRows,
  rows: Int32Array,
  { mean, deviation }: InputScales,
): Float32Array {
  const size = places.size;
  const out = new Float32Array(rows.length * size);
  const one = new Float64Array(size);
  for (let r = 0; r < rows.length; r++) {
    takeInputs(places, raw, rows[r] as number, one, 0);
    for (let k = 0; k < size; k++) {
      out[r * size + k] = ((one[k] as number) - (mean[k] as number)) / (deviation[k] as number);
    }
  }
  return out;
}

/** As `standardised`, of many rows. */
export async function manyStandardised(
  places: InputPlaces,
  raw: RawRows,
  rows: Int32Array,
  scales: InputScales,
  breathe: Breathe,
): Promise<Float32Array> {
  const out = new Float32Array(rows.length * places.size);
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await breathe();
    out.set(standardised(places, raw, rows.subarray(start, start + rowsAtOnce), scales), start * places.size);
  }
  return out;
}
