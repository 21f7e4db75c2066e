import type { Random } from '../../base/random.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import type { DenseLayer, Tensor2D, Variable } from './model.ts';

/** Layers of these widths with random kernels (K. He et al., 2015, for ReLU) and biases of 0. */
export function randomLayers(sizes: readonly number[], random: Random): DenseLayer[] {
  return sizes.slice(1).map((units, k) => {
    const inputs = sizes[k] as number;
    // The last layer has no ReLU.
    const deviation = Math.sqrt((k === sizes.length - 2 ? 1 : 2) / inputs);
    return {
      kernel: Float32Array.from({ length: inputs * units }, () => deviation * random.normal()),
      bias: new Float32Array(units),
    };
  });
}

/** Weights on TensorFlow's side: kernel, bias, kernel, bias, ...; the caller disposes of them. */
export function variablesOf(tf: TensorFlow, layers: readonly DenseLayer[]): Variable[] {
  return layers.flatMap(({ kernel, bias }) => {
    const units = bias.length;
    const initial = [tf.tensor2d(kernel, [kernel.length / units, units]), tf.tensor1d(bias)];
    const variables = initial.map((tensor) => tf.variable(tensor));
    tf.dispose(initial);
    return variables;
  });
}

/** The weights as plain arrays again. */
export function layersOf(variables: readonly Variable[]): DenseLayer[] {
  const values = variables.map((variable) => Float32Array.from(variable.dataSync()));
  return Array.from({ length: values.length / 2 }, (_, k) => ({
    kernel: values[2 * k] as Float32Array,
    bias: values[2 * k + 1] as Float32Array,
  }));
}

/** Scores before the softmax, of standardised inputs; inside tf.tidy. */
export function scores(tf: TensorFlow, variables: readonly Variable[], inputs: Tensor2D): Tensor2D {
  let last = inputs;
  for (let k = 0; k < variables.length; k += 2) {
    const sums = tf.add(tf.matMul(last, variables[k] as unknown as Tensor2D), variables[k + 1] as Variable);
    last = (k + 2 < variables.length ? tf.relu(sums) : sums) as Tensor2D;
  }
  return last;
}
