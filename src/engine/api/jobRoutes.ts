import { Hono } from 'hono';
import { basename } from 'node:path';
import { CubelensError } from '../base/errors.ts';
import { runExport } from '../exports/exporter.ts';
import { runReplay } from '../exports/replay.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { readBandStatistics } from '../products/bandStatisticsJob.ts';
import { completeFilter } from '../products/defaults.ts';
import { imageStatistics } from '../products/imageStatistics.ts';
import type { EngineParts } from './parts.ts';
import { check, completeRecipe, jobRequest, jobsQuery, type JobRequest } from './requests.ts';

/** How long a poll waits for a change before it answers with none. */
const pollMs = 25_000;

/** Long work: one POST a job, one long poll for all of them. */
export function jobRoutes(parts: EngineParts) {
  const { jobs } = parts;
  return new Hono()
    .post('/', check('json', jobRequest), (context) => {
      const { title, run } = plan(parts, context.req.valid('json'));
      return context.json(jobs.start(context.req.valid('json').kind, title, run), 201);
    })
    .get('/', check('query', jobsQuery), async (context) => {
      const options = { timeoutMs: pollMs, signal: context.req.raw.signal };
      return context.json(await jobs.changesAfter(context.req.valid('query').after, options));
    })
    .get('/:jobId', (context) => context.json(jobs.get(context.req.param('jobId'))))
    .delete('/:jobId', (context) => context.json(jobs.cancel(context.req.param('jobId'))));
}

interface PlannedJob {
  title: string;
  run: (job: JobContext) => Promise<unknown>;
}

/** What a request asks for, checked as far as it can be before the job begins. */
function plan(parts: EngineParts, request: JobRequest): PlannedJob {
  switch (request.kind) {
    case 'export-cube':
    case 'export-image':
    case 'export-spectra':
      return planExport(parts, request);
    case 'replay':
      return planReplay(parts, request);
    case 'image-statistics':
      return planImageStatistics(parts, request);
    case 'band-statistics': {
      const cube = parts.cubes.get(request.cubeId);
      return {
        title: `Statistics of ${cube.description.file}`,
        run: (job) =>
          parts.cubes.using(cube, () =>
            readBandStatistics(parts.pool, parts.cubes, cube, request.bandIndexes, job),
          ),
      };
    }
  }
}

type ExportRequest = Extract<JobRequest, { kind: 'export-cube' | 'export-image' | 'export-spectra' }>;

function planExport(parts: EngineParts, request: ExportRequest): PlannedJob {
  const cube = parts.cubes.get(request.cubeId);
  const { path } = parts.grants.resolve(request.target, 'write');
  const kind = request.kind.replace('export-', '');
  const order = {
    kind,
    parameters: exportParameters(request, cube.description),
    cube,
    path,
    replace: request.replace,
  };
  return {
    title: `Export ${basename(path)}`,
    run: (job) => parts.cubes.using(cube, () => runExport(parts, parts.exportKinds, order, job)),
  };
}

function exportParameters(
  request: ExportRequest,
  cube: Parameters<typeof completeFilter>[0],
): Record<string, unknown> {
  switch (request.kind) {
    case 'export-cube':
      return {
        format: request.format,
        filter: completeFilter(cube, request.filter ?? {}, 'image'),
        bandIndexes: request.bandIndexes,
        interleave: request.interleave,
      };
    case 'export-image':
      return {
        format: request.format,
        recipe: completeRecipe(cube, request.image),
        colouring: request.colouring,
      };
    case 'export-spectra':
      return {
        format: 'csv',
        at: request.at,
        filter: completeFilter(cube, request.filter ?? {}, 'spectrum'),
      };
  }
}

function planReplay(parts: EngineParts, request: Extract<JobRequest, { kind: 'replay' }>): PlannedJob {
  const recipe = parts.grants.resolve(request.recipe, 'read');
  const target = parts.grants.resolve(request.target, 'write');
  return {
    title: `Replay ${basename(recipe.path)}`,
    run: (job) => runReplay(parts, parts.exportKinds, { recipe, target, replace: request.replace }, job),
  };
}

function planImageStatistics(
  parts: EngineParts,
  request: Extract<JobRequest, { kind: 'image-statistics' }>,
): PlannedJob {
  const cube = parts.cubes.get(request.cubeId);
  const recipe = completeRecipe(cube.description, request.image);
  if (recipe.kind === 'composite' || recipe.kind === 'stored') {
    throw new CubelensError('invalid-request', 'Statistics are of one band of values.', {
      field: 'image.kind',
      remedy: 'Ask for each band by itself.',
    });
  }
  const { percentiles, bins } = request;
  return {
    title: `Statistics of ${cube.description.file}`,
    run: (job) =>
      parts.cubes.using(cube, () =>
        imageStatistics(parts.pool, parts.images, cube, recipe, { percentiles, bins }, job),
      ),
  };
}
