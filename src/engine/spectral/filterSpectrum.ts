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
 * Filters one pixel's spectrum in float64. `numbers` has one entry a band: stored numbers where the operator carries
 * scale and offset, else values. What is not finite (NaN for nodata, infinity) is a gap and treated by the filter's gap
 * mode. Images and cubes filtered by `applyRow` are this result rounded: both add the same products in the same order.
 *
 * Throws `internal` where the count of numbers is not the operator's number of bands.
 */
export function filterSpectrum(operator: BandedOperator, numbers: ArrayLike<number>): FilteredSpectrum {
  if (numbers.length !== operator.bands) {
    throw new CubelensError(
      'internal',
      `A spectrum of ${numbers.length} values met a filter for ${operator.bands} bands.`,
    );
  }
  const result = new Float64Array(operator.bands).fill(NaN);
  operator.rows.forEach((row, bandIndex) => {
    if (row !== null) result[bandIndex] = filterBand(operator, row, bandIndex, numbers);
  });
  return { result, edge: [...operator.bandIsEdge] };
}

function filterBand(
  operator: BandedOperator,
  row: OperatorRow,
  bandIndex: number,
  numbers: ArrayLike<number>,
): number {
  const { bandIndexes, weights, constant } = row;
  let sum = 0;
  for (let i = 0; i < bandIndexes.length; i++) {
    const number = numbers[bandIndexes[i] ?? 0] ?? NaN;
    if (!Number.isFinite(number)) return filterGap(operator, row, bandIndex, numbers);
    sum += (weights[i] ?? 0) * number;
  }
  return sum + constant;
}

/** The same where some of the window's bands have no number. */
function filterGap(
  operator: BandedOperator,
  row: OperatorRow,
  bandIndex: number,
  numbers: ArrayLike<number>,
): number {
  if (operator.filter.gap === 'strict') return NaN;
  const window = Array.from(row.bandIndexes, (band) => numbers[band] ?? NaN);
  const isPresent = window.map((number) => Number.isFinite(number));
  const refitted = refitWeights(operator, bandIndex, isPresent);
  if (refitted === null) return NaN;
  let sum = 0;
  for (let i = 0; i < window.length; i++) {
    // What is missing is skipped: its weight is 0, but 0 times infinity is NaN.
    if (isPresent[i] === true) sum += (refitted.weights[i] ?? 0) * (window[i] ?? 0);
  }
  return sum + refitted.constant;
}
