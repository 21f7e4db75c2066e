import { Matrix } from 'ml-matrix';
import { cellInWords, invalid, type NamedVector } from './vectors.ts';

/** Largest difference of two mirrored cells, relative to their size or that of their standard deviations. */
const symmetryTolerance = 1e-9;

/** Throws `invalid-request` for a number that is not finite; its column is counted from 1. */
export function checkNumbers(numbers: readonly number[], field: string, what: string, row?: number): void {
  numbers.forEach((number, k) => {
    if (Number.isFinite(number)) return;
    const where = row === undefined ? `number ${k + 1}` : `row ${row}, column ${k + 1}`;
    throw invalid(field, `${what} has ${number} as ${where}.`, 'Give finite numbers only.', {
      ...(row === undefined ? {} : { row }),
      column: k + 1,
    });
  });
}

/**
 * Rows of numbers as a matrix of a given size (`columns` null: any, the same in each row).
 * Throws `invalid-request` where they are of another size or not finite.
 */
export function checkedMatrix(
  rows: readonly (readonly number[])[],
  field: string,
  size: { rows: number; columns: number | null },
  vectors: readonly NamedVector[],
): Matrix {
  const lengths = vectors.map(({ name, length }) => `${name} ${length}`).join(', ');
  if (rows.length !== size.rows) {
    throw invalid(
      field,
      `${field} has ${rows.length} rows, but there are ${size.rows} components (${lengths}).`,
      'Give one row a component, in the order of the vectors.',
    );
  }
  const columns = size.columns ?? rows[0]?.length ?? 0;
  if (columns === 0)
    throw invalid(field, `${field} has no columns.`, 'Give numbers in each row.', { row: 1 });
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw invalid(
        field,
        `Row ${i + 1} of ${field} has ${row.length} numbers, not ${columns}.`,
        'Give each row as many numbers as there are columns.',
        { row: i + 1 },
      );
    }
    checkNumbers(row, field, field, i + 1);
  });
  return new Matrix(rows.map((row) => [...row]));
}

/** Throws `invalid-request` for a negative number on the diagonal, with its component. */
export function checkVariances(matrix: Matrix, field: string, vectors: readonly NamedVector[]): void {
  matrix.diagonal().forEach((variance, k) => {
    if (variance >= 0) return;
    throw invalid(
      field,
      `${cellInWords(vectors, k, k)} of ${field} is a variance of ${variance}: none is negative.`,
      'Give variances (sigma squared), 0 or more, on the diagonal.',
      { row: k + 1, column: k + 1 },
    );
  });
}

/**
 * Throws `invalid-request` where two mirrored cells differ by more than 1e-9 of the larger one, or of the product of
 * their standard deviations: with the cell that differs most, and by how much.
 */
export function checkSymmetry(matrix: Matrix, field: string, vectors: readonly NamedVector[]): void {
  const worst = { excess: symmetryTolerance, row: -1, column: -1 };
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = i + 1; j < matrix.rows; j++) {
      const [upper, lower] = [matrix.get(i, j), matrix.get(j, i)];
      const size = Math.max(
        Math.abs(upper),
        Math.abs(lower),
        Math.sqrt(Math.abs(matrix.get(i, i))) * Math.sqrt(Math.abs(matrix.get(j, j))),
      );
      const excess = upper === lower ? 0 : Math.abs(upper - lower) / size;
      if (excess > worst.excess) Object.assign(worst, { excess, row: i, column: j });
    }
  }
  const { row, column } = worst;
  if (row < 0) return;
  const [upper, lower] = [matrix.get(row, column), matrix.get(column, row)];
  throw invalid(
    field,
    `${field} is not symmetric: ${cellInWords(vectors, row, column)} is ${upper}, its mirror image ${lower} ` +
      `(they differ by ${Math.abs(upper - lower)}).`,
    'Make both the same, or give blocks, each of which is stated once.',
    { row: row + 1, column: column + 1 },
  );
}
