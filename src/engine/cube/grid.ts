import { CubelensError } from '../base/errors.ts';
import type { LineSampleWindow } from '../base/window.ts';

/**
 * Which pixels of the file stand for an image's pixels: all of them, every n-th line and sample, or those of one of the
 * file's overviews, whatever its size. Windows are in the grid's own lines and samples. For looking only.
 */
export type PixelGrid =
  | { kind: 'full' }
  | { kind: 'sampled'; step: number }
  /** `lines` and `samples`: the size that the overview is to fill. */
  | { kind: 'overview'; index: number; lines: number; samples: number };

export const fullGrid: PixelGrid = { kind: 'full' };

/** Lines and samples of a grid over an image. */
export function gridSize(
  image: { lines: number; samples: number },
  grid: PixelGrid,
): { lines: number; samples: number } {
  if (grid.kind === 'full') return { lines: image.lines, samples: image.samples };
  if (grid.kind === 'overview') return { lines: grid.lines, samples: grid.samples };
  if (!Number.isInteger(grid.step) || grid.step < 1) {
    throw new CubelensError('internal', `There is no grid of step ${grid.step}.`);
  }
  return { lines: Math.ceil(image.lines / grid.step), samples: Math.ceil(image.samples / grid.step) };
}

/** Where a grid's pixels lie in the pixels they are taken from: one place a line and one a sample, each rising. */
export interface GridPlaces {
  lines: number[];
  samples: number[];
}

/** The places of a window of a grid, in the full image or in its overview of this size. */
export function placesOf(
  window: LineSampleWindow,
  grid: Exclude<PixelGrid, { kind: 'full' }>,
  from: { lines: number; samples: number },
): GridPlaces {
  if (grid.kind === 'sampled') {
    const at = (first: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => (first + i) * grid.step);
    return { lines: at(window.line0, window.lines), samples: at(window.sample0, window.samples) };
  }
  // The overview's pixel under the centre of the grid's.
  const at = (first: number, count: number, size: number, all: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.min(size - 1, Math.floor(((first + i + 0.5) * size) / all)));
  return {
    lines: at(window.line0, window.lines, from.lines, grid.lines),
    samples: at(window.sample0, window.samples, from.samples, grid.samples),
  };
}

/** The window of one line that spans all wanted samples. */
export function spanOf(line: number, samples: readonly number[]): LineSampleWindow {
  const first = samples[0] ?? 0;
  return { line0: line, sample0: first, lines: 1, samples: (samples.at(-1) ?? first) - first + 1 };
}
