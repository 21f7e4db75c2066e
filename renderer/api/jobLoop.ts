import type { QueryClient } from '@tanstack/react-query';
import type { JobSnapshot } from '../../src/engine/contract/index.ts';
import { jobsAfter } from './calls.ts';
import type { Client } from './client.ts';
import { jobsKey } from './queries.ts';

/** After a failure; who is away is looked for by the watch of the connection. */
const pauseMs = 1000;

/** Follows all jobs by one long poll, as long as the signal is not aborted. */
export async function followJobs(client: Client, queries: QueryClient, signal: AbortSignal): Promise<void> {
  let revision = 0;
  while (!signal.aborted) {
    try {
      // From the beginning: all jobs there are. An engine that was started anew knows nothing of the old ones.
      const isAll = revision === 0;
      const changes = await jobsAfter(client, revision, signal);
      revision = changes.revision;
      if (isAll) replace(queries, changes.jobs);
      else if (changes.jobs.length > 0) merge(queries, changes.jobs);
    } catch {
      revision = 0;
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

/** The whole list; what the person has cleared away stays away as long as it is the same job. */
function replace(queries: QueryClient, all: readonly JobSnapshot[]): void {
  queries.setQueryData<JobSnapshot[]>(jobsKey, (before) => {
    if (before === undefined) return [...all];
    const shown = new Set(before.map(({ jobId, title }) => `${jobId} ${title}`));
    return all.filter(({ jobId, title, state }) => state === 'running' || shown.has(`${jobId} ${title}`));
  });
}

function merge(queries: QueryClient, changed: readonly JobSnapshot[]): void {
  queries.setQueryData<JobSnapshot[]>(jobsKey, (before = []) => {
    const byId = new Map(before.map((job) => [job.jobId, job]));
    for (const job of changed) byId.set(job.jobId, job);
    return [...byId.values()];
  });
}
