import type { Matrix } from 'ml-matrix';
import type { CancelSignal } from '../../base/signal.ts';

/** Most components whose curvature is computed: it takes their square, its eigenvalues their cube. */
export const mostCurved = 500;

/** Value and gradient by the free input. */
export interface Slope {
  value: number;
  gradient: Float64Array;
}

/** Second derivatives, with the slope at the same point. */
export interface Bend extends Slope {
  /** By the free input twice: symmetric. */
  hessian: Matrix;
  /** By the free input (rows) and all fixed inputs one after the other (columns); NaN for inputs of whole numbers. */
  cross: Matrix;
}

/** One component of a frozen model as a function of its free input, the other inputs fixed for good. */
export interface Objective {
  /** Components of the free input. */
  readonly size: number;
  /** Relative rounding of its numbers: 2^-53 of float64, 2^-24 of float32. */
  readonly rounding: number;
  value: (point: Float64Array) => number;
  /** As `value` at many points, which some models compute at once. */
  values: (points: readonly Float64Array[]) => number[];
  slope: (point: Float64Array) => Slope;
  /** The gradients at many points. */
  gradients: (points: readonly Float64Array[]) => Float64Array[];
  /** Throws `cancelled` where the signal is aborted meanwhile. */
  bend: (point: Float64Array, signal?: CancelSignal) => Bend;
  /** First and second derivative along a direction. */
  along: (point: Float64Array, direction: Float64Array) => { value: number; slope: number; bend: number };
  /** The fixed inputs as they stand now, for whoever wants to see that they have not moved. */
  fixedNow: () => Float64Array[];
}

/** Scalar product. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Largest absolute entry. */
export const largest = (a: Iterable<number>): number => {
  let most = 0;
  for (const entry of a) most = Math.max(most, Math.abs(entry));
  return most;
};
