import { adamStep, noMoments, type Moments } from '../adam.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import type { Variable } from './model.ts';

/**
 * Adam for TensorFlow's variables, on plain arrays: for layers as small as these, TensorFlow's own takes several times as long,
 * a dozen operations a step and variable.
 */
export class Adam {
  readonly #tf: TensorFlow;
  readonly #variables: Variable[];
  readonly #rate: number;
  readonly #state: { value: Float32Array; moments: Moments }[];

  constructor(tf: TensorFlow, variables: Variable[], learningRate: number) {
    this.#tf = tf;
    this.#variables = variables;
    this.#rate = learningRate;
    this.#state = variables.map((variable) => ({
      value: Float32Array.from(variable.dataSync()),
      moments: noMoments(variable.size),
    }));
  }

  /** One step down the loss; gives the loss before it. Where that is no finite number, the variables stay. */
  step(loss: () => ReturnType<TensorFlow['scalar']>): number {
    const tf = this.#tf;
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, this.#variables);
      const before = value.dataSync()[0] ?? NaN;
      if (!Number.isFinite(before)) return before;
      for (const [k, variable] of this.#variables.entries()) {
        const gradient = grads[variable.name]?.dataSync<'float32'>();
        const state = this.#state[k];
        if (gradient === undefined || state === undefined) continue;
        adamStep(state.value, gradient, state.moments, this.#rate);
        // A copy: the plain backend keeps the array it is given.
        variable.assign(tf.tensor(state.value.slice(), variable.shape));
      }
      return before;
    });
  }
}
