import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import type { Work } from '../base/work.ts';
import { openVaeSchema } from '../contract/vaeImages.ts';
import {
  vaeFigureJobSchema,
  vaeSpectrumSchema,
  vaeTraversalSchema,
  type VaeFigureParameters,
  type VaeFigureResult,
} from '../contract/vaeSpectra.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { runFileExport } from '../exports/fileExport.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { spectrumAt, writeFigure } from '../learning/vae/figures.ts';
import { vaeTraversalTask } from '../learning/vae/spectraTasks.ts';
import { traversed } from '../learning/vae/traversed.ts';
import type { RunTask } from '../products/imageKind.ts';
import { check } from './check.ts';
import { readable, savedVae } from './grantedFiles.ts';
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

type VaeFigureOrder = z.infer<typeof vaeFigureJobSchema>;

/** A figure as a recipe records it: without the grant of the cube, which is an input. */
function withoutGrant(figure: VaeFigureOrder['figure']): VaeFigureParameters['figure'] {
  const placeOf = ({ line, sample }: { line: number; sample: number }) => ({ line, sample });
  return figure.kind === 'spectrum'
    ? { ...figure, pixel: placeOf(figure.pixel) }
    : { ...figure, pixel: figure.pixel && placeOf(figure.pixel) };
}

/** A pixel's Gaussian, or traversals, as a file. */
export const vaeFigureJob = (parts: EngineParts): JobKind<VaeFigureOrder> => ({
  kind: 'vae-figure',
  schema: vaeFigureJobSchema,
  plan: ({ files, figure: asked, target, format, replace }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const { pixel } = asked;
    const model = savedVae(parts, files);
    const cube = pixel === null ? null : readable(parts, pixel.grantId);
    const parameters = { figure: withoutGrant(asked), format };
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: async (job): Promise<VaeFigureResult> => {
        const ofCube = cube === null ? [] : await cubeInputs(parts.cubes, cube, job.signal);
        const order = { inputs: [...model, ...ofCube], parameters, path, replace };
        let notes: string[] | null = null;
        const written = await runFileExport(parts, 'vae-figure', order, job, async () => {
          const made = await writeFigure(parts, order, job);
          ({ notes } = made);
          return made.file;
        });
        if (notes === null) throw new CubelensError('internal', 'A figure that was not made.');
        return { written, notes };
      },
    };
  },
});
