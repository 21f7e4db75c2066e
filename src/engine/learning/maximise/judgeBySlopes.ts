import { throwIfAborted } from '../../base/signal.ts';
import type { Box } from './box.ts';
import type { Evidence, Judgement } from './evidence.ts';
import { largest, type Objective } from './objective.ts';
import { followTail, justBeside, outward } from './tails.ts';
import { tolerancesFor } from './tolerances.ts';

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
    const rising = outward(box, point, climb.slope(point).gradient);
    return { ...judgement, verdict: largest(rising) > 0 ? 'asymptote' : 'plateau' };
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
