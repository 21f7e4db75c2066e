import type { Tensor, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';

/** Of Keras 3: relu6(x + 3) / 6. */
export const hardSigmoid3 = 'hardSigmoidOfKeras3';
/** Reshape with an open side, and so Flatten too: those of TensorFlow.js take no vectors and leave the side unknown. */
export const reshaped = 'ReshapedAsKeras';

/** Makes known to TensorFlow.js what it has otherwise than Keras. */
export function registerOwnClasses(tf: TensorFlow): void {
  if (Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, reshaped)) return;

  class HardSigmoid extends tf.serialization.Serializable {
    static readonly className = hardSigmoid3;
    getConfig(): Record<string, never> {
      return {};
    }
    apply(x: Tensor): Tensor {
      return tf.tidy(() => tf.relu6(x.add(3)).div(6));
    }
  }

  class Reshaped extends tf.layers.Layer {
    static readonly className = reshaped;
    readonly #target: readonly number[];
    constructor(config: object) {
      super(config);
      this.#target = (config as { targetShape: number[] }).targetShape;
    }
    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      const all = product(shape.slice(1));
      const known = product(this.#target.filter((side) => side !== -1));
      return [shape[0] ?? null, ...this.#target.map((side) => (side === -1 ? all / known : side))];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const [x] = [inputs].flat() as [Tensor];
      return x.reshape(this.computeOutputShape(x.shape) as number[]);
    }
  }

  tf.serialization.registerClass(HardSigmoid);
  tf.serialization.registerClass(Reshaped);
}

const product = (sides: readonly (number | null)[]): number =>
  sides.reduce<number>((all, side) => all * (side ?? NaN), 1);
