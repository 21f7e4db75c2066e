import { ApiError } from '../api/problem.ts';
import type { TileFetch, TileRequest } from './tileLoader.ts';

// For tests only: an engine that answers when it is told to.

interface Asked {
  request: TileRequest;
  headers: Record<string, string>;
  signal: AbortSignal;
  answer: (tile: string) => void;
  fail: (thrown: unknown) => void;
}

/** Collects requests; their tiles are the addresses they were asked for under. */
export class TestFetch {
  readonly asked: Asked[] = [];

  readonly fetch: TileFetch<string> = (request, { headers, signal }) =>
    new Promise<string>((resolve, reject) => {
      const entry: Asked = { request, headers, signal, answer: resolve, fail: reject };
      this.asked.push(entry);
      signal.addEventListener('abort', () => {
        reject(new DOMException('Aborted.', 'AbortError'));
      });
    });

  /** Requests that wait for an answer. */
  get open(): Asked[] {
    return this.asked.filter((entry) => !entry.signal.aborted && !this.#done.has(entry));
  }

  /** Addresses of the requests that wait. */
  get urls(): string[] {
    return this.open.map(({ request }) => request.url);
  }

  readonly #done = new Set<Asked>();

  /** Answers the first request that waits for an address, or the oldest. */
  async answer(url = this.urls[0]): Promise<void> {
    const entry = this.#take(url);
    entry.answer(entry.request.url);
    await settle();
  }

  async fail(thrown: unknown, url = this.urls[0]): Promise<void> {
    this.#take(url).fail(thrown);
    await settle();
  }

  /** Answers until nothing waits; gives the addresses in the order asked. */
  async answerAll(): Promise<string[]> {
    const urls: string[] = [];
    while (this.urls[0] !== undefined) {
      urls.push(this.urls[0]);
      await this.answer();
    }
    return urls;
  }

  #take(url: string | undefined): Asked {
    const entry = this.open.find(({ request }) => request.url === url);
    if (entry === undefined) throw new Error(`Nobody asked for ${url}.`);
    this.#done.add(entry);
    return entry;
  }
}

/** What the engine refuses a request with. */
export const refusal = (code: ApiError['trouble']['code'], message = 'No.'): ApiError =>
  new ApiError({ code, message, remedy: 'Do something else.', file: null, field: null });

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}
