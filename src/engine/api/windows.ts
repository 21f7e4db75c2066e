import { CubelensError } from '../base/errors.ts';

/** Header by which a window names itself. Without it a request is the host's own, which never lapses. */
export const windowHeader = 'cubelens-window';

/** Holder of what the host itself opens: the command line, a test. */
const hostHolder = 'host';

/** A window that has not been heard of for so long is gone. */
const lapseMs = 60_000;

interface Presence {
  seenAt: number;
  /** Requests of it that are still being answered: a waiting poll is a sign of life. */
  pending: number;
}

/** The windows that ask this engine, and when each was last heard of. */
export class Windows {
  readonly #windows = new Map<string, Presence>();
  readonly #onLapse: (holder: string) => void;
  #sweep: NodeJS.Timeout | undefined;

  /** @param onLapse called with the holder's name of a window that is gone. */
  constructor(onLapse: (holder: string) => void) {
    this.#onLapse = onLapse;
  }

  /** Number of windows that are there. */
  get size(): number {
    return this.#windows.size;
  }

  /** The holder's name of whoever sends a request. Throws `invalid-request` for an id that is none. */
  holderOf(headers: Headers): string {
    const id = headers.get(windowHeader);
    if (id === null) return hostHolder;
    if (!/^[\w-]{1,64}$/.test(id)) {
      throw new CubelensError('invalid-request', 'The id of the window is not one.', {
        field: windowHeader,
        remedy: 'Give up to 64 letters, digits, _ and -.',
      });
    }
    return `window ${id}`;
  }

  /** Answers a request: its window is there until then, and for a minute after. */
  async during<Result>(holder: string, answer: () => Promise<Result>): Promise<Result> {
    if (holder === hostHolder) return answer();
    const presence = this.#windows.get(holder) ?? { seenAt: 0, pending: 0 };
    this.#windows.set(holder, presence);
    presence.pending += 1;
    presence.seenAt = performance.now();
    this.#sweep ??= setInterval(() => this.#dropLapsed(), lapseMs / 12).unref();
    try {
      return await answer();
    } finally {
      presence.pending -= 1;
      presence.seenAt = performance.now();
    }
  }

  /** True where a window has asked for something within this time. */
  activeWithin(ms: number): boolean {
    const since = performance.now() - ms;
    return [...this.#windows.values()].some(({ seenAt }) => seenAt >= since);
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#windows.clear();
  }

  #dropLapsed(): void {
    const since = performance.now() - lapseMs;
    for (const [holder, { seenAt, pending }] of [...this.#windows]) {
      if (pending > 0 || seenAt >= since) continue;
      this.#windows.delete(holder);
      this.#onLapse(holder);
    }
    if (this.#windows.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}
