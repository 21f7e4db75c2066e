import { Matrix } from 'ml-matrix';
import { throwIfAborted, type CancelSignal } from '../../../base/signal.ts';
import type { Tensor } from '../../../tensorflow/loadTensorFlow.ts';
import { dot, type Bend, type Objective, type Slope } from '../objective.ts';
import type { Asked } from '../frozenModel.ts';
import { shapeFor, type Computation } from './computation.ts';
import { disposeTape } from './leftovers.ts';
import type { TensorFlowModel } from './tensorFlowModel.ts';

/** Points that are computed at once. */
const mostPoints = 512;
/** And their numbers: a cancelled search ends after the points that are being computed. */
const mostAtOnce = 1 << 15;
/** Of the range, see `bend`. */
const bendStep = 2 ** -11;
/** Of the direction, see `along`. */
const alongStep = 2 ** -7;

/** The free input and the fixed ones (one array an input) at one point. */
interface Row {
  free: Float64Array;
  fixed: readonly Float64Array[];
}

/** One component of a model that TensorFlow evaluates; only the free input is differentiated, the others are constants. */
export class TensorFlowObjective implements Objective {
  readonly size: number;
  readonly rounding = 2 ** -24;
  readonly #model: TensorFlowModel;
  readonly #last: Computation['last'];
  readonly #output: number;
  readonly #free: number;
  readonly #fixed: readonly Float64Array[];
  readonly #widths: Float64Array;

  /** @param last what the output is a function of that is taken instead: its argument, or the logit of a softmax. */
  constructor(model: TensorFlowModel, { output, free, fixed, range }: Asked, last: Computation['last']) {
    this.#model = model;
    this.#last = last;
    this.#output = output;
    this.#free = free;
    this.#fixed = model.inputs.map((_, k) =>
      k === free ? new Float64Array() : Float64Array.from(fixed[k] ?? []),
    );
    this.size = model.inputs[free]?.size ?? 0;
    this.#widths = Float64Array.from({ length: this.size }, (_, i) => {
      const [low, high] = range[i] ?? [0, 1];
      return high - low;
    });
  }

  value(point: Float64Array): number {
    return this.values([point])[0] as number;
  }

  values(points: readonly Float64Array[]): number[] {
    return this.#inParts(
      points.map((free) => this.#row(free)),
      (rows) => {
        let values: number[] = [];
        // Gives nothing back to tidy, which would look through every number for tensors.
        this.#model.tf.tidy(() => {
          const found = this.#component(this.#tensor(rows, this.#free), rows);
          values = [...found.dataSync<'float32'>()];
        });
        return values;
      },
    );
  }

  slope(point: Float64Array): Slope {
    const rows = [this.#row(point)];
    let slope: Slope = { value: NaN, gradient: new Float64Array(this.size) };
    this.#explaining(() =>
      this.#model.tf.tidy(() => {
        const { value, grad } = this.#model.tf.valueAndGrad((free) => this.#component(free, rows).sum())(
          this.#tensor(rows, this.#free),
        );
        slope = { value: value.dataSync()[0] as number, gradient: Float64Array.from(grad.dataSync()) };
      }),
    );
    return slope;
  }

  gradients(points: readonly Float64Array[]): Float64Array[] {
    return this.#gradients(points.map((free) => this.#row(free)));
  }

  /**
   * Second derivatives are central differences of gradients, which are good to 2^-24 of their size: steps of 1/2048 of the
   * range leave a rounding of about 1e-4 of the slopes met on the way, and an error of the method below 1e-4 wherever the
   * function bends no faster than over a twentieth of the range. All points go as one batch. Numbers that are stored as
   * float32 do not lie exactly where they were meant to: what is divided by is the step that they have.
   */
  bend(point: Float64Array, signal?: CancelSignal): Bend {
    const { size } = this;
    const slope = this.slope(point);
    const rows: Row[] = [];
    const steps: number[] = [];
    const add = (values: Float64Array, i: number, step: number, row: (moved: Float64Array) => Row): void => {
      const [low, high] = [-1, 1].map((side) => {
        const moved = Float64Array.from(values);
        moved[i] = Math.fround((values[i] as number) + side * step);
        rows.push(row(moved));
        return moved[i];
      });
      steps.push((high as number) - (low as number));
    };
    for (let i = 0; i < size; i++) {
      const step = Math.max((this.#widths[i] as number) * bendStep, Math.abs(point[i] as number) * 2 ** -14);
      add(point, i, step, (moved) => this.#row(moved));
    }
    const isMoved = this.#model.computation.inputs.map(({ dtype }) => dtype === 'float32');
    this.#fixed.forEach((values, k) => {
      // There is no derivative by whole numbers.
      if (isMoved[k] !== true) return;
      values.forEach((value, i) => {
        add(values, i, Math.max(1, Math.abs(value)) * bendStep, (moved) => ({
          free: point,
          fixed: this.#fixed.map((other, at) => (at === k ? moved : other)),
        }));
      });
    });
    const found = this.#gradients(rows, signal);
    const columns = steps.map((step, k) => {
      const [low, high] = [found[2 * k] as Float64Array, found[2 * k + 1] as Float64Array];
      return high.map((g, i) => (g - (low[i] as number)) / step);
    });
    const hessian = new Matrix(size, size);
    columns.slice(0, size).forEach((column, k) => {
      column.forEach((entry, i) => hessian.set(i, k, entry));
    });
    const moved = columns.slice(size);
    const crossed = this.#fixed.flatMap((values, k) =>
      Array.from(values, () => (isMoved[k] === true ? moved.shift() : undefined)),
    );
    const cross = new Matrix(size, crossed.length);
    crossed.forEach((column, k) => {
      for (let i = 0; i < size; i++) cross.set(i, k, column?.[i] ?? NaN);
    });
    return { ...slope, hessian: hessian.clone().add(hessian.transpose()).mul(0.5), cross };
  }

  /**
   * As `Objective.along`; the bend is a difference of four slopes (of the fourth order) over far longer steps than those of
   * `bend`: of a tail that dies away, short ones would leave nothing but rounding.
   */
  along(point: Float64Array, direction: Float64Array): { value: number; slope: number; bend: number } {
    const { value, gradient } = this.slope(point);
    const at = [-2, -1, 1, 2].map((k) => point.map((y, i) => y + k * alongStep * (direction[i] as number)));
    const [b2, b1, a1, a2] = this.gradients(at).map((each) => dot(each, direction)) as [
      number,
      number,
      number,
      number,
    ];
    return { value, slope: dot(gradient, direction), bend: (8 * (a1 - b1) - (a2 - b2)) / (12 * alongStep) };
  }

  fixedNow(): Float64Array[] {
    return this.#fixed.filter((_, k) => k !== this.#free);
  }

  #row(free: Float64Array): Row {
    return { free, fixed: this.#fixed };
  }

  /** The gradient of the sum over many points holds the gradient of each. */
  #gradients(all: readonly Row[], signal?: CancelSignal): Float64Array[] {
    return this.#inParts(
      all,
      (rows) => {
        let numbers: ArrayLike<number> = [];
        this.#model.tf.tidy(() => {
          const gradient = this.#model.tf.grad((free) => this.#component(free, rows).sum());
          numbers = gradient(this.#tensor(rows, this.#free)).dataSync();
        });
        return rows.map((_, k) =>
          Float64Array.from({ length: this.size }, (_unused, i) => numbers[k * this.size + i] as number),
        );
      },
      signal,
    );
  }

  #inParts<Result>(
    rows: readonly Row[],
    compute: (part: readonly Row[]) => Result[],
    signal?: CancelSignal,
  ): Result[] {
    const most = this.#model.isBatched
      ? Math.max(1, Math.min(mostPoints, Math.floor(mostAtOnce / this.size)))
      : 1;
    const found: Result[] = [];
    for (let k = 0; k < rows.length; k += most) {
      throwIfAborted(signal);
      found.push(...this.#explaining(() => compute(rows.slice(k, k + most))));
    }
    return found;
  }

  #explaining<Result>(compute: () => Result): Result {
    try {
      return compute();
    } catch (thrown) {
      disposeTape(this.#model.tf);
      throw this.#model.computation.explain(thrown, this.#free);
    }
  }

  #tensor(rows: readonly Row[], k: number): Tensor {
    const input = this.#model.computation.inputs[k] as Computation['inputs'][number];
    const { size } = this.#model.inputs[k] as { size: number };
    const values = new Float32Array(rows.length * size);
    rows.forEach(({ free, fixed }, row) => {
      values.set(k === this.#free ? free : (fixed[k] as Float64Array), row * size);
    });
    return this.#model.tf.tensor(values, shapeFor(input, rows.length)).cast(input.dtype);
  }

  /** What is climbed, one number a point. */
  #component(free: Tensor, rows: readonly Row[]): Tensor {
    const inputs = this.#model.inputs.map((_, k) => (k === this.#free ? free : this.#tensor(rows, k)));
    const all = this.#model.run(inputs, this.#last !== null, rows.length);
    const [points, outputs] = all.shape as [number, number];
    const own = all.slice([0, this.#output], [points, 1]);
    if (this.#last !== 'softmax' || outputs === 1) return own.reshape([points]);
    // The logit of a softmax's component: z less the logarithm of the sum of the others' exponentials.
    const others = [
      all.slice([0, 0], [points, this.#output]),
      all.slice([0, this.#output + 1], [points, outputs - this.#output - 1]),
    ].filter(({ size }) => size > 0);
    return own.reshape([points]).sub(this.#model.tf.concat(others, 1).logSumExp(1));
  }
}
