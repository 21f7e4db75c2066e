import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import {
  maximiseOutputSchema,
  maximiseRequestSchema,
  type MaximiseRequest,
  type MaximiseResult,
} from '../contract/maximise.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import { writeTextTask } from '../exports/tasks.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { maximiseTask, type MaximiseArgs } from '../learning/maximise/tasks.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** The input that maximises a frozen network. */
export function maximiseRoutes(parts: EngineParts) {
  return new Hono().post('/', check('json', maximiseRequestSchema), async (context) => {
    const args = argsOf(parts, context.req.valid('json'), false);
    const work = { signal: context.req.raw.signal, priority: 'click' as const };
    return context.json((await parts.pool.run(maximiseTask, args, work)).answer);
  });
}

/** The same as a job, with a picture where a target is given. */
export const maximiseJob = (parts: EngineParts): JobKind<z.infer<typeof maximiseOutputSchema>> => ({
  kind: 'maximise',
  schema: maximiseOutputSchema,
  plan: ({ request, target, replace }) => {
    const path = target === null ? null : parts.grants.resolve(target, 'write').path;
    const args = argsOf(parts, request, path !== null);
    return {
      title: path === null ? 'Maximise a network' : `Export ${basename(path)}`,
      ...(path === null ? {} : { folder: dirname(path) }),
      run: async (job): Promise<MaximiseResult> => {
        const work = { signal: job.signal, priority: 'export' as const };
        job.stage('Searching', request.starts ?? 0);
        const onProgress = (done: number): void => {
          job.progress(done);
        };
        const { answer, svg } = await parts.pool.run(maximiseTask, args, { ...work, onProgress });
        if (path === null || svg === null) return { answer, written: null };
        job.stage('Writing');
        const written = await writeOneFile(path, replace, (output) =>
          parts.pool.run(writeTextTask, { output, text: svg }, work),
        );
        return { answer, written };
      },
    };
  },
});

function argsOf({ grants }: EngineParts, request: MaximiseRequest, withSvg: boolean): MaximiseArgs {
  const { source } = request;
  if (source.kind !== 'file') return { request, file: null, withSvg };
  const { path, within } = grants.resolve(source.grantId, 'read');
  return { request, file: { path, within }, withSvg };
}
