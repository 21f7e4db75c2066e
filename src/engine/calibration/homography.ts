import { Matrix, SVD } from 'ml-matrix';
import { factor, solveFactored } from './cholesky.ts';
import { product3, type Matrix3 } from './rotation.ts';
import type { ViewPoints } from './views.ts';

/** Ratio of the second smallest to the largest singular value below which points give no single homography. */
const rankTolerance = 1e-9;
/** Gauss-Newton on a homography that fits at all ends after a few steps. */
const mostSteps = 30;

/** Row-major similarity that moves points to mean 0 and mean distance sqrt 2, and its inverse. */
function normalisation(points: Float64Array): { to: Matrix3; back: Matrix3 } {
  const n = points.length / 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += (points[2 * i] as number) / n;
    y += (points[2 * i + 1] as number) / n;
  }
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += Math.hypot((points[2 * i] as number) - x, (points[2 * i + 1] as number) - y) / n;
  }
  const scale = Math.SQRT2 / distance;
  return {
    to: Float64Array.of(scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1),
    back: Float64Array.of(1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1),
  };
}

function moved(points: Float64Array, by: Matrix3): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    out[i] = (by[0] as number) * (points[i] as number) + (by[2] as number);
    out[i + 1] = (by[4] as number) * (points[i + 1] as number) + (by[5] as number);
  }
  return out;
}

/**
 * The homography (row-major 3 x 3) that takes the board's points to the image's: normalised direct linear transform
 * (R. Hartley, "In defense of the eight-point algorithm", 1997), refined to the least sum of squared pixel distances.
 * Its sign gives the board's points a positive third coordinate. Null where the points give none, or not one only.
 */
export function homographyOf({ object, image, count }: ViewPoints, refined = true): Matrix3 | null {
  const [board, pixels] = [normalisation(object), normalisation(image)];
  const [from, to] = [moved(object, board.to), moved(image, pixels.to)];
  // At least nine rows, or the decomposition leaves the null vector out.
  const equations = Matrix.zeros(Math.max(9, 2 * count), 9);
  for (let i = 0; i < count; i++) {
    const [x, y] = [from[2 * i] as number, from[2 * i + 1] as number];
    const [u, v] = [to[2 * i] as number, to[2 * i + 1] as number];
    equations.setRow(2 * i, [x, y, 1, 0, 0, 0, -u * x, -u * y, -u]);
    equations.setRow(2 * i + 1, [0, 0, 0, x, y, 1, -v * x, -v * y, -v]);
  }
  const svd = new SVD(equations, { computeLeftSingularVectors: false });
  const values = svd.diagonal;
  if (!((values[7] as number) > rankTolerance * (values[0] as number))) return null;
  const found = Float64Array.from(svd.rightSingularVectors.getColumn(8));
  // The middle of the board is seen, so its depth is not zero.
  const depth = found[8] as number;
  if (!(Math.abs(depth) > 1e-12)) return null;
  const start = found.map((entry) => entry / depth);
  const h = refined ? refine(start, from, to) : start;
  if (h === null) return null;
  const out = product3(product3(pixels.back, h), board.to);
  const size = Math.hypot(...out);
  for (let i = 0; i < object.length; i += 2) {
    const w =
      (out[6] as number) * (object[i] as number) +
      (out[7] as number) * (object[i + 1] as number) +
      (out[8] as number);
    if (!(w > 0)) return null;
  }
  return out.map((entry) => entry / size);
}

/** How far a homography misses a view's points: root mean square distance over that of the points from their mean. */
export function relativeMiss(h: Matrix3, { object, image, count }: ViewPoints): number {
  const { to } = normalisation(image);
  // Moved to a mean distance of sqrt 2, so that the miss has no unit.
  return Math.sqrt(costOf(product3(to, h), object, moved(image, to)) / (2 * count));
}

/** Gauss-Newton over the first eight entries (the last is 1), halving a step that does not help. */
function refine(start: Matrix3, from: Float64Array, to: Float64Array): Matrix3 | null {
  let current = start;
  let cost = costOf(current, from, to);
  for (let step = 0; step < mostSteps && Number.isFinite(cost); step++) {
    const moves = gaussNewtonStep(current, from, to);
    if (moves === null) return current;
    let scale = 1;
    let next = current;
    let nextCost = Infinity;
    while (scale > 1e-4 && !(nextCost < cost)) {
      next = current.map((entry, i) => (i < 8 ? entry + scale * (moves[i] as number) : entry));
      nextCost = costOf(next, from, to);
      scale /= 2;
    }
    if (!(nextCost < cost)) return current;
    const gain = cost - nextCost;
    current = next;
    cost = nextCost;
    if (gain < 1e-14 * cost) break;
  }
  return Number.isFinite(cost) ? current : null;
}

function costOf(h: Matrix3, from: Float64Array, to: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = [from[i] as number, from[i + 1] as number];
    const w = (h[6] as number) * x + (h[7] as number) * y + (h[8] as number);
    if (!(w > 0)) return Infinity;
    const du = ((h[0] as number) * x + (h[1] as number) * y + (h[2] as number)) / w - (to[i] as number);
    const dv = ((h[3] as number) * x + (h[4] as number) * y + (h[5] as number)) / w - (to[i + 1] as number);
    sum += du * du + dv * dv;
  }
  return sum;
}

function gaussNewtonStep(h: Matrix3, from: Float64Array, to: Float64Array): Float64Array | null {
  const normal = new Float64Array(64);
  const right = new Float64Array(8);
  const row = new Float64Array(8);
  const add = (residual: number): void => {
    for (let a = 0; a < 8; a++) {
      right[a] = (right[a] as number) - (row[a] as number) * residual;
      for (let b = 0; b < 8; b++) {
        normal[8 * a + b] = (normal[8 * a + b] as number) + (row[a] as number) * (row[b] as number);
      }
    }
  };
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = [from[i] as number, from[i + 1] as number];
    const w = (h[6] as number) * x + (h[7] as number) * y + (h[8] as number);
    for (const axis of [0, 1]) {
      const at = 3 * axis;
      const value = ((h[at] as number) * x + (h[at + 1] as number) * y + (h[at + 2] as number)) / w;
      row.fill(0);
      row[at] = x / w;
      row[at + 1] = y / w;
      row[at + 2] = 1 / w;
      row[6] = (-value * x) / w;
      row[7] = (-value * y) / w;
      add(value - (to[i + axis] as number));
    }
  }
  const lower = factor(normal, 8);
  return lower === null ? null : solveFactored(lower, 8, right);
}
