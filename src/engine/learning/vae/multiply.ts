import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { CubelensError } from '../../base/errors.ts';
import { matrixProduct } from '../../kernels/matrixProduct.ts';

/** What may be joined to a product: a bias a column and ReLU, in the same operation. */
export interface ProductOptions {
  /** `a` is stored as inner x rows. */
  transposeA?: boolean;
  /** `b` is stored as columns x inner. */
  transposeB?: boolean;
  bias?: Float32Array;
  relu?: boolean;
}

/** a (rows x inner) times b (inner x columns), row after row. The result may be written to. */
export type Multiply = (
  a: Float32Array,
  b: Float32Array,
  size: readonly [rows: number, inner: number, columns: number],
  options?: ProductOptions,
) => Float32Array;

/**
 * Matrix products by a TensorFlow backend, plain arrays in and out. Only products are worth its fixed cost a call
 * (tens of microseconds): everything of fewer operations a number is done beside it, which also keeps no tensor alive.
 */
export function multiplier(tf: TensorFlow): Multiply {
  // XNNPACK multiplies untransposed matrices only; the WebAssembly backend falls back to plain loops for others.
  const turnsFirst = tf.getBackend() === 'wasm';
  return (a, b, [rows, inner, columns], options = {}) => {
    let { transposeA = false, transposeB = false } = options;
    if (turnsFirst && transposeA) {
      a = transposed(a, inner, rows);
      transposeA = false;
    }
    if (turnsFirst && transposeB) {
      b = transposed(b, columns, inner);
      transposeB = false;
    }
    let values = new Float32Array(0);
    // Tidied, so that nothing is left where an operation fails. Gives nothing back: tidy would look through every number
    // of an array for tensors.
    tf.tidy(() => {
      const left = tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner], 'float32');
      const right = tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns], 'float32');
      if (options.bias === undefined) {
        values = read(tf.matMul(left, right, transposeA, transposeB));
        return;
      }
      const bias = tf.tensor1d(options.bias, 'float32');
      const activation = options.relu === true ? 'relu' : 'linear';
      values = read(tf.fused.matMul({ a: left, b: right, transposeA, transposeB, bias, activation }));
    });
    return values;
  };
}

const read = (product: ReturnType<TensorFlow['matMul']>): Float32Array<ArrayBuffer> =>
  product.dataSync<'float32'>() as Float32Array<ArrayBuffer>;

/** Matrix products without TensorFlow: in any thread, and with the same digits on every machine. */
export const plainMultiply: Multiply = (a, b, size, options = {}) => {
  const [rows, inner, columns] = size;
  const { transposeA = false, transposeB = false, bias = null, relu = false } = options;
  const left = transposeA ? transposed(a, inner, rows) : a;
  const right = transposeB ? transposed(b, columns, inner) : b;
  return matrixProduct(left, right, size, { bias, relu });
};

/** The matrix with rows and columns changed over. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  // Reads jump, writes do not: twice as fast as the other way round.
  for (let column = 0; column < columns; column++) {
    const to = column * rows;
    for (let row = 0, from = column; row < rows; row++, from += columns)
      out[to + row] = values[from] as number;
  }
  return out;
}

/**
 * Runs `work` and checks that it leaves no tensor behind. `work` must not give way to other work on the same backend.
 * Throws `internal` where tensors are left.
 */
export function withoutLeaks<T>(tf: TensorFlow, work: () => T): T {
  const before = tf.memory().numTensors;
  const result = work();
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new CubelensError('internal', `${left} tensors are left in memory.`);
  return result;
}
