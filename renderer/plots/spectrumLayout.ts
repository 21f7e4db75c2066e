/** What a spectrum's horizontal axis is made of. Arrays have one entry a band, in file order. */
export interface BandAxis {
  axis: 'wavelength' | 'band';
  wavelengthsNm: readonly (number | null)[] | null;
  bandIsGood: readonly boolean[];
  /** Bands numbered from 1, as the API gives them. */
  segments: readonly { firstBand: number; lastBand: number; direction: 'rising' | 'falling' | 'single' }[];
  wavelengthUnit: 'nm' | 'µm';
}

/** Bands that belong together along the axis: a segment, or neighbours that are bad. */
export interface BandGroup {
  kind: 'segment' | 'bad';
  /** In file order. */
  bands: readonly number[];
  /** Where the group lies, half a step beyond its outermost bands. */
  low: number;
  high: number;
}

/** A stretch of the axis to mark: bad bands, no bands at all, or more than one detector. */
export interface Shade {
  kind: 'bad' | 'gap' | 'overlap';
  low: number;
  high: number;
}

export interface SpectrumLayout {
  /** `band` also where wavelengths were asked for and the cube has none. */
  axis: 'wavelength' | 'band';
  unit: 'nm' | 'µm' | null;
  /** Place of each band: its wavelength in `unit` or its number from 1; NaN for a band without one. */
  places: Float64Array;
  /** Bands that have a place, by ascending place. */
  order: readonly number[];
  /** What a curve may connect: bands of one segment in file order. Bad bands are among them and break it. */
  runs: readonly (readonly number[])[];
  groups: readonly BandGroup[];
  shades: readonly Shade[];
  /** Bands without a place. */
  placeless: number;
}

/** Places of all bands on the axis, what curves may connect, and what is to be marked. */
export function layOutBands(axis: BandAxis): SpectrumLayout {
  const byWavelength = axis.axis === 'wavelength' && axis.wavelengthsNm !== null;
  const perNm = axis.wavelengthUnit === 'µm' ? 1000 : 1;
  const places = Float64Array.from(axis.bandIsGood, (_, bandIndex) =>
    byWavelength ? (axis.wavelengthsNm?.[bandIndex] ?? NaN) / perNm : bandIndex + 1,
  );
  const all = [...places.keys()].filter((bandIndex) => Number.isFinite(places[bandIndex]));
  const order = all.toSorted((a, b) => place(places, a) - place(places, b) || a - b);
  const runs = byWavelength && axis.segments.length > 0 ? segmentRuns(axis, places) : [all];
  const groups = [
    ...runs.map((run) => groupOf('segment', goodOnly(run, axis), places)),
    ...badRuns(axis.bandIsGood, places).map((run) => groupOf('bad', run, places)),
  ].filter((group) => group !== null);
  return {
    axis: byWavelength ? 'wavelength' : 'band',
    unit: byWavelength ? axis.wavelengthUnit : null,
    places,
    order,
    runs,
    groups,
    shades: shadesOf(groups, order, places),
    placeless: places.length - all.length,
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
  const offset = (bandIndex: number) => Math.abs(place(places, bandIndex) - at);
  const candidates = groups.map((group) => ({ group, bandIndex: least(group.bands, offset) }));
  const here = candidates.filter(({ group }) => at >= group.low && at <= group.high);
  if (here.length > 1)
    return least(
      here.map((each) => each.bandIndex),
      distance,
    );
  const rest = here.length === 1 ? here : candidates;
  return rest.length === 0
    ? null
    : least(
        rest.map((each) => each.bandIndex),
        offset,
      );
}

const place = (places: Float64Array, bandIndex: number): number => places[bandIndex] ?? NaN;

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
  return segments.map(({ firstBand, lastBand }) => {
    const first = Math.max(0, firstBand - 1);
    const count = Math.max(0, Math.min(lastBand, bandIsGood.length) - first);
    return Array.from({ length: count }, (_, step) => first + step).filter((bandIndex) =>
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
  const step = place(places, bandIndex) - place(places, last);
  const known = place(places, last) - place(places, before ?? last - 1);
  return !Number.isFinite(known) || (known * step > 0 && Math.abs(step) <= 3.5 * Math.abs(known));
}

function groupOf(kind: BandGroup['kind'], bands: readonly number[], places: Float64Array): BandGroup | null {
  if (bands.length === 0) return null;
  const sorted = bands.toSorted((a, b) => place(places, a) - place(places, b));
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  return {
    kind,
    bands,
    low: place(places, first) - halfStep(first, places),
    high: place(places, last) + halfStep(last, places),
  };
}

/** Half the way to the nearer of the file's neighbours. */
function halfStep(bandIndex: number, places: Float64Array): number {
  const steps = [bandIndex - 1, bandIndex + 1]
    .map((neighbour) => Math.abs(place(places, neighbour) - place(places, bandIndex)))
    .filter((step) => Number.isFinite(step) && step > 0);
  return steps.length === 0 ? 0 : Math.min(...steps) / 2;
}

function shadesOf(groups: readonly BandGroup[], order: readonly number[], places: Float64Array): Shade[] {
  const bad = groups.filter(({ kind }) => kind === 'bad').map(({ low, high }) => ({ low, high }));
  const steps = order
    .slice(1)
    .map((bandIndex, index) => place(places, bandIndex) - place(places, order[index] ?? 0));
  const sorted = steps.filter((step) => step > 0).toSorted((a, b) => a - b);
  // A space below this is the rounding of half steps, not a gap that a person would see.
  const sliver = (sorted[sorted.length >> 1] ?? 0) * 0.75;
  return [
    ...gapsBetween(groups, sliver).map((span) => ({ kind: 'gap' as const, ...span })),
    ...bad.map((span) => ({ kind: 'bad' as const, ...span })),
    ...overlaps(groups.filter(({ kind }) => kind === 'segment')).map((span) => ({
      kind: 'overlap' as const,
      ...span,
    })),
  ];
}

type Span = Pick<Shade, 'low' | 'high'>;

const byLow = (spans: readonly Span[]): Span[] => spans.toSorted((a, b) => a.low - b.low);

function gapsBetween(spans: readonly Span[], sliver: number): Span[] {
  const gaps: Span[] = [];
  let reached = Infinity;
  for (const { low, high } of byLow(spans)) {
    if (low - reached > sliver) gaps.push({ low: reached, high: low });
    reached = reached === Infinity ? high : Math.max(reached, high);
  }
  return gaps;
}

function overlaps(segments: readonly Span[]): Span[] {
  const found: Span[] = [];
  let reached = -Infinity;
  for (const { low, high } of byLow(segments)) {
    const end = Math.min(reached, high);
    if (end > low) found.push({ low, high: end });
    reached = Math.max(reached, high);
  }
  return found;
}
