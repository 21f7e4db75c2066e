import type { SpectrumState } from './spectrumState.ts';

/** What the track shows; segments of the default axis. */
export type TrackState = Pick<SpectrumState, 'wavelengthsNm' | 'bandIsGood' | 'bandNames' | 'segments'> & {
  /** One knob, or three for red, green and blue. */
  bandIndexes: readonly number[];
};

const INSET = 8;
/** Least distance of two labels' middles, and from the one before the last to the last, which is longer. */
const LABEL_SPACE = 52;
const LAST_LABEL_SPACE = 72;

/** Pixels from the track's left end to a band's middle: bands stand at equal distances. */
export const trackX = (bandIndex: number, bands: number, width: number): number =>
  bands < 2 ? width / 2 : INSET + (bandIndex / (bands - 1)) * (width - 2 * INSET);

/** The band nearest to so many pixels from the left end. */
export function trackBand(x: number, bands: number, width: number): number {
  const share = (x - INSET) / Math.max(1, width - 2 * INSET);
  return Math.min(bands - 1, Math.max(0, Math.round(share * (bands - 1))));
}

/** The knob nearest to a place; of knobs at one place the first. */
export function nearestKnob(x: number, knobs: readonly number[]): number {
  let best = 0;
  knobs.forEach((at, index) => {
    const [distance, least] = [Math.abs(at - x), Math.abs((knobs[best] ?? 0) - x)];
    if (distance < least) best = index;
  });
  return best;
}

/** First and last band of every run of bad bands. */
export function badRunsOf(bandIsGood: readonly boolean[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  bandIsGood.forEach((good, bandIndex) => {
    if (good) return;
    const run = runs.at(-1);
    if (run?.last === bandIndex - 1) run.last = bandIndex;
    else runs.push({ first: bandIndex, last: bandIndex });
  });
  return runs;
}

export interface TrackLabel {
  bandIndex: number;
  x: number;
  text: string;
  anchor: 'start' | 'middle' | 'end';
}

/**
 * Labels below the track: the first and the last band always; the ends of segments, which are worth knowing; and round
 * places between while there is room.
 */
export function trackLabels(state: TrackState, width: number): TrackLabel[] {
  const bands = state.bandIsGood.length;
  if (bands === 0) return [];
  const x = (bandIndex: number) => trackX(bandIndex, bands, width);
  const last = bands - 1;
  const chosen = last > 0 ? [0, last] : [0];
  const fits = (bandIndex: number) =>
    chosen.every(
      (other) =>
        Math.abs(x(other) - x(bandIndex)) >= (other === last || other === 0 ? LAST_LABEL_SPACE : LABEL_SPACE),
    );
  const wanted = [
    ...state.segments.slice(0, -1).map(({ lastBandIndex }) => lastBandIndex),
    ...roundBands(bands, width, state.wavelengthsNm !== null),
  ];
  const said = new Set(chosen.map((bandIndex) => labelText(state, bandIndex, last)));
  for (const bandIndex of wanted) {
    // Where detectors overlap two bands may read the same.
    const text = labelText(state, bandIndex, last);
    if (said.has(text) || !fits(bandIndex)) continue;
    said.add(text);
    chosen.push(bandIndex);
  }
  return chosen
    .toSorted((a, b) => a - b)
    .map((bandIndex) => ({
      bandIndex,
      x: x(bandIndex),
      text: labelText(state, bandIndex, last),
      anchor: bandIndex === 0 ? 'start' : bandIndex === last ? 'end' : 'middle',
    }));
}

/** Every 10th, 25th, 50th, … band (by number): some 80 px apart. */
function roundBands(bands: number, width: number, isWavelength: boolean): number[] {
  const least = (80 / Math.max(80, width)) * bands;
  const step = [1, 2, 5, 10, 25, 30, 50, 100, 250, 500, 1000].find((each) => each >= least) ?? bands;
  const offset = isWavelength ? 0 : -1;
  return Array.from({ length: Math.floor(bands / step) }, (_, index) => (index + 1) * step + offset).filter(
    (bandIndex) => bandIndex > 0 && bandIndex < bands - 1,
  );
}

function labelText({ wavelengthsNm }: TrackState, bandIndex: number, last: number): string {
  if (wavelengthsNm === null) return bandIndex === 0 ? `band ${bandIndex + 1}` : String(bandIndex + 1);
  const nm = wavelengthsNm[bandIndex] ?? null;
  if (nm === null) return '–';
  return bandIndex === last ? `${nm.toFixed(0)} nm` : nm.toFixed(0);
}
