import type { QueryClient } from '@tanstack/react-query';
import type { ExportResult, JobSnapshot } from '../../../src/engine/contract/index.ts';
import { startJob } from '../../api/calls.ts';
import type { Client } from '../../api/client.ts';
import type { Host } from '../../api/host.ts';
import { troubleOf } from '../../api/problem.ts';
import { jobsKey } from '../../api/queries.ts';
import type { Toasts } from '../../ui/toastList.ts';
import type { ExportPlan } from './exportPlan.ts';

const recipeEnding = '.recipe.json';

/** The files of a finished export: those with data, and the recipe beside them. */
export function filesOf({ result }: JobSnapshot): { data: string[]; recipe: string | null } {
  const files = (result as ExportResult | null)?.files ?? [];
  return {
    data: files.filter((name) => !name.endsWith(recipeEnding)),
    recipe: files.find((name) => name.endsWith(recipeEnding)) ?? null,
  };
}

/** Hands the data of a finished export over: its one file, or all with the recipe as a .zip. */
export function download(host: Host, toasts: Toasts, job: JobSnapshot): void {
  const { data } = filesOf(job);
  handOver(host, toasts, job, data.length === 1 ? (data[0] ?? null) : null);
}

/** Hands one file of a finished export over, or all (null); says so where they cannot be had. */
export function handOver(host: Host, toasts: Toasts, job: JobSnapshot, file: string | null): void {
  host.fetchOutput(job.jobId, file).catch((thrown: unknown) => {
    const { message, remedy } = troubleOf(thrown);
    toasts.show({
      kind: 'error',
      title: `${host.outputLabel} does not work`,
      message: [message, remedy].filter(Boolean).join(' '),
    });
  });
}

/** The exports that this window has started; tells the person how each ends. */
export class ExportSession {
  readonly #client: Client;
  readonly #host: Host;
  readonly #toasts: Toasts;
  readonly #started = new Set<string>();

  constructor(client: Client, host: Host, toasts: Toasts, queries: QueryClient) {
    this.#client = client;
    this.#host = host;
    this.#toasts = toasts;
    queries.getQueryCache().subscribe(({ query }) => {
      if ((query.queryKey as readonly unknown[])[0] !== jobsKey[0]) return;
      for (const job of (query.state.data as JobSnapshot[] | undefined) ?? []) this.#tell(job);
    });
  }

  /** Starts an export to a granted target. Throws `ApiError`. */
  async start(cubeId: string, target: string, replace: boolean, output: ExportPlan['output']): Promise<void> {
    const { jobId } = await startJob(this.#client, 'export', { cubeId, target, replace, output });
    this.#started.add(jobId);
  }

  #tell(job: JobSnapshot): void {
    if (job.state === 'running' || !this.#started.delete(job.jobId)) return;
    const { title, state, error } = job;
    if (state === 'failed') {
      const message = [error?.message, error?.remedy].filter(Boolean).join(' ');
      this.#toasts.show({ kind: 'error', title: `${title} failed`, message });
    } else if (state === 'cancelled') {
      this.#toasts.show({ kind: 'info', title: `${title} was cancelled`, message: 'Nothing was written.' });
    } else this.#tellDone(job);
  }

  #tellDone(job: JobSnapshot): void {
    const { data, recipe } = filesOf(job);
    const { warnings = [] } = job.result as ExportResult;
    const actions = [
      {
        label: this.#host.outputLabel,
        run: () => {
          download(this.#host, this.#toasts, job);
        },
      },
    ];
    if (recipe !== null) {
      actions.push({
        label: 'Recipe',
        run: () => {
          handOver(this.#host, this.#toasts, job, recipe);
        },
      });
    }
    this.#toasts.show({
      kind: warnings.length > 0 ? 'warning' : 'done',
      title: `${data[0] ?? 'The file'} is written`,
      message: warnings.length > 0 ? warnings.join(' ') : undefined,
      actions,
    });
  }
}
