import type { SpectraTable } from './spectraTable.ts';

/** Smallest and largest value of each column, in the table's own units. */
export function columnRanges({ rows, columns, values }: SpectraTable): [number, number][] {
  const low = new Float64Array(columns).fill(Infinity);
  const high = new Float64Array(columns).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const value = values[row * columns + k] as number;
      if (value < (low[k] as number)) low[k] = value;
      if (value > (high[k] as number)) high[k] = value;
    }
  }
  return Array.from(low, (value, k) => [value, high[k] as number]);
}

/** Smallest and largest line, and smallest and largest sample; null where the rows have no positions. */
export function positionRanges({
  rows,
  positions,
}: SpectraTable): [[number, number], [number, number]] | null {
  if (positions === null || rows === 0) return null;
  const ranges: [[number, number], [number, number]] = [
    [Infinity, -Infinity],
    [Infinity, -Infinity],
  ];
  for (let k = 0; k < 2 * rows; k++) {
    const range = ranges[k % 2 === 0 ? 0 : 1];
    const value = positions[k] as number;
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  }
  return ranges;
}

/** Mean of each class over its rows, in the table's own units: one row a class, null for a class without rows. */
export function classMeans({ rows, columns, values, classes }: SpectraTable): (Float64Array | null)[] {
  if (classes === null) return [];
  const sums = classes.names.map(() => new Float64Array(columns));
  const counts = classes.names.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const one = classes.ofRow[row] as number;
    const sum = sums[one];
    if (sum === undefined) continue;
    counts[one] = (counts[one] ?? 0) + 1;
    for (let k = 0; k < columns; k++) sum[k] = (sum[k] as number) + (values[row * columns + k] as number);
  }
  return sums.map((sum, one) => {
    const count = counts[one] ?? 0;
    return count === 0 ? null : sum.map((value) => value / count);
  });
}
