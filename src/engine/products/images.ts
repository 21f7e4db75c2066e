import type { DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import { intersect, type LineSampleWindow } from '../base/window.ts';
import { preparing, type Work } from '../base/work.ts';
import { decodedBytesFor } from '../cube/blocks.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { maskSource } from '../cube/formats/geotiff/read.ts';
import { fullGrid, type PixelGrid } from '../cube/grid.ts';
import { ByteCache } from '../io/byteCache.ts';
import { InFlight } from '../io/inFlight.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { Task } from '../workers/task.ts';
import type { ImageKinds, ImagePlan, ImageTaskResult } from './imageKind.ts';
import { recipeKey, type ImageRecipe } from './recipe.ts';
import { downsampleTask } from './tasks.ts';

/** Lines and samples of a tile; edge tiles are smaller. */
export const tileSize = 256;

/** Level 0 is full resolution, each further level has half the lines and samples (rounded up). */
export interface TileAddress {
  level: number;
  row: number;
  column: number;
}

/** One tile: planes x lines x samples in this machine's byte order (little-endian wherever Cubelens runs). */
export interface Tile {
  pixels: ArrayBuffer;
  dataType: DataType;
  planes: number;
  lines: number;
  samples: number;
  /** One byte a pixel, 1 valid: of stored numbers in files with a validity mask; else null (values are NaN there). */
  valid: ArrayBuffer | null;
}

/** A tile for looking at, and what it was made of. */
export interface LookTile extends Tile {
  /** `exact`; of an overview of the file; or of every n-th line and sample. */
  source: 'exact' | 'overview' | 'sampled';
}

/** Decoded blocks that one sampled tile may need at once, in bytes: a taller tile is made of several pieces. */
const mostBlockBytes = 64 * 1024 * 1024;

/** Images of open cubes, tile by tile, with a byte-bounded cache. */
export class Images {
  readonly kinds: ImageKinds;
  readonly #pool: ThreadPool;
  readonly #cubes: Cubes;
  readonly #budgetBytes: number;
  readonly #tiles: ByteCache<Tile>;
  readonly #inFlight = new InFlight<Tile>();
  /** Plans by cube and recipe, a few hundred bytes each, and what some have prepared. */
  readonly #plans = new ByteCache<ImagePlan>(16 * 1024 * 1024);
  readonly #planning = new InFlight<ImagePlan>();

  constructor(pool: ThreadPool, cubes: Cubes, kinds: ImageKinds, budgetBytes: number) {
    this.#pool = pool;
    this.#cubes = cubes;
    this.kinds = kinds;
    this.#budgetBytes = budgetBytes;
    this.#tiles = new ByteCache(budgetBytes);
  }

  /** Bytes of tiles held. */
  get bytes(): number {
    return this.#tiles.bytes;
  }

  /** One exact tile, from the cache or computed. Throws `out-of-range`, `invalid-request` and what reading throws. */
  async tile(cube: Cube, recipe: ImageRecipe, address: TileAddress, work: Work): Promise<Tile> {
    return this.#exact(cube, recipe, address, work, true);
  }

  /**
   * One tile for looking at, soon: the exact one where it is there or costs no more; else of the file's own overviews, or
   * of every n-th line and sample. Never for statistics, read-outs and exports. Throws as `tile`.
   */
  async look(cube: Cube, recipe: ImageRecipe, address: TileAddress, work: Work): Promise<LookTile> {
    const plan = await this.plan(cube, recipe, work);
    const key = tileKey(cube, recipe, address);
    if (isDirectLevel(plan, address) || this.#tiles.get(key) !== undefined) {
      return { ...(await this.tile(cube, recipe, address, work)), source: 'exact' };
    }
    const window = tileWindow(cube.description, address);
    const grid = lookGrid(cube, address.level);
    const source = grid.kind === 'overview' ? 'overview' : 'sampled';
    const tile = await this.#shared(`${key}/${source}`, work, true, (shared) =>
      this.#ofGrid(cube, recipe, window, grid, shared),
    );
    return { ...tile, source };
  }

  /** What an image gives and reads. Throws `invalid-request` where it can't be shown. */
  async plan(cube: Cube, recipe: ImageRecipe, work: Work): Promise<ImagePlan> {
    const key = `${cube.cubeId}/${recipeKey(recipe)}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    // A plan is shared by all tiles of an image: that it has begun says nothing of any of them.
    return this.#planning.join(key, preparing(work), async (shared) => {
      const kind = this.kinds.get(recipe.kind);
      const run = <Args, Result>(task: Task<Args, Result>, args: Args): Promise<Result> =>
        this.#pool.run(task, args, shared);
      const plan = await kind.plan(cube, recipe.parameters, run, (window, bandIndexes) =>
        this.#cubes.blocks.fetch(cube, window, bandIndexes, shared),
      );
      this.#plans.set(key, plan, 256 + plan.needed.length * 8 + (plan.prepared?.byteLength ?? 0));
      return plan;
    });
  }

  /** Drops what belongs to a closed cube. */
  forget(cubeId: string): void {
    this.#tiles.deletePrefix(`${cubeId}/`);
    this.#plans.deletePrefix(`${cubeId}/`);
  }

  /** @param keep whether the cache keeps it: not the many fine tiles that one coarse tile is made of. */
  #exact(cube: Cube, recipe: ImageRecipe, address: TileAddress, work: Work, keep: boolean): Promise<Tile> {
    const window = tileWindow(cube.description, address);
    return this.#shared(tileKey(cube, recipe, address), work, keep, async (shared) => {
      if (address.level === 0) return this.#ofGrid(cube, recipe, window, fullGrid, shared);
      const plan = await this.plan(cube, recipe, shared);
      if (!isDirectLevel(plan, address)) return this.#fromFiner(cube, recipe, address, window, shared);
      // A coarser level of stored numbers is every n-th of them: it needs no finer one.
      return this.#ofGrid(cube, recipe, window, { kind: 'sampled', step: 2 ** address.level }, shared);
    });
  }

  /** A tile of the cache, or one that is made now, once for all who ask for it. */
  async #shared(key: string, work: Work, keep: boolean, make: (work: Work) => Promise<Tile>): Promise<Tile> {
    const cached = this.#tiles.get(key);
    if (cached !== undefined) return cached;
    return this.#inFlight.join(key, work, async (shared) => {
      const tile = await make(shared);
      if (keep) this.#tiles.set(key, tile, tile.pixels.byteLength + (tile.valid?.byteLength ?? 0));
      return tile;
    });
  }

  /** Computes a window of a grid, in pieces of whole lines where the blocks it needs are many. */
  async #ofGrid(
    cube: Cube,
    recipe: ImageRecipe,
    window: LineSampleWindow,
    grid: PixelGrid,
    work: Work,
  ): Promise<Tile> {
    const { needed, dataType, planes, prepared } = await this.plan(cube, recipe, work);
    const { task } = this.kinds.get(recipe.kind);
    const lines = pieceLines(cube, window, needed, grid);
    const pieces: ImageTaskResult[] = [];
    for (let first = 0; first < window.lines; first += lines) {
      const part = {
        ...window,
        line0: window.line0 + first,
        lines: Math.min(lines, window.lines - first),
      };
      const blocks = await this.#cubes.blocks.fetch(cube, part, needed, preparing(work), grid);
      const args = {
        cubeId: cube.cubeId,
        parameters: recipe.parameters,
        window: part,
        blocks,
        grid,
        prepared,
      };
      pieces.push(await this.#pool.run(task, args, work));
    }
    const [only] = pieces;
    const { pixels, valid } =
      only !== undefined && pieces.length === 1 ? only : joinPieces(pieces, planes.length);
    const { samples } = window;
    return { pixels, valid, dataType, planes: planes.length, lines: window.lines, samples };
  }

  /**
   * A coarser tile out of its four finer ones, depth first: they are made one after the other, and only of the finest
   * level all four at once, so that few tiles are alive however large the image is. Until the end it may be dropped.
   */
  async #fromFiner(
    cube: Cube,
    recipe: ImageRecipe,
    address: TileAddress,
    window: LineSampleWindow,
    work: Work,
  ): Promise<Tile> {
    const { dataType, planes } = await this.plan(cube, recipe, work);
    const finer = address.level - 1;
    const size = levelSize(cube.description, finer);
    const quarters = [0, 1, 2, 3].map((quarter) => ({
      level: finer,
      row: 2 * address.row + (quarter >> 1),
      column: 2 * address.column + (quarter & 1),
    }));
    const keep = finer > 0 || this.#fitsCache(cube, planes.length);
    const tiles = await mapInOrder(quarters, finer === 0 ? 4 : 1, async (quarter) => {
      const inside = quarter.row * tileSize < size.lines && quarter.column * tileSize < size.samples;
      return inside ? this.#exact(cube, recipe, quarter, preparing(work), keep) : null;
    });
    const { lines, samples } = window;
    const quad = { tiles, planes: planes.length, lines, samples };
    const pixels = await this.#pool.run(downsampleTask, quad, work);
    return { pixels, valid: null, dataType, planes: planes.length, lines, samples };
  }

  /** True where all fine tiles of an image together take a small part of the cache. */
  #fitsCache({ description }: Cube, planes: number): boolean {
    return description.lines * description.samples * planes * 4 <= this.#budgetBytes / 4;
  }
}

const tileKey = (cube: Cube, recipe: ImageRecipe, { level, row, column }: TileAddress): string =>
  `${cube.cubeId}/${recipeKey(recipe)}/${level}/${row}/${column}`;

/** True for levels that are read from the file itself: full resolution, and stored numbers, of which one stands for many. */
const isDirectLevel = ({ holds }: ImagePlan, { level }: TileAddress): boolean =>
  level === 0 || holds === 'stored';

/** The pixels to look at for a coarse level: the smallest overview that has at least as many, else every n-th. */
function lookGrid({ description, layout }: Cube, level: number): PixelGrid {
  const size = levelSize(description, level);
  // A mask decides pixel by pixel, and overviews have none of their own here.
  if (layout.kind === 'geotiff' && maskSource(layout) === null) {
    const fitting = layout.overviews.flatMap((overview, index) =>
      overview.lines >= size.lines && overview.samples >= size.samples ? [index] : [],
    );
    // Largest first in the layout.
    const index = fitting.at(-1);
    if (index !== undefined) return { kind: 'overview', index, ...size };
  }
  return { kind: 'sampled', step: 2 ** level };
}

/** Lines of a piece of a window whose blocks are not too many at once. */
function pieceLines(
  cube: Cube,
  window: LineSampleWindow,
  needed: readonly number[],
  grid: PixelGrid,
): number {
  if (grid.kind === 'full') return window.lines;
  let { lines } = window;
  while (lines > 1 && decodedBytesFor(cube, { ...window, lines }, needed, grid) > mostBlockBytes) {
    lines = Math.ceil(lines / 2);
  }
  return lines;
}

/** Pieces of whole lines, one below the other, as one image; plane after plane. */
function joinPieces(pieces: readonly ImageTaskResult[], planes: number): ImageTaskResult {
  const join = (parts: readonly ArrayBuffer[], count: number): ArrayBuffer => {
    const whole = new ArrayBuffer(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
    const bytes = new Uint8Array(whole);
    let at = 0;
    for (let plane = 0; plane < count; plane++) {
      for (const part of parts) {
        const length = part.byteLength / count;
        bytes.set(new Uint8Array(part, plane * length, length), at);
        at += length;
      }
    }
    return whole;
  };
  const masks = pieces.flatMap(({ valid }) => valid ?? []);
  return {
    pixels: join(
      pieces.map(({ pixels }) => pixels),
      planes,
    ),
    valid: masks.length === pieces.length ? join(masks, 1) : null,
  };
}

/** Lines and samples of a level. */
export function levelSize(
  image: { lines: number; samples: number },
  level: number,
): { lines: number; samples: number } {
  const step = 2 ** level;
  return { lines: Math.ceil(image.lines / step), samples: Math.ceil(image.samples / step) };
}

/** Levels of an image: the last one is a single tile. */
export function levelCount(image: { lines: number; samples: number }): number {
  let level = 0;
  for (let size = image; Math.max(size.lines, size.samples) > tileSize; size = levelSize(image, level))
    level++;
  return level + 1;
}

/** Addresses of all tiles of a level, line by line. */
export function tilesOf(image: { lines: number; samples: number }, level: number): TileAddress[] {
  const size = levelSize(image, level);
  const rows = Math.ceil(size.lines / tileSize);
  const columns = Math.ceil(size.samples / tileSize);
  return Array.from({ length: rows * columns }, (_, index) => ({
    level,
    row: Math.floor(index / columns),
    column: index % columns,
  }));
}

/** The window of a tile in pixels of its own level. Throws `out-of-range`. */
export function tileWindow(
  image: { lines: number; samples: number },
  { level, row, column }: TileAddress,
): LineSampleWindow {
  const wanted = {
    line0: row * tileSize,
    sample0: column * tileSize,
    lines: tileSize,
    samples: tileSize,
  };
  const whole = { line0: 0, sample0: 0, ...levelSize(image, level) };
  const isAddress = [level, row, column].every((part) => Number.isInteger(part) && part >= 0);
  const window = isAddress && level < levelCount(image) ? intersect(whole, wanted) : null;
  if (window === null) {
    throw new CubelensError('out-of-range', `There is no tile ${level}/${row}/${column}.`, { field: 'tile' });
  }
  return window;
}
