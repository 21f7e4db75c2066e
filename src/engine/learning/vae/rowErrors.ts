import { largestFloat } from './objective.ts';
import type { Standardisation } from './standardise.ts';

/** Of each row: root of the mean squared difference over the columns that vary, at most the largest float32; NaN for `bad` rows. */
export function errorsOf(
  x: Float32Array,
  decoded: Float32Array,
  { deviation }: Standardisation,
  bad: ReadonlySet<number>,
): Float32Array {
  const columns = deviation.length;
  const varying = deviation.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  return Float32Array.from({ length: x.length / columns }, (_, row) => {
    if (bad.has(row)) return NaN;
    let squares = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) {
      // What a constant column decodes to is not used.
      if (deviation[k - row * columns] === 0) continue;
      squares += ((decoded[k] as number) - (x[k] as number)) ** 2;
    }
    return Math.min(largestFloat, Math.sqrt(squares / Math.max(1, varying)));
  });
}

/** Rows (from 0 within the batch) with values that are not finite, which are set to 0. */
export function cleared(
  x: Float32Array,
  values: Float32Array,
  from: number,
  count: number,
  columns: number,
): Set<number> {
  const bad = new Set<number>();
  for (let k = 0; k < count * columns; k++) {
    if (!Number.isFinite(values[from * columns + k]) || !Number.isFinite(x[k]))
      bad.add(Math.floor(k / columns));
  }
  for (const row of bad) x.fill(0, row * columns, (row + 1) * columns);
  return bad;
}
