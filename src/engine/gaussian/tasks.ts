import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { throwIfAborted } from '../base/signal.ts';
import type { GaussianDescription, GaussianSpec } from '../contract/gaussian.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { conditionalOf } from './conditional.ts';
import { mahalanobisImageTask, momentsTask, whitenTask } from './mahalanobisTasks.ts';
import { densityAt } from './density.ts';
import { describeGaussian, marginalOf } from './describe.ts';
import { readSampleCsv } from './sampleCsv.ts';
import { sampleFile } from './sampleFile.ts';
import { drawSamples } from './sampling.ts';

/** A specification, and the path of the CSV file whose samples take the place of its own; null where there is none. */
export interface StatedGaussian {
  spec: GaussianSpec;
  table: string | null;
}

/** Most bytes of a CSV of samples. */
const mostTableBytes = 512 * 1024 * 1024;

/** The specification with the samples of its file, and what is to be said of them. Throws `not-found`, `resource-exhausted`. */
async function loaded({ spec, table }: StatedGaussian): Promise<{ spec: GaussianSpec; notes: string[] }> {
  if (table === null) return { spec, notes: [] };
  const file = basename(table);
  try {
    if ((await stat(table)).size > mostTableBytes) {
      throw new CubelensError('resource-exhausted', `${file} has more than 512 MB.`, {
        file,
        remedy: 'Take fewer samples: their number only sharpens the estimate.',
      });
    }
    const { notes, ...read } = readSampleCsv(await readFile(table, 'utf8'), file, spec.vectors);
    return { spec: { ...spec, ...read }, notes };
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

/** As `describeGaussian`, on a worker: a few hundred components take seconds. */
export const describeGaussianTask = defineTask(
  'gaussian.describe',
  async (args: StatedGaussian & { names?: string[] }): Promise<GaussianDescription> => {
    const { spec, notes } = await loaded(args);
    const answer = describeGaussian(args.names === undefined ? spec : marginalOf(spec, args.names));
    return { ...answer, notes: [...notes, ...answer.notes] };
  },
);

/** As `conditionalOf`, on a worker. */
export const conditionalTask = defineTask(
  'gaussian.conditional',
  async (args: StatedGaussian & { given: Record<string, number[]> }) =>
    conditionalOf((await loaded(args)).spec, args.given),
);

/** As `densityAt`, on a worker. */
export const densityTask = defineTask(
  'gaussian.density',
  async (args: StatedGaussian & { points: number[][] }) => densityAt((await loaded(args)).spec, args.points),
);

/** As `drawSamples`, on a worker. */
export const drawSamplesTask = defineTask(
  'gaussian.sample',
  async (args: StatedGaussian & { count: number; seed: number }) =>
    drawSamples((await loaded(args)).spec, args.count, args.seed),
);

/** Writes a file of samples as the content of a temporary one; reports samples that are written. */
export const writeSamplesTask = defineTask(
  'gaussian.writeSamples',
  async (
    args: StatedGaussian & { count: number; seed: number; format: 'csv' | 'npy'; output: OutputFile },
    context,
  ): Promise<string[]> => {
    const { spec, notes: read } = await loaded(args);
    const { notes, pieces } = sampleFile(spec, args.count, args.seed, args.format);
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
    return [...read, ...notes];
  },
);

/** Tasks of this folder. */
export const gaussianTasks: readonly AnyTask[] = [
  describeGaussianTask,
  conditionalTask,
  densityTask,
  drawSamplesTask,
  writeSamplesTask,
  momentsTask,
  whitenTask,
  mahalanobisImageTask,
];
