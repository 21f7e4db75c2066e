import { Matrix, QrDecomposition } from 'ml-matrix';

/**
 * The point nearest to zero of the convex hull of some vectors plus the cone of others: for gradients around a kink and
 * the outward normals of the bounds that hold, the steepest way up that is left, zero where none is.
 * Non-negative least squares of C. L. Lawson and R. J. Hanson (Solving Least Squares Problems, 1974, chapter 23), with a
 * row of ones for the hull.
 */
export function nearestToZero(hull: readonly Float64Array[], cone: readonly Float64Array[]): Float64Array {
  const size = hull[0]?.length ?? 0;
  // Vectors of one size, so that the row of ones weighs alike.
  const scale = Math.max(...hull.map((vector) => Math.max(...vector.map(Math.abs))), 1e-300);
  const columns = [
    ...hull.map((vector) => [...vector.map((entry) => entry / scale), 1]),
    ...cone.map((vector) => [...vector, 0]),
  ];
  const target = [...new Array<number>(size).fill(0), 1];
  const weights = nonNegative(columns, target);
  const total = hull.reduce((sum, _, k) => sum + (weights[k] as number), 0);
  const nearest = new Float64Array(size);
  columns.forEach((column, k) => {
    for (let i = 0; i < size; i++) {
      nearest[i] = (nearest[i] as number) + ((weights[k] as number) / total) * (column[i] as number) * scale;
    }
  });
  return nearest;
}

function nonNegative(columns: readonly number[][], target: readonly number[]): number[] {
  const weights = new Array<number>(columns.length).fill(0);
  const used: number[] = [];
  for (let round = 0; round < 3 * columns.length + 10; round++) {
    const rest = target.map(
      (t, i) => t - columns.reduce((sum, c, k) => sum + (weights[k] as number) * (c[i] as number), 0),
    );
    let best = -1;
    let most = 1e-13;
    columns.forEach((column, k) => {
      if (used.includes(k)) return;
      const gain = column.reduce((sum, entry, i) => sum + entry * (rest[i] as number), 0);
      if (gain > most) [best, most] = [k, gain];
    });
    if (best < 0) break;
    used.push(best);
    for (;;) {
      const solved = leastSquares(
        used.map((k) => columns[k] as number[]),
        target,
      );
      if (solved === null) {
        used.pop();
        return weights;
      }
      if (solved.every((weight) => weight > 0)) {
        weights.fill(0);
        used.forEach((k, at) => (weights[k] = solved[at] as number));
        break;
      }
      // As far towards the solution as all weights stay above zero; the one that reaches it leaves.
      let share = 1;
      used.forEach((k, at) => {
        const old = weights[k] as number;
        const wanted = solved[at] as number;
        if (wanted <= 0) share = Math.min(share, old / (old - wanted));
      });
      used.forEach((k, at) => {
        const old = weights[k] as number;
        weights[k] = old + share * ((solved[at] as number) - old);
      });
      const leaving = used.filter((k) => !((weights[k] as number) > 1e-14));
      if (leaving.length === 0) return weights;
      for (const k of leaving) {
        weights[k] = 0;
        used.splice(used.indexOf(k), 1);
      }
      if (used.length === 0) return weights;
    }
  }
  return weights;
}

function leastSquares(columns: readonly number[][], target: readonly number[]): number[] | null {
  if (columns.length > target.length) return null;
  const solver = new QrDecomposition(new Matrix([...columns]).transpose());
  if (!solver.isFullRank()) return null;
  return solver.solve(Matrix.columnVector([...target])).to1DArray();
}
