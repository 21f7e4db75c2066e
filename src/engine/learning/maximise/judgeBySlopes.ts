import { throwIfAborted } from '../../base/signal.ts';
import type { Box } from './box.ts';
import type { Evidence, Judgement } from './evidence.ts';
import { largest, type Objective } from './objective.ts';
import { followTail, justBeside, outward } from './tails.ts';
import { tolerancesFor } from './tolerances.ts';

/** Components in which is looked beside a point. */
const mostBeside = 32;

/** As `judge`, of more components than curvature is computed of: by slopes, tails and restarts alone. */
export function judgeBySlopes(objective: Objective, box: Box, evidence: Evidence): Judgement {
  const { point, climb, isKink, settled, signal } = evidence;
  const { negligible, oneSide } = tolerancesFor(objective.rounding);
  const { gradient } = objective.slope(isKink ? justBeside(box, point, oneSide) : point);
  const value = objective.value(point);
  const out = outward(box, point, gradient);
  const judgement: Judgement = {
    verdict: 'not-converged',
    value,
    gradient: [...gradient],
    curvature: [],
    newtonStep: null,
    multipliers: [...out].map((way, i) => (way === 0 ? 0 : Math.abs(gradient[i] as number))),
    sensitivity: null,
    restarts: { tried: 0, returned: 0 },
  };
  if (isKink) return { ...judgement, verdict: 'kink' };
  if (largest(gradient) === 0) {
    const beside = objective.values(pointsBeside(box, point));
    if (beside.every((other) => other === value)) {
      const rising = outward(box, point, climb.slope(point).gradient);
      return { ...judgement, verdict: largest(rising) > 0 ? 'asymptote' : 'plateau' };
    }
    if (beside.some((other) => other > value)) return { ...judgement, verdict: 'saddle' };
  }
  const steepness = box.scaled(gradient);
  const openSlope = largest(steepness.map((slope, i) => (out[i] === 0 ? slope : 0)));
  const isStill = openSlope <= negligible * Math.max(largest(steepness), Math.abs(value));
  if (!isStill && !settled) return judgement;
  throwIfAborted(signal);
  if (out.some((side) => side !== 0)) {
    const way = out.map((side, i) => side * (box.width[i] as number));
    const tail = followTail(objective, point, way);
    return { ...judgement, verdict: tail === null ? 'at-bound' : 'asymptote', newtonStep: tail };
  }
  const restarts = evidence.restart();
  return { ...judgement, restarts, verdict: restarts.returned > 0 ? 'interior-maximum' : 'not-converged' };
}

/** A thousandth of the range beside a point: in some of its components, and in all. */
function pointsBeside(box: Box, point: Float64Array): Float64Array[] {
  const every = Math.ceil(point.length / mostBeside);
  const moved = (by: number, isMoved: (i: number) => boolean): Float64Array =>
    point.map((y, i) => {
      const there = isMoved(i) ? y + by * (box.width[i] as number) : y;
      return Math.min(Math.max(there, box.low[i] as number), box.high[i] as number);
    });
  const places = Array.from({ length: Math.ceil(point.length / every) }, (_, k) => k * every);
  return [-1e-3, 1e-3].flatMap((by) => [
    moved(by, () => true),
    ...places.map((place) => moved(by, (i) => i === place)),
  ]);
}
