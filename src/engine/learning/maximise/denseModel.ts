import { Matrix } from 'ml-matrix';
import { throwIfAborted, type CancelSignal } from '../../base/signal.ts';
import { Evaluator } from './evaluate.ts';
import type { FrozenModel } from './frozenModel.ts';
import { climbed, hasKinks, outputSize, type Network, type ScalarOutput } from './network.ts';
import { dot, type Bend, type Objective, type Slope } from './objective.ts';

/** A dense network as a model to be searched: float64, exact derivatives. */
export const denseModel = (network: Network): FrozenModel => ({
  inputs: network.inputs,
  outputs: outputSize(network),
  hasKinks: hasKinks(network),
  arithmetic: { precision: 'float64', by: 'Cubelens' },
  objective: ({ output, free, fixed }) =>
    new DenseObjective(network, { node: network.output, index: output }, free, fixed),
  climbed: ({ output, free, fixed }) => {
    const upward = climbed(network, output);
    return new DenseObjective(upward.network, upward.output, free, fixed);
  },
});

/** One component of a dense network as a function of its free input, the other inputs fixed for good. */
export class DenseObjective implements Objective {
  readonly size: number;
  readonly rounding = 2 ** -53;
  private readonly evaluator: Evaluator;
  private readonly inputs: Float64Array[];
  private readonly directions: Float64Array[];
  private readonly free: number;

  /** @param fixed one array an input, in their order; what stands at `free` is not read. */
  constructor(network: Network, output: ScalarOutput, free: number, fixed: readonly Float64Array[]) {
    this.evaluator = new Evaluator(network, output);
    this.free = free;
    this.inputs = network.inputs.map(({ size }, k) =>
      k === free ? new Float64Array(size) : Float64Array.from(fixed[k] ?? []),
    );
    this.directions = network.inputs.map(({ size }) => new Float64Array(size));
    this.size = network.inputs[free]?.size ?? 0;
  }

  value(point: Float64Array): number {
    this.inputs[this.free]?.set(point);
    return this.evaluator.value(this.inputs);
  }

  values(points: readonly Float64Array[]): number[] {
    return points.map((point) => this.value(point));
  }

  slope(point: Float64Array): Slope {
    this.inputs[this.free]?.set(point);
    const { value, gradients } = this.evaluator.gradient(this.inputs);
    return { value, gradient: Float64Array.from(gradients[this.free] ?? []) };
  }

  gradients(points: readonly Float64Array[]): Float64Array[] {
    return points.map((point) => this.slope(point).gradient);
  }

  bend(point: Float64Array, signal?: CancelSignal): Bend {
    const slope = this.slope(point);
    const fixedSize = this.inputs.reduce((sum, input, k) => sum + (k === this.free ? 0 : input.length), 0);
    const hessian = new Matrix(this.size, this.size);
    const cross = new Matrix(this.size, Math.max(fixedSize, 0));
    const direction = this.directions[this.free] as Float64Array;
    for (let i = 0; i < this.size; i++) {
      throwIfAborted(signal);
      direction.fill(0);
      direction[i] = 1;
      const product = this.evaluator.hessianProduct(this.directions);
      let column = 0;
      product.forEach((part, k) => {
        for (const entry of part) {
          if (k !== this.free) cross.set(i, column++, entry);
        }
      });
      (product[this.free] ?? []).forEach((entry, j) => hessian.set(i, j, entry));
    }
    // Rounding leaves the two halves a little apart.
    return { ...slope, hessian: hessian.clone().add(hessian.transpose()).mul(0.5), cross };
  }

  along(point: Float64Array, direction: Float64Array): { value: number; slope: number; bend: number } {
    const { value, gradient } = this.slope(point);
    this.directions[this.free]?.set(direction);
    const moved = this.evaluator.hessianProduct(this.directions)[this.free] ?? new Float64Array();
    return { value, slope: dot(gradient, direction), bend: dot(moved, direction) };
  }

  fixedNow(): Float64Array[] {
    return this.inputs.filter((_, k) => k !== this.free);
  }
}
