import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import {
  calibrateJobSchema,
  calibrateSchema,
  calibrationMatrixSchema,
  pushbroomSchema,
  type CalibrateResult,
} from '../contract/calibration.ts';
import {
  calibrateTask,
  cameraTextTask,
  matrixTask,
  pushbroomTask,
  type PointsSource,
} from '../calibration/tasks.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** Camera matrices. */
export function calibrationRoutes(parts: EngineParts) {
  const work = ({ signal }: Request) => ({ signal, priority: 'click' as const });
  return new Hono()
    .post('/', check('json', calibrateSchema), async (context) => {
      const { source, options } = context.req.valid('json');
      const args = { source: sourceOf(parts, source), options };
      return context.json(await parts.pool.run(calibrateTask, args, work(context.req.raw)));
    })
    .post('/matrix', check('json', calibrationMatrixSchema), async (context) => {
      const request = context.req.valid('json');
      return context.json(await parts.pool.run(matrixTask, { request }, work(context.req.raw)));
    })
    .post('/pushbroom', check('json', pushbroomSchema), async (context) => {
      const request = context.req.valid('json');
      return context.json(await parts.pool.run(pushbroomTask, { request }, work(context.req.raw)));
    });
}

/** The same as a job, with a file where a target is given. */
export const calibrateJob = (parts: EngineParts): JobKind<z.infer<typeof calibrateJobSchema>> => ({
  kind: 'calibrate',
  schema: calibrateJobSchema,
  plan: ({ request, target, format, replace }) => {
    const path = target === null ? null : parts.grants.resolve(target, 'write').path;
    const args = { source: sourceOf(parts, request.source), options: request.options };
    return {
      title: path === null ? 'Calibrate a camera' : `Export ${basename(path)}`,
      ...(path === null ? {} : { folder: dirname(path) }),
      run: async (job): Promise<CalibrateResult> => {
        const work = { signal: job.signal, priority: 'export' as const };
        job.stage('Fitting');
        const answer = await parts.pool.run(calibrateTask, args, work);
        if (path === null) return { answer, written: null };
        job.stage('Writing');
        const text = await parts.pool.run(cameraTextTask, { answer, format }, work);
        const written = await writeOneFile(path, replace, (output) =>
          parts.pool.run(writeTextTask, { output, text }, work),
        );
        return { answer, written };
      },
    };
  },
});

type Source = z.output<typeof calibrateSchema>['source'];

function sourceOf({ grants }: EngineParts, source: Source): PointsSource {
  if (source.kind === 'points') return source;
  const { grantId, imageSize, board } = source;
  return { kind: 'file', path: grants.resolve(grantId, 'read').path, options: { imageSize, board } };
}
