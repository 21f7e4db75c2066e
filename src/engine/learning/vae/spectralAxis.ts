import { scaleLinear } from 'd3-scale';
import type { VaeSpectrum } from '../../contract/vaeSpectra.ts';
import { at, frame, least, most, type Scale } from './chart.ts';

/** Where the columns of a spectrum stand in a picture. */
export interface SpectralAxis {
  /** Wavelengths where they are known, else numbers of the columns from 1. */
  x: readonly number[];
  label: string;
  /** Whether columns are counted, not measured. */
  isCounted: boolean;
  across: Scale;
  /** Stretches of columns without a gap between them, as first and past the last. */
  stretches: [from: number, to: number][];
}

/** The axis of spectra of these columns. */
export function spectralAxis({
  names,
  wavelengthsNm,
}: Pick<VaeSpectrum, 'names' | 'wavelengthsNm'>): SpectralAxis {
  const x = wavelengthsNm ?? names.map((_, k) => k + 1);
  const [first, last] = [least(x, 0), most(x, 1)];
  // One column stands in the middle.
  const span = last > first ? [first, last] : [first - 1, first + 1];
  return {
    x,
    isCounted: wavelengthsNm === null,
    label: wavelengthsNm === null ? 'column' : 'wavelength, nm',
    across: scaleLinear(span, [frame.left, frame.right]),
    stretches: stretchesOf(x),
  };
}

/** A gap is of more than four usual steps, or where wavelengths turn back: from one detector to the next. */
function stretchesOf(x: readonly number[]): [number, number][] {
  const direction = (x.at(-1) ?? 0) < (x[0] ?? 0) ? -1 : 1;
  const steps = x.slice(1).map((value, k) => direction * (value - (x[k] ?? 0)));
  // Columns of one wavelength say nothing about the usual step.
  const positive = steps.filter((step) => step > 0).toSorted((a, b) => a - b);
  const usual = positive[Math.floor(positive.length / 2)] ?? Infinity;
  const starts = [0, ...steps.flatMap((step, k) => (step > 4 * usual || step < 0 ? [k + 1] : []))];
  return starts.map((from, k) => [from, starts[k + 1] ?? x.length]);
}

/** A spectrum as a line, broken at gaps; a column that stands alone as a dot. */
export function curve(axis: SpectralAxis, y: ArrayLike<number>, up: Scale, colour: string): string {
  const { x, across, stretches } = axis;
  const lines = stretches.filter(([from, to]) => to > from + 1).map((stretch) => path(axis, y, up, stretch));
  const dots = stretches
    .filter(([from, to]) => to === from + 1)
    .map(
      ([k]) => `<circle cx="${at(across(x[k] ?? 0))}" cy="${at(up(y[k] ?? 0))}" r="1.8" fill="${colour}"/>`,
    );
  const line =
    lines.length === 0
      ? []
      : [`<path d="${lines.join('')}" fill="none" stroke="${colour}" stroke-width="1.3"/>`];
  return [...line, ...dots].join('\n');
}

/** What lies between two spectra, filled; of a column that stands alone a vertical bar. */
export function between(
  axis: SpectralAxis,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  up: Scale,
  colour: string,
): string {
  const shapes = axis.stretches.map(([from, to]) => {
    if (to > from + 1) {
      const there = path(axis, high, up, [from, to]);
      const back = path(axis, low, up, [from, to], true);
      return `<path d="${there}L${back.slice(1)}Z" fill="${colour}"/>`;
    }
    const [x, bottom, top] = [axis.across(axis.x[from] ?? 0), up(low[from] ?? 0), up(high[from] ?? 0)];
    return `<line x1="${at(x)}" x2="${at(x)}" y1="${at(bottom)}" y2="${at(top)}" stroke="${colour}" stroke-width="5"/>`;
  });
  // As a group: where stretches overlap it is no darker.
  return `<g opacity="0.2">${shapes.join('')}</g>`;
}

function path(
  { x, across }: SpectralAxis,
  y: ArrayLike<number>,
  up: Scale,
  [from, to]: [number, number],
  backwards = false,
): string {
  return Array.from({ length: to - from }, (_, k) => {
    const column = backwards ? to - 1 - k : from + k;
    return `${k === 0 ? 'M' : 'L'}${at(across(x[column] ?? 0))} ${at(up(y[column] ?? 0))}`;
  }).join('');
}
