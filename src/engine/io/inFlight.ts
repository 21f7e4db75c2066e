import { CubelensError } from '../base/errors.ts';
import { priorities, type Priority, type Work } from '../base/work.ts';

interface Shared<Value> {
  result: Promise<Value>;
  work: SharedWork;
}

/** The work of all who wait for one thing: as urgent as the most urgent of them, aborted when the last has gone. */
class SharedWork implements Work {
  readonly #controller = new AbortController();
  readonly #waiting = new Set<Work>();
  #hasStarted = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get priority(): Priority {
    let highest: Priority = 'export';
    for (const { priority } of this.#waiting)
      if (priorities[priority] > priorities[highest]) highest = priority;
    return highest;
  }

  readonly onStart = (): void => {
    this.#hasStarted = true;
    for (const work of this.#waiting) work.onStart?.();
  };

  enter(work: Work): void {
    this.#waiting.add(work);
    if (this.#hasStarted) work.onStart?.();
  }

  /** True where it was the last. */
  leave(work: Work): boolean {
    this.#waiting.delete(work);
    return this.#waiting.size === 0;
  }

  abort(): void {
    this.#controller.abort();
  }
}

/**
 * Work under way, shared by all who ask for the same key. It is aborted only when every one of them has gone: one
 * caller's cancel never spoils another's answer.
 */
export class InFlight<Value> {
  readonly #flights = new Map<string, Shared<Value>>();

  /** Number of distinct pieces of work under way. */
  get size(): number {
    return this.#flights.size;
  }

  /** Joins the work under this key, or starts it. Throws `cancelled` as soon as the caller's own signal is aborted. */
  async join(key: string, work: Work, start: (work: Work) => Promise<Value>): Promise<Value> {
    const { signal } = work;
    if (signal?.aborted === true) throw cancelled();
    // An object of this call's own, for one caller may join twice; its priority is still the caller's, which may rise.
    const asking: Work = {
      get priority() {
        return work.priority;
      },
      onStart: work.onStart,
    };
    const shared = this.#flights.get(key) ?? this.#begin(key, start, asking);
    shared.work.enter(asking);
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
      if (shared.work.leave(asking) && this.#flights.get(key) === shared) {
        this.#flights.delete(key);
        shared.work.abort();
      }
    }
  }

  #begin(key: string, start: (work: Work) => Promise<Value>, first: Work): Shared<Value> {
    const work = new SharedWork();
    work.enter(first);
    const shared: Shared<Value> = { result: start(work), work };
    this.#flights.set(key, shared);
    const forget = (): void => {
      if (this.#flights.get(key) === shared) this.#flights.delete(key);
    };
    shared.result.then(forget, forget);
    return shared;
  }
}

const cancelled = (): CubelensError => new CubelensError('cancelled', 'Cancelled.');
