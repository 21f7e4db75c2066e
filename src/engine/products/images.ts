import type { DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import { intersect, type LineSampleWindow } from '../base/window.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { ByteCache } from '../io/byteCache.ts';
import { InFlight } from '../io/inFlight.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { Task } from '../workers/task.ts';
import type { ImageKinds, ImagePlan } from './imageKind.ts';
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
  pixels: SharedArrayBuffer;
  dataType: DataType;
  planes: number;
  lines: number;
  samples: number;
  /** One byte a pixel, 1 valid: of stored numbers in files with a validity mask; else null (values are NaN there). */
  valid: SharedArrayBuffer | null;
}

/** Images of open cubes, tile by tile, with a byte-bounded cache. */
export class Images {
  readonly #pool: ThreadPool;
  readonly #cubes: Cubes;
  readonly kinds: ImageKinds;
  readonly #tiles: ByteCache<Tile>;
  readonly #inFlight = new InFlight<Tile>();
  /** Plans by cube and recipe, a few hundred bytes each. */
  readonly #plans = new ByteCache<ImagePlan>(1024 * 1024);
  readonly #planning = new InFlight<ImagePlan>();

  constructor(pool: ThreadPool, cubes: Cubes, kinds: ImageKinds, budgetBytes: number) {
    this.#pool = pool;
    this.#cubes = cubes;
    this.kinds = kinds;
    this.#tiles = new ByteCache(budgetBytes);
  }

  /** Bytes of tiles held. */
  get bytes(): number {
    return this.#tiles.bytes;
  }

  /** One tile, from the cache or computed. Throws `out-of-range`, `invalid-request` and what reading throws. */
  async tile(cube: Cube, recipe: ImageRecipe, address: TileAddress, signal?: AbortSignal): Promise<Tile> {
    const key = `${cube.cubeId}/${recipeKey(recipe)}/${address.level}/${address.row}/${address.column}`;
    const cached = this.#tiles.get(key);
    if (cached !== undefined) return cached;
    const window = tileWindow(cube.description, address);
    return this.#inFlight.join(key, signal, async (shared) => {
      const tile =
        address.level === 0
          ? await this.#compute(cube, recipe, window, shared)
          : await this.#fromFiner(cube, recipe, address, window, shared);
      this.#tiles.set(key, tile, tile.pixels.byteLength + (tile.valid?.byteLength ?? 0));
      return tile;
    });
  }

  /** What an image gives and reads. Throws `invalid-request` where it can't be shown. */
  async plan(cube: Cube, recipe: ImageRecipe, signal?: AbortSignal): Promise<ImagePlan> {
    const key = `${cube.cubeId}/${recipeKey(recipe)}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    return this.#planning.join(key, signal, async (shared) => {
      const kind = this.kinds.get(recipe.kind);
      const run = <Args, Result>(task: Task<Args, Result>, args: Args): Promise<Result> =>
        this.#pool.run(task, args, { signal: shared });
      const plan = await kind.plan(cube, recipe.parameters, run);
      this.#plans.set(key, plan, 256 + plan.needed.length * 8);
      return plan;
    });
  }

  /** Drops what belongs to a closed cube. */
  forget(cubeId: string): void {
    this.#tiles.deletePrefix(`${cubeId}/`);
    this.#plans.deletePrefix(`${cubeId}/`);
  }

  async #compute(
    cube: Cube,
    recipe: ImageRecipe,
    window: LineSampleWindow,
    signal: AbortSignal | undefined,
  ): Promise<Tile> {
    const { needed, dataType, planes } = await this.plan(cube, recipe, signal);
    const blocks = await this.#cubes.blocks.fetch(cube, window, needed, signal);
    const { task } = this.kinds.get(recipe.kind);
    const args = { cubeId: cube.cubeId, parameters: recipe.parameters, window, blocks };
    const { pixels, valid } = await this.#pool.run(task, args, { signal });
    return {
      pixels,
      valid,
      dataType,
      planes: planes.length,
      lines: window.lines,
      samples: window.samples,
    };
  }

  async #fromFiner(
    cube: Cube,
    recipe: ImageRecipe,
    address: TileAddress,
    window: LineSampleWindow,
    signal: AbortSignal,
  ): Promise<Tile> {
    const size = levelSize(cube.description, address.level - 1);
    const quarters = [0, 1, 2, 3].map(async (quarter) => {
      const row = 2 * address.row + (quarter >> 1);
      const column = 2 * address.column + (quarter & 1);
      const inside = row * tileSize < size.lines && column * tileSize < size.samples;
      return inside ? this.tile(cube, recipe, { level: address.level - 1, row, column }, signal) : null;
    });
    const tiles = await Promise.all(quarters);
    const plan = await this.plan(cube, recipe, signal);
    const { dataType } = plan;
    const planes = plan.planes.length;
    const { lines, samples } = window;
    const averages = plan.holds === 'values';
    const quad = { tiles, planes, dataType, lines, samples, averages };
    const pixels = await this.#pool.run(downsampleTask, quad, { signal });
    const valid = await this.#validFromFiner(tiles, window, signal);
    return { pixels, valid, dataType, planes, lines, samples };
  }

  /** The validity of a coarser tile of stored numbers: of the same pixels that stand for the others. */
  async #validFromFiner(
    tiles: readonly (Tile | null)[],
    { lines, samples }: LineSampleWindow,
    signal: AbortSignal,
  ): Promise<SharedArrayBuffer | null> {
    if (!tiles.some((tile) => tile !== null && tile.valid !== null)) return null;
    const masks = tiles.map((tile) =>
      tile === null || tile.valid === null ? null : { ...tile, pixels: tile.valid },
    );
    const quad = { tiles: masks, planes: 1, dataType: 'uint8' as const, lines, samples, averages: false };
    return this.#pool.run(downsampleTask, quad, { signal });
  }
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
