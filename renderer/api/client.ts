import type { Api } from '../../src/engine/api/app.ts';
import { hc } from 'hono/client';
import { ApiError, lostTrouble, troubleOfResponse } from './problem.ts';

/** What the last call met: an answer, nobody, or an engine that does not know this window (it was started anew). */
export type Reach = 'reached' | 'lost' | 'unknown';

/** The way to the engine and its host; the same origin on every host. */
export class Client {
  /** The engine's API, typed by its own contract. */
  readonly api: ReturnType<typeof hc<Api>>['api'];
  readonly windowId: string;
  readonly #listeners = new Set<(reach: Reach) => void>();

  /** @param windowId holds this window's cubes. */
  constructor(windowId: string) {
    this.windowId = windowId;
    this.api = hc<Api>('/', { fetch: this.call }).api;
  }

  /** Tells after every call whether anybody answered; returns the unsubscribe function. */
  onReach(listener: (reach: Reach) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `fetch` that throws `ApiError` for refusals and for a host that does not answer; an abort stays a DOMException. */
  readonly call = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('cubelens-window', this.windowId);
    let response: Response;
    try {
      response = await fetch(input, { ...init, headers });
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
      this.#tell('lost');
      throw new ApiError(lostTrouble);
    }
    this.#tell(response.status === 401 ? 'unknown' : 'reached');
    if (!response.ok) throw new ApiError(await troubleOfResponse(response));
    return response;
  };

  #tell(reach: Reach): void {
    for (const listener of this.#listeners) listener(reach);
  }
}
