import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { throwIfAborted } from '../base/signal.ts';
import type { GaussianSpec, GaussianTable, GaussianVector } from '../contract/gaussian.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { conditionalOf } from './conditional.ts';
import { mahalanobisImageTask, momentsTask, whitenTask } from './mahalanobisTasks.ts';
import { densityAt } from './density.ts';
import { describeGaussian } from './describe.ts';
import { readSampleCsv } from './sampleCsv.ts';
import { sampleFile } from './sampleFile.ts';
import { drawSamples } from './sampling.ts';

/** As `describeGaussian`, on a worker: a few hundred components take seconds. */
export const describeGaussianTask = defineTask('gaussian.describe', (args: { spec: GaussianSpec }) =>
  describeGaussian(args.spec),
);

/** As `conditionalOf`, on a worker. */
export const conditionalTask = defineTask(
  'gaussian.conditional',
  (args: { spec: GaussianSpec; given: Record<string, number[]> }) => conditionalOf(args.spec, args.given),
);

/** As `densityAt`, on a worker. */
export const densityTask = defineTask(
  'gaussian.density',
  (args: { spec: GaussianSpec; points: number[][] }) => densityAt(args.spec, args.points),
);

/** As `drawSamples`, on a worker. */
export const drawSamplesTask = defineTask(
  'gaussian.sample',
  (args: { spec: GaussianSpec; count: number; seed: number }) =>
    drawSamples(args.spec, args.count, args.seed),
);

/** Most bytes of a CSV of samples. */
const mostTableBytes = 512 * 1024 * 1024;

/** As `readSampleCsv`, of a file. Throws `not-found`, `resource-exhausted`. */
export const readSampleCsvTask = defineTask(
  'gaussian.readSampleCsv',
  async ({ path, vectors }: { path: string; vectors: GaussianVector[] }): Promise<GaussianTable> => {
    const file = basename(path);
    try {
      if ((await stat(path)).size > mostTableBytes) {
        throw new CubelensError('resource-exhausted', `${file} has more than 512 MB.`, {
          file,
          remedy: 'Take fewer samples: their number only sharpens the estimate.',
        });
      }
      return readSampleCsv(await readFile(path, 'utf8'), file, vectors);
    } catch (thrown) {
      throw asCubelensError(thrown, file);
    }
  },
);

/** Writes a file of samples as the content of a temporary one; reports samples that are written. */
export const writeSamplesTask = defineTask(
  'gaussian.writeSamples',
  (
    args: { spec: GaussianSpec; count: number; seed: number; format: 'csv' | 'npy'; output: OutputFile },
    context,
  ): string[] => {
    const { notes, pieces } = sampleFile(args.spec, args.count, args.seed, args.format);
    const writer = new PartWriter(args.output);
    try {
      let position = 0;
      for (const piece of pieces()) {
        throwIfAborted(context.signal);
        writer.write(piece, position);
        position += piece.length;
        context.progress(position);
      }
      writer.finish(position);
    } finally {
      writer.close();
    }
    return notes;
  },
);

/** Tasks of this folder. */
export const gaussianTasks: readonly AnyTask[] = [
  describeGaussianTask,
  conditionalTask,
  densityTask,
  drawSamplesTask,
  readSampleCsvTask,
  writeSamplesTask,
  momentsTask,
  whitenTask,
  mahalanobisImageTask,
];
