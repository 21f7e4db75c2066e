import { CubelensError } from '../../base/errors.ts';
import type { SpectraTable } from './spectraTable.ts';

/** Smallest and largest value of each column, in the table's own units. */
export function columnRanges({ rows, columns, values }: SpectraTable): [number, number][] {
  const low = new Float64Array(columns).fill(Infinity);
  const high = new Float64Array(columns).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const value = values[row * columns + k] as number;
      if (value < (low[k] as number)) low[k] = value;
      if (value > (high[k] as number)) high[k] = value;
    }
  }
  return Array.from(low, (value, k) => [value, high[k] as number]);
}

/** Smallest and largest line, and smallest and largest sample; null where the rows have no positions. */
export function positionRanges({
  rows,
  positions,
}: SpectraTable): [[number, number], [number, number]] | null {
  if (positions === null || rows === 0) return null;
  const ranges: [[number, number], [number, number]] = [
    [Infinity, -Infinity],
    [Infinity, -Infinity],
  ];
  for (let k = 0; k < 2 * rows; k++) {
    const range = ranges[k % 2 === 0 ? 0 : 1];
    const value = positions[k] as number;
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  }
  return ranges;
}

/** Mean of each class over its rows, in the table's own units: one row a class, null for a class without rows. */
export function classMeans({ rows, columns, values, classes }: SpectraTable): (Float64Array | null)[] {
  if (classes === null) return [];
  const sums = classes.names.map(() => new Float64Array(columns));
  const counts = classes.names.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const one = classes.ofRow[row] as number;
    const sum = sums[one];
    if (sum === undefined) continue;
    counts[one] = (counts[one] ?? 0) + 1;
    for (let k = 0; k < columns; k++) sum[k] = (sum[k] as number) + (values[row * columns + k] as number);
  }
  return sums.map((sum, one) => {
    const count = counts[one] ?? 0;
    return count === 0 ? null : sum.map((value) => value / count);
  });
}

/** The row that is nearest to a spectrum. */
export interface NearestPixel {
  row: number;
  /** Euclidean, in the table's own units. */
  distance: number;
  /** Line and sample, from 0; null where the rows are no pixels. */
  position: [line: number, sample: number] | null;
}

/**
 * The row that is nearest to a spectrum of as many numbers as the table has columns, or as there are `places` (the
 * columns, from 0, that the spectrum is of); of equally near ones the first. Throws `invalid-request` for another length.
 */
export function nearestPixel(
  { rows, columns, values, positions }: SpectraTable,
  spectrum: ArrayLike<number>,
  places: readonly number[] | null = null,
): NearestPixel {
  const used = Int32Array.from(places ?? Array.from({ length: columns }, (_, k) => k));
  if (spectrum.length !== used.length || rows === 0) {
    throw new CubelensError(
      'invalid-request',
      `The spectrum has ${spectrum.length} numbers for ${used.length} columns of ${rows} rows.`,
      { field: 'spectrum', remedy: 'Give one number for each column.' },
    );
  }
  let nearest = 0;
  let least = Infinity;
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let k = 0; k < used.length && square < least; k++) {
      const difference = (values[row * columns + (used[k] as number)] as number) - (spectrum[k] as number);
      square += difference * difference;
    }
    if (square < least) {
      least = square;
      nearest = row;
    }
  }
  return {
    row: nearest,
    distance: Math.sqrt(least),
    position:
      positions === null ? null : [positions[2 * nearest] as number, positions[2 * nearest + 1] as number],
  };
}
