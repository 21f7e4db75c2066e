import { setImmediate } from 'node:timers/promises';
import { throwIfAborted, type CancelSignal } from '../../base/signal.ts';

/** Milliseconds of work between two breaths. */
const interval = 30;

/**
 * A function to await between steps: it lets messages and timers in every 30 ms (an AbortSignal is set by one) and
 * throws `cancelled` once the signal is aborted.
 */
export function breather(signal: CancelSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > interval) {
      await setImmediate();
      last = performance.now();
    }
    throwIfAborted(signal);
  };
}
