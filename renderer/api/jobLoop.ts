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
      const changes = await jobsAfter(client, revision, signal);
      // An engine that was started anew counts from the beginning.
      if (changes.revision < revision) queries.setQueryData<JobSnapshot[]>(jobsKey, []);
      revision = changes.revision;
      if (changes.jobs.length > 0) merge(queries, changes.jobs);
    } catch {
      revision = signal.aborted ? revision : 0;
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

function merge(queries: QueryClient, changed: readonly JobSnapshot[]): void {
  queries.setQueryData<JobSnapshot[]>(jobsKey, (before = []) => {
    const byId = new Map(before.map((job) => [job.jobId, job]));
    for (const job of changed) byId.set(job.jobId, job);
    return [...byId.values()];
  });
}
