import { CubelensError } from '../base/errors.ts';

/** A matrix of float64 numbers, row after row. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float64Array;
}

/** Zeros, or these values. */
export const matrix = (
  rows: number,
  columns: number,
  values: Float64Array = new Float64Array(rows * columns),
): Matrix => ({ rows, columns, values });

/** One row, sharing the matrix's memory. */
export const rowOf = ({ columns, values }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns);

/** As arrays of rows. */
export const rowsOf = (a: Matrix): number[][] =>
  Array.from({ length: a.rows }, (_, row) => Array.from(rowOf(a, row)));

/**
 * A matrix from arrays of rows. Throws `invalid-request` where there is none, rows differ in length, or a number is not finite,
 * by the name of the tensor, row and column (from 0).
 */
export function fromRows(name: string, rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw refused(name, `${name} is empty.`);
  const out = matrix(rows.length, columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw refused(name, `${name}: row ${i} has ${row.length} numbers, row 0 has ${columns}.`);
    }
    out.values.set(row, i * columns);
  });
  checkFinite(name, out);
  return out;
}

/** Throws `invalid-request` at the first number that is NaN or infinite. */
export function checkFinite(name: string, { values, columns }: Matrix): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const place = `row ${Math.floor(at / columns)}, column ${at % columns}`;
  throw refused(name, `${name}: ${place} is ${values[at]}.`, 'Every number must be finite.');
}

/** a b. Throws `invalid-request` where they do not fit, by their names. */
export function product(a: Matrix, b: Matrix, names: readonly [string, string] = ['A', 'B']): Matrix {
  if (a.columns !== b.rows) {
    throw refused(
      names[1],
      `${names[0]} is ${a.rows} x ${a.columns} and ${names[1]} ${b.rows} x ${b.columns}: ${a.columns} columns meet ${b.rows} rows.`,
    );
  }
  const out = matrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    const into = rowOf(out, i);
    for (let k = 0; k < a.columns; k++)
      addScaled(into, a.values[i * a.columns + k] ?? 0, b.values, k * b.columns);
  }
  return out;
}

/** into += factor x what stands in `values` from `start` on. */
export function addScaled(
  into: Float64Array,
  factor: number,
  values: Float64Array | Float32Array,
  start: number,
): void {
  for (let j = 0; j < into.length; j++) into[j] = (into[j] ?? 0) + factor * (values[start + j] ?? 0);
}

export function transposed({ rows, columns, values }: Matrix): Matrix {
  const out = matrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out.values[j * rows + i] = values[i * columns + j] ?? 0;
  }
  return out;
}

/** Matrices of equal height side by side. */
export function sideBySide(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const out = matrix(
    rows,
    parts.reduce((sum, { columns }) => sum + columns, 0),
  );
  let left = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) rowOf(out, i).set(rowOf(part, i), left);
    left += part.columns;
  }
  return out;
}

/** Columns cut into so many equal parts. Throws `invalid-request` where they cannot be. */
export function cutColumns(name: string, a: Matrix, parts: number): Matrix[] {
  if (a.columns % parts !== 0) {
    throw refused(name, `${name} has ${a.columns} columns, which ${parts} heads cannot share evenly.`);
  }
  const width = a.columns / parts;
  return Array.from({ length: parts }, (_, part) => {
    const out = matrix(a.rows, width);
    for (let i = 0; i < a.rows; i++) {
      rowOf(out, i).set(rowOf(a, i).subarray(part * width, (part + 1) * width));
    }
    return out;
  });
}

/** A request that names the tensor at fault. */
export const refused = (field: string, message: string, remedy?: string): CubelensError =>
  new CubelensError('invalid-request', message, { field, ...(remedy === undefined ? {} : { remedy }) });
