import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import {
  gaussianConditionalSchema,
  gaussianDensitySchema,
  gaussianDescribeSchema,
  gaussianOutputSchema,
  gaussianSampleSchema,
  gaussianTableSchema,
} from '../contract/gaussian.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import {
  conditionalTask,
  densityTask,
  describeGaussianTask,
  drawSamplesTask,
  readSampleCsvTask,
  writeSamplesTask,
} from '../gaussian/tasks.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import type { Task } from '../workers/task.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** One Gaussian over several named vectors. */
export function gaussianRoutes({ pool, grants }: EngineParts) {
  const run = <Args, Result>(task: Task<Args, Result>, args: Args, { signal }: Request): Promise<Result> =>
    pool.run(task, args, { signal, priority: 'click' });
  return new Hono()
    .post('/describe', check('json', gaussianDescribeSchema), async (context) =>
      context.json(await run(describeGaussianTask, context.req.valid('json'), context.req.raw)),
    )
    .post('/conditional', check('json', gaussianConditionalSchema), async (context) =>
      context.json(await run(conditionalTask, context.req.valid('json'), context.req.raw)),
    )
    .post('/density', check('json', gaussianDensitySchema), async (context) =>
      context.json(await run(densityTask, context.req.valid('json'), context.req.raw)),
    )
    .post('/sample', check('json', gaussianSampleSchema), async (context) =>
      context.json(await run(drawSamplesTask, context.req.valid('json'), context.req.raw)),
    )
    .post('/table', check('json', gaussianTableSchema), async (context) => {
      const { grantId, vectors } = context.req.valid('json');
      const { path } = grants.resolve(grantId, 'read');
      return context.json(await run(readSampleCsvTask, { path, vectors }, context.req.raw));
    });
}

/** Writes samples, as many as the disk holds. */
export const gaussianSamplesJob = (parts: EngineParts): JobKind<z.infer<typeof gaussianOutputSchema>> => ({
  kind: 'gaussian-samples',
  schema: gaussianOutputSchema,
  plan: ({ target, replace, ...asked }) => {
    const { path } = parts.grants.resolve(target, 'write');
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: async (job) => {
        job.stage('Sampling');
        let notes: string[] = [];
        const written = await writeOneFile(path, replace, async (output) => {
          const work = { signal: job.signal, priority: 'export' as const };
          notes = await parts.pool.run(writeSamplesTask, { ...asked, output }, work);
        });
        return { ...written, notes };
      },
    };
  },
});
