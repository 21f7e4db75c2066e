import type { GaussianSpec } from '../contract/gaussian.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { conditionalOf } from './conditional.ts';
import { mahalanobisImageTask, momentsTask, whitenTask } from './mahalanobisTasks.ts';
import { densityAt } from './density.ts';
import { describeGaussian } from './describe.ts';
import { readSampleCsv } from './sampleCsv.ts';
import { drawSamples } from './sampling.ts';
import type { GaussianVector } from '../contract/gaussian.ts';

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

/** As `readSampleCsv`, on a worker. */
export const readSampleCsvTask = defineTask(
  'gaussian.readSampleCsv',
  (args: { text: string; file: string; vectors: GaussianVector[] }) =>
    readSampleCsv(args.text, args.file, args.vectors),
);

/** Tasks of this folder. */
export const gaussianTasks: readonly AnyTask[] = [
  describeGaussianTask,
  conditionalTask,
  densityTask,
  drawSamplesTask,
  readSampleCsvTask,
  momentsTask,
  whitenTask,
  mahalanobisImageTask,
];
