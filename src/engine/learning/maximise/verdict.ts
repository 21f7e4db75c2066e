import { EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';
import { throwIfAborted } from '../../base/signal.ts';
import type { Box } from './box.ts';
import type { Evidence, Judgement } from './evidence.ts';
import { judgeBySlopes } from './judgeBySlopes.ts';
import { largest, mostCurved, type Bend, type Objective } from './objective.ts';
import { followTail, justBeside, outward } from './tails.ts';
import { tolerancesFor } from './tolerances.ts';

/**
 * What kind of point a search ended at: interior maximum, at a bound, on the way to an asymptote, unbounded, on a plateau, a saddle
 * (or minimum), a kink, or not converged, by gradient, Hessian and Newton step of the output there, by what follows past
 * the bound, and by searches begun beside it.
 */
export function judge(objective: Objective, box: Box, evidence: Evidence): Judgement {
  if (objective.size > mostCurved) return judgeBySlopes(objective, box, evidence);
  const { point } = evidence;
  const tolerances = tolerancesFor(objective.rounding);
  const { negligible } = tolerances;
  // At a kink itself the derivatives are those of neither side.
  const bend = objective.bend(
    evidence.isKink ? justBeside(box, point, tolerances.oneSide) : point,
    evidence.signal,
  );
  throwIfAborted(evidence.signal);
  const value = objective.value(point);
  const { gradient, hessian } = bend;
  const out = outward(box, point, gradient);
  const open = [...out.keys()].filter((i) => out[i] === 0);
  const judgement: Judgement = {
    verdict: 'not-converged',
    value,
    gradient: [...gradient],
    curvature: eigenvalues(hessian),
    newtonStep: newtonLength(bend, open),
    multipliers: [...out].map((way, i) => (way === 0 ? 0 : Math.abs(gradient[i] as number))),
    sensitivity: null,
    restarts: { tried: 0, returned: 0 },
  };
  if (evidence.isKink) return { ...judgement, verdict: 'kink', newtonStep: null };

  const steepness = box.scaled(gradient);
  if (isFlat(objective, box, point, bend)) {
    // The output has rounded to its limit, yet what it is a rising function of still rises past the bound.
    const rising = outward(box, point, evidence.climb.slope(point).gradient);
    return { ...judgement, verdict: largest(rising) > 0 ? 'asymptote' : 'plateau' };
  }
  // Of a slope that is left of rounding the tail cannot be followed; what it saturates tells whether it goes on.
  if (largest(steepness) < tolerances.drowned * Math.abs(value)) {
    const { value: height, gradient: slope } = evidence.climb.slope(point);
    const rising = largest(
      box.scaled(outward(box, point, slope)).map((side, i) => side * (slope[i] as number)),
    );
    if (rising > tolerances.drowned * Math.abs(height)) return { ...judgement, verdict: 'asymptote' };
  }
  const openSlope = largest(open.map((i) => steepness[i] as number));
  const part = open.length === 0 ? [] : eigenvalues(partOf(scaledHessian(box, hessian), open));
  const bendScale = Math.max(largest(part), 1e-300);
  const isPast = part.some((value) => value > negligible * bendScale && value > 0);
  const newton = scaledNewton(box, bend, open);
  const isStill =
    newton === null
      ? openSlope <= negligible * Math.max(bendScale, Math.abs(value))
      : newton < tolerances.newton;

  if (isStill && open.length < point.length) {
    const way = out.map((side, i) => side * (box.width[i] as number));
    const tail = followTail(objective, point, way);
    if (tail !== null) return { ...judgement, verdict: 'asymptote', newtonStep: tail };
    return { ...judgement, verdict: isPast ? 'saddle' : 'at-bound' };
  }
  if (!isStill) {
    const way = gradient.map((g, i) => g * (box.width[i] as number) ** 2);
    const length = largest(steepness) || 1;
    const tail = followTail(
      objective,
      point,
      way.map((w) => w / length),
    );
    if (tail !== null) return { ...judgement, verdict: 'asymptote', newtonStep: tail };
    return judgement;
  }
  if (isPast) return { ...judgement, verdict: 'saddle' };
  const isLevel = part.some((bent) => !(bent < -tolerances.curvature * bendScale));
  if (isLevel || isEdge(objective, box, point, bend)) return { ...judgement, verdict: 'plateau' };
  const restarts = evidence.restart();
  if (!evidence.settled && restarts.returned < restarts.tried) return { ...judgement, restarts };
  if (restarts.returned === 0 && restarts.tried > 0) return { ...judgement, restarts };
  return { ...judgement, verdict: 'interior-maximum', restarts, sensitivity: sensitivityOf(bend) };
}

function scaledHessian(box: Box, hessian: Matrix): Matrix {
  const result = hessian.clone();
  for (let i = 0; i < result.rows; i++) {
    for (let j = 0; j < result.columns; j++) {
      result.set(i, j, result.get(i, j) * (box.width[i] as number) * (box.width[j] as number));
    }
  }
  return result;
}

const partOf = (matrix: Matrix, open: readonly number[]): Matrix => matrix.selection([...open], [...open]);

/** Eigenvalues of a symmetric matrix, rising. */
function eigenvalues(symmetric: Matrix): number[] {
  if (symmetric.rows === 1) return [symmetric.get(0, 0)];
  if (!symmetric.to1DArray().every(Number.isFinite)) return symmetric.diagonal();
  const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  return [...realEigenvalues].sort((a, b) => a - b);
}

/** H^-1 g over some components; null where H is singular there. */
function newtonOf(hessian: Matrix, gradient: ArrayLike<number>, open: readonly number[]): number[] | null {
  if (open.length === 0) return [];
  const solver = new LuDecomposition(partOf(hessian, open));
  if (solver.isSingular()) return null;
  const step = solver.solve(Matrix.columnVector(open.map((i) => gradient[i] as number))).to1DArray();
  return step.every(Number.isFinite) ? step : null;
}

function newtonLength(bend: Bend, open: readonly number[]): number | null {
  if (open.length === 0) return null;
  const step = newtonOf(bend.hessian, bend.gradient, open);
  return step === null ? null : Math.hypot(...step);
}

/** The Newton step's largest component in units of the range. */
function scaledNewton(box: Box, bend: Bend, open: readonly number[]): number | null {
  const step = newtonOf(bend.hessian, bend.gradient, open);
  return step === null
    ? null
    : largest(step.map((move, k) => move / (box.width[open[k] as number] as number)));
}

/** No slope, no curvature, and the same value a thousandth of the range to every side that the range has. */
function isFlat(
  objective: Objective,
  box: Box,
  point: Float64Array,
  { value, gradient, hessian }: Bend,
): boolean {
  if (largest(gradient) !== 0 || largest(hessian.to1DArray()) !== 0) return false;
  return point.every((y, i) =>
    [-1, 1].every((side) => {
      const beside = Float64Array.from(point);
      beside[i] = y + side * 1e-3 * (box.width[i] as number);
      const isOutside = beside[i] < (box.low[i] as number) || beside[i] > (box.high[i] as number);
      return isOutside || objective.value(beside) === value;
    }),
  );
}

/** The edge of a plateau: no slope here, nor a thousandth of the range to some side, where the value is the same. */
function isEdge(objective: Objective, box: Box, point: Float64Array, { value, gradient }: Bend): boolean {
  if (largest(gradient) !== 0) return false;
  return point.some((y, i) =>
    [-1, 1].some((side) => {
      const beside = Float64Array.from(point);
      beside[i] = y + side * 1e-3 * (box.width[i] as number);
      if (beside[i] < (box.low[i] as number) || beside[i] > (box.high[i] as number)) return false;
      const there = objective.slope(beside);
      return there.value === value && largest(there.gradient) === 0;
    }),
  );
}

/** d point / d fixed = -Hyy^-1 Hyx (implicit differentiation of g = 0). */
function sensitivityOf({ hessian, cross }: Bend): (number | null)[][] {
  if (cross.columns === 0) return hessian.to2DArray().map(() => []);
  const moves = new LuDecomposition(hessian).solve(cross).mul(-1).to2DArray();
  return moves.map((row) => row.map((move) => (Number.isFinite(move) ? move : null)));
}
