import { CubelensError } from '../base/errors.ts';
import type { Priority, Work } from '../base/work.ts';

/** Headers by which a window says what a request is for. */
export const viewHeader = 'cubelens-view';
export const generationHeader = 'cubelens-generation';
export const priorityHeader = 'cubelens-priority';

/** One request of a view that is being answered. */
interface Asked {
  generation: number;
  controller: AbortController;
  hasStarted: boolean;
}

/** What became of a request: its answer, or dropped because its view shows something newer. */
export type Answered<Result> = { kind: 'answered'; result: Result } | { kind: 'dropped' };

/**
 * The views of all windows. A view that asks with a newer generation wants nothing of the older ones any more: what still
 * waits is dropped, and what has begun goes on, so that a drag always shows something.
 */
export class Views {
  readonly #asked = new Map<string, Set<Asked>>();
  /** Newest generation of each view that has requests. */
  readonly #newest = new Map<string, number>();
  #dropped = 0;

  /** Requests dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Answers a request with its work described from its headers. @param holder the window it comes from. */
  async answer<Result>(
    request: Request,
    holder: string,
    answer: (work: Work) => Promise<Result>,
  ): Promise<Answered<Result>> {
    const priority = priorityOf(request.headers);
    const view = request.headers.get(viewHeader);
    const generation = generationOf(request.headers);
    if (view === null || generation === null) {
      return { kind: 'answered', result: await answer({ signal: request.signal, priority }) };
    }
    const key = `${holder}/${view.slice(0, 100)}`;
    const asked: Asked = { generation, controller: new AbortController(), hasStarted: false };
    this.#enter(key, asked);
    const work: Work = {
      signal: AbortSignal.any([request.signal, asked.controller.signal]),
      priority,
      view: key,
      generation,
      onStart: () => {
        asked.hasStarted = true;
      },
    };
    try {
      return { kind: 'answered', result: await answer(work) };
    } catch (thrown) {
      if (!asked.controller.signal.aborted || request.signal.aborted) throw thrown;
      this.#dropped += 1;
      return { kind: 'dropped' };
    } finally {
      this.#leave(key, asked);
    }
  }

  #enter(key: string, asked: Asked): void {
    const all = this.#asked.get(key) ?? new Set();
    this.#asked.set(key, all.add(asked));
    const newest = Math.max(asked.generation, this.#newest.get(key) ?? asked.generation);
    this.#newest.set(key, newest);
    for (const { generation, hasStarted, controller } of all) {
      if (generation < newest && !hasStarted) controller.abort();
    }
  }

  #leave(key: string, asked: Asked): void {
    const all = this.#asked.get(key);
    all?.delete(asked);
    if (all === undefined || all.size > 0) return;
    this.#asked.delete(key);
    this.#newest.delete(key);
  }
}

function generationOf(headers: Headers): number | null {
  const text = headers.get(generationHeader);
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CubelensError('invalid-request', 'The generation of the view is not a whole number.', {
    field: generationHeader,
  });
}

function priorityOf(headers: Headers): Priority {
  const text = headers.get(priorityHeader) ?? 'visible';
  if (text === 'visible' || text === 'prefetch') return text;
  throw new CubelensError('invalid-request', `There is no priority ${text.slice(0, 40)} of a tile.`, {
    field: priorityHeader,
    remedy: 'Give visible or prefetch.',
  });
}
