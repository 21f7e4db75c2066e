import { Hono } from 'hono';
import { z } from 'zod';
import type { Backends, KernelFacts } from '../contract/host.ts';
import { tensorFlowFactsTask } from '../tensorflow/tasks.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** What the engine's own inner loops run on. */
export const kernels: KernelFacts = {
  name: 'typescript',
  why: 'This version has plain TypeScript kernels on worker threads; SIMD kernels are not built yet.',
};

/** What runs the computations of this version; the first time it loads TensorFlow, which takes a second. */
export function backendRoutes({ tensorFlow }: EngineParts) {
  const querySchema = z.strictObject({ check: z.enum(['true', 'false']).default('false') });
  return new Hono().get('/', check('query', querySchema), async (context) => {
    const { signal } = context.req.raw;
    const work = { signal, priority: 'click' as const };
    const answer: Backends = { kernels, tensorflow: await tensorFlow.run(tensorFlowFactsTask, {}, work) };
    if (context.req.valid('query').check === 'true') answer.checks = await tensorFlow.check(work);
    return context.json(answer);
  });
}
