import { lostTrouble, type Trouble } from '../api/problem.ts';
import { ByteLru } from './byteLru.ts';
import {
  isColourable,
  sameGrid,
  type Colouring,
  type ImageSource,
  type LoadingState,
  type ViewProblem,
} from './imageSource.ts';
import { layerTiles, type LayerTiles } from './layerTiles.ts';
import { planTiles, tileName, type PlannedTile, type TileAddress, type TilePlan } from './tileChoice.ts';
import { PictureReport } from './pictureReport.ts';
import { TileLoader, type TileFetch, type TileRequest } from './tileLoader.ts';
import type { Projection } from './viewGeometry.ts';

/** What a picture needs from outside. `Tile` is whatever the one who draws makes of a tile. */
export interface PictureParts<Tile> {
  viewId: string;
  fetchTile: TileFetch<Tile>;
  bytesOf: (tile: Tile) => number;
  /** A tile has left the cache. */
  dispose: (tile: Tile) => void;
  /** Something to draw has changed. */
  onChange: () => void;
  onLoading: (state: LoadingState) => void;
  onProblem: (problem: ViewProblem | null) => void;
  budgetBytes?: number;
}

/** One image on the screen: the tiles to draw, in the order of drawing. */
export interface DrawnLayer<Tile> {
  key: string;
  colouring: Colouring;
  tiles: LayerTiles<Tile>;
  /** All that the view needs of it is there in full resolution. */
  isComplete: boolean;
}

interface Layer {
  source: ImageSource;
  colouring: Colouring | null;
  startedAt: number;
  failed: Map<string, Trouble>;
  refused: Trouble | null;
}

const defaultBudget = 256 * 1024 * 1024;
/** An image that takes longer gives way to a newer one: its tiles so far have been seen. */
const patienceMs = 1000;
/** A half new picture over a whole old one is shown only where the rest takes longer than this. */
const progressMs = 80;
/** The surroundings are fetched when a view has rested: a drag has no use for them. */
const restMs = 200;

/**
 * The image shown, the one shown before it (it stays below until new tiles cover it) and the one asked for next. While
 * images are asked for faster than they come (a slider is dragged), each that was begun is completed and the latest
 * one follows; what lies between is never fetched.
 */
export class Picture<Tile> {
  readonly #parts: PictureParts<Tile>;
  readonly #loader: TileLoader<Tile>;
  readonly #cache: ByteLru<Tile>;
  readonly #report: PictureReport;
  #current: Layer | null = null;
  #before: Layer | null = null;
  #next: { source: ImageSource; colouring: Colouring | null } | null = null;
  /** An image whose tiles are fetched before it is shown. */
  #prepared: ImageSource | null = null;
  #to: Projection | null = null;
  #plan: TilePlan | null = null;
  #kept = new Set<string>();
  #lost = false;
  #rested = false;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #progress: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PictureParts<Tile>) {
    this.#parts = parts;
    this.#report = new PictureReport(parts.onLoading, parts.onProblem);
    this.#cache = new ByteLru<Tile>(parts.budgetBytes ?? defaultBudget, parts.dispose);
    this.#loader = new TileLoader<Tile>(parts.viewId, parts.fetchTile, {
      loaded: (request, tile) => {
        this.#loaded(request, tile);
      },
      failed: (request, trouble, kind) => {
        this.#failed(request, trouble, kind);
      },
    });
  }

  /** The image asked for last. */
  get source(): ImageSource | null {
    return this.#next?.source ?? this.#current?.source ?? null;
  }

  /**
   * Shows an image. Without a colouring of its own it takes the present one. The same key again: tries what failed anew.
   */
  setImage(source: ImageSource | null, colouring?: Colouring): void {
    const latest = colouring ?? this.#next?.colouring ?? this.#current?.colouring ?? null;
    const current = this.#current;
    if (source === null || current === null || !sameGrid(source, current.source)) {
      this.#restart(source, latest);
    } else if (source.key === current.source.key) {
      this.#next = null;
      this.#current = { ...current, source, colouring: latest };
      this.retry();
    } else if (this.#to === null || this.#isSettled() || this.#hasAll(source)) {
      this.#begin(source, latest);
    } else {
      this.#next = { source, colouring: latest };
      const waited = performance.now() - current.startedAt;
      clearTimeout(this.#patience);
      this.#patience = setTimeout(() => {
        this.#takeNext();
      }, patienceMs - waited);
    }
  }

  /**
   * Fetches what will be seen of an image that is about to be set, while its colours are still to come. Only where nothing of
   * the present one is under way: that goes first.
   */
  prepare(source: ImageSource): void {
    const current = this.#current;
    if (current === null || !sameGrid(source, current.source) || !this.#isSettled()) return;
    this.#prepared = source;
    this.#fetch();
  }

  /** Colours the image asked for last; one that is shown until it comes keeps its own. */
  setColouring(colouring: Colouring): void {
    if (this.#next !== null) this.#next = { ...this.#next, colouring };
    else if (this.#current !== null) this.#current = { ...this.#current, colouring };
    this.#parts.onChange();
  }

  /** The view to fetch for; null where nothing can be seen. */
  setView(to: Projection | null): void {
    this.#to = to;
    this.#replan();
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.#current === null) return;
    this.#current = { ...this.#current, failed: new Map(), refused: null };
    this.#lost = false;
    this.#loader.reset();
    this.#replan();
  }

  /** Forgets all tiles, because what draws them has lost them; `retry` fetches those that are seen. */
  forgetTiles(): void {
    this.#loader.want([]);
    this.#cache.clear();
    this.#before = null;
  }

  /** What to draw now, from below to above: none, one or two layers. */
  drawn(): DrawnLayer<Tile>[] {
    const { current, before } = { current: this.#current, before: this.#before };
    if (this.#to === null || this.#plan === null || current === null) return [];
    const isComplete = this.#isDrawable(current) && this.#hasAll(current.source);
    if (isComplete) this.#before = null;
    const covers = !isComplete && before !== null && this.#hasAll(before.source);
    const shown = isComplete || before === null ? [current] : [before, current];
    return shown.flatMap((layer) => {
      const { source, colouring } = layer;
      if (colouring === null || !this.#isDrawable(layer)) return [];
      // Over a sharp picture of the image before, a blurred one of this image would only flash.
      const onlySharp = covers && layer === current;
      const tiles = this.#tilesOf(layer, onlySharp);
      return [{ key: source.key, colouring, tiles, isComplete: this.#hasAll(source) }];
    });
  }

  dispose(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#rest);
    clearTimeout(this.#progress);
    this.#current = this.#before = this.#next = this.#prepared = null;
    this.#loader.want([]);
    this.#cache.clear();
  }

  #tilesOf(layer: Layer, onlySharp: boolean): LayerTiles<Tile> {
    const { source, failed, refused } = layer;
    return layerTiles(source, this.#to as Projection, {
      onlySharp,
      get: (tile) => this.#cache.get(idOf(source, tile)),
      isFailed: (tile) => refused !== null || failed.has(tileName(tile)),
    });
  }

  /** Another image altogether: nothing of the one before stays. */
  #restart(source: ImageSource | null, colouring: Colouring | null): void {
    clearTimeout(this.#patience);
    this.#before = this.#next = this.#current = this.#prepared = null;
    if (source !== null) this.#begin(source, colouring);
    else this.#replan();
  }

  #begin(source: ImageSource, colouring: Colouring | null): void {
    clearTimeout(this.#patience);
    this.#next = null;
    this.#prepared = null;
    const last = this.#current;
    // A picture that is only half there does not replace a whole one as the background.
    if (last !== null && this.#isDrawable(last) && (this.#before === null || this.#share(last) >= 0.5)) {
      this.#before = last;
    }
    this.#current = {
      source,
      colouring,
      startedAt: performance.now(),
      failed: new Map(),
      refused: null,
    };
    this.#lost = false;
    this.#loader.reset();
    this.#replan();
  }

  #takeNext(): void {
    const next = this.#next;
    if (next !== null) this.#begin(next.source, next.colouring);
  }

  #replan(): void {
    const source = this.#current?.source ?? null;
    this.#plan = source === null || this.#to === null ? null : planTiles(source, this.#to);
    this.#rested = false;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#rested = true;
      this.#fetch();
    }, restMs);
    this.#fetch();
    this.#parts.onChange();
  }

  /** Says what is wanted now; the loader drops the rest. */
  #fetch(): void {
    const { current, plan } = { current: this.#current, plan: this.#plan };
    this.#kept = this.#keptIds();
    if (current === null || plan === null || current.refused !== null) this.#loader.want([]);
    else {
      const covered = this.#before !== null && this.#hasAll(this.#before.source);
      const order: PlannedTile[] = [
        ...(covered ? [] : plan.coarse).map((tile) => ({ ...tile, priority: 0 as const })),
        ...plan.seen.map((tile) => ({ ...tile, priority: 1 as const })),
        ...(this.#rested ? plan.ring : []).map((tile) => ({ ...tile, priority: 2 as const })),
      ];
      const { source, failed } = current;
      const prepared = this.#prepared;
      const seen = plan.seen.map((tile): PlannedTile => ({ ...tile, priority: 1 }));
      this.#loader.want([
        ...this.#requests(source, order).filter((tile) => !failed.has(tileName(tile))),
        ...(prepared === null ? [] : this.#requests(prepared, seen)),
      ]);
    }
    this.#tell();
  }

  /** Requests for the tiles of an image that are not there. */
  #requests(source: ImageSource, tiles: readonly PlannedTile[]): TileRequest[] {
    return tiles
      .filter((tile) => !this.#cache.has(idOf(source, tile)))
      .map((tile) => ({
        ...tile,
        id: idOf(source, tile),
        url: source.url(tile.level, tile.row, tile.column),
      }));
  }

  /** Tiles on the screen: they stay in the cache whatever its budget. */
  #keptIds(): Set<string> {
    const ids = new Set<string>();
    for (const source of [this.#current?.source, this.#before?.source, this.#prepared]) {
      if (source === null || source === undefined) continue;
      for (const tile of this.#plan?.seen ?? []) ids.add(idOf(source, tile));
    }
    return ids;
  }

  #loaded(request: TileRequest, tile: Tile): void {
    this.#cache.set(request.id, tile, this.#parts.bytesOf(tile), (id) => this.#kept.has(id));
    if (request.priority < 2) this.#showSoon();
    this.#tell();
    if (this.#next !== null && this.#isSettled()) this.#takeNext();
  }

  /** Draws at once what is complete or covers nothing; else some tiles together: drawing takes time from fetching. */
  #showSoon(): void {
    const covered = this.#before !== null && this.#hasAll(this.#before.source);
    if (!covered || this.#isSettled()) {
      clearTimeout(this.#progress);
      this.#progress = undefined;
      this.#parts.onChange();
      return;
    }
    this.#progress ??= setTimeout(() => {
      this.#progress = undefined;
      this.#parts.onChange();
    }, progressMs);
  }

  #failed(request: TileRequest, trouble: Trouble, kind: 'tile' | 'refused' | 'lost'): void {
    const current = this.#current;
    if (current === null) return;
    // What a prepared image lacks is asked for again, and said, when it is shown.
    if (kind !== 'lost' && request.id !== idOf(current.source, request)) return;
    if (kind === 'lost') this.#lost = true;
    else if (kind === 'refused') {
      current.refused = trouble;
      this.#loader.want([]);
    } else current.failed.set(tileName(request), trouble);
    this.#parts.onChange();
    this.#tell();
    if (this.#next !== null && this.#isSettled()) this.#takeNext();
  }

  /** True where nothing on the screen is still to come. */
  #isSettled(): boolean {
    const { current, plan } = { current: this.#current, plan: this.#plan };
    if (current === null || plan === null || this.#lost || current.refused !== null) return true;
    return plan.seen.every(
      (tile) => this.#cache.has(idOf(current.source, tile)) || current.failed.has(tileName(tile)),
    );
  }

  #hasAll(source: ImageSource): boolean {
    return this.#plan?.seen.every((tile) => this.#cache.has(idOf(source, tile))) ?? false;
  }

  /** The part of what is seen that a layer has tiles for. */
  #share({ source }: Layer): number {
    const seen = this.#plan?.seen ?? [];
    return seen.filter((tile) => this.#cache.has(idOf(source, tile))).length / Math.max(1, seen.length);
  }

  #isDrawable({ source, colouring }: Layer): boolean {
    return colouring !== null && isColourable(source, colouring);
  }

  #tell(): void {
    this.#report.tell(this.#loading(), this.#problem());
  }

  #loading(): LoadingState {
    const { current, plan } = { current: this.#current, plan: this.#plan };
    if (current === null || plan === null) return { pending: 0, failed: 0 };
    const missing = plan.seen.filter((tile) => !this.#cache.has(idOf(current.source, tile)));
    const failed =
      current.refused !== null || this.#lost
        ? missing
        : missing.filter((tile) => current.failed.has(tileName(tile)));
    return { pending: missing.length - failed.length, failed: failed.length };
  }

  #problem(): ViewProblem | null {
    if (this.#current === null) return null;
    const [first] = this.#current.failed.values();
    const trouble = this.#lost ? lostTrouble : (this.#current.refused ?? first);
    if (trouble === undefined) return null;
    const { message, remedy } = trouble;
    return remedy === null ? { message } : { message, remedy };
  }
}

const idOf = (source: ImageSource, tile: TileAddress): string => `${source.key} ${tileName(tile)}`;
