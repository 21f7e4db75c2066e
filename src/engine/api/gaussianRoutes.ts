import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import {
  gaussianConditionalSchema,
  gaussianDensitySchema,
  gaussianDescribeSchema,
  gaussianMarginalSchema,
  gaussianOutputSchema,
  gaussianSampleSchema,
  type GaussianSpec,
} from '../contract/gaussian.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import {
  conditionalTask,
  densityTask,
  describeGaussianTask,
  drawSamplesTask,
  writeSamplesTask,
  type StatedGaussian,
} from '../gaussian/tasks.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import type { Task } from '../workers/task.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** One Gaussian over several named vectors. */
export function gaussianRoutes(parts: EngineParts) {
  const run = <Asked extends Stated, Result>(
    task: Task<Located<Asked>, Result>,
    asked: Asked,
    { signal }: Request,
  ): Promise<Result> => parts.pool.run(task, located(parts, asked), { signal, priority: 'click' });
  return new Hono()
    .post('/describe', check('json', gaussianDescribeSchema), async (context) =>
      context.json(await run(describeGaussianTask, context.req.valid('json'), context.req.raw)),
    )
    .post('/marginal', check('json', gaussianMarginalSchema), async (context) =>
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
    );
}

interface Stated {
  spec: GaussianSpec;
  tableGrantId?: string | undefined;
}
type Located<Asked extends Stated> = Omit<Asked, 'tableGrantId'> & StatedGaussian;

/** A request with the path of its granted file. */
function located<Asked extends Stated>({ grants }: EngineParts, asked: Asked): Located<Asked> {
  const { tableGrantId, ...rest } = asked;
  return { ...rest, table: tableGrantId === undefined ? null : grants.resolve(tableGrantId, 'read').path };
}

/** Writes samples, as many as the disk holds. */
export const gaussianSamplesJob = (parts: EngineParts): JobKind<z.infer<typeof gaussianOutputSchema>> => ({
  kind: 'gaussian-samples',
  schema: gaussianOutputSchema,
  plan: ({ target, replace, ...asked }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const order = located(parts, asked);
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: async (job) => {
        job.stage('Sampling');
        let notes: string[] = [];
        const written = await writeOneFile(path, replace, async (output) => {
          const work = { signal: job.signal, priority: 'export' as const };
          notes = await parts.pool.run(writeSamplesTask, { ...order, output }, work);
        });
        return { ...written, notes };
      },
    };
  },
});
