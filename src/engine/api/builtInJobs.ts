import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { exportJobSchema, replayJobSchema } from '../contract/exports.ts';
import { bandStatisticsSchema, imageStatisticsSchema } from '../contract/statistics.ts';
import { completeParameters, runExport } from '../exports/exporter.ts';
import { runReplay } from '../exports/replay.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { readBandStatistics } from '../products/bandStatisticsJob.ts';
import { imageStatistics } from '../products/imageStatistics.ts';
import type { EngineParts } from './parts.ts';

/** Writes an output of any kind of export. */
export const exportJob = (parts: EngineParts): JobKind<z.infer<typeof exportJobSchema>> => ({
  kind: 'export',
  schema: exportJobSchema,
  plan: ({ cubeId, target, replace, output }) => {
    const cube = parts.cubes.get(cubeId);
    const { path } = parts.grants.resolve(target, 'write');
    const kind = parts.exportKinds.get(output.kind);
    const { description } = cube;
    const parameters = completeParameters(kind, description, output.parameters, parts.images.kinds);
    const order = { kind: output.kind, parameters, cube, path, replace };
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: (job) => parts.cubes.using(cube, () => runExport(parts, parts.exportKinds, order, job)),
    };
  },
});

/** Makes the output of a recipe again. */
export const replayJob = (parts: EngineParts): JobKind<z.infer<typeof replayJobSchema>> => ({
  kind: 'replay',
  schema: replayJobSchema,
  plan: (asked) => {
    const recipe = parts.grants.resolve(asked.recipe, 'read');
    const target = parts.grants.resolve(asked.target, 'write');
    return {
      title: `Replay ${basename(recipe.path)}`,
      folder: dirname(target.path),
      run: (job) =>
        runReplay(parts, parts.exportKinds, parts.fileKinds, { recipe, target, replace: asked.replace }, job),
    };
  },
});

/** Statistics of the stored numbers of bands. */
export const bandStatisticsJob = (parts: EngineParts): JobKind<z.infer<typeof bandStatisticsSchema>> => ({
  kind: 'band-statistics',
  schema: bandStatisticsSchema,
  plan: ({ cubeId, bandIndexes }) => {
    const cube = parts.cubes.get(cubeId);
    return {
      title: `Statistics of ${cube.description.file}`,
      run: (job) =>
        parts.cubes.using(cube, () => readBandStatistics(parts.pool, parts.cubes, cube, bandIndexes, job)),
    };
  },
});

/** Exact statistics of an image of any size. */
export const imageStatisticsJob = (parts: EngineParts): JobKind<z.infer<typeof imageStatisticsSchema>> => ({
  kind: 'image-statistics',
  schema: imageStatisticsSchema,
  plan: ({ cubeId, image, percentiles, bins }) => {
    const cube = parts.cubes.get(cubeId);
    const recipe = parts.images.kinds.complete(cube.description, image);
    const wanted = { percentiles, bins, level: 0 };
    return {
      title: `Statistics of ${cube.description.file}`,
      run: (job) =>
        parts.cubes.using(cube, () =>
          imageStatistics(
            parts.pool,
            parts.images,
            cube,
            recipe,
            wanted,
            { signal: job.signal, priority: 'statistics' },
            {
              begins: (steps) => {
                job.stage('Reading the image', steps);
              },
              done: (steps) => {
                job.progress(steps);
              },
            },
          ),
        ),
    };
  },
});
