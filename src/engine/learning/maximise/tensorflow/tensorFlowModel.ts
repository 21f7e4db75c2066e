import { CubelensError } from '../../../base/errors.ts';
import type { MaximiseArithmetic } from '../../../contract/maximise.ts';
import type { TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import type { Asked, FrozenModel } from '../frozenModel.ts';
import type { NetworkInput } from '../network.ts';
import type { Objective } from '../objective.ts';
import { shapeFor, sizeOf, type Computation, type Tensor } from './computation.ts';
import { TensorFlowObjective } from './tensorFlowObjective.ts';
import { refused } from './refusals.ts';

/** Largest input: second derivatives take its square. */
const mostComponents = 100_000;

/** A model that TensorFlow evaluates, as one to be searched: float32, gradients by TensorFlow. To be disposed of. */
export class TensorFlowModel implements FrozenModel {
  readonly inputs: readonly NetworkInput[];
  readonly outputs: number;
  readonly hasKinks: boolean;
  readonly arithmetic: MaximiseArithmetic;
  /** Whether many points are computed at once. */
  readonly isBatched: boolean;
  readonly tf: TensorFlow;
  readonly computation: Computation;
  readonly #last: Computation['last'];

  /** Runs the model once, so that what cannot be evaluated is told now. Errors are those of `Computation.explain`. */
  constructor(tf: TensorFlow, computation: Computation, by: string) {
    this.tf = tf;
    this.computation = computation;
    this.hasKinks = computation.hasKinks;
    this.arithmetic = { precision: 'float32', by };
    this.inputs = computation.inputs.map((input) => ({ name: input.name, size: sizeOf(input) }));
    const large = this.inputs.find(({ size }) => size > mostComponents);
    if (large !== undefined) {
      throw new CubelensError(
        'resource-exhausted',
        `${computation.file}: input "${large.name}" has ${large.size} components; up to ${mostComponents} are searched.`,
        { file: computation.file, field: large.name, remedy: 'Use a model with smaller inputs.' },
      );
    }
    const shapes = (points: number): number[][] =>
      tf.tidy(() =>
        computation
          .run(
            computation.inputs.map((input) => tf.zeros(shapeFor(input, points), input.dtype)),
            false,
          )
          .map(({ shape }) => [...shape]),
      );
    const single = shapes(1);
    const sizes = single.map((shape) => shape.reduce((product, side) => product * side, 1));
    this.outputs = sizes.reduce((sum, size) => sum + size, 0);
    if (this.outputs === 0) {
      throw refused(computation.file, 'its output has no components', 'Save the model with another output.');
    }
    const [first] = single;
    const isFlat =
      single.length === 1 && first !== undefined && first.length <= 2 && (first.length < 2 || first[0] === 1);
    this.#last = computation.last === 'softmax' && !isFlat ? null : computation.last;
    // Outputs of a model that mixes points have no axis of them.
    this.isBatched =
      computation.inputs.every(({ shape }) => shape[0] === -1) &&
      shapes(3).every(
        (shape, k) => shape[0] === 3 && 3 * (sizes[k] as number) === shape.reduce((a, b) => a * b, 1),
      );
  }

  /** All outputs, one row a point; to be called inside `tidy`. */
  run(inputs: Tensor[], before: boolean, points: number): Tensor {
    const rows = this.computation.run(inputs, before).map((output) => output.reshape([points, -1]));
    const [only] = rows;
    return (rows.length === 1 && only !== undefined ? only : this.tf.concat(rows, 1)).toFloat();
  }

  objective(asked: Asked): Objective {
    return this.#objective(asked, null);
  }

  climbed(asked: Asked): Objective {
    return this.#objective(asked, this.#last);
  }

  #objective(asked: Asked, last: Computation['last']): Objective {
    const free = this.computation.inputs[asked.free];
    if (free !== undefined && free.dtype !== 'float32') {
      throw refused(
        this.computation.file,
        `input "${free.name}" takes whole numbers (${free.dtype}), between which nothing can be climbed`,
        'Fix it, and leave another input free.',
        free.name,
      );
    }
    this.computation.check(asked.free);
    return new TensorFlowObjective(this, asked, last);
  }

  dispose(): void {
    this.computation.dispose();
  }
}
