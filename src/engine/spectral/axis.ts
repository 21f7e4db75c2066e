import type { FilterAxis } from '../contract/filter.ts';
import { CubelensError } from '../base/errors.ts';

/** A run of good bands that a filter window may span. */
export interface Segment {
  /** Good bands only, from 0, in file order. */
  bandIndexes: Int32Array;
  /** Direction of the coordinate in file order; `single` for a segment of one band. */
  direction: 'rising' | 'falling' | 'single';
  /** Median size of the steps inside the segment (nm, or bands on the band axis), never negative; null for one band. */
  medianStep: number | null;
}

/** A band that takes no part in the fit, and why. */
export interface ExcludedBand {
  bandIndex: number;
  why: 'bad' | 'no wavelength';
}

/** The coordinate that a filter is fitted on, and where it may not be crossed. */
export interface SpectralAxis {
  kind: FilterAxis;
  /** Number of bands of the cube. */
  bands: number;
  /** One coordinate a band: nm, or the band index; NaN for a band that takes no part. */
  coordinates: Float64Array;
  segments: Segment[];
  excluded: ExcludedBand[];
}

/** What an axis is made of: one entry a band; `wavelengthsNm` null where the cube has none. */
export interface AxisInput {
  kind: FilterAxis;
  wavelengthsNm: readonly (number | null)[] | null;
  bandIsGood: readonly boolean[];
  /** Band indexes after which a segment ends whatever the steps say, on either axis. Default: none. */
  joinIndexes?: readonly number[];
}

/** Steps on each side of a step that its size is compared with. */
const neighbourSteps = 5;
/** A step above this many times the median of its neighbours is a gap: two missing bands (3) are bridged, three (4) are not. */
const gapFactor = 3.5;

/** The axis a filter uses unless told otherwise: `wavelength` where the cube has any wavelength, else `band`. */
export function defaultAxis(wavelengthsNm: readonly (number | null)[] | null): FilterAxis {
  return wavelengthsNm?.some((wavelength) => hasWavelength(wavelength)) === true ? 'wavelength' : 'band';
}

/**
 * Coordinates and segments of a cube's bands, by one pass over the good bands in file order. A new segment starts at a
 * step that is zero, has the other sign than the segment's first step, or is larger than 3.5 times the median size of
 * the up to five good-band steps before and up to five after it (with no other step: no limit), or behind a join.
 *
 * Throws `invalid-request` for the wavelength axis of a cube without any wavelength, `internal` where the two lists
 * differ in length.
 */
export function buildAxis({ kind, wavelengthsNm, bandIsGood, joinIndexes = [] }: AxisInput): SpectralAxis {
  const bands = bandIsGood.length;
  if (wavelengthsNm !== null && wavelengthsNm.length !== bands) {
    throw new CubelensError(
      'internal',
      `There are ${wavelengthsNm.length} wavelengths for ${bands} bands; there must be one a band.`,
      { field: 'wavelengthsNm' },
    );
  }
  if (kind === 'wavelength' && defaultAxis(wavelengthsNm) !== 'wavelength') {
    throw new CubelensError(
      'invalid-request',
      'The filter cannot use the wavelength axis: this cube has no wavelengths.',
      {
        field: 'axis',
        remedy: 'Filter by band number with `--axis band`, or give wavelengths when opening.',
      },
    );
  }
  const coordinates = new Float64Array(bands).fill(NaN);
  const excluded: ExcludedBand[] = [];
  const taking: number[] = [];
  for (let bandIndex = 0; bandIndex < bands; bandIndex++) {
    const coordinate = kind === 'band' ? bandIndex : wavelengthsNm?.[bandIndex];
    if (bandIsGood[bandIndex] !== true) excluded.push({ bandIndex, why: 'bad' });
    else if (!hasWavelength(coordinate)) excluded.push({ bandIndex, why: 'no wavelength' });
    else {
      coordinates[bandIndex] = coordinate;
      taking.push(bandIndex);
    }
  }
  return {
    kind,
    bands,
    coordinates,
    segments: splitIntoSegments(taking, coordinates, joinIndexes),
    excluded,
  };
}

function hasWavelength(wavelength: number | null | undefined): wavelength is number {
  return typeof wavelength === 'number' && Number.isFinite(wavelength);
}

/** The one pass: `taking` lists the bands that take part, in file order. */
function splitIntoSegments(
  taking: readonly number[],
  coordinates: Float64Array,
  joinIndexes: readonly number[],
): Segment[] {
  const steps = stepsAlong(taking, coordinates);
  const isJoined = joinsAlong(taking, joinIndexes);
  const segments: Segment[] = [];
  let first = 0;
  for (let position = 1; position <= taking.length; position++) {
    const step = steps[position - 1];
    // The segment's first step sets its direction; at its first band there is none yet, and any sign will do.
    const firstStep = position - 1 > first ? steps[first] : step;
    const continues =
      step !== undefined &&
      step !== 0 &&
      isJoined[position - 1] !== true &&
      Math.sign(step) === Math.sign(firstStep ?? 0) &&
      Math.abs(step) <= gapLimit(steps, position - 1);
    if (continues) continue;
    segments.push(segmentOf(taking.slice(first, position), steps.slice(first, position - 1)));
    first = position;
  }
  return segments;
}

function stepsAlong(taking: readonly number[], coordinates: Float64Array): number[] {
  const steps: number[] = [];
  for (let position = 1; position < taking.length; position++) {
    const here = coordinates[taking[position] ?? 0] ?? NaN;
    const before = coordinates[taking[position - 1] ?? 0] ?? NaN;
    steps.push(here - before);
  }
  return steps;
}

/** One flag a step: true where a join lies between its two bands. */
function joinsAlong(taking: readonly number[], joinIndexes: readonly number[]): boolean[] {
  const joins = [...joinIndexes].sort((a, b) => a - b);
  const flags: boolean[] = [];
  let next = 0;
  for (let position = 1; position < taking.length; position++) {
    const here = taking[position - 1] ?? 0;
    while (next < joins.length && (joins[next] ?? 0) < here) next++;
    flags.push((joins[next] ?? Infinity) < (taking[position] ?? 0));
  }
  return flags;
}

/** Largest size that step `index` may have; infinite where it has no neighbour to be compared with. */
function gapLimit(steps: readonly number[], index: number): number {
  const around = [
    ...steps.slice(Math.max(0, index - neighbourSteps), index),
    ...steps.slice(index + 1, index + 1 + neighbourSteps),
  ];
  const median = medianSize(around);
  return median === null ? Infinity : gapFactor * median;
}

function segmentOf(bandIndexes: readonly number[], steps: readonly number[]): Segment {
  const firstStep = steps[0];
  const direction = firstStep === undefined ? 'single' : firstStep > 0 ? 'rising' : 'falling';
  return { bandIndexes: Int32Array.from(bandIndexes), direction, medianStep: medianSize(steps) };
}

/** Median of the sizes; of an even count the mean of the two middle ones; null of none. */
function medianSize(steps: readonly number[]): number | null {
  if (steps.length === 0) return null;
  const sizes = Float64Array.from(steps, Math.abs).sort();
  const upper = sizes[sizes.length >> 1] ?? NaN;
  const lower = sizes[(sizes.length - 1) >> 1] ?? NaN;
  return lower + (upper - lower) / 2;
}
