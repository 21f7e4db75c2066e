/** Rows and columns of the result that are summed up at once: as many sums as a processor has registers for. */
const side = 4;

/**
 * a (rows x inner) times b (inner x columns) plus `bias` a column, row after row; with `relu` negative numbers become 0.
 * Summed up in float64 in the order of `inner`, rounded once: the same digits on every machine.
 */
export function matrixProduct(
  a: Float32Array,
  b: Float32Array,
  [rows, inner, columns]: readonly [rows: number, inner: number, columns: number],
  { bias = null, relu = false }: { bias?: Float32Array | null; relu?: boolean } = {},
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows * columns);
  // Four columns of b side by side, zeros beyond the last.
  const panel = new Float64Array(inner * side);
  const sums = new Float64Array(side * side);
  for (let column = 0; column < columns; column += side) {
    const width = Math.min(side, columns - column);
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < side; j++) {
        panel[k * side + j] = j < width ? (b[k * columns + column + j] as number) : 0;
      }
    }
    for (let row = 0; row < rows; row += side) {
      const height = Math.min(side, rows - row);
      addPanel(a, row, rows - 1, panel, inner, sums);
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const sum = (sums[i * side + j] as number) + (bias?.[column + j] ?? 0);
          out[(row + i) * columns + column + j] = relu && sum < 0 ? 0 : sum;
        }
      }
    }
  }
  return out;
}

/** Four rows of `a` (beyond the last one that one again) times the panel: 16 sums. */
function addPanel(
  a: Float32Array,
  row: number,
  last: number,
  panel: Float64Array,
  inner: number,
  sums: Float64Array,
): void {
  const r0 = row * inner;
  const r1 = Math.min(row + 1, last) * inner;
  const r2 = Math.min(row + 2, last) * inner;
  const r3 = Math.min(row + 3, last) * inner;
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = 0; k < inner; k++) {
    const b0 = panel[k * side] as number;
    const b1 = panel[k * side + 1] as number;
    const b2 = panel[k * side + 2] as number;
    const b3 = panel[k * side + 3] as number;
    const a0 = a[r0 + k] as number;
    const a1 = a[r1 + k] as number;
    const a2 = a[r2 + k] as number;
    const a3 = a[r3 + k] as number;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
  sums[8] = s20;
  sums[9] = s21;
  sums[10] = s22;
  sums[11] = s23;
  sums[12] = s30;
  sums[13] = s31;
  sums[14] = s32;
  sums[15] = s33;
}
