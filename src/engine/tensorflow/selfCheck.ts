import type * as Tfjs from '@tensorflow/tfjs';
import type { BackendCheck, TensorFlowBackend } from '../contract/tensorflow.ts';
import { tensorFlowBackends } from '../contract/tensorflow.ts';
import { GraphBuilder } from './graph.ts';
import { openGraph, runsGraphs } from './graphSession.ts';
import { loadBackend, type TensorFlow } from './loadTensorFlow.ts';

type Tensor = Tfjs.Tensor;

/** Every operation that this program's networks are made of, on numbers that are the same everywhere. */
const operations: Record<string, (tf: TensorFlow) => Tensor> = {
  matMul: (tf) => tf.matMul(grid(tf, 5, 7), grid(tf, 7, 3)),
  'matMul, second transposed': (tf) => tf.matMul(grid(tf, 5, 7), grid(tf, 3, 7), false, true),
  'add, sub, mul, div': (tf) =>
    grid(tf, 4, 3)
      .add(1)
      .mul(grid(tf, 4, 3))
      .sub(2)
      .div(grid(tf, 4, 3).abs().add(1)),
  'sum, mean': (tf) => tf.concat([grid(tf, 6, 5).sum(1), grid(tf, 6, 5).mean(0)]),
  'max, min': (tf) => tf.concat([grid(tf, 6, 5).max(1), grid(tf, 6, 5).min(0)]),
  'exp, log': (tf) => grid(tf, 4, 4).exp().add(1).log(),
  'square, sqrt': (tf) => grid(tf, 4, 4).square().add(1).sqrt(),
  relu: (tf) => tf.relu(grid(tf, 4, 4)),
  tanh: (tf) => tf.tanh(grid(tf, 4, 4)),
  sigmoid: (tf) => tf.sigmoid(grid(tf, 4, 4)),
  softplus: (tf) => tf.softplus(grid(tf, 4, 4)),
  elu: (tf) => tf.elu(grid(tf, 4, 4)),
  'softmax, logSoftmax': (tf) => tf.concat([tf.softmax(grid(tf, 3, 4)), tf.logSoftmax(grid(tf, 3, 4))]),
  clipByValue: (tf) => tf.clipByValue(grid(tf, 4, 4), -0.5, 0.5),
  'gather, oneHot': (tf) => {
    const indexes = tf.tensor1d([2, 0, 1], 'int32');
    return tf.gather(grid(tf, 4, 3), indexes).add(tf.oneHot(indexes, 3));
  },
  'slice, concat, reshape, transpose': (tf) => {
    const whole = grid(tf, 4, 6);
    return tf
      .concat([whole.slice([0, 0], [4, 2]), whole.slice([0, 3], [4, 3])], 1)
      .transpose()
      .reshape([20]);
  },
  'pad, stack': (tf) =>
    tf.stack([
      tf.pad(grid(tf, 2, 3), [
        [0, 0],
        [1, 1],
      ]),
      grid(tf, 2, 5),
    ]),
  'gradient of a dense layer': (tf) =>
    tf.grad((weights) =>
      tf
        .relu(tf.matMul(grid(tf, 6, 5), weights))
        .square()
        .mean(),
    )(grid(tf, 5, 4)),
  'gradient of softmax cross entropy': (tf) =>
    tf.grad((scores) =>
      tf
        .logSoftmax(scores)
        .mul(tf.oneHot(tf.tensor1d([1, 0, 2], 'int32'), 4))
        .sum(),
    )(grid(tf, 3, 4)),
  'gradient of the divergence': (tf) =>
    tf.grad((logVariance) => logVariance.exp().sub(1).sub(logVariance).sum().mul(0.5))(grid(tf, 3, 4)),
};

/** Two rows of a product, with expm1, clipping, masks and sums: as one operation where that can be had. */
async function graphResult(tf: TensorFlow): Promise<Float32Array> {
  const rows = [4, 1];
  if (!runsGraphs(tf)) {
    return tf.tidy(() => {
      const product = tf.gather(tf.matMul(grid(tf, 5, 7), grid(tf, 3, 7), false, true), rows);
      return Float32Array.from(tf.relu(tf.minimum(product.expm1(), 2)).sum(0).dataSync());
    });
  }
  const g = new GraphBuilder();
  const product = g.gather(g.matMul(g.input('a'), g.input('b'), { transposeB: true }), rows, 0);
  const least = g.binary('Minimum', g.unary('Expm1', product), g.scalar(2));
  g.output('sums', g.sum(g.binary('Mul', least, g.compared('Greater', least)), [0]));
  const session = await openGraph(tf, g.graph, [['sums']]);
  try {
    return tf.tidy(() => {
      const [sums] = session.run({ a: grid(tf, 5, 7), b: grid(tf, 3, 7) }, ['sums']);
      return Float32Array.from(sums?.dataSync() ?? []);
    });
  } finally {
    session.close();
  }
}

/** A matrix of smooth numbers between -1 and 1, none of them 0. */
function grid(tf: TensorFlow, rows: number, columns: number): Tensor {
  const values = Float32Array.from({ length: rows * columns }, (_, k) => Math.sin(1.7 * k + 0.3));
  return tf.tensor2d(values, [rows, columns]);
}

/** Largest difference between backends, relative to 1 or the value: float32 sums in another order. */
const tolerance = 2e-5;

/**
 * Runs every operation on each backend that can be had here and compares it with plain JavaScript. In this thread, which keeps
 * the last backend: for a thread of its own.
 */
export async function selfCheck(): Promise<BackendCheck[]> {
  const reference = await valuesOf('cpu');
  if (typeof reference === 'string')
    return [{ backend: 'cpu', available: false, worst: null, failed: [reference] }];
  const checks: BackendCheck[] = [];
  for (const backend of tensorFlowBackends) {
    const values = backend === 'cpu' ? reference : await valuesOf(backend);
    if (typeof values === 'string') {
      checks.push({ backend, available: false, worst: null, failed: [values] });
      continue;
    }
    let worst = 0;
    const failed: string[] = [];
    for (const [name, expected] of reference) {
      const got = values.get(name);
      if (typeof got === 'string' || got === undefined || typeof expected === 'string') {
        failed.push(`${name}: ${String(got ?? expected)}`);
        continue;
      }
      const difference = expected.reduce(
        (most, value, k) => Math.max(most, Math.abs(value - (got[k] ?? NaN)) / Math.max(1, Math.abs(value))),
        got.length === expected.length ? 0 : Infinity,
      );
      // NaN fails too.
      if (!(difference <= tolerance)) failed.push(`${name}: differs by ${difference.toPrecision(2)}`);
      worst = Math.max(worst, difference);
    }
    checks.push({ backend, available: true, worst, failed });
  }
  return checks;
}

/** The result of each operation, or why there is none; a text where the backend does not run here. */
async function valuesOf(backend: TensorFlowBackend): Promise<Map<string, Float32Array | string> | string> {
  let tf: TensorFlow;
  try {
    ({ tf } = await loadBackend(backend));
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  const before = tf.memory().numTensors;
  const values = new Map<string, Float32Array | string>();
  for (const [name, operation] of Object.entries(operations)) {
    try {
      values.set(
        name,
        tf.tidy(() => Float32Array.from(operation(tf).dataSync())),
      );
    } catch (thrown) {
      values.set(name, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
  try {
    values.set('a graph as one operation', await graphResult(tf));
  } catch (thrown) {
    values.set('a graph as one operation', thrown instanceof Error ? thrown.message : String(thrown));
  }
  const left = tf.memory().numTensors - before;
  if (left !== 0) values.set('memory', `${left} tensors are left`);
  return values;
}
