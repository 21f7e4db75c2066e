import { areasOf, type Area } from './spectrumAreas.ts';
import type { SpectrumState } from './spectrumState.ts';

/** What the horizontal axis is made of. */
export type BandAxis = Pick<SpectrumState, 'axis' | 'wavelengthsNm' | 'bandIsGood' | 'segments'>;

/** Bands that belong together along the axis: a segment's good bands, or neighbours that are bad. */
export interface BandGroup {
  kind: 'segment' | 'bad';
  /** In file order. */
  bands: readonly number[];
  /** Where the group lies, half a step beyond its outermost bands. */
  low: number;
  high: number;
}

export interface SpectrumLayout {
  /** `band` also where wavelengths were asked for and the cube has none. */
  axis: 'wavelength' | 'band';
  /** Place of each band: its wavelength or its number from 1; NaN for a band without one. */
  places: Float64Array;
  /** Bands that have a place, by ascending place: detectors that overlap are interleaved. */
  order: readonly number[];
  /** What a curve may connect: bands of one segment in file order. */
  runs: readonly (readonly number[])[];
  groups: readonly BandGroup[];
  areas: readonly Area[];
}

/** Places of all bands on the axis, what curves may connect, and what is to be marked. */
export function layOutBands(axis: BandAxis): SpectrumLayout {
  const { wavelengthsNm, bandIsGood } = axis;
  const byWavelength = axis.axis === 'wavelength' && wavelengthsNm !== null;
  const places = Float64Array.from(bandIsGood, (_, bandIndex) =>
    byWavelength ? (wavelengthsNm[bandIndex] ?? NaN) : bandIndex + 1,
  );
  const all = [...places.keys()].filter((bandIndex) => Number.isFinite(places[bandIndex]));
  const runs = axis.segments.length > 0 ? segmentRuns(axis, places) : [all];
  const bad = badRuns(bandIsGood, places);
  const groups = [
    ...runs.map((run) => groupOf('segment', goodOnly(run, axis), places)),
    ...bad.map((run) => groupOf('bad', run, places)),
  ].filter((group) => group !== null);
  return {
    axis: byWavelength ? 'wavelength' : 'band',
    places,
    order: all.toSorted((a, b) => placeOf(places, a) - placeOf(places, b) || a - b),
    runs,
    groups,
    areas: areasOf(axis.segments, bad, places),
  };
}

/**
 * The band a place means: the nearest of the group that lies there. Where groups overlap, such as two detectors, the
 * band with the least `distance` (in pixels, to what is drawn of it); in a gap, the nearest of all. Null without bands.
 */
export function nearestBand(
  { groups, places }: SpectrumLayout,
  at: number,
  distance: (bandIndex: number) => number,
): number | null {
  const offset = (bandIndex: number) => Math.abs(placeOf(places, bandIndex) - at);
  const candidates = groups.map((group) => ({ group, bandIndex: least(group.bands, offset) }));
  const here = candidates.filter(({ group }) => at >= group.low && at <= group.high);
  const bands = (here.length > 0 ? here : candidates).map(({ bandIndex }) => bandIndex);
  if (bands.length === 0) return null;
  return least(bands, here.length > 1 ? distance : offset);
}

/** A band's place; NaN where it has none. */
export const placeOf = (places: Float64Array, bandIndex: number): number => places[bandIndex] ?? NaN;

function least(bands: readonly number[], measure: (bandIndex: number) => number): number {
  let best = bands[0] ?? 0;
  let smallest = Infinity;
  for (const bandIndex of bands) {
    const size = measure(bandIndex);
    if (size < smallest) [best, smallest] = [bandIndex, size];
  }
  return best;
}

const goodOnly = (run: readonly number[], { bandIsGood }: BandAxis): number[] =>
  run.filter((bandIndex) => bandIsGood[bandIndex] === true);

function segmentRuns({ segments, bandIsGood }: BandAxis, places: Float64Array): number[][] {
  return segments.map(({ firstBandIndex, lastBandIndex }) => {
    const count = Math.max(0, Math.min(lastBandIndex + 1, bandIsGood.length) - firstBandIndex);
    return Array.from({ length: count }, (_, step) => firstBandIndex + step).filter((bandIndex) =>
      Number.isFinite(places[bandIndex]),
    );
  });
}

/** Neighbouring bad bands; apart where the place jumps or turns between them. */
function badRuns(bandIsGood: readonly boolean[], places: Float64Array): number[][] {
  const runs: number[][] = [];
  let previous: number | null = null;
  bandIsGood.forEach((good, bandIndex) => {
    if (good || !Number.isFinite(places[bandIndex])) {
      previous = null;
      return;
    }
    const run = runs.at(-1);
    if (run !== undefined && previous === bandIndex - 1 && continues(run, bandIndex, places))
      run.push(bandIndex);
    else runs.push([bandIndex]);
    previous = bandIndex;
  });
  return runs;
}

function continues(run: readonly number[], bandIndex: number, places: Float64Array): boolean {
  const [before, last] = [run.at(-2), run.at(-1) ?? 0];
  const step = placeOf(places, bandIndex) - placeOf(places, last);
  const known = placeOf(places, last) - placeOf(places, before ?? last - 1);
  return !Number.isFinite(known) || (known * step > 0 && Math.abs(step) <= 3.5 * Math.abs(known));
}

function groupOf(kind: BandGroup['kind'], bands: readonly number[], places: Float64Array): BandGroup | null {
  if (bands.length === 0) return null;
  const sorted = bands.toSorted((a, b) => placeOf(places, a) - placeOf(places, b));
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  return {
    kind,
    bands,
    low: placeOf(places, first) - halfStep(first, places),
    high: placeOf(places, last) + halfStep(last, places),
  };
}

/** Half the way to the nearer of the file's neighbours. */
function halfStep(bandIndex: number, places: Float64Array): number {
  const steps = [bandIndex - 1, bandIndex + 1]
    .map((neighbour) => Math.abs(placeOf(places, neighbour) - placeOf(places, bandIndex)))
    .filter((step) => Number.isFinite(step) && step > 0);
  return steps.length === 0 ? 0 : Math.min(...steps) / 2;
}
