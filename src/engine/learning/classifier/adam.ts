import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import type { Variable } from './model.ts';

/** Decay of the means of gradients and of their squares, and what keeps from dividing by zero. */
const [decay, squareDecay, epsilon] = [0.9, 0.999, 1e-7];

/**
 * Adam (D. Kingma and J. Ba, 2015) on plain arrays: for layers as small as these, TensorFlow's own takes several times as long,
 * a dozen operations a step and variable.
 */
export class Adam {
  readonly #tf: TensorFlow;
  readonly #variables: Variable[];
  readonly #rate: number;
  readonly #state: { value: Float32Array; mean: Float32Array; square: Float32Array }[];
  #steps = 0;

  constructor(tf: TensorFlow, variables: Variable[], learningRate: number) {
    this.#tf = tf;
    this.#variables = variables;
    this.#rate = learningRate;
    this.#state = variables.map((variable) => ({
      value: Float32Array.from(variable.dataSync()),
      mean: new Float32Array(variable.size),
      square: new Float32Array(variable.size),
    }));
  }

  /** One step down the loss; gives the loss before it. Where that is no finite number, the variables stay. */
  step(loss: () => ReturnType<TensorFlow['scalar']>): number {
    const tf = this.#tf;
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, this.#variables);
      const before = value.dataSync()[0] ?? NaN;
      if (!Number.isFinite(before)) return before;
      this.#steps += 1;
      const bias = Math.sqrt(1 - squareDecay ** this.#steps) / (1 - decay ** this.#steps);
      const rate = this.#rate * bias;
      for (const [k, variable] of this.#variables.entries()) {
        const gradient = grads[variable.name]?.dataSync();
        const state = this.#state[k];
        if (gradient === undefined || state === undefined) continue;
        const { value, mean, square } = state;
        for (let i = 0; i < value.length; i++) {
          const slope = gradient[i] as number;
          const m = decay * (mean[i] as number) + (1 - decay) * slope;
          const v = squareDecay * (square[i] as number) + (1 - squareDecay) * slope * slope;
          mean[i] = m;
          square[i] = v;
          value[i] = (value[i] as number) - (rate * m) / (Math.sqrt(v) + epsilon);
        }
        // A copy: the plain backend keeps the array it is given.
        variable.assign(tf.tensor(value.slice(), variable.shape));
      }
      return before;
    });
  }
}
