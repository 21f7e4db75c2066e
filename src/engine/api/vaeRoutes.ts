import { Hono } from 'hono';
import type { Work } from '../base/work.ts';
import { openVaeSchema } from '../contract/vaeImages.ts';
import { vaeSpectrumSchema, vaeTraversalSchema } from '../contract/vaeSpectra.ts';
import { spectrumAt } from '../learning/vae/figures.ts';
import { vaeTraversalTask } from '../learning/vae/spectraTasks.ts';
import { traversed } from '../learning/vae/traversed.ts';
import type { RunTask } from '../products/imageKind.ts';
import { check } from './check.ts';
import { savedVae } from './grantedFiles.ts';
import type { EngineParts } from './parts.ts';

/** Autoencoders that are open, and what they say of a pixel. */
export function vaeRoutes(parts: EngineParts) {
  const workOf = (signal: AbortSignal, priority: Work['priority']): Work => ({ signal, priority });
  return new Hono()
    .post('/models', check('json', openVaeSchema), async (context) => {
      const work = workOf(context.req.raw.signal, 'open');
      const run: RunTask = (task, args) => parts.pool.run(task, args, work);
      return context.json(await parts.vaeModels.open(savedVae(parts, context.req.valid('json')), run));
    })
    .post('/spectrum', check('json', vaeSpectrumSchema), async (context) => {
      const { modelId, cubeId, ...pixel } = context.req.valid('json');
      const model = parts.vaeModels.get(modelId);
      const work = workOf(context.req.raw.signal, 'click');
      const cube = parts.cubes.get(cubeId);
      return context.json(await spectrumAt(parts, model, { cube, ...pixel }, work));
    })
    .post('/traversal', check('json', vaeTraversalSchema), async (context) => {
      const { modelId, from = null, ...asked } = context.req.valid('json');
      const { facts, packed } = parts.vaeModels.get(modelId);
      const args = { packed, from, ...asked, dimensionIndexes: traversed(facts, asked) };
      const work = workOf(context.req.raw.signal, 'click');
      return context.json(await parts.pool.run(vaeTraversalTask, args, work));
    });
}
