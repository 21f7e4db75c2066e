import type { LineSampleWindow } from '../base/window.ts';
import type { CubeDescription } from '../cube/cube.ts';
import { readNumbers } from '../cube/read.ts';
import { cubeOf, defineImageTask, readContext, type CubeArgs } from '../products/tasks.ts';
import { defineTask } from '../workers/task.ts';
import { momentsOf, squaredDistances, whiteningOf, type Moments } from './mahalanobis.ts';

/** Indexes of the bands that the cube's list of bad bands leaves. */
export const goodBandIndexes = ({ bandRecords }: CubeDescription): number[] =>
  bandRecords.flatMap(({ good }, bandIndex) => (good ? [bandIndex] : []));

/** Moments of one window. Numbers are not scaled: the distance does not hang on units. */
export const momentsTask = defineTask(
  'gaussian.moments',
  async (args: CubeArgs & { window: LineSampleWindow }, context): Promise<Moments> => {
    const cube = cubeOf(args, context);
    const bands = goodBandIndexes(cube.description);
    const numbers = await readNumbers(cube, args.window, bands, readContext(args, context));
    return momentsOf({ numbers, bands: bands.length, pixels: args.window.lines * args.window.samples });
  },
);

/** The cube's moments to what every window needs. */
export const whitenTask = defineTask(
  'gaussian.whiten',
  (args: { whole: Moments; names: string[] }): SharedArrayBuffer => whiteningOf(args.whole, args.names),
);

export const mahalanobisImageTask = defineImageTask<Record<string, never>>(
  'mahalanobis',
  async (cube, _parameters, window, reading, prepared = new SharedArrayBuffer(0)) => {
    const bands = goodBandIndexes(cube.description);
    const numbers = await readNumbers(cube, window, bands, reading);
    return squaredDistances(
      { numbers, bands: bands.length, pixels: window.lines * window.samples },
      prepared,
    );
  },
);
