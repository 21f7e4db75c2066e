import { setImmediate as turn } from 'node:timers/promises';
import { throwIfAborted, type CancelSignal } from '../base/signal.ts';

/** Milliseconds after which others get their turn, so that a signal of this thread is seen. */
const turnMs = 20;

/** Gives others their turn where some time has gone since the last one; throws `cancelled` once the signal is aborted. */
export type Breathe = () => Promise<void>;

/** A `Breathe` for one long piece of work: call it every few milliseconds. */
export function breather(signal: CancelSignal | undefined): Breathe {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > turnMs) {
      await turn();
      last = performance.now();
    }
    throwIfAborted(signal);
  };
}
