import { extentOf, paddedRange, type Curve } from './spectrumCurves.ts';
import { nearestBand, type SpectrumLayout } from './spectrumLayout.ts';

export type Range = readonly [low: number, high: number];

/** What a person zoomed to; null follows the data. `derivative` is the right axis. */
export interface Zoom {
  x: Range | null;
  left: Range | null;
  right: Range | null;
}

export const NO_ZOOM: Zoom = { x: null, left: null, right: null };

/** The ranges of the three axes. */
export interface View {
  x: Range;
  left: Range;
  right: Range;
}

/** Where the axes enclose the curves, in CSS pixels from the plot's top left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The whole axis: all bands with a little room at both ends. */
export function fullX({ order, places }: SpectrumLayout): Range {
  const [first, last] = [places[order[0] ?? -1] ?? 0, places[order.at(-1) ?? -1] ?? 1];
  const width = last - first;
  const spare = width > 0 ? width * 0.015 : 0.5;
  return [first - spare, last + spare];
}

/** The axes' ranges: what was zoomed to, else all bands, and the values of the bands in sight. */
export function viewOf(layout: SpectrumLayout, curves: readonly Curve[], zoom: Zoom): View {
  const x = zoom.x ?? fullX(layout);
  const rangeOf = (onRight: boolean, include?: number) => {
    const own = curves.filter(({ kind }) => (kind === 'derivative') === onRight);
    return paddedRange(extentOf(own, layout, x[0], x[1]), include);
  };
  return { x, left: zoom.left ?? rangeOf(false), right: zoom.right ?? rangeOf(true, 0) };
}

/** Pixels from the left end of the axes. */
export const pixelX = ({ x }: View, { width }: Box, place: number): number =>
  ((place - x[0]) / (x[1] - x[0])) * width;

/** Pixels from the upper end of the axes, along the left or the right axis. */
export const pixelY = ([low, high]: Range, { height }: Box, value: number): number =>
  (1 - (value - low) / (high - low)) * height;

/** The axis a curve belongs to. */
export const rangeFor = (view: View, { kind }: Curve): Range =>
  kind === 'derivative' ? view.right : view.left;

/** The band a point within the axes means; see `nearestBand`. */
export function bandAt(
  layout: SpectrumLayout,
  curves: readonly Curve[],
  view: View,
  box: Box,
  point: Point,
): number | null {
  const at = view.x[0] + (point.x / box.width) * (view.x[1] - view.x[0]);
  return nearestBand(layout, at, (bandIndex) => {
    const dx = pixelX(view, box, layout.places[bandIndex] ?? NaN) - point.x;
    let nearest = Infinity;
    for (const curve of curves) {
      const value = curve.values[bandIndex] ?? null;
      if (value === null) continue;
      nearest = Math.min(nearest, Math.hypot(dx, pixelY(rangeFor(view, curve), box, value) - point.y));
    }
    // What has no mark of its own is taken only from close by.
    return Number.isFinite(nearest) ? nearest : Math.abs(dx) + 24;
  });
}

/** The zoom after a rectangle was dragged: its width, or with `vertical` its height on both axes. */
export function zoomedTo(view: View, zoom: Zoom, box: Box, from: Point, to: Point, vertical: boolean): Zoom {
  const part = ([low, high]: Range, a: number, b: number): Range => {
    const [start, end] = [Math.min(a, b), Math.max(a, b)].map((share) => Math.min(1, Math.max(0, share)));
    return [low + (start ?? 0) * (high - low), low + (end ?? 1) * (high - low)];
  };
  if (!vertical) return { ...zoom, x: part(view.x, from.x / box.width, to.x / box.width) };
  const [a, b] = [1 - from.y / box.height, 1 - to.y / box.height];
  return { ...zoom, left: part(view.left, a, b), right: part(view.right, a, b) };
}

/** The zoom `factor` times nearer around a place, never beyond the whole axis nor nearer than a millionth of it. */
export function zoomedBy(
  layout: SpectrumLayout,
  view: View,
  zoom: Zoom,
  factor: number,
  around: number,
): Zoom {
  const full = fullX(layout);
  const width = Math.max((view.x[1] - view.x[0]) / factor, (full[1] - full[0]) * 1e-6);
  if (width >= full[1] - full[0]) return { ...zoom, x: null };
  const centre = around >= view.x[0] && around <= view.x[1] ? around : (view.x[0] + view.x[1]) / 2;
  const low = Math.min(Math.max(centre - width / 2, full[0]), full[1] - width);
  return { ...zoom, x: [low, low + width] };
}

/** The zoom moved sideways, where needed, until a place is in sight. */
export function showing(zoom: Zoom, place: number): Zoom {
  if (zoom.x === null || !Number.isFinite(place) || (place >= zoom.x[0] && place <= zoom.x[1])) return zoom;
  const half = (zoom.x[1] - zoom.x[0]) / 2;
  return { ...zoom, x: [place - half, place + half] };
}
