import { ApiError, troubleOf, type Trouble } from '../api/problem.ts';
import type { PlannedTile } from './tileChoice.ts';

/** One tile that is wanted. */
export interface TileRequest extends PlannedTile {
  /** Unique over images: image key and tile. */
  id: string;
  url: string;
}

/** Headers and signal of one request. Throws `ApiError` for a refusal, an AbortError when aborted. */
export type TileFetch<Tile> = (
  request: TileRequest,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Tile>;

/** What becomes of requests. `refused`: no tile of this image can be had. `lost`: nobody answers. */
export interface TileEvents<Tile> {
  loaded(request: TileRequest, tile: Tile): void;
  failed(request: TileRequest, trouble: Trouble, kind: 'tile' | 'refused' | 'lost'): void;
}

/**
 * Requests under way at once. A browser opens six connections a host: one is held by the long poll of jobs, one stays
 * free for the calls of a click.
 */
export const requestsAtOnce = 4;

/** Another try, or another tile, would be answered the same: the image is refused (all addresses asked for exist). */
const refusals = new Set([
  'invalid-request',
  'not-found',
  'access-denied',
  'unsupported-format',
  'out-of-range',
]);
/** Tries of one tile, and how often a host may drop a tile that is wanted after all. */
const tries = 2;
const drops = 5;

interface Flight {
  request: TileRequest;
  controller: AbortController;
}

/**
 * Fetches the tiles that are wanted now, in the order wanted. What is no longer wanted is aborted; for hosts that cannot
 * see an abort every request says which generation of its view it belongs to, and a generation ends as soon as nothing
 * under way of it is wanted any more, so that queued work of it can be dropped and no wanted work ever is.
 */
export class TileLoader<Tile> {
  readonly #fetch: TileFetch<Tile>;
  readonly #events: TileEvents<Tile>;
  readonly #viewId: string;
  #generation = 1;
  #queue: TileRequest[] = [];
  readonly #flights = new Map<string, Flight>();
  readonly #tried = new Map<string, { failures: number; drops: number }>();
  #lost = false;

  constructor(viewId: string, fetchTile: TileFetch<Tile>, events: TileEvents<Tile>) {
    this.#viewId = viewId;
    this.#fetch = fetchTile;
    this.#events = events;
  }

  /** Requests under way. */
  get underWay(): number {
    return this.#flights.size;
  }

  /** Takes the whole list of tiles that are wanted and not there, most urgent first. */
  want(requests: readonly TileRequest[]): void {
    const wanted = new Set(requests.map(({ id }) => id));
    let dropped = 0;
    for (const [id, flight] of this.#flights) {
      if (wanted.has(id)) continue;
      this.#flights.delete(id);
      flight.controller.abort();
      dropped++;
    }
    if (dropped > 0 && this.#flights.size === 0) this.#generation++;
    this.#queue = requests.filter(({ id }) => !this.#flights.has(id));
    this.#start();
  }

  /** Forgets failures and that nobody answered; call `want` afterwards. */
  reset(): void {
    this.#tried.clear();
    this.#lost = false;
  }

  #start(): void {
    while (!this.#lost && this.#flights.size < requestsAtOnce) {
      const request = this.#queue.shift();
      if (request === undefined) return;
      void this.#run(request);
    }
  }

  async #run(request: TileRequest): Promise<void> {
    const flight: Flight = { request, controller: new AbortController() };
    this.#flights.set(request.id, flight);
    const headers = {
      'cubelens-view': this.#viewId,
      'cubelens-generation': String(this.#generation),
      'cubelens-priority': request.priority === 2 ? 'prefetch' : 'visible',
    };
    let outcome: { tile: Tile } | { thrown: unknown };
    try {
      outcome = { tile: await this.#fetch(request, { headers, signal: flight.controller.signal }) };
    } catch (thrown) {
      outcome = { thrown };
    }
    // An aborted request is nobody's any more, however it ended.
    if (this.#flights.get(request.id) !== flight) return;
    this.#flights.delete(request.id);
    if ('tile' in outcome) {
      this.#tried.delete(request.id);
      this.#events.loaded(request, outcome.tile);
    } else {
      this.#fail(request, outcome.thrown);
    }
    this.#start();
  }

  #fail(request: TileRequest, thrown: unknown): void {
    // Nobody answered another one of these already: that is said once.
    if (this.#lost) return;
    const trouble = troubleOf(thrown);
    const before = this.#tried.get(request.id) ?? { failures: 0, drops: 0 };
    // Dropped as work of an older generation, but wanted: it was asked for again in the meantime.
    const isDrop = trouble.code === 'cancelled' && before.drops < drops;
    const now = isDrop
      ? { ...before, drops: before.drops + 1 }
      : { ...before, failures: before.failures + 1 };
    this.#tried.set(request.id, now);
    const isRefusal = thrown instanceof ApiError && refusals.has(trouble.code);
    if (isDrop || (!isRefusal && now.failures < tries)) {
      this.#queue.unshift(request);
      return;
    }
    if (trouble.code === 'lost') {
      this.#lost = true;
      this.#queue = [];
    }
    this.#events.failed(request, trouble, trouble.code === 'lost' ? 'lost' : isRefusal ? 'refused' : 'tile');
  }
}
