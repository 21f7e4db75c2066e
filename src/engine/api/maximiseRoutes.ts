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
import {
  maximiseByTensorFlowTask,
  maximiseTask,
  type MaximiseArgs,
  type Maximised,
  type ModelColumns,
} from '../learning/maximise/tasks.ts';
import type { RunOptions } from '../workers/pool.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/** The input that maximises a frozen network. */
export function maximiseRoutes(parts: EngineParts) {
  return new Hono().post('/', check('json', maximiseRequestSchema), async (context) => {
    const args = argsOf(parts, context.req.valid('json'), false);
    const work = { signal: context.req.raw.signal, priority: 'click' as const };
    const { answer, columns } = await maximised(parts, args, work);
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
        let judging = false;
        const onProgress = (done: number, live?: unknown): void => {
          const isJudging = (live as { isJudging?: boolean } | undefined)?.isJudging === true;
          if (isJudging && !judging) job.stage('Judging what was found');
          else if (!isJudging) job.progress(done);
          judging = isJudging;
        };
        const found = await maximised(parts, args, { ...work, onProgress }, () => {
          job.stage('Searching with TensorFlow', request.starts ?? 0);
        });
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

/**
 * Dense networks are answered by the pool; what they are not, by the thread of TensorFlow.
 * @param onTensorFlow - called before that.
 */
async function maximised(
  { pool, tensorFlow }: EngineParts,
  args: MaximiseArgs,
  options: RunOptions,
  onTensorFlow?: () => void,
): Promise<Maximised> {
  const found = await pool.run(maximiseTask, args, options);
  if (!('needsTensorFlow' in found)) return found;
  onTensorFlow?.();
  return tensorFlow.run(maximiseByTensorFlowTask, args, options);
}

type GrantedArgs = MaximiseArgs & { nearest: ReadableFile | null };

function argsOf({ grants }: EngineParts, request: MaximiseRequest, withSvg: boolean): GrantedArgs {
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
  { nearest }: GrantedArgs,
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
