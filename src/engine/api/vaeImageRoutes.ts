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
  type VaeFigureResult,
} from '../contract/vaeSpectra.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { runFileExport } from '../exports/fileExport.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { spectrumAt, writeFigure, type FigureParameters } from '../learning/vae/figures.ts';
import { vaeTraversalTask } from '../learning/vae/spectraTasks.ts';
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
      const { spectrum } = await spectrumAt(parts, model, parts.cubes.get(cubeId), pixel, work);
      return context.json(spectrum);
    })
    .post('/traversal', check('json', vaeTraversalSchema), async (context) => {
      const { modelId, from = null, reach, steps } = context.req.valid('json');
      const { packed } = parts.vaeModels.get(modelId);
      const work = workOf(context.req.raw.signal, 'click');
      return context.json(await parts.pool.run(vaeTraversalTask, { packed, from, reach, steps }, work));
    });
}

/** A pixel's Gaussian, or traversals, as a file. */
export const vaeFigureJob = (parts: EngineParts): JobKind<z.infer<typeof vaeFigureJobSchema>> => ({
  kind: 'vae-figure',
  schema: vaeFigureJobSchema,
  plan: ({ files, figure: asked, target, format, replace }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const { pixel } = asked;
    const model = savedVae(parts, files);
    const cube = pixel === null ? null : readable(parts, pixel.grantId);
    const figure = { ...asked, pixel: pixel === null ? null : { line: pixel.line, sample: pixel.sample } };
    // Only the grant of the cube, which is an input, is left out.
    const parameters = { figure, format } as FigureParameters;
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
