import { Hono } from 'hono';
import { z } from 'zod';
import { jobRequestSchema } from '../contract/jobs.ts';
import { queryIndexSchema } from '../contract/numbers.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** How long a poll waits for a change before it answers with none. */
const pollMs = 25_000;

/** Long work: one POST a job, one long poll for all of them. */
export function jobRoutes({ jobs, jobKinds }: EngineParts) {
  return new Hono()
    .post('/', check('json', jobRequestSchema), (context) => {
      const { kind, parameters } = context.req.valid('json');
      const { title, run, folder } = jobKinds.plan(kind, parameters);
      return context.json(jobs.start(kind, title, run, folder), 201);
    })
    .get('/', check('query', z.object({ after: queryIndexSchema.default(0) })), async (context) => {
      const options = { timeoutMs: pollMs, signal: context.req.raw.signal };
      return context.json(await jobs.changesAfter(context.req.valid('query').after, options));
    })
    .get('/:jobId', (context) => context.json(jobs.get(context.req.param('jobId'))))
    .post('/:jobId/pause', (context) => context.json(jobs.pause(context.req.param('jobId'))))
    .post('/:jobId/resume', (context) => context.json(jobs.resume(context.req.param('jobId'))))
    .delete('/:jobId', (context) => context.json(jobs.cancel(context.req.param('jobId'))));
}
