// For tests only: Savitzky-Golay by its definition, band by band, with nothing shared with the engine.

export interface NaiveFilter {
  window: number;
  degree: number;
  derivative: number;
  edge?: 'fit' | 'nan';
  gap?: 'refit' | 'strict';
}

/** Weights of a least-squares polynomial's derivative at `at`, by normal equations in centred, scaled coordinates. */
export function naiveWeights(x: readonly number[], at: number, degree: number, derivative: number): number[] {
  const scale = Math.max(...x.map((one) => Math.abs(one - at))) || 1;
  const powers = x.map((one) =>
    Array.from({ length: degree + 1 }, (_, power) => ((one - at) / scale) ** power),
  );
  const normal = Array.from({ length: degree + 1 }, (_, i) =>
    Array.from({ length: degree + 1 }, (_, j) =>
      powers.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
    ),
  );
  const factorial = [1, 1, 2, 6][derivative] ?? NaN;
  const wanted = normal.map((_, i) => (i === derivative ? factorial / scale ** derivative : 0));
  const solved = solve(normal, wanted);
  return powers.map((row) => row.reduce((sum, power, i) => sum + power * (solved[i] ?? 0), 0));
}

/** Gauss-Jordan with the largest pivot. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivotAt = column + below.indexOf(Math.max(...below));
    const pivot = rows[pivotAt] ?? [];
    rows[pivotAt] = rows[column] ?? [];
    rows[column] = pivot.map((value) => value / (pivot[column] ?? 1));
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = row[column] ?? 0;
      rows[i] = row.map((value, j) => value - factor * (rows[column]?.[j] ?? 0));
    });
  }
  return rows.map((row) => row.at(-1) ?? NaN);
}

/** A filtered spectrum with, for each band, the sum of |weights| (null where there is no value). */
export function naiveFilter(
  values: readonly number[],
  coordinates: readonly number[],
  segments: readonly (readonly number[])[],
  { window, degree, derivative, edge = 'fit', gap = 'refit' }: NaiveFilter,
): { result: (number | null)[]; weightSum: number[] } {
  const result: (number | null)[] = values.map(() => null);
  const weightSum = values.map(() => 0);
  const half = (window - 1) / 2;
  for (const segment of segments) {
    if (segment.length < window) continue;
    segment.forEach((band, place) => {
      const first = Math.min(Math.max(place - half, 0), segment.length - window);
      const isEdge = first !== place - half;
      if (isEdge && edge === 'nan') return;
      const bands = segment.slice(first, first + window);
      const present = bands.filter((one) => Number.isFinite(values[one]));
      if (present.length < window) {
        const isOneSided = present.every((one) => one < band) || present.every((one) => one > band);
        if (gap === 'strict' || present.length < degree + 2 || (isOneSided && !isEdge)) return;
      }
      const at = coordinates[band] ?? NaN;
      const weights = naiveWeights(
        present.map((one) => coordinates[one] ?? NaN),
        at,
        degree,
        derivative,
      );
      result[band] = weights.reduce((sum, weight, k) => sum + weight * (values[present[k] ?? 0] ?? NaN), 0);
      weightSum[band] = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
    });
  }
  return { result, weightSum };
}
