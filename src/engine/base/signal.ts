import { CubelensError } from './errors.ts';

/** What cancellable work watches. An AbortSignal is one; inside a worker a flag in shared memory is. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Options that every read and every computation takes under the same name. */
export interface CancelOptions {
  signal?: CancelSignal | undefined;
}

/** Throws `cancelled` once the signal is aborted. Call it at every step that may take a few milliseconds. */
export function throwIfAborted(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw new CubelensError('cancelled', 'Cancelled.');
}
