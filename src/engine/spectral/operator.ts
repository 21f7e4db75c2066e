import type { FilterSettings } from '../contract/filter.ts';
import { CubelensError } from '../base/errors.ts';
import type { RowWeights } from '../kernels/bandedOperator.ts';
import type { Segment, SpectralAxis } from './axis.ts';
import { checkFilter } from './filter.ts';
import { PatternCache, patternKey } from './patternCache.ts';
import { designWeights } from './savitzkyGolay.ts';
import { foldScaling, type BandScaling } from './scaling.ts';

/**
 * One band's filter: result = sum of weights x numbers at `bandIndexes` + constant, in pixels where all of them have a
 * number. Rows may share one array of weights, so it is not to be changed.
 */
export interface OperatorRow extends RowWeights {
  /** The window's bands, from 0, in file order; length `filter.window`. */
  bandIndexes: Int32Array;
  /** True where the window could not be centred on the band: within half a window of a segment's end. */
  edge: boolean;
}

/**
 * A Savitzky-Golay filter on one axis as a banded matrix: plain data. It takes numbers and gives filtered values: where
 * there is a scaling, scale and offset are in its weights and constants, and are never applied to the pixels.
 */
export interface BandedOperator {
  filter: FilterSettings;
  axis: SpectralAxis;
  /** What makes the numbers values; null: they are values. */
  scaling: BandScaling | null;
  /** Number of bands of the cube, in and out. */
  bands: number;
  /** One row a band; null: bands that take no part, bands of short segments, and edge bands with edge mode `nan`. */
  rows: (OperatorRow | null)[];
  /** One flag a band: true within half a window of the end of a segment that is long enough, whatever the edge mode. */
  bandIsEdge: boolean[];
  /** Segments with fewer good bands than the window: their bands have no result. */
  shortSegments: Segment[];
}

/**
 * The filter's banded matrix: for each band the least-squares weights on the true coordinates of its window, which is
 * counted in good bands of the segment and stays inside it. Weights are per unit^derivative of the axis (nm, or bands).
 * With a `scaling` (one entry a band of the axis) the operator takes unscaled numbers; without, values.
 *
 * Throws `invalid-request` where a setting is off (see `checkFilter`) or where no segment is as long as the window,
 * `degenerate` where wavelengths are too close to each other.
 */
export function designOperator(
  axis: SpectralAxis,
  filter: FilterSettings,
  scaling: BandScaling | null = null,
): BandedOperator {
  checkFilter(filter);
  if (filter.axis !== axis.kind) {
    throw new CubelensError(
      'internal',
      `A filter on the ${filter.axis} axis met a ${axis.kind} axis; they must be the same.`,
      { field: 'axis' },
    );
  }
  const shortSegments = axis.segments.filter((segment) => segment.bandIndexes.length < filter.window);
  if (shortSegments.length === axis.segments.length) throw tooShort(axis, filter);

  const operator: BandedOperator = {
    filter,
    axis,
    scaling,
    bands: axis.bands,
    rows: new Array<OperatorRow | null>(axis.bands).fill(null),
    bandIsEdge: new Array<boolean>(axis.bands).fill(false),
    shortSegments,
  };
  for (const segment of axis.segments) {
    if (segment.bandIndexes.length >= filter.window) designSegment(operator, segment);
  }
  return operator;
}

function designSegment(operator: BandedOperator, { bandIndexes }: Segment): void {
  const { filter, axis } = operator;
  const half = filter.window >> 1;
  const lastStart = bandIndexes.length - filter.window;
  let last: { offsets: Float64Array; weights: Float64Array } | null = null;
  for (let position = 0; position < bandIndexes.length; position++) {
    const bandIndex = bandIndexes[position] ?? 0;
    const centred = position - half;
    const start = Math.min(Math.max(centred, 0), lastStart);
    const edge = start !== centred;
    operator.bandIsEdge[bandIndex] = edge;
    if (edge && filter.edge === 'nan') continue;
    const window = bandIndexes.slice(start, start + filter.window);
    const at = axis.coordinates[bandIndex] ?? NaN;
    const offsets = Float64Array.from(window, (band) => (axis.coordinates[band] ?? NaN) - at);
    // On an even grid all inner windows are alike: one design serves them.
    if (last === null || !isEqual(last.offsets, offsets)) {
      last = { offsets, weights: designWeights(offsets, 0, filter.degree, filter.derivative) };
    }
    operator.rows[bandIndex] = {
      bandIndexes: window,
      ...foldScaling(
        last.weights,
        { bandIndexes: window, bandIndex, derivative: filter.derivative },
        operator.scaling,
      ),
      edge,
    };
  }
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}

function tooShort(axis: SpectralAxis, filter: FilterSettings): CubelensError {
  let longest: Segment | undefined;
  for (const segment of axis.segments) {
    if (segment.bandIndexes.length > (longest?.bandIndexes.length ?? 0)) longest = segment;
  }
  if (longest === undefined) {
    return new CubelensError('invalid-request', 'No band takes part in the filter: there is no good band.', {
      field: 'window',
      remedy: 'Mark the bands to be used as good.',
    });
  }
  const length = longest.bandIndexes.length;
  const firstBand = (longest.bandIndexes[0] ?? 0) + 1;
  const lastBand = (longest.bandIndexes[length - 1] ?? 0) + 1;
  const run = firstBand === lastBand ? `band ${firstBand}` : `bands ${firstBand}-${lastBand}`;
  const remedies: string[] = [];
  const largestWindow = length % 2 === 1 ? length : length - 1;
  if (largestWindow >= 3) remedies.push(`choose a window of at most ${largestWindow}`);
  if (axis.kind === 'wavelength' && axis.segments.length > 1)
    remedies.push('filter by band number with `--axis band`');
  if (remedies.length === 0) {
    remedies.push(axis.excluded.length > 0 ? 'mark more bands as good' : 'choose a cube with more bands');
  }
  const remedy = remedies.join(', or ');
  return new CubelensError(
    'invalid-request',
    `A window of ${filter.window} bands fits into no segment: the longest without a gap, ${run}, has ${length} good band${length === 1 ? '' : 's'}.`,
    { field: 'window', remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.` },
  );
}

/** Gap patterns kept for one operator: 3 MB at the widest window. */
const patternLimit = 4096;
// Beside the operator, not in it, so that an operator stays plain data that crosses threads.
const patternCaches = new WeakMap<BandedOperator, PatternCache<RowWeights>>();

/**
 * Weights and constant of one band for pixels in which some bands of its window have no number: the same fit on the
 * others. Weights have length `filter.window`, in the window's order, 0 for the missing ones (skip those: 0 times NaN is
 * NaN). `present` has one entry a band of the window. The result is kept and shared: it is not to be changed.
 *
 * Null where the rule gives no value: the band has no row, fewer than degree + 2 bands are present, or they all lie on
 * one side of the band (edge windows excepted; a band that is itself present lies on no side). A complete window always
 * has its row. The gap mode is the caller's to heed.
 */
export function refitWeights(
  operator: BandedOperator,
  bandIndex: number,
  present: ArrayLike<boolean | number>,
): RowWeights | null {
  const row = operator.rows[bandIndex] ?? null;
  if (row === null) return null;
  const remaining: number[] = [];
  for (let i = 0; i < row.bandIndexes.length; i++) if (present[i]) remaining.push(i);
  if (remaining.length === row.bandIndexes.length) return row;
  if (remaining.length < operator.filter.degree + 2) return null;
  if (!row.edge && isOneSided(remaining, row.bandIndexes.indexOf(bandIndex))) return null;

  let cache = patternCaches.get(operator);
  if (cache === undefined) patternCaches.set(operator, (cache = new PatternCache(patternLimit)));
  return cache.obtain(patternKey(bandIndex, present), () => refit(operator, row, bandIndex, remaining));
}

/** `remaining` lists places in the window, rising. Coordinates are monotonic in a segment, so places tell the side. */
function isOneSided(remaining: readonly number[], own: number): boolean {
  return (remaining[0] ?? 0) > own || (remaining[remaining.length - 1] ?? 0) < own;
}

function refit(
  { axis, filter, scaling }: BandedOperator,
  { bandIndexes }: OperatorRow,
  bandIndex: number,
  remaining: readonly number[],
): RowWeights {
  const coordinates = remaining.map((place) => axis.coordinates[bandIndexes[place] ?? 0] ?? NaN);
  const at = axis.coordinates[bandIndex] ?? NaN;
  const fitted = designWeights(coordinates, at, filter.degree, filter.derivative);
  const weights = new Float64Array(bandIndexes.length);
  remaining.forEach((place, i) => (weights[place] = fitted[i] ?? 0));
  return foldScaling(weights, { bandIndexes, bandIndex, derivative: filter.derivative }, scaling);
}

/** Factor by which the filter scales white noise of the numbers at this band: sqrt(sum of squared weights). */
export function noiseGain(row: OperatorRow): number {
  return Math.hypot(...row.weights);
}
