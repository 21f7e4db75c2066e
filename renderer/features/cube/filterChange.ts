import type { CubeInfo, FilterSettings } from '../../../src/engine/contract/index.ts';

const longestWindow = 101;
const highestDegree = 6;

/** Bands of the longest segment on an axis: a longer window fits nowhere. */
export function longestSegment(info: CubeInfo, axis: FilterSettings['axis']): number {
  if (axis === 'band') return info.bandIsGood.filter(Boolean).length;
  return Math.max(0, ...info.segments.map((one) => one.lastBandIndex - one.firstBandIndex + 1));
}

/** The widest window that a cube can have on an axis: odd, at most 101. */
export function widestWindow(info: CubeInfo, axis: FilterSettings['axis']): number {
  const longest = Math.min(longestWindow, longestSegment(info, axis));
  return Math.max(3, longest % 2 === 1 ? longest : longest - 1);
}

/** Why a window's size cannot be had; null: it can. */
export function windowProblem(info: CubeInfo, filter: FilterSettings, window: number): string | null {
  if (!Number.isInteger(window)) return 'The window is a whole number of bands.';
  if (window % 2 === 0) return 'The window must be odd.';
  if (window < 3) return 'The window has 3 bands or more.';
  if (window > longestWindow) return `The window has ${longestWindow} bands or fewer.`;
  if (window <= filter.degree)
    return `Degree ${filter.degree} needs a window of ${oddAbove(filter.degree)} or more.`;
  const longest = longestSegment(info, filter.axis);
  return window > longest ? `The longest segment has ${longest} bands.` : null;
}

/** Why a degree cannot be had; null: it can. */
export function degreeProblem(filter: FilterSettings, degree: number): string | null {
  if (!Number.isInteger(degree) || degree < 0) return 'The degree is a whole number from 0.';
  if (degree > highestDegree) return `The degree is ${highestDegree} or less.`;
  return degree >= filter.window
    ? `A window of ${filter.window} needs a degree of ${filter.window - 1} or less.`
    : null;
}

/** Why a derivative cannot be had; null: it can. */
export const derivativeProblem = (filter: FilterSettings, derivative: number): string | null =>
  derivative > filter.degree ? `${derivative} needs degree ${derivative} or more.` : null;

/**
 * What a change of one field makes of the filter, kept valid: a degree below the derivative takes it along. Null where
 * the change cannot be had.
 */
export function filterChange(
  info: CubeInfo,
  filter: FilterSettings,
  change: Partial<FilterSettings>,
): Partial<FilterSettings> | null {
  const next = { ...filter, ...change };
  if (windowProblem(info, next, next.window) !== null) {
    if (change.axis === undefined) return null;
    // Another axis has other segments: the window follows.
    next.window = Math.min(next.window, widestWindow(info, next.axis));
  }
  if (degreeProblem(next, next.degree) !== null) return null;
  if (next.derivative > next.degree) next.derivative = next.degree;
  // A degree that was 0 had no derivative; with one it is asked for again.
  if (filter.degree === 0 && change.degree !== undefined && next.degree > 0) {
    next.derivative = Math.min(2, next.degree);
  }
  return { ...change, window: next.window, derivative: next.derivative };
}

const oddAbove = (degree: number): number => (degree % 2 === 0 ? degree + 1 : degree + 2);
