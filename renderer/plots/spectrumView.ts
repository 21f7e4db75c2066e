import { tickStep } from './tickStep.ts';
import { extentOf, shownIn } from './spectrumCurves.ts';
import { nearestBand, placeOf, type SpectrumLayout } from './spectrumLayout.ts';
import type { Numbers, SpectrumState } from './spectrumState.ts';

export type Range = readonly [low: number, high: number];

/** The ranges of the axes; `derivative` is null where there is no such strip. */
export interface View {
  x: Range;
  value: Range;
  derivative: Range | null;
}

/** Where the axes enclose the curves, in CSS pixels from the plot's top left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Upper and lower end of a strip, in pixels from the box's top. */
export type Strip = readonly [top: number, bottom: number];
export interface Strips {
  value: Strip;
  derivative: Strip;
}

const MARGIN = { left: 52, right: 22, top: 22, bottom: 34 };
const VALUE_SHARE = 0.62;
const STRIP_GAP = 14;

export const boxOf = (width: number, height: number): Box => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(1, width - MARGIN.left - MARGIN.right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
});

/** The value strip above, the derivative's below; the value has all where there is no derivative. */
export function stripsOf({ height }: Box, hasDerivative: boolean): Strips {
  if (!hasDerivative) return { value: [0, height], derivative: [height, height] };
  const split = height * VALUE_SHARE;
  return { value: [0, split - STRIP_GAP / 2], derivative: [split + STRIP_GAP / 2, height] };
}

/** The range of a scale over the whole box that puts `range` into its strip. */
export function scaleRange([low, high]: Range, [top, bottom]: Strip, { height }: Box): [number, number] {
  const unit = (high - low) / Math.max(1, bottom - top);
  return [low - (height - bottom) * unit, high + top * unit];
}

/** The whole axis: all bands with a little room at both ends. */
export function fullX({ order, places }: SpectrumLayout): Range {
  const [first, last] = [places[order[0] ?? -1] ?? 0, places[order.at(-1) ?? -1] ?? 1];
  const width = last - first;
  const spare = width > 0 ? width * 0.008 : 0.5;
  return [first - spare, last + spare];
}

/** The axes' ranges: what was zoomed to, else all bands; and the values of the bands in sight. */
export function viewOf(layout: SpectrumLayout, state: SpectrumState, zoom: Range | null): View {
  const x = zoom ?? fullX(layout);
  const extent = (strip: 'value' | 'derivative') =>
    extentOf(shownIn(strip, state), state.bandIsGood, layout, x[0], x[1]);
  return {
    x,
    value: valueRange(extent('value')),
    derivative: hasDerivative(state) ? derivativeRange(extent('derivative')) : null,
  };
}

export const hasDerivative = ({ curves }: SpectrumState): boolean =>
  curves.some(({ derivative }) => derivative !== null);

/**
 * From round number to round number, some three steps in all. What passes one by a twelfth of a step, such as a little
 * below zero, needs no further step.
 */
export function valueRange(extent: Range | null): Range {
  if (extent === null) return [0, 1];
  const [low, high] = extent;
  const spare = high > low ? 0 : Math.abs(high) * 0.05 || 0.5;
  const [start, end] = [low - spare, high + spare];
  const step = tickStep(start, end, 4);
  const [first, last] = [Math.floor(start / step + 1 / 12), Math.ceil(end / step - 1 / 12)];
  return [first * step, Math.max(last, first + 1) * step];
}

/** Zero is always in sight, with a little room at both ends. */
export function derivativeRange(extent: Range | null): Range {
  if (extent === null) return [-1, 1];
  const [low, high] = [Math.min(0, extent[0]), Math.max(0, extent[1])];
  const spare = (high - low) * 0.06 || 0.5;
  return [low - spare, high + spare];
}

/** Pixels from the left end of the box. */
export const pixelX = ([low, high]: Range, { width }: Box, place: number): number =>
  ((place - low) / (high - low)) * width;

/** The place at so many pixels from the left end of the box. */
export const placeAt = ([low, high]: Range, { width }: Box, x: number): number =>
  low + (x / width) * (high - low);

/** Pixels from the upper end of the box. */
export const pixelY = ([low, high]: Range, [top, bottom]: Strip, value: number): number =>
  bottom - ((value - low) / (high - low)) * (bottom - top);

/** The band a point within the box means; see `nearestBand`. */
export function bandAt(
  layout: SpectrumLayout,
  state: SpectrumState,
  view: View,
  box: Box,
  point: { x: number; y: number },
): number | null {
  const strips = stripsOf(box, view.derivative !== null);
  const shown: [Numbers, Range, Strip][] = shownIn('value', state).map((each) => [
    each,
    view.value,
    strips.value,
  ]);
  const { derivative } = view;
  if (derivative !== null)
    shown.push(
      ...shownIn('derivative', state).map((each): [Numbers, Range, Strip] => [
        each,
        derivative,
        strips.derivative,
      ]),
    );
  return nearestBand(layout, placeAt(view.x, box, point.x), (bandIndex) => {
    const dx = pixelX(view.x, box, placeOf(layout.places, bandIndex)) - point.x;
    let nearest = Infinity;
    for (const [values, range, strip] of shown) {
      const value = values[bandIndex] ?? null;
      if (value !== null) nearest = Math.min(nearest, Math.hypot(dx, pixelY(range, strip, value) - point.y));
    }
    // What has no mark of its own is taken only from close by.
    return Number.isFinite(nearest) ? nearest : Math.abs(dx) + 24;
  });
}

/** The zoom after a stretch was dragged, ends in any order, in pixels. */
export function zoomedTo(layout: SpectrumLayout, view: View, box: Box, from: number, to: number): Range {
  const clamp = (x: number) => Math.min(box.width, Math.max(0, x));
  const [start, end] = [clamp(Math.min(from, to)), clamp(Math.max(from, to))];
  const [low, high] = [placeAt(view.x, box, start), placeAt(view.x, box, end)];
  const least = leastWidth(layout);
  return high - low >= least ? [low, high] : [(low + high - least) / 2, (low + high + least) / 2];
}

/** The zoom `factor` times nearer around a place, never beyond the whole axis (then null). */
export function zoomedBy(layout: SpectrumLayout, { x }: View, factor: number, around: number): Range | null {
  const full = fullX(layout);
  const width = Math.max((x[1] - x[0]) / factor, leastWidth(layout));
  if (width >= full[1] - full[0]) return null;
  const share = (around - x[0]) / (x[1] - x[0]);
  return within(full, around - share * width, width);
}

/** The zoom moved sideways by a share of its width. */
export function panned(layout: SpectrumLayout, zoom: Range | null, share: number): Range | null {
  if (zoom === null) return null;
  const width = zoom[1] - zoom[0];
  return within(fullX(layout), zoom[0] + share * width, width);
}

/** The zoom moved sideways, where needed, until a place is in sight. */
export function showing(layout: SpectrumLayout, zoom: Range | null, place: number): Range | null {
  if (zoom === null || !Number.isFinite(place) || (place >= zoom[0] && place <= zoom[1])) return zoom;
  const width = zoom[1] - zoom[0];
  return within(fullX(layout), place - width / 2, width);
}

function within([low, high]: Range, start: number, width: number): Range {
  const first = Math.min(Math.max(start, low), high - width);
  return [first, first + width];
}

/** Nearer than some three bands there is nothing to see. */
function leastWidth(layout: SpectrumLayout): number {
  const full = fullX(layout);
  return Math.min(full[1] - full[0], (3 * (full[1] - full[0])) / Math.max(3, layout.order.length));
}
