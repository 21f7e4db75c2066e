import { CubelensError } from '../base/errors.ts';

interface Shared<Value> {
  result: Promise<Value>;
  controller: AbortController;
  waiting: number;
}

/**
 * Work under way, shared by all who ask for the same key. It is aborted only when every one of them has gone: one
 * caller's cancel never spoils another's answer.
 */
export class InFlight<Value> {
  readonly #work = new Map<string, Shared<Value>>();

  /** Number of distinct pieces of work under way. */
  get size(): number {
    return this.#work.size;
  }

  /** Joins the work under this key, or starts it. Throws `cancelled` as soon as the caller's own signal is aborted. */
  async join(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    if (signal?.aborted === true) throw cancelled();
    const shared = this.#work.get(key) ?? this.#begin(key, start);
    shared.waiting += 1;
    let leave = (): void => undefined;
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => {
        reject(cancelled());
      };
      signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([shared.result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      shared.waiting -= 1;
      if (shared.waiting === 0 && this.#work.get(key) === shared) {
        this.#work.delete(key);
        shared.controller.abort();
      }
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<Value>): Shared<Value> {
    const controller = new AbortController();
    const shared: Shared<Value> = { result: start(controller.signal), controller, waiting: 0 };
    this.#work.set(key, shared);
    const forget = (): void => {
      if (this.#work.get(key) === shared) this.#work.delete(key);
    };
    shared.result.then(forget, forget);
    return shared;
  }
}

const cancelled = (): CubelensError => new CubelensError('cancelled', 'Cancelled.');
