import { basename } from 'node:path';
import { hc } from 'hono/client';
import {
  openOptionsSchema,
  type Assumption,
  type ErrorCode,
  type JobKinds,
  type JobSnapshot,
  type OpenCubeAnswer,
  type OpenOptions,
  type WireError,
} from '../../engine/contract/index.ts';
import {
  assumptionsTouching,
  recordedOutput,
  type AnswerKind,
  type Api,
  type Engine,
} from '../../engine/engine.ts';
import { CommandError, exitCodes } from './exitCodes.ts';
import { readJsonObject } from './jsonFile.ts';
import type { Progress } from './progress.ts';

/** The engine's API as the commands use it: in-process requests, typed by the contract, errors thrown. */
export class Client {
  readonly engine: Engine;
  /** Requests that Ctrl-C calls off. */
  readonly api: ReturnType<typeof hc<Api>>['api'];
  /** Requests that go on when the person has pressed Ctrl-C: a cancelled job is still followed to its end. */
  readonly #steady: ReturnType<typeof hc<Api>>['api'];
  readonly #progress: Progress;
  readonly #interrupt: AbortSignal;

  /** @param interrupt aborted when the person presses Ctrl-C. */
  constructor(engine: Engine, progress: Progress, interrupt: AbortSignal) {
    this.engine = engine;
    this.#progress = progress;
    this.#interrupt = interrupt;
    this.api = this.#apiWith(interrupt);
    this.#steady = this.#apiWith(null);
  }

  /** Opens a file named on the command line. @param image name or id of one of its images. */
  async open(file: string, image?: string, optionsFile?: string): Promise<OpenCubeAnswer> {
    const given = optionsFile === undefined ? {} : readOptions(optionsFile);
    const options = image === undefined ? given : { ...given, imageId: image };
    const { grantId } = this.#granting(() => this.engine.grants.grantRead(file));
    const response = await this.api.cubes.$post({ json: { grantId, options } });
    return response.json();
  }

  /** Says on standard error what was assumed and touches an answer. */
  sayAssumptions(assumptions: readonly Assumption[], kind: AnswerKind): void {
    for (const { field, value, why } of assumptionsTouching(assumptions, kind)) {
      this.#progress.say(`Assumed ${field}: ${value}. ${why}`);
    }
  }

  grantRead(file: string): string {
    return this.#granting(() => this.engine.grants.grantRead(file)).grantId;
  }

  grantWrite(file: string): string {
    return this.#granting(() => this.engine.grants.grantWrite(file)).grantId;
  }

  /** Runs a job to its end, showing progress; Ctrl-C cancels it and waits until it has cleaned up. */
  async job<Kind extends keyof JobKinds>(
    kind: Kind,
    parameters: JobKinds[Kind]['parameters'],
  ): Promise<JobKinds[Kind]['result']> {
    const started = await this.api.jobs.$post({ json: { kind, parameters } });
    let job: JobSnapshot = await started.json();
    const cancel = (): void => {
      void this.#steady.jobs[':jobId'].$delete({ param: { jobId: job.jobId } });
    };
    if (this.#interrupt.aborted) cancel();
    this.#interrupt.addEventListener('abort', cancel, { once: true });
    try {
      for (let after = 0; job.state === 'running';) {
        this.#progress.show(job);
        const polled = await this.#steady.jobs.$get({ query: { after: String(after) } });
        const { revision, jobs } = await polled.json();
        after = revision;
        job = jobs.find((changed) => changed.jobId === job.jobId) ?? job;
      }
    } finally {
      this.#interrupt.removeEventListener('abort', cancel);
      this.#progress.clear();
    }
    if (job.error !== null) throw new CommandError(job.error);
    // The contract pairs kinds and results.
    return job.result as JobKinds[Kind]['result'];
  }

  #apiWith(signal: AbortSignal | null): ReturnType<typeof hc<Api>>['api'] {
    const { engine } = this;
    return hc<Api>('http://cubelens/', {
      fetch: async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
        const response = await engine.fetch(new Request(input, { ...init, signal }));
        if (!response.ok) throw new CommandError((await response.json()) as WireError);
        return response;
      },
    }).api;
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

/** Open options of a JSON file. Throws a command error that names the file and the field. */
function readOptions(file: string): OpenOptions {
  const name = basename(file);
  const given = readJsonObject(
    file,
    'a JSON object of open options',
    'Write for example {"noData": 0, "scale": 0.0001}.',
  );
  const checked = openOptionsSchema.safeParse(withJoins(given, name));
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CommandError({
    code: 'invalid-request',
    message: `${name}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'not valid'}.`,
    file: name,
    ...(field === '' ? {} : { field }),
    remedy: 'See the guide, Opening cubes, for the options and their values.',
  });
}

/** People count bands from 1: `joins` in the file, indexes in the API. */
function withJoins({ joins, ...options }: Record<string, unknown>, file: string): Record<string, unknown> {
  if (joins === undefined) return options;
  const isList = Array.isArray(joins) && joins.every((band) => Number.isInteger(band) && band >= 1);
  if (isList) return { ...options, joinIndexes: joins.map((band: number) => band - 1) };
  throw new CommandError({
    code: 'malformed-file',
    message: `${file}: joins is not a list of band numbers from 1.`,
    file,
    field: 'joins',
    remedy: 'Write for example {"joins": [104, 145]}: the bands after which a segment ends.',
  });
}
