import { CubelensError } from '../../base/errors.ts';

/** The point of a convex hull that is nearest to a given one. */
export interface HullPoint {
  point: Float64Array;
  /** Share of each corner in it: from 0, their sum is 1. */
  weights: Float64Array;
  /** Euclidean distance of the given point from it. */
  distance: number;
}

/**
 * Projection of a point onto the convex hull of some corners (class means: every mixture of them), by P. Wolfe's method for the
 * nearest point in a polytope (Math. Programming 11, 1976): exact after finitely many steps but for rounding. Corners may be
 * equal or lie on a line. Throws `invalid-request` where there is no corner or lengths differ.
 */
export function projectOntoHull(point: ArrayLike<number>, corners: readonly ArrayLike<number>[]): HullPoint {
  if (corners.length === 0 || corners.some(({ length }) => length !== point.length)) {
    throw new CubelensError(
      'invalid-request',
      'The corners of the hull do not have the length of the point.',
      {
        field: 'corners',
        remedy: 'Give at least one corner, each of the length of the point.',
      },
    );
  }
  const shifted = corners.map((corner) =>
    Float64Array.from({ length: point.length }, (_, i) => (corner[i] as number) - (point[i] as number)),
  );
  const gram = shifted.map((a) => shifted.map((b) => dot(a, b)));
  const weights = nearestWeights(gram);
  const nearest = Float64Array.from({ length: point.length }, (_, i) =>
    corners.reduce((sum, corner, k) => sum + (weights[k] as number) * (corner[i] as number), 0),
  );
  const distance = Math.sqrt(nearest.reduce((sum, value, i) => sum + (value - (point[i] as number)) ** 2, 0));
  return { point: nearest, weights, distance };
}

/** Weights of the combination of least length, from the corners' inner products. */
function nearestWeights(gram: readonly (readonly number[])[]): Float64Array {
  const n = gram.length;
  const at = (i: number, j: number): number => gram[i]?.[j] as number;
  const scale = Math.max(...gram.map((_, k) => at(k, k)), Number.MIN_VALUE);
  const tiny = 1e-12 * scale;
  let active = [gram.reduce((best, _, k) => (at(k, k) < at(best, best) ? k : best), 0)];
  let weights = new Float64Array(n);
  weights[active[0] as number] = 1;
  // Each round adds a corner and shortens the combination; more rounds than this are rounding's doing.
  for (let round = 0; round < 100 * n; round++) {
    const slope = gram.map((row) => row.reduce((sum, value, j) => sum + value * (weights[j] as number), 0));
    const square = slope.reduce((sum, value, k) => sum + value * (weights[k] as number), 0);
    const entering = slope.reduce((best, value, k) => (value < (slope[best] as number) ? k : best), 0);
    if ((slope[entering] as number) >= square - tiny || active.includes(entering)) return weights;
    active.push(entering);
    for (;;) {
      const wanted = affineWeights(active.map((i) => active.map((j) => at(i, j))));
      if (wanted === null) {
        // Corners that depend on each other: the new one gives nothing.
        return weights;
      }
      if (wanted.every((weight) => weight > 0)) {
        weights = new Float64Array(n);
        active.forEach((k, place) => (weights[k] = wanted[place] as number));
        break;
      }
      // As far towards it as all weights stay positive; the corner that ends there leaves.
      let step = 1;
      wanted.forEach((weight, place) => {
        const now = weights[active[place] as number] as number;
        if (weight <= 0) step = Math.min(step, now === weight ? 0 : now / (now - weight));
      });
      active.forEach((k, place) => {
        weights[k] = (1 - step) * (weights[k] as number) + step * (wanted[place] as number);
      });
      const least = active.reduce((low, k) => ((weights[k] as number) < (weights[low] as number) ? k : low));
      weights[least] = 0;
      active = active.filter((k) => k !== least && (weights[k] as number) > 0);
      const sum = weights.reduce((all, weight) => all + weight, 0);
      weights = weights.map((weight) => weight / sum);
    }
  }
  return weights;
}

/** Weights of sum 1, of either sign, of the combination of least length; null where they are not unique. */
function affineWeights(gram: number[][]): number[] | null {
  const n = gram.length;
  // The multiplier of the sum is the last unknown; both kinds of rows in one scale.
  const scale = Math.max(...gram.map((row, k) => row[k] as number), Number.MIN_VALUE);
  const rows = gram.map((row) => [...row.map((value) => value / scale), 1, 0]);
  rows.push([...gram.map(() => 1), 0, 1]);
  for (let k = 0; k <= n; k++) {
    const size = (i: number): number => Math.abs(rows[i]?.[k] as number);
    let pivot = k;
    for (let i = k + 1; i <= n; i++) if (size(i) > size(pivot)) pivot = i;
    if (size(pivot) < 1e-14) return null;
    const chosen = rows[pivot] as number[];
    rows[pivot] = rows[k] as number[];
    rows[k] = chosen;
    for (let i = 0; i <= n; i++) {
      const row = rows[i] as number[];
      const factor = i === k ? 0 : (row[k] as number) / (chosen[k] as number);
      if (factor !== 0)
        for (let j = k; j <= n + 1; j++) row[j] = (row[j] as number) - factor * (chosen[j] as number);
    }
  }
  return Array.from({ length: n }, (_, k) => (rows[k]?.[n + 1] as number) / (rows[k]?.[k] as number));
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
