import { CubelensError } from '../base/errors.ts';
import type { OpenOptions } from '../contract/cube.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { SourceRef } from '../io/byteSource.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { BlockStore } from './blocks.ts';
import { cubeKey, type ReadableCube } from './read.ts';
import { openCubeTask } from './tasks.ts';

/** Where a cube came from, for the recipe of an output: files, or a scene made from its own recipe. */
export type CubeOrigin = { kind: 'files'; path: string } | { kind: 'scene'; recipe: unknown };

/** An open cube. `cubeId` is its revision: same file, same state, same options, same id. */
export interface Cube extends ReadableCube {
  files: SourceRef[];
  options: OpenOptions;
  origin: CubeOrigin;
}

/**
 * The open cubes of one engine. Whoever opens a cube holds it, under a name of its own (a window's id, a job's), and gives
 * back its own hold only: a cube is open while anybody holds it, and readable while a piece of work still uses it.
 */
export class Cubes {
  readonly blocks: BlockStore;
  readonly #pool: ThreadPool;
  readonly #cubes = new Map<string, Cube>();
  /** Who holds a cube, by cube. */
  readonly #holders = new Map<string, Set<string>>();
  /** Pieces of work that read a cube now, by cube. */
  readonly #users = new Map<string, number>();
  readonly #onGone: (cubeId: string) => void;

  /** @param onGone called when nobody holds or reads a cube any more. */
  constructor(
    pool: ThreadPool,
    blockBudgetBytes: number,
    onGone: (cubeId: string) => void = () => undefined,
  ) {
    this.#pool = pool;
    this.blocks = new BlockStore(pool, blockBudgetBytes);
    this.#onGone = onGone;
  }

  /** Opens a granted file for a holder. The same state of the same file with the same options is the same cube. */
  async open(grant: ReadableFile, options: OpenOptions, holder: string, signal?: AbortSignal): Promise<Cube> {
    const args = { path: grant.path, within: grant.within, options };
    return this.take(await this.#pool.run(openCubeTask, args, { signal, priority: 'open' }), holder);
  }

  /** Takes in a cube that a worker has described, for a holder. */
  take(described: Cube, holder: string): Cube {
    const { cubeId } = described;
    const cube = this.#cubes.get(cubeId) ?? described;
    if (!this.#cubes.has(cubeId)) {
      this.#cubes.set(cubeId, cube);
      const { description, layout } = cube;
      const readable: ReadableCube = { cubeId, description, layout };
      this.#pool.share(cubeKey(cubeId), readable);
    }
    const holders = this.#holders.get(cubeId) ?? new Set();
    this.#holders.set(cubeId, holders.add(holder));
    return cube;
  }

  /** A cube that somebody holds. Throws `not-found`. */
  get(cubeId: string): Cube {
    const cube = this.#cubes.get(cubeId);
    if (cube === undefined) throw notOpen();
    return cube;
  }

  /** Cubes of a holder, or all. */
  list(holder?: string): Cube[] {
    const all = [...this.#cubes.values()];
    return holder === undefined ? all : all.filter((cube) => this.#holders.get(cube.cubeId)?.has(holder));
  }

  /** Gives back a holder's hold. Work that uses the cube now goes on to its end. Throws `not-found` where it has none. */
  close(cubeId: string, holder: string): void {
    const holders = this.#holders.get(cubeId);
    if (holders?.delete(holder) !== true) throw notOpen();
    if (holders.size > 0) return;
    this.#holders.delete(cubeId);
    this.#cubes.delete(cubeId);
    if (!this.#users.has(cubeId)) this.#forget(cubeId);
  }

  /** Gives back everything that a holder has. */
  closeAll(holder: string): void {
    for (const { cubeId } of this.list(holder)) this.close(cubeId, holder);
  }

  /** Runs some work that reads a cube: it stays readable until then, also where the last holder closes it meanwhile. */
  async using<Result>(cube: Cube, work: () => Promise<Result>): Promise<Result> {
    const { cubeId } = cube;
    this.#users.set(cubeId, (this.#users.get(cubeId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#users.get(cubeId) ?? 1) - 1;
      if (left > 0) this.#users.set(cubeId, left);
      else this.#users.delete(cubeId);
      if (left === 0 && !this.#cubes.has(cubeId)) this.#forget(cubeId);
    }
  }

  #forget(cubeId: string): void {
    this.#pool.unshare(cubeKey(cubeId));
    this.blocks.forget(cubeId);
    this.#onGone(cubeId);
  }
}

const notOpen = (): CubelensError =>
  new CubelensError('not-found', 'This cube is not open.', {
    field: 'cubeId',
    remedy: 'Open the file again.',
  });
