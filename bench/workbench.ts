import {
  imageText,
  type BuiltInImage,
  type JobKinds,
  type JobSnapshot,
  type OpenCubeAnswer,
  type SpectrumResult,
} from '../src/engine/contract/index.ts';
import { createEngine, type Engine } from '../src/engine/engine.ts';
import { workerUrl } from '../src/hosts/workerUrl.ts';

/** Worker threads of every measurement. */
export const threads = 2;

/** The second derivative that most rows compute, per band as SciPy does by default. */
export const filter = { window: 11, degree: 2, derivative: 2, axis: 'band' } as const;
export const filterQuery = Object.entries(filter)
  .map(([name, value]) => `${name}=${value}`)
  .join('&');

/** An engine as a host has it, but without a cache of tiles unless asked for, so that every image is computed. */
export class Workbench implements AsyncDisposable {
  readonly #engine: Engine;

  /** `cachesAsHost`: the caches that a host's engine has by default. */
  constructor({ cachesAsHost = false } = {}) {
    const caches = cachesAsHost ? {} : { tileCacheBytes: 0 };
    this.#engine = createEngine({ workerUrl, host: { kind: 'test', capabilities: [] }, threads, ...caches });
  }

  async open(path: string): Promise<OpenCubeAnswer> {
    const { grantId } = this.#engine.grants.grantRead(path);
    return this.#json('/cubes', { method: 'POST', body: JSON.stringify({ grantId, options: {} }) });
  }

  /** Closes the cube: its decoded blocks go too. */
  async close({ cubeId }: OpenCubeAnswer): Promise<void> {
    await this.#request(`/cubes/${cubeId}`, { method: 'DELETE' });
  }

  async spectrum(cube: OpenCubeAnswer, line: number, sample: number, query = ''): Promise<SpectrumResult> {
    return this.#json(`/cubes/${cube.cubeId}/spectra?at=${line},${sample}&${query}`);
  }

  /** All full-resolution tiles of an image, asked for at once. */
  async tiles(cube: OpenCubeAnswer, image: BuiltInImage): Promise<ArrayBuffer[]> {
    const { info, tiles } = cube;
    const rows = Math.ceil(info.lines / tiles.size);
    const columns = Math.ceil(info.samples / tiles.size);
    return Promise.all(
      Array.from({ length: rows * columns }, (_, k) => {
        const address = { level: 0, row: Math.floor(k / columns), column: k % columns };
        return this.tile(cube, image, address);
      }),
    );
  }

  /** One tile. `exact`: of a coarse level the mean of all pixels, however long that takes. */
  async tile(
    { cubeId }: OpenCubeAnswer,
    image: BuiltInImage,
    { level, row, column }: { level: number; row: number; column: number },
    { exact = false, signal = null }: { exact?: boolean; signal?: AbortSignal | null } = {},
  ): Promise<ArrayBuffer> {
    const query = new URLSearchParams({ image: imageText(image), ...(exact ? { exact: '1' } : {}) });
    const path = `/cubes/${cubeId}/tiles/${level}/${row}/${column}?${query}`;
    return (await this.#request(path, { signal })).arrayBuffer();
  }

  /** The right to write a file, for a job's `target`. */
  target(path: string): string {
    return this.#engine.grants.grantWrite(path).grantId;
  }

  /** Runs a job to its end. */
  async job<Kind extends keyof JobKinds>(
    kind: Kind,
    parameters: JobKinds[Kind]['parameters'],
  ): Promise<JobKinds[Kind]['result']> {
    const body = JSON.stringify({ kind, parameters });
    let job: JobSnapshot = await this.#json('/jobs', { method: 'POST', body });
    for (let after = 0; job.state === 'running';) {
      const changes: { revision: number; jobs: JobSnapshot[] } = await this.#json(`/jobs?after=${after}`);
      after = changes.revision;
      job = changes.jobs.find(({ jobId }) => jobId === job.jobId) ?? job;
    }
    if (job.error !== null) throw new Error(job.error.message);
    return job.result as JobKinds[Kind]['result'];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close();
  }

  async #json<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    return (await (await this.#request(path, init)).json()) as Answer;
  }

  async #request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.#engine.fetch(new Request(`http://bench/api${path}`, { headers, ...init }));
    if (!response.ok) throw new Error(await response.text());
    return response;
  }
}

/** Sum of the finite float32 (or stored uint16) values of some tiles, in float64. */
export function sumOf(tiles: readonly ArrayBuffer[], type: 'float32' | 'uint16'): number {
  let sum = 0;
  for (const tile of tiles) {
    for (const value of type === 'float32' ? new Float32Array(tile) : new Uint16Array(tile)) {
      if (Number.isFinite(value)) sum += value;
    }
  }
  return sum;
}
