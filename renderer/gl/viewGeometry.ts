/** A pixel of the image; line and sample count from 0. */
export interface Pixel {
  line: number;
  sample: number;
}

/**
 * What part of the image is seen. Places in an image are continuous: pixel (line, sample) covers
 * [line, line + 1) x [sample, sample + 1).
 */
export interface ViewState {
  /** Screen (CSS) pixels per image sample. */
  scale: number;
  /** The place in the middle of the screen. */
  centreLine: number;
  centreSample: number;
}

/** The image's size and the screen's. */
export interface Stage {
  lines: number;
  samples: number;
  /** A line is as high as this many samples are wide; 1 for square pixels. */
  aspect: number;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

/** A point of the screen in CSS pixels from the upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/** How places become device pixels: x = (sample - sample0) * perSample, y = (line - line0) * perLine. */
export interface Projection {
  line0: number;
  sample0: number;
  /** Device pixels per line and per sample. */
  perLine: number;
  perSample: number;
  /** Device pixels of the screen. */
  width: number;
  height: number;
}

/** Screen pixels a sample has at most (more where the whole image is so small that it fits larger). */
export const mostPixelsPerSample = 64;
/** CSS pixels left free around an image that is fitted. */
const margin = 8;

/** The scale at which the whole image is seen. */
export function fitScale({ lines, samples, aspect, width, height }: Stage): number {
  const wide = Math.max(1, width - 2 * margin) / samples;
  const high = Math.max(1, height - 2 * margin) / (lines * aspect);
  return Math.min(wide, high);
}

/** The view of the whole image. */
export const fitView = (stage: Stage): ViewState => ({
  scale: fitScale(stage),
  centreLine: stage.lines / 2,
  centreSample: stage.samples / 2,
});

/** The nearest allowed view: scale from a quarter of the fitted one to 64, centre inside the image. */
export function clampView(view: ViewState, stage: Stage): ViewState {
  const fit = fitScale(stage);
  return {
    // One pixel to one pixel can be had of the smallest image too.
    scale: clamp(view.scale, Math.min(fit / 4, 1 / stage.ratio), Math.max(mostPixelsPerSample, fit)),
    centreLine: clamp(view.centreLine, 0, stage.lines),
    centreSample: clamp(view.centreSample, 0, stage.samples),
  };
}

/** Zooms by a factor; the place under `about` stays there. */
export function zoomAbout(view: ViewState, factor: number, about: Point, stage: Stage): ViewState {
  const { scale } = clampView({ ...view, scale: view.scale * factor }, stage);
  const before = placeAt(view, about, stage);
  const moved = placeAt({ ...view, scale }, about, stage);
  return clampView(
    {
      scale,
      centreLine: view.centreLine + before.line - moved.line,
      centreSample: view.centreSample + before.sample - moved.sample,
    },
    stage,
  );
}

/** Moves the picture by CSS pixels: positive to the right and down. */
export function panBy(view: ViewState, dx: number, dy: number, stage: Stage): ViewState {
  return clampView(
    {
      ...view,
      centreSample: view.centreSample - dx / view.scale,
      centreLine: view.centreLine - dy / (view.scale * stage.aspect),
    },
    stage,
  );
}

/** Two fingers moved: what was under them stays under them (their distance zooms, their middle pans). */
export function pinch(
  view: ViewState,
  from: readonly [Point, Point],
  to: readonly [Point, Point],
  stage: Stage,
): ViewState {
  const distance = ([a, b]: readonly [Point, Point]): number => Math.hypot(a.x - b.x, a.y - b.y);
  const middle = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const before = middle(from);
  const after = middle(to);
  // Fingers on one spot have no distance to compare.
  const factor = distance(from) < 1 ? 1 : Math.max(1, distance(to)) / distance(from);
  const panned = panBy(view, after.x - before.x, after.y - before.y, stage);
  return zoomAbout(panned, factor, after, stage);
}

/** Moves the view as little as shows a pixel with some room around it. */
export function showing(view: ViewState, { line, sample }: Pixel, stage: Stage): ViewState {
  const room = (size: number): number => Math.max(0, size / 2 - Math.min(40, size / 4));
  const reachSamples = room(stage.width) / view.scale;
  const reachLines = room(stage.height) / (view.scale * stage.aspect);
  return clampView(
    {
      ...view,
      centreLine: clamp(view.centreLine, line + 0.5 - reachLines, line + 0.5 + reachLines),
      centreSample: clamp(view.centreSample, sample + 0.5 - reachSamples, sample + 0.5 + reachSamples),
    },
    stage,
  );
}

/** The place under a point of the screen, also outside the image. */
export function placeAt(view: ViewState, { x, y }: Point, stage: Stage): Pixel {
  return {
    line: view.centreLine + (y - stage.height / 2) / (view.scale * stage.aspect),
    sample: view.centreSample + (x - stage.width / 2) / view.scale,
  };
}

/** The pixel drawn at a point of the screen, or null outside the image. */
export function pixelAt(view: ViewState, point: Point, stage: Stage): Pixel | null {
  const to = projectionOf(view, stage);
  const line = Math.floor(to.line0 + (point.y * stage.ratio) / to.perLine);
  const sample = Math.floor(to.sample0 + (point.x * stage.ratio) / to.perSample);
  const inside = line >= 0 && line < stage.lines && sample >= 0 && sample < stage.samples;
  return inside ? { line, sample } : null;
}

/**
 * How a view is drawn. The image's corner is moved to a whole device pixel, by at most half of one: at whole zooms no
 * pixel's edge then falls on the middle of a device pixel, where rounding would decide.
 */
export function projectionOf(view: ViewState, stage: Stage): Projection {
  const width = Math.round(stage.width * stage.ratio);
  const height = Math.round(stage.height * stage.ratio);
  const perSample = view.scale * stage.ratio;
  const perLine = perSample * stage.aspect;
  const left = Math.round(width / 2 - view.centreSample * perSample);
  const top = Math.round(height / 2 - view.centreLine * perLine);
  return { line0: -top / perLine, sample0: -left / perSample, perLine, perSample, width, height };
}

/** A place in CSS pixels of the screen. */
export function pointOf({ line, sample }: Pixel, to: Projection, ratio: number): Point {
  return {
    x: ((sample - to.sample0) * to.perSample) / ratio,
    y: ((line - to.line0) * to.perLine) / ratio,
  };
}

/** True where two views show the same. */
export const sameView = (a: ViewState, b: ViewState): boolean =>
  a.scale === b.scale && a.centreLine === b.centreLine && a.centreSample === b.centreSample;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(Number.isFinite(value) ? value : low, low), high);
