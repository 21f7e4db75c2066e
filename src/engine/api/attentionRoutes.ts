import { Hono } from 'hono';
import type { z } from 'zod';
import { attentionTask } from '../attention/tasks.ts';
import { runAttentionExport } from '../attention/attentionExport.ts';
import type { AttentionOrder } from '../attention/computeAttention.ts';
import { dirname, basename } from 'node:path';
import { attentionOutputSchema, attentionRequestSchema } from '../contract/attention.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** Self-attention of a source, with what can be read in it. */
export function attentionRoutes(parts: EngineParts) {
  return new Hono().post('/', check('json', attentionRequestSchema), async (context) => {
    const order = orderOf(parts, context.req.valid('json'));
    const { signal } = context.req.raw;
    return context.json(await parts.pool.run(attentionTask, order, { signal, priority: 'click' }));
  });
}

/** Writes the weights of one layer. */
export const attentionJob = (parts: EngineParts): JobKind<z.infer<typeof attentionOutputSchema>> => ({
  kind: 'attention',
  schema: attentionOutputSchema,
  plan: ({ request, target, ...output }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const order = orderOf(parts, request);
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: (job) => runAttentionExport(parts.pool, { output, order, path }, job),
    };
  },
});

function orderOf({ grants }: EngineParts, request: z.output<typeof attentionRequestSchema>): AttentionOrder {
  const { source } = request;
  const ids =
    source.kind === 'file'
      ? [source.grantId]
      : source.kind === 'tables'
        ? [source.q, source.k, source.v]
        : [];
  return { request, paths: Object.fromEntries(ids.map((id) => [id, grants.resolve(id, 'read').path])) };
}
