import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import {
  maximiseOutputSchema,
  maximiseRequestSchema,
  type MaximiseAnswer,
  type MaximiseRequest,
  type MaximiseResult,
} from '../contract/maximise.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import { writeTextTask } from '../exports/tasks.ts';
import type { Work } from '../base/work.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { nearestOfCube } from '../learning/classifier/nearestOfCube.ts';
import { maximiseTask, type MaximiseArgs, type ModelColumns } from '../learning/maximise/tasks.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** The input that maximises a frozen network. */
export function maximiseRoutes(parts: EngineParts) {
  return new Hono().post('/', check('json', maximiseRequestSchema), async (context) => {
    const args = argsOf(parts, context.req.valid('json'), false);
    const work = { signal: context.req.raw.signal, priority: 'click' as const };
    const { answer, columns } = await parts.pool.run(maximiseTask, args, work);
    return context.json(await withNearest(parts, args, answer, columns, work));
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
        const found = await parts.pool.run(maximiseTask, args, { ...work, onProgress });
        const { svg, columns } = found;
        if (args.nearest !== null) job.stage('Looking for the nearest pixel');
        const answer = await withNearest(parts, args, found.answer, columns, work);
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

type Asked = MaximiseArgs & { nearest: ReadableFile | null };

function argsOf({ grants }: EngineParts, request: MaximiseRequest, withSvg: boolean): Asked {
  const readable = (grantId: string): ReadableFile => {
    const { path, within } = grants.resolve(grantId, 'read');
    return { path, within };
  };
  const nearest = request.nearest === undefined ? null : readable(request.nearest);
  const { source } = request;
  return { request, file: source.kind === 'file' ? readable(source.grantId) : null, withSvg, nearest };
}

/** The answer with the nearest pixel of the cube, where one is asked for. */
async function withNearest(
  parts: EngineParts,
  { nearest }: Asked,
  answer: MaximiseAnswer,
  columns: ModelColumns | null,
  work: Work,
): Promise<MaximiseAnswer> {
  const { scene } = answer;
  if (nearest === null || scene === undefined || columns === null) return answer;
  return {
    ...answer,
    scene: { ...scene, nearest: await nearestOfCube(parts, nearest, columns, scene.spectrum, work) },
  };
}
