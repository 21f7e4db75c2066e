import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  recordedOutput,
  type Engine,
  type ErrorCode,
  type JobSnapshot,
  type OpenCubeAnswer,
  type WireError,
} from '../../engine/engine.ts';
import { CommandError, exitCodes } from './exitCodes.ts';
import type { Progress } from './progress.ts';

/** The engine's API as the commands use it: in-process requests, errors thrown. */
export class Client {
  readonly engine: Engine;
  readonly #progress: Progress;
  readonly #interrupt: AbortSignal;

  /** @param interrupt aborted when the person presses Ctrl-C. */
  constructor(engine: Engine, progress: Progress, interrupt: AbortSignal) {
    this.engine = engine;
    this.#progress = progress;
    this.#interrupt = interrupt;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#request<Answer>(path, {});
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#request<Answer>(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** Opens a file named on the command line. @param image name or id of one of its images. */
  async open(file: string, image?: string, optionsFile?: string): Promise<OpenCubeAnswer> {
    const given = optionsFile === undefined ? {} : readOptions(optionsFile);
    const options = image === undefined ? given : { ...given, imageId: image };
    const { grantId } = this.#granting(() => this.engine.grants.grantRead(file));
    return this.post<OpenCubeAnswer>('/cubes', { grantId, options });
  }

  grantRead(file: string): string {
    return this.#granting(() => this.engine.grants.grantRead(file)).grantId;
  }

  grantWrite(file: string): string {
    return this.#granting(() => this.engine.grants.grantWrite(file)).grantId;
  }

  /** Runs a job to its end, showing progress; Ctrl-C cancels it and waits until it has cleaned up. */
  async job<Result>(body: unknown): Promise<Result> {
    let job = await this.post<JobSnapshot>('/jobs', body);
    const cancel = (): void => {
      void this.#request(`/jobs/${job.jobId}`, { method: 'DELETE' }, false);
    };
    if (this.#interrupt.aborted) cancel();
    this.#interrupt.addEventListener('abort', cancel, { once: true });
    try {
      for (let after = 0; job.state === 'running';) {
        this.#progress.show(job);
        const changes = await this.#request<{ revision: number; jobs: JobSnapshot[] }>(
          `/jobs?after=${after}`,
          {},
          false,
        );
        after = changes.revision;
        job = changes.jobs.find((changed) => changed.jobId === job.jobId) ?? job;
      }
    } finally {
      this.#interrupt.removeEventListener('abort', cancel);
      this.#progress.clear();
    }
    if (job.error !== null) throw new CommandError(job.error);
    return job.result as Result;
  }

  async #request<Answer>(path: string, init: RequestInit, interruptible = true): Promise<Answer> {
    const signal = interruptible ? this.#interrupt : null;
    const response = await this.engine.fetch(new Request(`http://cubelens/api${path}`, { ...init, signal }));
    const body: unknown = await response.json();
    if (!response.ok) throw new CommandError(body as WireError);
    return body as Answer;
  }

  #granting<Grant>(grant: () => Grant): Grant {
    try {
      return grant();
    } catch (thrown) {
      throw asCommandError(thrown);
    }
  }
}

/** The engine's own errors carry a code; anything else is a bug of ours. */
export function asCommandError(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  const error = thrown as { code?: unknown; message?: unknown; place?: object };
  const code =
    typeof error.code === 'string' && Object.hasOwn(exitCodes, error.code) ? error.code : 'internal';
  const message = typeof error.message === 'string' ? error.message : String(thrown);
  return new CommandError({ ...error.place, code: code as ErrorCode, message });
}

/** The output name that a recipe records. */
export async function recordedName(recipe: string): Promise<string> {
  try {
    return await recordedOutput(recipe);
  } catch (thrown) {
    throw asCommandError(thrown);
  }
}

function readOptions(file: string): Record<string, unknown> {
  const name = basename(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code = 'unknown error' } = thrown as NodeJS.ErrnoException;
    throw new CommandError({
      code: 'not-found',
      message: code === 'ENOENT' ? `${name} does not exist.` : `${name} cannot be read (${code}).`,
      file: name,
      remedy: 'Give a JSON file of open options after --open.',
    });
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch {
    // Said below, as for JSON that is not an object.
  }
  throw new CommandError({
    code: 'malformed-file',
    message: `${name} is not a JSON object of open options.`,
    file: name,
    remedy: 'Write for example {"noData": 0, "scale": 0.0001}.',
  });
}
