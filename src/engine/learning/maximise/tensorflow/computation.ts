import type { Tensor } from '../../../tensorflow/loadTensorFlow.ts';

/** An input as TensorFlow takes it. */
export interface TensorInput {
  readonly name: string;
  /** All axes; the first is -1 where it counts points. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Of indices into a table: how many rows that has. */
  readonly rows?: number | undefined;
}

/** A model that TensorFlow evaluates, of any kind. */
export interface Computation {
  readonly file: string;
  readonly inputs: readonly TensorInput[];
  /** Whether some slope of it jumps. */
  readonly hasKinks: boolean;
  /** The last operation, where its argument can be had instead of its value: any rising function, or softmax over all components. */
  readonly last: 'rising' | 'softmax' | null;
  /**
   * All outputs, to be called inside `tidy`.
   * @param inputs - in their order and shape.
   * @param beforeLast - gives the argument of the last operation instead.
   */
  readonly run: (inputs: Tensor[], beforeLast: boolean) => Tensor[];
  /** What TensorFlow says, in words: which operation or layer, and what to do. */
  readonly explain: (thrown: unknown, free: number | null) => Error;
  /** Throws `unsupported-format` where nothing can be climbed by way of this input. */
  readonly check: (free: number) => void;
  readonly dispose: () => void;
}

/** Components of an input: the product of its axes but for the one that counts points. */
export const sizeOf = ({ shape }: TensorInput): number =>
  shape.reduce((product, side, axis) => (axis === 0 && side === -1 ? product : product * side), 1);

/** The shape of an input for a number of points. */
export const shapeFor = ({ shape }: TensorInput, points: number): number[] =>
  shape.map((side) => (side === -1 ? points : side));
