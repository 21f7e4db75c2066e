import type { Box } from './box.ts';
import { dot, type Objective } from './objective.ts';
import { tolerancesFor } from './tolerances.ts';

/** How far past its end a tail is followed, in ranges: that of a power (softsign) decays slowly. */
const mostRanges = 128;
/** Of a tail with a limit, what a doubling of the distance gains at most of what the last one did. */
const mostGain = 0.8;

/** For each component 1 or -1 where it is at an end of the range and the function rises outward, else 0. */
export function outward(box: Box, point: Float64Array, gradient: Float64Array): Float64Array {
  return gradient.map((g, i) => {
    if (point[i] === box.high[i] && g > 0) return 1;
    return point[i] === box.low[i] && g < 0 ? -1 : 0;
  });
}

/** A point a small part of the range towards the middle, a little differently in every component. */
export const justBeside = (box: Box, point: Float64Array, part: number): Float64Array =>
  point.map((y, i) => {
    const width = box.width[i] as number;
    const isLow = y - (box.low[i] as number) < width / 2;
    return y + ((isLow ? part : -part) * width) / (i + 1);
  });

/**
 * Follows the function past the end along a way outward. Gives the Newton step at the end
 * (distance over which the slope falls to 1/e, in the function's own units) where the slope decays while that step does
 * not: there is no maximum that way, only a limit. Null where the slope stays, turns, or ends.
 */
export function followTail(objective: Objective, point: Float64Array, way: Float64Array): number | null {
  const { drowned } = tolerancesFor(objective.rounding);
  const first = objective.along(point, way);
  if (!(first.slope > 0) || !(first.bend < 0)) return null;
  const step = -first.slope / first.bend;
  let last = first;
  let gained = 0;
  for (let distance = 1 / 64; distance <= mostRanges; distance *= 2) {
    const there = point.map((y, i) => y + distance * (way[i] as number));
    const next = objective.along(there, way);
    const gain = next.value - last.value;
    // A logarithm gains as much by every doubling: it has no limit.
    const hasLimit = gain < mostGain * gained || gained === 0;
    gained = gain;
    // As far as the numbers tell.
    if (next.slope < drowned * Math.abs(next.value) && last.slope < 0.5 * first.slope) {
      return hasLimit ? step * Math.sqrt(dot(way, way)) : null;
    }
    if (!(next.value >= last.value) || !(next.slope >= 0) || next.slope > last.slope) return null;
    if (next.slope === 0) return null;
    if (-next.slope / next.bend < 0.5 * step || next.bend >= 0) return null;
    last = next;
    if (next.slope < 1e-2 * first.slope) return hasLimit ? step * Math.sqrt(dot(way, way)) : null;
  }
  return null;
}
