/** Relative size of a pivot, of the diagonal entry that it is left of, below which a matrix counts as singular. */
const pivotTolerance = 1e-14;

/**
 * Lower triangular L with L L' = matrix (row-major, size x size, symmetric), or null where it is not positive definite to
 * rounding.
 */
export function factor(matrix: Float64Array, size: number): Float64Array | null {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) rest -= (out[i * size + k] as number) * (out[j * size + k] as number);
      if (j < i) out[i * size + j] = rest / (out[j * size + j] as number);
      else if (rest > pivotTolerance * (matrix[i * size + i] as number)) out[i * size + i] = Math.sqrt(rest);
      else return null;
    }
  }
  return out;
}

/** x with L L' x = right. */
export function solveFactored(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const out = right.slice();
  for (let i = 0; i < size; i++) {
    let rest = out[i] as number;
    for (let k = 0; k < i; k++) rest -= (lower[i * size + k] as number) * (out[k] as number);
    out[i] = rest / (lower[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let rest = out[i] as number;
    for (let k = i + 1; k < size; k++) rest -= (lower[k * size + i] as number) * (out[k] as number);
    out[i] = rest / (lower[i * size + i] as number);
  }
  return out;
}

/** (L L')^-1, row-major. */
export function inverseOf(lower: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solveFactored(lower, size, unit);
    for (let i = 0; i < size; i++) out[i * size + column] = solved[i] as number;
  }
  return out;
}
