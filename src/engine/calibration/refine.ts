import { CubelensError } from '../base/errors.ts';
import { factor, inverseOf, solveFactored } from './cholesky.ts';
import { intrinsicNames, type Camera, type IntrinsicName, type Pose, type Vector3 } from './camera.ts';
import { normalEquations, type NormalEquations } from './normalEquations.ts';
import type { ViewPoints } from './views.ts';

/** One unknown: it moves these intrinsics, each by its factor. */
export interface Unknown {
  name: IntrinsicName;
  moves: readonly (readonly [IntrinsicName, number])[];
}

/** What a fit gives. */
export interface Refined {
  camera: Camera;
  poses: Pose[];
  /** Sum of the squared residuals, pixels squared. */
  sse: number;
  steps: number;
  /** Covariance of the unknowns for a residual variance of 1, row-major, in their order; null where not determined. */
  intrinsicCovariance: Float64Array | null;
  /** Variances of each pose (three of the rotation, three of the translation) for a residual variance of 1. */
  poseVariances: Float64Array[];
}

/** Few are needed where the model is right; a wrong ratio of fx to fy takes hundreds. */
const mostSteps = 500;
/** Converged: the next step would move the points by less (pixels, root mean square) ... */
const converged = 1e-9;
/** ... or by less than this share of their distance from where they should be: the sum of squares rounds sooner. */
const convergedShare = 3e-8;
/** Relative rounding of a sum of squares: a step may seem to worsen it by so much. */
const rounding = 1e-13;

/**
 * Levenberg-Marquardt over the unknowns of the camera and the poses of all views, to the least sum of squared pixel
 * distances. Poses meet each other only through the camera: they are eliminated view by view (Schur complement), so time
 * grows with the number of views, not with its cube. Throws `not-converged`.
 */
export function refine(
  views: readonly ViewPoints[],
  unknowns: readonly Unknown[],
  startCamera: Camera,
  startPoses: readonly Pose[],
): Refined {
  const points = views.reduce((sum, { count }) => sum + count, 0);
  let state = { camera: startCamera, poses: [...startPoses] };
  let equations = normalEquations(views, unknowns, state.camera, state.poses);
  if (equations === null) throw notConverged('its starting values put points behind the camera');
  if (isConverged(equations, points)) return finished(state, equations, 0);
  let damping = 1e-3;
  for (let step = 1; step <= mostSteps; step++) {
    const move = solve(equations, damping);
    const next = move === null ? null : moved(state, unknowns, move);
    const nextEquations = next === null ? null : normalEquations(views, unknowns, next.camera, next.poses);
    const better = nextEquations !== null && nextEquations.sse <= equations.sse * (1 + rounding);
    if (move !== null && next !== null && better) {
      // Gain over what the linear model foretold; where that is lost in rounding it counts as kept.
      const foretold = move.square > 1e-9 * equations.sse;
      const gain = foretold ? (equations.sse - nextEquations.sse) / move.square : 1;
      state = next;
      equations = nextEquations;
      // Of the whole step: a damped one is small without being near the minimum.
      if (isConverged(equations, points)) return finished(state, equations, step);
      if (gain > 0.5) damping = Math.max(damping / 10, 1e-15);
      else if (gain < 0.2) damping *= 5;
    } else {
      damping *= 10;
      // No direction helps any more: at rounding this is the minimum, else the fit has failed.
      if (damping > 1e8) break;
    }
  }
  const reach = reachOf(equations, points);
  if (reach < 1e-5) return finished(state, equations, mostSteps);
  throw notConverged(
    `after ${mostSteps} steps the next one would still move the points by ${reach.toPrecision(2)} px`,
  );
}

const notConverged = (why: string): CubelensError =>
  new CubelensError('not-converged', `The fit has not converged: ${why}.`, {
    field: 'views',
    remedy:
      'Check the order of the points and the image size, fit fewer distortion coefficients, or add views.',
  });

/** How far the undamped step would move the points: pixels, root mean square. */
function reachOf(equations: NormalEquations, points: number): number {
  const move = solve(equations, 0);
  return move === null ? Infinity : Math.sqrt(move.square / points);
}

const isConverged = (equations: NormalEquations, points: number): boolean =>
  reachOf(equations, points) < Math.max(converged, convergedShare * Math.sqrt(equations.sse / points));

interface Move {
  intrinsics: Float64Array;
  poses: Float64Array[];
  /** Sum of the squares by which the step moves the points, pixels squared. */
  square: number;
}

/** The step of the damped normal equations, in units that make their diagonal 1; null where they are singular. */
function solve(equations: NormalEquations, damping: number): Move | null {
  const { size, camera, cameraRight, views } = equations;
  const reduced = camera.slice();
  for (let i = 0; i < size; i++) reduced[i * size + i] = (reduced[i * size + i] as number) * (1 + damping);
  const right = cameraRight.slice();
  const factors: Float64Array[] = [];
  for (const { pose, poseRight, mixed } of views) {
    const block = pose.slice();
    for (let i = 0; i < 6; i++) block[7 * i] = (block[7 * i] as number) * (1 + damping);
    const lower = factor(block, 6);
    if (lower === null) return null;
    factors.push(lower);
    // mixed: rows of the camera's unknowns, columns of the pose.
    const solvedRight = solveFactored(lower, 6, poseRight);
    for (let i = 0; i < size; i++) {
      const row = mixed.subarray(6 * i, 6 * i + 6);
      right[i] = (right[i] as number) - dot6(row, solvedRight, 0);
      const solved = solveFactored(lower, 6, row);
      for (let j = 0; j <= i; j++) {
        const value = (reduced[i * size + j] as number) - dot6(solved, mixed, 6 * j);
        reduced[i * size + j] = value;
        reduced[j * size + i] = value;
      }
    }
  }
  const lower = scaledFactor(reduced, size);
  if (lower === null) return null;
  const intrinsics = lower.solve(right);
  const poses = views.map(({ poseRight, mixed }, v) => {
    const rest = poseRight.slice();
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < 6; j++) {
        rest[j] = (rest[j] as number) - (mixed[6 * i + j] as number) * (intrinsics[i] as number);
      }
    }
    return solveFactored(factors[v] as Float64Array, 6, rest);
  });
  // step' J'J step <= step' right, equal without damping.
  let square = 0;
  intrinsics.forEach((entry, i) => (square += entry * (cameraRight[i] as number)));
  poses.forEach((pose, v) => {
    const { poseRight } = views[v] as NormalEquations['views'][number];
    pose.forEach((entry, i) => (square += entry * (poseRight[i] as number)));
  });
  return { intrinsics, poses, square: Math.max(0, square) };
}

const dot6 = (a: Float64Array, b: Float64Array, at: number): number => {
  let sum = 0;
  for (let i = 0; i < 6; i++) sum += (a[i] as number) * (b[at + i] as number);
  return sum;
};

/** Cholesky factor of a matrix scaled to a diagonal of ones: focal lengths and coefficients differ by many powers of ten. */
function scaledFactor(
  matrix: Float64Array,
  size: number,
): { solve: (right: Float64Array) => Float64Array; inverse: () => Float64Array } | null {
  const scale = new Float64Array(size);
  for (let i = 0; i < size; i++) scale[i] = 1 / Math.sqrt(matrix[i * size + i] as number);
  const at = (i: number): number => scale[i] as number;
  const lower = factor(
    matrix.map((entry, k) => entry * at(Math.floor(k / size)) * at(k % size)),
    size,
  );
  if (lower === null) return null;
  return {
    solve: (right) =>
      solveFactored(
        lower,
        size,
        right.map((entry, i) => entry * at(i)),
      ).map((entry, i) => entry * at(i)),
    inverse: () => inverseOf(lower, size).map((entry, k) => entry * at(Math.floor(k / size)) * at(k % size)),
  };
}

function moved(
  { camera, poses }: { camera: Camera; poses: readonly Pose[] },
  unknowns: readonly Unknown[],
  move: Move,
): { camera: Camera; poses: Pose[] } | null {
  const next = { ...camera };
  unknowns.forEach(({ moves }, i) => {
    for (const [name, by] of moves) next[name] += by * (move.intrinsics[i] as number);
  });
  if (!intrinsicNames.every((name) => Number.isFinite(next[name])) || !(next.fx > 0 && next.fy > 0))
    return null;
  const add = (a: Vector3, by: Float64Array, from: number): Vector3 =>
    a.map((entry, i) => entry + (by[from + i] as number)) as Vector3;
  return {
    camera: next,
    poses: poses.map(({ rotation, translation }, v) => {
      const by = move.poses[v] as Float64Array;
      return { rotation: add(rotation, by, 0), translation: add(translation, by, 3) };
    }),
  };
}

function finished(
  state: { camera: Camera; poses: Pose[] },
  equations: NormalEquations,
  steps: number,
): Refined {
  const { size, camera, views, sse } = equations;
  const reduced = camera.slice();
  const solvedBlocks = views.map(({ pose, mixed }) => {
    const lower = factor(pose, 6);
    if (lower === null) return null;
    // C^-1 B', a column for each of the camera's unknowns.
    const columns = Array.from({ length: size }, (_, i) =>
      solveFactored(lower, 6, mixed.subarray(6 * i, 6 * i + 6)),
    );
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        reduced[i * size + j] =
          (reduced[i * size + j] as number) - dot6(columns[i] as Float64Array, mixed, 6 * j);
      }
    }
    return { inverse: inverseOf(lower, 6), columns };
  });
  const unsettled = solvedBlocks.includes(null) ? null : scaledFactor(reduced, size);
  const intrinsicCovariance = unsettled?.inverse() ?? null;
  const poseVariances = solvedBlocks.map((block) => {
    const out = new Float64Array(6).fill(Infinity);
    if (block === null || intrinsicCovariance === null) return out;
    for (let k = 0; k < 6; k++) {
      let variance = block.inverse[7 * k] as number;
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          variance +=
            (block.columns[i]?.[k] as number) *
            (intrinsicCovariance[i * size + j] as number) *
            (block.columns[j]?.[k] as number);
        }
      }
      out[k] = variance;
    }
    return out;
  });
  return { ...state, sse, steps, intrinsicCovariance, poseVariances };
}
