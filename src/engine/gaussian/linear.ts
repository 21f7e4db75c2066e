import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A matrix as plain rows. */
export const rowsOf = (matrix: Matrix): number[][] => matrix.to2DArray();

/** The rows and columns of these indexes. */
export function part(matrix: Matrix, rows: readonly number[], columns: readonly number[]): Matrix {
  const out = new Matrix(rows.length, columns.length);
  rows.forEach((row, i) => columns.forEach((column, j) => out.set(i, j, matrix.get(row, column))));
  return out;
}

/** The mean of a square matrix and its transpose: exactly symmetric. */
export function symmetrised(matrix: Matrix): Matrix {
  const out = matrix.clone();
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < i; j++) {
      const mean = matrix.get(i, j) / 2 + matrix.get(j, i) / 2;
      out.set(i, j, mean);
      out.set(j, i, mean);
    }
  }
  return out;
}

/** Lower triangular L with matrix = L L' (Cholesky-Banachiewicz), or null where a pivot is not positive. */
export function cholesky(matrix: Matrix): Matrix | null {
  const n = matrix.rows;
  const out = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix.get(i, j);
      for (let k = 0; k < j; k++) rest -= out.get(i, k) * out.get(j, k);
      if (j < i) out.set(i, j, rest / out.get(j, j));
      else if (rest > 0) out.set(i, i, Math.sqrt(rest));
      else return null;
    }
  }
  return out;
}

/** X with lower X = right, by forward substitution. */
export function solveLower(lower: Matrix, right: Matrix): Matrix {
  const out = right.clone();
  for (let column = 0; column < out.columns; column++) {
    for (let i = 0; i < lower.rows; i++) {
      let rest = out.get(i, column);
      for (let k = 0; k < i; k++) rest -= lower.get(i, k) * out.get(k, column);
      out.set(i, column, rest / lower.get(i, i));
    }
  }
  return out;
}

/** X with lower' X = right, by backward substitution. */
export function solveLowerTransposed(lower: Matrix, right: Matrix): Matrix {
  const out = right.clone();
  for (let column = 0; column < out.columns; column++) {
    for (let i = lower.rows - 1; i >= 0; i--) {
      let rest = out.get(i, column);
      for (let k = i + 1; k < lower.rows; k++) rest -= lower.get(k, i) * out.get(k, column);
      out.set(i, column, rest / lower.get(i, i));
    }
  }
  return out;
}

/** Eigenvalues of a symmetric matrix, rising, and their unit vectors as columns, each with its largest entry positive. */
export function symmetricEigen(matrix: Matrix): { values: number[]; vectors: Matrix } {
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  // A vector's sign is free: settled, so that samples and answers do not hang on the algorithm's.
  for (let column = 0; column < vectors.columns; column++) {
    let largest = 0;
    for (let i = 0; i < vectors.rows; i++) {
      const entry = vectors.get(i, column);
      // A tie that rounding decides goes to the first.
      if (Math.abs(entry) > Math.abs(largest) * (1 + 1e-9)) largest = entry;
    }
    if (largest < 0) {
      for (let i = 0; i < vectors.rows; i++) vectors.set(i, column, -vectors.get(i, column));
    }
  }
  return { values, vectors };
}

/** vectors diag(values) vectors'. */
export function fromEigen(vectors: Matrix, values: readonly number[]): Matrix {
  const scaled = vectors.clone();
  values.forEach((value, column) => scaled.mulColumn(column, value));
  return symmetrised(scaled.mmul(vectors.transpose()));
}

/** Whole numbers from `first` on. */
export const range = (count: number, first = 0): number[] =>
  Array.from({ length: count }, (_, k) => first + k);
