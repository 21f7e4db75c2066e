import { createHash } from 'node:crypto';
import { CubelensError } from '../base/errors.ts';
import type { Grant } from '../io/grants.ts';
import type { SourceRef } from '../io/byteSource.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { BlockStore } from './blocks.ts';
import type { OpenedCube, OpenOptions } from './cube.ts';
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

  constructor(pool: ThreadPool, blockBudgetBytes: number) {
    this.#pool = pool;
    this.blocks = new BlockStore(pool, blockBudgetBytes);
  }

  /** Opens a granted file. Opening the same state of the same file with the same options gives the same cube. */
  async open(grant: Grant, options: OpenOptions, signal?: AbortSignal): Promise<Cube> {
    const chosen = options.imageId === undefined ? {} : { imageId: options.imageId };
    const args = { path: grant.path, within: grant.within, options: chosen };
    const opened = await this.#pool.run(openCubeTask, args, { signal });
    return this.add(opened, options, { kind: 'files', path: grant.path });
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

  list(): Cube[] {
    return [...this.#cubes.values()];
  }

  close(cubeId: string): void {
    this.get(cubeId);
    this.#cubes.delete(cubeId);
    this.#pool.unshare(cubeKey(cubeId));
    this.blocks.forget(cubeId);
  }
}

function revisionOf(opened: OpenedCube, options: OpenOptions, origin: CubeOrigin): string {
  const files = opened.files.map((file) =>
    file.kind === 'file' ? [file.path, file.state.size, file.state.modifiedMs] : [file.name],
  );
  const text = JSON.stringify([files, opened.description, options, origin], (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
