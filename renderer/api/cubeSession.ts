import type { QueryClient } from '@tanstack/react-query';
import type { OpenCubeAnswer, OpenOptions } from '../../src/engine/contract/index.ts';
import type { CubeOrigin, WindowStore } from '../store/windowStore.ts';
import { closeCube, listCubes, openCube, openDemo } from './calls.ts';
import type { Client } from './client.ts';
import type { Host, HostFile } from './host.ts';
import { isCancelled, troubleOf } from './problem.ts';

/** Key of the open cubes in the query cache, in the order they were opened. */
export const cubesKey = ['cubes'] as const;

const originsKey = 'cubelens-origins';

/** Opening and closing of cubes by this window. */
export class CubeSession {
  readonly #client: Client;
  readonly #host: Host;
  readonly #store: WindowStore;
  readonly #queries: QueryClient;
  #opening: AbortController | null = null;
  #openingEnded: Promise<unknown> = Promise.resolve();
  #queue: Promise<void> = Promise.resolve();

  constructor(client: Client, host: Host, store: WindowStore, queries: QueryClient) {
    this.#client = client;
    this.#host = host;
    this.#store = store;
    this.#queries = queries;
  }

  /** The cubes that are open. */
  get cubes(): readonly OpenCubeAnswer[] {
    return this.#queries.getQueryData<OpenCubeAnswer[]>(cubesKey) ?? [];
  }

  /**
   * Finds the cubes that this window held before it was loaded again, else opens what the host was started with.
   * @param last the cube that was shown then.
   */
  async begin(last: string | null = null): Promise<void> {
    const held = await listCubes(this.#client);
    const origins = keptOrigins();
    for (const cube of held) this.#add(cube, origins[cube.cubeId] ?? null);
    if (held.length > 0) {
      const active = held.find(({ cubeId }) => cubeId === last) ?? held.at(-1);
      this.#store.activate(active?.cubeId ?? null);
      return;
    }
    const { file, demo } = await this.#host.start();
    if (file !== null) await this.openNext(file);
    else if (demo) await this.openDemo();
  }

  /** Lets the person choose a file and opens it. */
  async pickAndOpen(): Promise<void> {
    const file = await this.#host.pickFile();
    if (file !== null) await this.openFile(file);
  }

  /** Gives the cube; null where it was cancelled or could not be opened, which is then said. */
  async openFile(
    file: HostFile,
    options: OpenOptions = {},
    like: string | null = null,
  ): Promise<OpenCubeAnswer | null> {
    return this.#open(file.name, async (signal) => {
      const grantId = await this.#host.grantRead(file);
      const cube = await openCube(this.#client, grantId, options, signal);
      this.#add(cube, { kind: 'file', id: file.id, name: file.name, options }, like);
      await this.#host.remember(file).catch(() => undefined);
      return cube;
    });
  }

  /** Opens a file when what is being opened is there: of several that the system hands over none is lost. */
  openNext(file: HostFile): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      await this.#openingEnded;
      await this.openFile(file);
    });
    return this.#queue;
  }

  async openDropped(files: readonly File[]): Promise<void> {
    const name = files[0]?.name ?? 'The files';
    await this.#open(name, async (signal) => {
      const file = await this.#host.takeDropped(files, signal, (share) => {
        this.#store.set({ opening: { name, share } });
      });
      const cube = await openCube(this.#client, await this.#host.grantRead(file), {}, signal);
      this.#add(cube, { kind: 'file', id: file.id, name: file.name, options: {} });
      await this.#host.remember(file).catch(() => undefined);
      return cube;
    });
  }

  async openDemo(part: 'cube' | 'classes' = 'cube'): Promise<void> {
    await this.#open('The demo scene', async (signal) => {
      const cube = await openDemo(this.#client, part, signal);
      this.#add(cube, { kind: 'demo', part });
      return cube;
    });
  }

  /** Opens a cube once more with other options; the one it was opened with before is closed. */
  async reopen(cubeId: string, options: OpenOptions): Promise<void> {
    const origin = this.#store.state.origins[cubeId];
    if (origin?.kind !== 'file') return;
    const opened = await this.openFile({ id: origin.id, name: origin.name }, options, cubeId);
    // The same options give the same cube; where nothing was opened the old one stays.
    if (opened !== null && opened.cubeId !== cubeId) await this.close(cubeId);
  }

  /** Ends what is being opened. */
  cancelOpening(): void {
    this.#opening?.abort();
  }

  async close(cubeId: string): Promise<void> {
    const rest = this.cubes.filter((cube) => cube.cubeId !== cubeId);
    this.#queries.setQueryData<OpenCubeAnswer[]>(cubesKey, rest);
    this.#store.forgetCube(cubeId, rest.at(-1)?.cubeId ?? null);
    keepOrigins(this.#store.state.origins);
    await closeCube(this.#client, cubeId).catch(() => undefined);
  }

  /**
   * Opens again what the engine no longer has (it was away, or this window asleep): the same files have the same ids, so
   * everything goes on. What cannot be had any more leaves the list. True where something was missing.
   */
  async revive(): Promise<boolean> {
    const held = new Set((await listCubes(this.#client)).map(({ cubeId }) => cubeId));
    const missing = this.cubes.filter(({ cubeId }) => !held.has(cubeId));
    for (const { cubeId, info } of missing) {
      const origin = this.#store.state.origins[cubeId];
      try {
        const cube = origin === undefined ? null : await this.#again(origin);
        if (cube !== null && cube.cubeId !== cubeId) this.#add(cube, origin ?? null);
        if (cube?.cubeId !== cubeId) await this.close(cubeId);
      } catch (thrown) {
        await this.close(cubeId);
        this.#store.set({ openTrouble: { name: info.file, trouble: troubleOf(thrown) } });
      }
    }
    return missing.length > 0;
  }

  async #again(origin: CubeOrigin): Promise<OpenCubeAnswer> {
    if (origin.kind === 'demo') return openDemo(this.#client, origin.part);
    return openCube(this.#client, await this.#host.grantRead(origin), origin.options);
  }

  #open(
    name: string,
    work: (signal: AbortSignal) => Promise<OpenCubeAnswer>,
  ): Promise<OpenCubeAnswer | null> {
    const opened = this.#openNow(name, work);
    this.#openingEnded = opened;
    return opened;
  }

  async #openNow(
    name: string,
    work: (signal: AbortSignal) => Promise<OpenCubeAnswer>,
  ): Promise<OpenCubeAnswer | null> {
    this.#opening?.abort();
    const controller = new AbortController();
    this.#opening = controller;
    this.#store.set({ opening: { name, share: null }, openTrouble: null });
    try {
      const cube = await work(controller.signal);
      this.#store.activate(cube.cubeId);
      return cube;
    } catch (thrown) {
      if (!isCancelled(thrown)) this.#store.set({ openTrouble: { name, trouble: troubleOf(thrown) } });
      return null;
    } finally {
      if (this.#opening === controller) {
        this.#opening = null;
        this.#store.set({ opening: null });
      }
    }
  }

  #add(cube: OpenCubeAnswer, origin: CubeOrigin | null, like: string | null = null): void {
    const others = this.cubes.filter(({ cubeId }) => cubeId !== cube.cubeId);
    this.#queries.setQueryData<OpenCubeAnswer[]>(cubesKey, [...others, cube]);
    this.#store.addCube(cube, origin, like);
    keepOrigins(this.#store.state.origins);
  }
}

/** Origins outlive a reload, as the window's hold of its cubes does. */
function keepOrigins(origins: Readonly<Record<string, CubeOrigin>>): void {
  sessionStorage.setItem(originsKey, JSON.stringify(origins));
}

function keptOrigins(): Record<string, CubeOrigin> {
  try {
    return JSON.parse(sessionStorage.getItem(originsKey) ?? '{}') as Record<string, CubeOrigin>;
  } catch {
    return {};
  }
}
