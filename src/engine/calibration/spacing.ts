import { degenerate } from './problems.ts';
import type { ViewPoints } from './views.ts';

/**
 * Side of a square of the board in the unit of its points: the smallest step between two of their X, or of their Y, above
 * a thousandth of their extent.
 */
export function boardSpacing({ object, count, name }: ViewPoints): number {
  const steps = [0, 1].map((axis) => {
    const sorted = Float64Array.from({ length: count }, (_, i) => object[2 * i + axis] as number).sort();
    const extent = (sorted[count - 1] as number) - (sorted[0] as number);
    let smallest = Infinity;
    for (let i = 1; i < count; i++) {
      const step = (sorted[i] as number) - (sorted[i - 1] as number);
      if (step > 1e-3 * extent && step < smallest) smallest = step;
    }
    return smallest;
  });
  const spacing = Math.min(...steps);
  if (!Number.isFinite(spacing))
    throw degenerate(`View ${name} shows no board.`, 'Give the points of a flat board.');
  return spacing;
}
