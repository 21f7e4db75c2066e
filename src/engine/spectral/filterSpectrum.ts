import { CubelensError } from '../base/errors.ts';
import type { BandedOperator, OperatorRow } from './operator.ts';
import { refitWeights } from './operator.ts';

/** One pixel's filtered spectrum, one entry a band. */
export interface FilteredSpectrum {
  /** Smoothed value or derivative (per unit^derivative of the axis), NaN where there is none. */
  result: Float64Array;
  /** True near a segment's end, where the window is off-centre (or, with edge mode `nan`, where it would be). */
  edge: boolean[];
}

/**
 * Filters one pixel's spectrum in float64. `values` has one entry a band, after scale and offset; what is not finite
 * (NaN for nodata, infinity) is a gap and treated by the filter's gap mode.
 *
 * Throws `internal` where the number of values is not the operator's number of bands.
 */
export function filterSpectrum(operator: BandedOperator, values: ArrayLike<number>): FilteredSpectrum {
  if (values.length !== operator.bands) {
    throw new CubelensError(
      'internal',
      `A spectrum of ${values.length} values met a filter for ${operator.bands} bands.`,
    );
  }
  const result = new Float64Array(operator.bands).fill(NaN);
  operator.rows.forEach((row, bandIndex) => {
    if (row !== null) result[bandIndex] = filterBand(operator, row, bandIndex, values);
  });
  return { result, edge: [...operator.bandIsEdge] };
}

function filterBand(
  operator: BandedOperator,
  row: OperatorRow,
  bandIndex: number,
  values: ArrayLike<number>,
): number {
  const { bandIndexes, weights } = row;
  let sum = 0;
  for (let i = 0; i < bandIndexes.length; i++) {
    const value = values[bandIndexes[i] ?? 0] ?? NaN;
    if (!Number.isFinite(value)) return filterGap(operator, row, bandIndex, values);
    sum += (weights[i] ?? 0) * value;
  }
  return sum;
}

/** The same where some of the window's bands have no value. */
function filterGap(
  operator: BandedOperator,
  row: OperatorRow,
  bandIndex: number,
  values: ArrayLike<number>,
): number {
  if (operator.filter.gap === 'strict') return NaN;
  const window = Array.from(row.bandIndexes, (band) => values[band] ?? NaN);
  const isPresent = window.map((value) => Number.isFinite(value));
  const weights = refitWeights(operator, bandIndex, isPresent);
  if (weights === null) return NaN;
  let sum = 0;
  for (let i = 0; i < window.length; i++) {
    // Missing values are skipped: their weight is 0, but 0 times infinity is NaN.
    if (isPresent[i] === true) sum += (weights[i] ?? 0) * (window[i] ?? 0);
  }
  return sum;
}
