import { CubelensError } from '../../../base/errors.ts';
import type { MaximiseArithmetic } from '../../../contract/maximise.ts';
import type { Tensor, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import type { Asked, FrozenModel } from '../frozenModel.ts';
import type { NetworkInput } from '../network.ts';
import type { Objective } from '../objective.ts';
import { shapeFor, sizeOf, type Computation, type TensorInput } from './computation.ts';
import { TensorFlowObjective } from './tensorFlowObjective.ts';
import { refused } from './refusals.ts';

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Ends of ranges whose squares still fit float32. */
const mostFloat32 = 1e18;

/** Largest input that is searched in minutes. */
const mostComponents = 10_000;

/** Throws `invalid-request` where values are not those that the input can take. */
function checkFixed({ name, dtype, rows }: TensorInput, values: Float64Array): void {
  const [low, high] =
    dtype === 'bool' ? [0, 1] : [rows === undefined ? -(2 ** 31) : 0, (rows ?? 2 ** 31) - 1];
  const isWhole = dtype !== 'float32' || rows !== undefined;
  const odd = values.find((value) =>
    isWhole ? !Number.isInteger(value) || value < low || value > high : !Number.isFinite(Math.fround(value)),
  );
  if (odd === undefined) return;
  throw new CubelensError('invalid-request', `${odd} does not fit input "${name}".`, {
    field: `fix.${name}`,
    remedy: isWhole ? `Give whole numbers from ${low} to ${high}.` : 'Give numbers that float32 holds.',
  });
}

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
    const large = this.inputs.find((input) => input.size > mostComponents);
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
    const sizes = single.map(size);
    this.outputs = sizes.reduce((sum, size) => sum + size, 0);
    if (this.outputs === 0) {
      throw refused(computation.file, 'its output has no components', 'Save the model with another output.');
    }
    const [first] = single;
    const isFlat =
      single.length === 1 && first !== undefined && first.length <= 2 && (first.length < 2 || first[0] === 1);
    // The softmax of a single number is 1 whatever stands before it.
    this.#last = computation.last === 'softmax' && (!isFlat || this.outputs === 1) ? null : computation.last;
    // Outputs of a model that mixes points have no axis of them.
    this.isBatched =
      computation.inputs.every(({ shape }) => shape[0] === -1) &&
      shapes(3).every((shape, k) => shape[0] === 3 && size(shape) === 3 * (sizes[k] as number)) &&
      this.#keepsPointsApart();
  }

  /** Whether three points at once give what each gives alone: a model may mix them. */
  #keepsPointsApart(): boolean {
    const { tf, computation } = this;
    let isSame = false;
    tf.tidy(() => {
      const inputs = computation.inputs.map((input, k) => {
        const count = 3 * sizeOf(input);
        const values = Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + k + 0.3));
        return tf.tensor(values, shapeFor(input, 3)).cast(input.dtype);
      });
      const together = this.run(inputs, false, 3).dataSync<'float32'>();
      const alone = [0, 1, 2].flatMap((point) => [
        ...this.run(
          inputs.map((input) => input.slice([point], [1])),
          false,
          1,
        ).dataSync<'float32'>(),
      ]);
      isSame = alone.every((value, i) => {
        const other = together[i] as number;
        return Object.is(value, other) || Math.abs(value - other) <= 1e-3 * Math.max(1, Math.abs(value));
      });
    });
    return isSame;
  }

  /** All outputs, one row a point; to be called inside `tidy`. */
  run(inputs: Tensor[], beforeLast: boolean, points: number): Tensor {
    const rows = this.computation.run(inputs, beforeLast).map((output) => output.reshape([points, -1]));
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
        this.inputs.length > 1
          ? 'Fix it, and leave another input free.'
          : 'Use a model with an input of fractions.',
        free.name,
      );
    }
    const own = free?.name ?? '';
    const odd = asked.range.find(
      (ends) =>
        ends.some((end) => Math.abs(end) > mostFloat32) || Math.fround(ends[0]) === Math.fround(ends[1]),
    );
    if (odd !== undefined) {
      throw new CubelensError(
        'invalid-request',
        `The range ${odd.join(' to ')} of "${own}" is too wide or too narrow for float32.`,
        { field: `range.${own}`, remedy: 'Give ends that differ in their first seven digits, up to 1e18.' },
      );
    }
    this.computation.inputs.forEach((input, k) => {
      if (k !== asked.free) checkFixed(input, asked.fixed[k] ?? new Float64Array());
    });
    this.computation.check(asked.free);
    return new TensorFlowObjective(this, asked, last);
  }

  dispose(): void {
    this.computation.dispose();
  }
}
