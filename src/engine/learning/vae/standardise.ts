import { CubelensError } from '../../base/errors.ts';

/** Samples to learn from, row after row; a SpectraTable is one. */
export interface Samples {
  rows: number;
  columns: number;
  values: Float32Array;
  names?: string[];
  wavelengthsNm?: number[] | null;
  /** Of the cube that the samples are of. */
  bands?: number;
}

/** Mean and standard deviation of each column, in the data's units; a constant column, or one that spreads less than 1e-30, has 0. */
export interface Standardisation {
  mean: Float32Array;
  deviation: Float32Array;
}

/** Below this share of a column's size its spread is float32 rounding. */
const roundingShare = 2 ** -21;
/** Spreads outside have no reciprocal among the normal numbers of float32. */
const [leastSpread, mostSpread] = [1e-30, 1e30];

/**
 * Means and standard deviations (over n) of the columns, in two passes in float64.
 * Throws `out-of-range` for a value that is not finite, `invalid-request` for fewer than two rows or no column.
 */
export function standardisationOf({ rows, columns, values }: Samples): Standardisation {
  if (rows < 2 || columns < 1) {
    throw new CubelensError(
      'invalid-request',
      `Too few to learn from: samples ${rows}, columns ${columns}.`,
      {
        remedy: 'Give at least two samples of at least one column.',
      },
    );
  }
  if (values.length !== rows * columns) {
    throw new CubelensError('invalid-request', `${values.length} values are not ${rows} x ${columns}.`);
  }
  const mean = new Float64Array(columns);
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (!Number.isFinite(value)) {
      throw new CubelensError(
        'out-of-range',
        `Sample ${Math.floor(k / columns) + 1} has ${value} in a column.`,
        {
          row: Math.floor(k / columns) + 1,
          column: (k % columns) + 1,
          remedy: 'Leave samples without data out.',
        },
      );
    }
    const column = k % columns;
    mean[column] = (mean[column] as number) + value / rows;
  }
  const squares = new Float64Array(columns);
  for (let k = 0; k < values.length; k++) {
    const column = k % columns;
    squares[column] = (squares[column] as number) + ((values[k] as number) - (mean[column] as number)) ** 2;
  }
  const deviation = Float32Array.from(squares, (sum, column) => {
    const found = Math.sqrt(sum / rows);
    const least = Math.max(leastSpread, roundingShare * Math.abs(mean[column] as number));
    return found <= least ? 0 : found;
  });
  if (!deviation.every((spread) => spread < mostSpread)) {
    throw new CubelensError('out-of-range', 'The values spread too far for float32.', {
      remedy: 'Scale the data.',
    });
  }
  return { mean: Float32Array.from(mean), deviation };
}

/** Leaves the values as they are. */
export const unchanged = (columns: number): Standardisation => ({
  mean: new Float32Array(columns),
  deviation: new Float32Array(columns).fill(1),
});

/** What each column, less its mean, is multiplied by: 1 over its standard deviation, 0 where it is constant. */
export const factorsOf = ({ deviation }: Standardisation): Float64Array =>
  Float64Array.from(deviation, (d) => (d === 0 ? 0 : 1 / d));

/**
 * Standardised rows: those that `order` names, or all of them from `from` on. Constant columns become 0.
 * @param rows - how many rows.
 */
export function standardised(
  values: Float32Array,
  standardisation: Standardisation,
  rows: number,
  from: number,
  order: Int32Array | null = null,
): Float32Array {
  const { mean } = standardisation;
  const columns = mean.length;
  const factors = factorsOf(standardisation);
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = (order === null ? from + row : (order[from + row] as number)) * columns;
    const to = row * columns;
    for (let column = 0; column < columns; column++) {
      out[to + column] =
        ((values[start + column] as number) - (mean[column] as number)) * (factors[column] as number);
    }
  }
  return out;
}
