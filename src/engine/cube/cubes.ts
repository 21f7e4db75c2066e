import type { OpenOptions } from '../contract/cube.ts';
import { createHash } from 'node:crypto';
import { CubelensError } from '../base/errors.ts';
import type { Grant } from '../io/grants.ts';
import type { SourceRef } from '../io/byteSource.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { BlockStore } from './blocks.ts';
import type { OpenedCube } from './cube.ts';
import { applyOpenOptions } from './openOptions.ts';
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

/** The open cubes of one engine. */
export class Cubes {
  readonly blocks: BlockStore;
  readonly #pool: ThreadPool;
  readonly #cubes = new Map<string, Cube>();
  /** Pieces of work that read a cube now, by cube. */
  readonly #users = new Map<string, number>();
  /** Cubes that no person has opened. */
  readonly #lent = new Set<string>();

  constructor(pool: ThreadPool, blockBudgetBytes: number) {
    this.#pool = pool;
    this.blocks = new BlockStore(pool, blockBudgetBytes);
  }

  /** Opens a granted file. Opening the same state of the same file with the same options gives the same cube. */
  async open(grant: Grant, options: OpenOptions, signal?: AbortSignal): Promise<Cube> {
    const chosen = options.imageId === undefined ? {} : { imageId: options.imageId };
    const args = { path: grant.path, within: grant.within, options: chosen };
    const opened = await this.#pool.run(openCubeTask, args, { signal });
    // A name was as good as the id: what was opened is the same cube, and a recipe says the id.
    const resolved =
      options.imageId === undefined ? options : { ...options, imageId: opened.description.imageId };
    return this.add(opened, resolved, { kind: 'files', path: grant.path });
  }

  /** Takes in a cube that is already described: one in memory, or one just opened. */
  add(opened: OpenedCube, options: OpenOptions, origin: CubeOrigin): Cube {
    const description = applyOpenOptions(opened.description, options);
    const cubeId = revisionOf(opened, options, origin);
    const cube: Cube = {
      cubeId,
      description,
      layout: opened.layout,
      files: opened.files,
      options,
      origin,
    };
    this.#cubes.set(cubeId, cube);
    this.#lent.delete(cubeId);
    const readable: ReadableCube = { cubeId, description, layout: opened.layout };
    this.#pool.share(cubeKey(cubeId), readable);
    return cube;
  }

  /** An open cube. Throws `not-found`. */
  get(cubeId: string): Cube {
    const cube = this.#cubes.get(cubeId);
    if (cube === undefined) {
      throw new CubelensError('not-found', 'This cube is not open.', {
        field: 'cubeId',
        remedy: 'Open the file again.',
      });
    }
    return cube;
  }

  /** Cubes that a person has opened. */
  list(): Cube[] {
    return [...this.#cubes.values()].filter((cube) => !this.#lent.has(cube.cubeId));
  }

  has(cubeId: string): boolean {
    return this.#cubes.has(cubeId);
  }

  /** Closes a cube; work that uses it now goes on to its end. Throws `not-found`. */
  close(cubeId: string): void {
    this.get(cubeId);
    this.#cubes.delete(cubeId);
    if (!this.#users.has(cubeId)) this.#forget(cubeId);
  }

  /** Marks a cube as opened for one piece of work only, until a person opens it too. */
  lend(cubeId: string): void {
    this.#lent.add(cubeId);
  }

  /** Closes a cube that was lent and that no person has opened since. */
  takeBack(cubeId: string): void {
    if (this.#lent.has(cubeId) && this.#cubes.has(cubeId)) this.close(cubeId);
    this.#lent.delete(cubeId);
  }

  /** Runs some work that reads a cube: it stays readable until then, also where a person closes it meanwhile. */
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
  }
}

/** The options by name, so that the order in which they were given makes no other cube. */
const sorted = (options: OpenOptions): unknown[] =>
  Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));

function revisionOf(opened: OpenedCube, options: OpenOptions, origin: CubeOrigin): string {
  const files = opened.files.map((file) =>
    file.kind === 'file' ? [file.path, file.state.size, file.state.modifiedMs] : [file.name],
  );
  const text = JSON.stringify([files, opened.description, sorted(options), origin], (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
