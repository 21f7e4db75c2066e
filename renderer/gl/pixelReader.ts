import { ByteLru } from './byteLru.ts';
import { fetchTile } from './fetchTile.ts';
import { storedAt, type Missing, type StoredValue, type TileAnswer } from './tileAnswer.ts';
import type { Pixel } from './viewGeometry.ts';

/** Where a band's numbers are read. Rows and columns of tiles at full resolution count from 0. */
export interface PixelSource {
  /** Lines and samples of a whole tile. */
  tileSize: number;
  /** Address of a tile of `image=stored`. */
  stored: (row: number, column: number) => string;
  /**
   * Address of a tile of the image whose value is asked for (`image=filtered`); null: the band itself, whose value
   * follows from the stored number in float64.
   */
  value: ((row: number, column: number) => string) | null;
}

/** One pixel's numbers. */
export interface PixelReading {
  /** As in the file, also where it means "no data"; 64-bit integers as bigint, complex numbers as pair. */
  stored: StoredValue;
  /** After scale and offset (complex: magnitude), or of the filtered image; null where there is none. */
  value: number | null;
  /** Why there is no value. */
  missing: Missing;
}

const cacheBytes = 24 * 1024 * 1024;

interface Flight {
  tile: Promise<TileAnswer>;
  controller: AbortController;
}

/**
 * Reads numbers under a pixel out of tiles, which are fetched once and kept for its neighbours. The latest call wins: an
 * earlier one that still waits is rejected with an AbortError, and its tiles are let go unless the new one needs them.
 */
export class PixelReader {
  readonly #fetch: typeof fetchTile;
  readonly #tiles = new ByteLru<TileAnswer>(cacheBytes);
  readonly #flights = new Map<string, Flight>();
  #cancelLast: (keep: readonly string[]) => void = () => undefined;

  constructor(fetchOne: typeof fetchTile = fetchTile) {
    this.#fetch = fetchOne;
  }

  /**
   * The numbers of one pixel (line and sample from 0). Throws what `fetchTile` throws, an AbortError when aborted or
   * overtaken, `RangeError` outside the image.
   */
  async read(source: PixelSource, pixel: Pixel, signal?: AbortSignal): Promise<PixelReading> {
    const row = Math.floor(pixel.line / source.tileSize);
    const column = Math.floor(pixel.sample / source.tileSize);
    const urls = [source.stored(row, column)];
    if (source.value !== null) urls.push(source.value(row, column));
    this.#cancelLast(urls);
    signal?.throwIfAborted();
    const overtaken = Promise.withResolvers<never>();
    let isOver = false;
    const cancel = (keep: readonly string[]): void => {
      // Overtaken before, its tiles may be the later call's by now.
      if (isOver) return;
      isOver = true;
      overtaken.reject(new DOMException('Another pixel was asked for.', 'AbortError'));
      for (const url of urls) if (!keep.includes(url)) this.#flights.get(url)?.controller.abort();
    };
    this.#cancelLast = cancel;
    const abort = (): void => {
      cancel([]);
    };
    signal?.addEventListener('abort', abort);
    try {
      const tiles = await Promise.race([Promise.all(urls.map((url) => this.#tile(url))), overtaken.promise]);
      return readingOf(tiles, pixel.line - row * source.tileSize, pixel.sample - column * source.tileSize);
    } finally {
      signal?.removeEventListener('abort', abort);
      // A rejection that nobody waits for any more is none.
      overtaken.promise.catch(() => undefined);
      if (this.#cancelLast === cancel) this.#cancelLast = () => undefined;
    }
  }

  #tile(url: string): Promise<TileAnswer> {
    const known = this.#tiles.get(url);
    if (known !== undefined) return Promise.resolve(known);
    const flight = this.#flights.get(url);
    if (flight !== undefined && !flight.controller.signal.aborted) return flight.tile;
    const controller = new AbortController();
    // Somebody waits for a click's or the pointer's numbers: before all tiles of images.
    const init = { headers: { 'cubelens-priority': '0' }, signal: controller.signal };
    const tile = this.#fetch(url, init).then((answer) => {
      this.#tiles.set(url, answer, answer.numbers.byteLength + (answer.valid?.byteLength ?? 0));
      return answer;
    });
    const own: Flight = { tile, controller };
    this.#flights.set(url, own);
    const done = (): void => {
      if (this.#flights.get(url) === own) this.#flights.delete(url);
    };
    tile.then(done, done);
    return tile;
  }
}

function readingOf(tiles: readonly TileAnswer[], line: number, sample: number): PixelReading {
  const [storedTile, valueTile] = tiles;
  if (storedTile === undefined) throw new RangeError('There is no tile to read.');
  const { stored, missing } = storedAt(storedTile, line, sample);
  if (valueTile !== undefined) {
    // A filter may fill a gap, so its value counts even where the band itself has none.
    const value = Number(storedAt(valueTile, line, sample).stored);
    return { stored, missing, value: Number.isFinite(value) ? value : null };
  }
  return { stored, missing, value: missing === null ? scaled(stored, storedTile) : null };
}

function scaled(stored: StoredValue, { scale, offset }: TileAnswer): number | null {
  const plain = typeof stored === 'object' ? Math.hypot(...stored) : Number(stored);
  const value = plain * (scale ?? 1) + (offset ?? 0);
  return Number.isFinite(value) ? value : null;
}
