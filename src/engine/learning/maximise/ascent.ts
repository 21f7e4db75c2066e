import { EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';
import { throwIfAborted, type CancelSignal } from '../../base/signal.ts';
import { projected, stepped, type Box } from './box.ts';
import { dot, largest, type Objective, type Slope } from './objective.ts';
import { tolerancesFor, type Tolerances } from './tolerances.ts';

/** Where an ascent has come to, in unit coordinates. */
export interface Climb {
  unit: Float64Array;
  value: number;
  steps: number;
  /** False where the steps ran out on the way up. */
  settled: boolean;
  /** Largest derivative (per range) that was met on the way, and the largest that still leads up at the end. */
  steepest: number;
  uphill: number;
}

/** Pairs of moves that L-BFGS remembers. */
const memory = 8;
const maxSteps = 400;
/** Most components of a Newton step. */
const mostPolished = 300;

/**
 * Projected ascent in the unit box: L-BFGS directions over the components that are not held by a bound (J. Nocedal,
 * "Updating quasi-Newton matrices with limited storage", Math. Comp. 35, 1980), backtracking and doubling along the
 * projected ray, and Newton steps at the end.
 * @param visit - called with every point on the way, the first included.
 */
export function ascend(
  objective: Objective,
  box: Box,
  from: Float64Array,
  signal: CancelSignal | undefined,
  visit: (unit: Float64Array) => void,
): Climb {
  const tolerances = tolerancesFor(objective.rounding);
  let unit = from;
  let here = box.slope(objective, unit);
  const moves: { step: Float64Array; change: Float64Array }[] = [];
  let held = '';
  let steps = 0;
  let settled = false;
  let steepest = largest(here.gradient);
  visit(unit);
  while (steps < maxSteps) {
    throwIfAborted(signal);
    const uphill = projected(here.gradient, unit);
    if (largest(uphill) === 0) {
      settled = true;
      break;
    }
    const nowHeld = uphill.map((g) => (g === 0 ? 1 : 0)).join('');
    if (nowHeld !== held) moves.length = 0;
    held = nowHeld;
    const next =
      search(objective, box, unit, here, quasiNewton(moves, uphill), moves.length > 0, tolerances) ??
      (moves.length > 0 ? search(objective, box, unit, here, uphill, false, tolerances) : null);
    if (next === null) {
      settled = true;
      break;
    }
    const step = next.unit.map((u, i) => u - (unit[i] as number));
    // Of the negative of the climbed function, whose curvature is positive at a maximum.
    const change = next.slope.gradient.map((g, i) => (here.gradient[i] as number) - g);
    if (dot(step, change) > tolerances.cosine * dot(step, step) ** 0.5 * dot(change, change) ** 0.5) {
      moves.push({ step, change });
      if (moves.length > memory) moves.shift();
    } else moves.length = 0;
    unit = next.unit;
    here = next.slope;
    steepest = Math.max(steepest, largest(here.gradient));
    steps++;
    visit(unit);
    if (largest(step) < tolerances.lastStep) {
      settled = true;
      break;
    }
  }
  const polished = polish(objective, box, unit, here, tolerances, signal);
  if (polished.unit !== unit) visit(polished.unit);
  const { value, uphill } = polished;
  return { unit: polished.unit, value, uphill, steepest, steps, settled: settled || polished.converged };
}

/** The two-loop recursion. Without memory: the gradient itself. */
function quasiNewton(
  moves: readonly { step: Float64Array; change: Float64Array }[],
  uphill: Float64Array,
): Float64Array {
  const direction = Float64Array.from(uphill);
  const weights: number[] = [];
  const add = (by: Float64Array, factor: number): void => {
    for (let i = 0; i < direction.length; i++) {
      if (uphill[i] !== 0) direction[i] = (direction[i] as number) + factor * (by[i] as number);
    }
  };
  for (const { step, change } of moves.toReversed()) {
    const weight = dot(step, direction) / dot(step, change);
    weights.push(weight);
    add(change, -weight);
  }
  const last = moves.at(-1);
  if (last !== undefined) {
    const scale = dot(last.step, last.change) / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) * scale;
  }
  for (const { step, change } of moves) {
    add(step, (weights.pop() as number) - dot(change, direction) / dot(step, change));
  }
  return dot(direction, uphill) > 0 ? direction : uphill;
}

/** Backtracks along the projected ray until the function rises, or goes on doubling while it still does. Null: no rise. */
function search(
  objective: Objective,
  box: Box,
  unit: Float64Array,
  here: Slope,
  direction: Float64Array,
  isScaled: boolean,
  tolerances: Tolerances,
): { unit: Float64Array; slope: Slope } | null {
  const length = largest(direction);
  // The gradient's length says nothing about distance where the function is flat: begin with a twentieth of the range.
  let step = isScaled ? Math.min(1, 0.5 / length) : 0.05 / length;
  const rises = (at: Float64Array, slope: Slope): boolean => {
    const gain = slope.value - here.value;
    const move = at.map((u, i) => u - (unit[i] as number));
    const expected = dot(here.gradient, move);
    if (gain > 0 && gain >= 1e-4 * expected) return true;
    // Where differences drown in rounding the slope still tells.
    const rounding = tolerances.value * Math.abs(here.value);
    return Math.abs(gain) <= rounding && expected > 0 && dot(slope.gradient, move) > 0;
  };
  const tried = (at: number): { unit: Float64Array; slope: Slope } => {
    const moved = stepped(unit, direction, at);
    return { unit: moved, slope: box.slope(objective, moved) };
  };
  while (step * length > tolerances.shortestStep) {
    let found = tried(step);
    if (found.unit.every((u, i) => u === unit[i])) return null;
    if (rises(found.unit, found.slope)) {
      // On a long even slope the first step is far too short.
      for (let k = 0; k < 40 && step * length < 1; k++) {
        if (dot(projected(found.slope.gradient, found.unit), direction) < 0.5 * dot(here.gradient, direction))
          break;
        const further = tried(step * 2);
        if (!(further.slope.value >= found.slope.value) || !rises(further.unit, further.slope)) break;
        step *= 2;
        found = further;
      }
      return found;
    }
    step /= 2;
  }
  return null;
}

/** Newton steps on the components that are not held by a bound, as long as the curvature is that of a maximum. */
function polish(
  objective: Objective,
  box: Box,
  unit: Float64Array,
  here: Slope,
  tolerances: Tolerances,
  signal: CancelSignal | undefined,
): { unit: Float64Array; value: number; uphill: number; converged: boolean } {
  let best = { unit, value: here.value, uphill: largest(projected(here.gradient, unit)), converged: false };
  for (let round = 0; round < 12 && best.uphill > 0; round++) {
    const step = newtonStep(objective, box, best.unit, signal);
    if (step === null || largest(step) > 0.02) break;
    const moved = stepped(best.unit, step, 1);
    const slope = box.slope(objective, moved);
    const left = largest(projected(slope.gradient, moved));
    if (
      !(left < best.uphill) ||
      slope.value < best.value - tolerances.valueLost * Math.max(1e-300, Math.abs(best.value))
    )
      break;
    best = {
      unit: moved,
      value: slope.value,
      uphill: left,
      converged: largest(step) < tolerances.lastNewton,
    };
  }
  return best;
}

/** The Newton step in unit coordinates over the components that are not held; null where the curvature is not negative. */
function newtonStep(
  objective: Objective,
  box: Box,
  unit: Float64Array,
  signal: CancelSignal | undefined,
): Float64Array | null {
  if (unit.length > mostPolished) return null;
  const { gradient, hessian } = objective.bend(box.point(unit), signal);
  const scaled = gradient.map((g, i) => g * (box.width[i] as number));
  const uphill = projected(scaled, unit);
  const open = [...unit.keys()].filter((i) => uphill[i] !== 0 || (unit[i] !== 0 && unit[i] !== 1));
  if (open.length === 0) return null;
  const part = new Matrix(
    open.map((i) => open.map((j) => hessian.get(i, j) * (box.width[i] as number) * (box.width[j] as number))),
  );
  if (!part.to1DArray().every(Number.isFinite)) return null;
  const eigenvalues = new EigenvalueDecomposition(part, { assumeSymmetric: true }).realEigenvalues;
  if (!eigenvalues.every((value) => value < 0)) return null;
  const solved = new LuDecomposition(part).solve(
    Matrix.columnVector(open.map((i) => -(scaled[i] as number))),
  );
  const step = new Float64Array(unit.length);
  open.forEach((i, k) => (step[i] = solved.get(k, 0)));
  return step.every(Number.isFinite) ? step : null;
}
