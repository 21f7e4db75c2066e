import { placeAt, type Pixel, type Stage, type ViewState } from './viewGeometry.ts';

/** Largest overview in CSS pixels. */
const most = { width: 88, height: 100 };
/** A screen that is smaller has no room for one. */
const leastStage = { width: 360, height: 220 };
/** Of larger images the coarsest tile, made of all finer ones, takes too long beside what is looked at. */
const mostPixels = 2 ** 26;

/** An overview in CSS pixels: its size, and the part of it that the view shows. */
export interface OverviewLayout {
  width: number;
  height: number;
  frame: { x: number; y: number; width: number; height: number };
}

/** How the whole image and the seen part of it lie in the overview; null where none is of use: all is seen, or there is no room. */
export function layOutOverview(view: ViewState, stage: Stage): OverviewLayout | null {
  const { lines, samples, aspect } = stage;
  if (stage.width < leastStage.width || stage.height < leastStage.height) return null;
  if (lines * samples > mostPixels) return null;
  const from = placeAt(view, { x: 0, y: 0 }, stage);
  const to = placeAt(view, { x: stage.width, y: stage.height }, stage);
  if (from.line <= 0 && from.sample <= 0 && to.line >= lines && to.sample >= samples) return null;
  const scale = Math.min(most.width / samples, most.height / (lines * aspect));
  const width = Math.max(8, Math.round(samples * scale));
  const height = Math.max(8, Math.round(lines * aspect * scale));
  const within = (value: number, size: number): number => Math.min(size, Math.max(0, value));
  const [x, x1] = [from.sample, to.sample].map((one) => (within(one, samples) / samples) * width);
  const [y, y1] = [from.line, to.line].map((one) => (within(one, lines) / lines) * height);
  return {
    width,
    height,
    frame: { x: x ?? 0, y: y ?? 0, width: (x1 ?? 0) - (x ?? 0), height: (y1 ?? 0) - (y ?? 0) },
  };
}

/** The place in the image under a point of its overview. */
export const placeInOverview = (
  { x, y }: { x: number; y: number },
  { width, height }: OverviewLayout,
  { lines, samples }: Stage,
): Pixel => ({ line: (y / height) * lines, sample: (x / width) * samples });
