import { CubelensError } from '../base/errors.ts';

/** Pauses and goings-on of one part of a job. */
export class Pauses {
  readonly #cancelled: AbortSignal;
  /** Of the part while it runs. */
  #running: AbortController | null = null;
  #isAsked = false;
  #wake: (() => void) | null = null;

  /** @param cancelled the signal of the whole job. */
  constructor(cancelled: AbortSignal) {
    this.#cancelled = cancelled;
  }

  pause(): void {
    this.#isAsked = true;
    this.#running?.abort();
  }

  resume(): void {
    this.#isAsked = false;
    this.#wake?.();
  }

  /** As `JobContext.pausable`. @param tell - called when it has paused, and when it goes on. */
  async carry<Result>(
    part: (signal: AbortSignal, again: boolean) => Promise<Result>,
    tell: (paused: boolean) => void,
  ): Promise<Result> {
    for (let again = false; ; again = true) {
      if (this.#isAsked) {
        while (this.#isAsked) {
          tell(true);
          await this.#goingOn();
        }
        tell(false);
      }
      const running = new AbortController();
      this.#running = running;
      const signal = AbortSignal.any([this.#cancelled, running.signal]);
      try {
        return await part(signal, again);
      } catch (thrown) {
        // What fails by itself fails, also where a pause was asked for.
        const isCancelled = thrown instanceof CubelensError && thrown.code === 'cancelled';
        if (!isCancelled || !running.signal.aborted || this.#cancelled.aborted) throw thrown;
      } finally {
        this.#running = null;
      }
    }
  }

  async #goingOn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const stop = (): void => resolve();
    this.#cancelled.addEventListener('abort', stop, { once: true });
    if (this.#cancelled.aborted) resolve();
    await promise;
    this.#cancelled.removeEventListener('abort', stop);
    this.#wake = null;
    if (this.#cancelled.aborted) throw new CubelensError('cancelled', 'Cancelled.');
  }
}
