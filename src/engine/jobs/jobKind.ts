import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import type { JobContext } from './jobs.ts';

/** What a request asks for, checked as far as it can be before the job begins. */
export interface PlannedJob {
  title: string;
  /** Folder that its files go into; left out where it writes none. */
  folder?: string;
  run: (job: JobContext) => Promise<unknown>;
}

/** One kind of long work. Rooms bring their own. */
export interface JobKind<Parameters> {
  readonly kind: string;
  readonly schema: z.ZodType<Parameters>;
  /** Throws what is wrong with the request; the job itself fails with what comes later. */
  readonly plan: (parameters: Parameters) => PlannedJob;
}

/** The kinds of job an engine knows. */
export class JobKinds {
  readonly #kinds = new Map<string, JobKind<unknown>>();

  /** Throws `internal` where there is one of that name. */
  add<Parameters>(kind: JobKind<Parameters>): void {
    if (this.#kinds.has(kind.kind)) {
      throw new CubelensError('internal', `Two kinds of job are named ${kind.kind}.`);
    }
    // The same object's schema gives the parameters that its plan sees.
    this.#kinds.set(kind.kind, kind as unknown as JobKind<unknown>);
  }

  /** The plan of a request. Throws `invalid-request` with the field. */
  plan(kind: string, parameters: unknown): PlannedJob {
    const found = this.#kinds.get(kind);
    if (found === undefined) {
      throw new CubelensError('invalid-request', `There is no job of kind ${kind}.`, {
        field: 'kind',
        remedy: `Known kinds: ${[...this.#kinds.keys()].join(', ')}.`,
      });
    }
    const checked = found.schema.safeParse(parameters);
    if (checked.success) return found.plan(checked.data);
    const issue = checked.error.issues[0];
    const field = issue?.path.map(String).join('.') ?? '';
    const what = field === '' ? 'The parameters' : field;
    throw new CubelensError('invalid-request', `${what}: ${issue?.message ?? 'not valid'}.`, { field });
  }
}
