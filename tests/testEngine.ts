import type { ExportResult } from '../src/engine/contract/exports.ts';
import type { JobSnapshot } from '../src/engine/contract/jobs.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import type { Problem } from '../src/engine/contract/host.ts';
import type { SpectrumResult } from '../src/engine/contract/spectra.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { storedView, type DataType, type StoredArray } from '../src/engine/base/dataTypes.ts';
import { createEngine, type Engine, type EngineConfig } from '../src/engine/engine.ts';

// For tests only: an engine with its real threads, reached through its API alone.

/** Repository root. */
export const root = path.join(import.meta.dirname, '..');

/** Folder of the real cubes; it may be absent. */
export const realData = path.resolve(root, process.env['CUBELENS_DATA'] ?? '../shared/data');

/** A refused request or failed job. */
export class Refused extends Error {
  readonly problem: Partial<Problem>;

  constructor(problem: Partial<Problem>) {
    super(`${problem.code ?? '?'}: ${problem.message ?? '?'}`);
    this.problem = problem;
  }
}

/** One tile as the API gave it. */
export interface FetchedTile {
  pixels: StoredArray;
  dataType: DataType;
  shape: number[];
  headers: Headers;
}

type Query = Record<string, string | number>;

/** An image in short: `bands` is one band index or three as text, further fields are those of a filter. */
export type TestImage = { image: string; bands: number | string } & Query;

/** The image as the API takes it. */
export function imageOf({ image, bands, ...filter }: TestImage): { kind: string; parameters: object } {
  const indexes = String(bands).split(',').map(Number);
  const parameters = indexes.length === 3 ? { bandIndexes: indexes } : { bandIndex: indexes[0] };
  const fields = Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      name,
      Number.isNaN(Number(value)) ? value : Number(value),
    ]),
  );
  return {
    kind: image,
    parameters: Object.keys(fields).length === 0 ? parameters : { ...parameters, filter: fields },
  };
}

/** Route of an exact tile. */
export const tileRoute = (
  cubeId: string,
  image: TestImage,
  address: readonly [number, number, number] = [0, 0, 0],
): string =>
  `/cubes/${cubeId}/tiles/${address.join('/')}?exact&image=${encodeURIComponent(JSON.stringify(imageOf(image)))}`;

/** An engine with a folder of its own. */
export class TestEngine {
  readonly engine: Engine;
  /** Fresh; removed by `close`. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'cubelens-test-'));

  constructor(threads = 2, config: Partial<EngineConfig> = {}) {
    this.engine = createEngine({
      workerUrl: new URL('../src/engine/worker.ts', import.meta.url),
      host: { kind: 'test', capabilities: [] },
      threads,
      ...config,
    });
  }

  /** Absolute path of a name in the folder. */
  at(name: string): string {
    return path.join(this.folder, name);
  }

  fetch(route: string, init: RequestInit = {}): Promise<Response> {
    return this.engine.fetch(new Request(`http://cubelens/api${route}`, init));
  }

  post(route: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.fetch(route, { method: 'POST', body: JSON.stringify(body), headers });
  }

  /** Opens a file by path or name in the folder. */
  async open(file: string, options: Record<string, unknown> = {}): Promise<OpenCubeAnswer> {
    const { grantId } = this.engine.grants.grantRead(path.resolve(this.folder, file));
    return answerOf<OpenCubeAnswer>(await this.post('/cubes', { grantId, options }));
  }

  async demo(
    recipe: Record<string, unknown> = {},
    part: 'cube' | 'classes' = 'cube',
  ): Promise<OpenCubeAnswer> {
    return answerOf<OpenCubeAnswer>(await this.post('/cubes/demo', { recipe, part }));
  }

  async spectra(
    cubeId: string,
    at: readonly [number, number][],
    filter: Query = {},
  ): Promise<SpectrumResult> {
    const query = [
      ...at.map(([line, sample]) => `at=${line},${sample}`),
      ...Object.entries(filter).map(([key, value]) => `${key}=${value}`),
    ];
    return answerOf<SpectrumResult>(await this.fetch(`/cubes/${cubeId}/spectra?${query.join('&')}`));
  }

  async tile(
    cubeId: string,
    image: TestImage,
    address: readonly [number, number, number] = [0, 0, 0],
  ): Promise<FetchedTile> {
    const response = await this.fetch(tileRoute(cubeId, image, address));
    if (!response.ok) throw new Refused((await response.json()) as Problem);
    const dataType = response.headers.get('cubelens-data-type') as DataType;
    const shape = (response.headers.get('cubelens-shape') ?? '').split(',').map(Number);
    const count = shape.reduce((product, length) => product * length, 1);
    const pixels = storedView(dataType, await response.arrayBuffer(), 0, count);
    return { pixels, dataType, shape, headers: response.headers };
  }

  /** Starts a job without waiting for it. */
  async start(kind: string, parameters: unknown): Promise<JobSnapshot> {
    return answerOf<JobSnapshot>(await this.post('/jobs', { kind, parameters }));
  }

  /** Polls until a job is as wanted, or has ended. */
  async until(jobId: string, wanted: (job: JobSnapshot) => boolean): Promise<JobSnapshot> {
    for (let after = 0; ;) {
      const response = await this.fetch(`/jobs?after=${after}`);
      const changes = await answerOf<{ revision: number; jobs: JobSnapshot[] }>(response);
      const job = changes.jobs.find((changed) => changed.jobId === jobId);
      if (job !== undefined && (job.state !== 'running' || wanted(job))) return job;
      after = changes.revision;
    }
  }

  /** Runs a job to its end; throws what it failed with. */
  async job<Result>(kind: string, parameters: unknown): Promise<Result> {
    const { jobId } = await this.start(kind, parameters);
    const ended = await this.until(jobId, () => false);
    if (ended.error !== null) throw new Refused(ended.error);
    return ended.result as Result;
  }

  /** Exports to a path or a name in the folder, replacing what is there unless told otherwise. */
  export(
    kind: 'cube' | 'image' | 'spectra',
    cubeId: string,
    file: string,
    parameters: object,
    replace = true,
  ): Promise<ExportResult> {
    return this.job('export', this.exportOrder(kind, cubeId, file, parameters, replace));
  }

  /** The parameters of an export job. */
  exportOrder(kind: string, cubeId: string, file: string, parameters: object, replace = true): object {
    const { grantId } = this.engine.grants.grantWrite(path.resolve(this.folder, file));
    return { cubeId, target: grantId, replace, output: { kind, parameters } };
  }

  /** Replays a recipe to another place, or with its recorded name beside itself. */
  replay(recipe: string, to = recipe.replace(/\.recipe\.json$/, ''), replace = true): Promise<ExportResult> {
    const { grants } = this.engine;
    const { grantId } = grants.grantRead(path.resolve(this.folder, recipe));
    const target = grants.grantWrite(path.resolve(this.folder, to)).grantId;
    return this.job('replay', { recipe: grantId, target, replace });
  }

  async close(): Promise<void> {
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The JSON of an answer; throws a refusal. */
export async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body: unknown = await response.json();
  if (!response.ok) throw new Refused(body as Problem);
  return body as Answer;
}

/** The problem that some work is refused with. Throws where it is not refused. */
export async function refusalOf(work: Promise<unknown>): Promise<Partial<Problem>> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.problem;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}
