import type { CancelSignal } from '../../base/signal.ts';
import type { MaximiseVerdict } from '../../contract/maximise.ts';
import type { Objective } from './objective.ts';

/** What a verdict is made from. All of the model's own output, in its own units. */
export interface Evidence {
  /** At an end of the range exactly, or inside it. */
  point: Float64Array;
  /** The gradients around the point leave no way up, though none of them is small. */
  isKink: boolean;
  /** The search ended by itself. */
  settled: boolean;
  /** The climbed function where it is not the output itself. */
  climb: Objective;
  /** Whether a search begun beside the point comes back to it; looked at only where the rest speaks for a maximum. */
  restart: () => { tried: number; returned: number };
  signal?: CancelSignal | undefined;
}

/** A verdict with its numbers. */
export interface Judgement {
  verdict: MaximiseVerdict;
  value: number;
  gradient: number[];
  curvature: number[];
  newtonStep: number | null;
  multipliers: number[];
  sensitivity: (number | null)[][] | null;
  restarts: { tried: number; returned: number };
}
