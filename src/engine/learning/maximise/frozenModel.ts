import type { MaximiseArithmetic } from '../../contract/maximise.ts';
import type { NetworkInput } from './network.ts';
import type { Objective } from './objective.ts';

/** Which function of a model is meant. */
export interface Asked {
  /** Index of the output's component. */
  output: number;
  /** Index of the free input. */
  free: number;
  /** One array an input, in their order; what stands at `free` is not read. */
  fixed: readonly Float64Array[];
  /** Of the free input: where second derivatives are differences, their steps are parts of it. */
  range: readonly (readonly [number, number])[];
}

/** A trained model whose weights stay as they are: what is searched. */
export interface FrozenModel {
  readonly inputs: readonly NetworkInput[];
  /** Number of components of its output. */
  readonly outputs: number;
  /** Whether some slope of it jumps. */
  readonly hasKinks: boolean;
  readonly arithmetic: MaximiseArithmetic;
  /** A component of the output itself. */
  objective: (asked: Asked) => Objective;
  /** What to climb instead: the same maximisers, without saturation. The component itself where there is nothing better. */
  climbed: (asked: Asked) => Objective;
}
