import type { Random } from '../../base/random.ts';
import { throwIfAborted, type CancelSignal } from '../../base/signal.ts';
import type { Climb } from './ascent.ts';
import { clamp, stepped, type Box } from './box.ts';
import { nearestToZero } from './nearestToZero.ts';
import { dot, largest, mostCurved, type Objective } from './objective.ts';
import { tolerancesFor } from './tolerances.ts';

/** An ascent over kinks: where it came to, and whether the gradients around it leave no way up though none is small. */
export interface KinkClimb extends Pick<Climb, 'unit' | 'value' | 'steps' | 'settled'> {
  isKink: boolean;
}

const firstRadius = 0.01;
/** Each round costs about the cube of the dimension. */
const maxRounds = (size: number): number => (size <= 8 ? 300 : size <= 30 ? 100 : 40);
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Goes on where plain ascent jams on a ridge: the steepest way up that all gradients near the point allow (gradient
 * sampling: J. V. Burke, A. S. Lewis, M. L. Overton, SIAM J. Optim. 15, 2005), golden section along it, and a smaller
 * neighbourhood wherever no way up is left.
 * @param scale - the largest derivative (per range) on the way here: it tells a kink from a smooth maximum.
 */
export function ascendOverKinks(
  objective: Objective,
  box: Box,
  from: Float64Array,
  random: Random,
  scale: number,
  signal: CancelSignal | undefined,
  visit: (unit: Float64Array) => void,
): KinkClimb {
  const { radius: lastRadius, noWayUp, kinkSlope, section } = tolerancesFor(objective.rounding);
  let unit = from;
  let value = objective.value(box.point(unit));
  let steps = 0;
  let radius = firstRadius;
  let isKink = false;
  let failures = 0;
  for (let round = 0; round < maxRounds(unit.length) && radius >= lastRadius; round++) {
    throwIfAborted(signal);
    const { uphill, steepest, jumps } = around(objective, box, unit, radius, random);
    const slope = Math.sqrt(dot(uphill, uphill));
    if (slope <= noWayUp * steepest || steepest === 0) {
      isKink = jumps && steepest > kinkSlope * scale;
      radius *= 0.1;
      continue;
    }
    const found = goldenSection(
      objective,
      box,
      unit,
      value,
      uphill.map((u) => u / slope),
      radius,
      section,
    );
    if (found === null) {
      // Gradients that were not met may bar this way: look again before the neighbourhood shrinks.
      failures++;
      if (failures < 3 && unit.length <= 8) continue;
      isKink = jumps && steepest > kinkSlope * scale;
      failures = 0;
      radius *= 0.1;
      continue;
    }
    failures = 0;
    unit = found.unit;
    value = found.value;
    steps++;
    visit(unit);
  }
  return { unit, value, steps, settled: radius < lastRadius, isKink };
}

/** Most gradients that are sampled around a point. */
const mostGradients = 60;

/** The largest derivative (per range) close beside a point: at a kink itself the derivative may be anything. */
export function steepestBeside(objective: Objective, box: Box, unit: Float64Array, random: Random): number {
  const { beside: reach } = tolerancesFor(objective.rounding);
  const count = Math.min(2 * unit.length + 2, mostGradients);
  const points = Array.from({ length: count }, () => beside(unit, reach, random));
  return Math.max(...box.gradients(objective, points).map(largest));
}

const beside = (unit: Float64Array, reach: number, random: Random): Float64Array =>
  unit.map((u) => clamp(u + reach * (2 * random.uniform() - 1)));

/** Gradients at a point and in the cube around it: the way up that they leave, the largest, and whether they differ. */
function around(
  objective: Objective,
  box: Box,
  unit: Float64Array,
  radius: number,
  random: Random,
): { uphill: Float64Array; steepest: number; jumps: boolean } {
  const count = Math.min(4 * unit.length + 2, mostGradients);
  const points = Array.from({ length: count }, () => beside(unit, radius, random));
  const gradients = box.gradients(objective, [unit, ...points]);
  const uphill = nearestInside(gradients, unit);
  const steepest = Math.max(...gradients.map(largest));
  const first = gradients[0] as Float64Array;
  const jumps = gradients.some(
    (g) => largest(g.map((entry, i) => entry - (first[i] as number))) > 1e-3 * steepest,
  );
  return { uphill, steepest, jumps };
}

/** The shortest of all mixtures of gradients, where what pushes out of the box counts nothing. */
function nearestInside(gradients: readonly Float64Array[], unit: Float64Array): Float64Array {
  const side = (i: number): number => (unit[i] === 0 ? 1 : unit[i] === 1 ? -1 : 0);
  // What every gradient pushes against its bound stays there, whatever the mixture.
  const kept = [...unit.keys()].filter(
    (i) => side(i) === 0 || gradients.some((gradient) => side(i) * (gradient[i] as number) > 0),
  );
  const uphill = new Float64Array(unit.length);
  if (kept.length === 0) return uphill;
  const hull = gradients.map((gradient) => Float64Array.from(kept, (i) => gradient[i] as number));
  const normals = kept.flatMap((i, k) => {
    // Steps are cut at the bounds in any case; of very many bounds the matrix of normals would not fit.
    if (side(i) === 0 || unit.length > mostCurved) return [];
    const normal = new Float64Array(kept.length);
    normal[k] = side(i);
    return [normal];
  });
  nearestToZero(hull, normals).forEach((entry, k) => (uphill[kept[k] as number] = entry));
  return uphill;
}

/** The highest point along a direction: a bracket by doubling, then golden section. Null where nothing is higher. */
function goldenSection(
  objective: Objective,
  box: Box,
  unit: Float64Array,
  value: number,
  direction: Float64Array,
  radius: number,
  narrowest: number,
): { unit: Float64Array; value: number } | null {
  const tried = (step: number): { step: number; unit: Float64Array; value: number } => {
    const moved = stepped(unit, direction, step);
    return { step, unit: moved, value: objective.value(box.point(moved)) };
  };
  let best = tried(radius);
  while (best.value <= value) {
    if (best.step < radius * 2 ** -12) return null;
    best = tried(best.step / 2);
  }
  for (let further = tried(best.step * 2); further.value > best.value && best.step < 2;) {
    best = further;
    further = tried(best.step * 2);
  }
  let [low, high] = [best.step / 2, best.step * 2];
  let left = tried(high - golden * (high - low));
  let right = tried(low + golden * (high - low));
  for (let k = 0; k < 60 && high - low > narrowest; k++) {
    if (left.value > right.value) {
      high = right.step;
      right = left;
      left = tried(high - golden * (high - low));
    } else {
      low = left.step;
      left = right;
      right = tried(low + golden * (high - low));
    }
    if (left.value > best.value) best = left;
    if (right.value > best.value) best = right;
  }
  return best;
}
