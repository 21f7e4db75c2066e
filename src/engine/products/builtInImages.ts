import type { z } from 'zod';
import type { FilterSettings } from '../contract/filter.ts';
import {
  bandImageSchema,
  compositeImageSchema,
  filteredImageSchema,
  type CompleteImageParameters,
} from '../contract/images.ts';
import { CubelensError } from '../base/errors.ts';
import type { Cube } from '../cube/cubes.ts';
import { checkBand } from '../cube/read.ts';
import { computedRecord } from './computedBands.ts';
import { completeFilter } from './defaults.ts';
import type { ImageKind, ImagePlan, RunTask } from './imageKind.ts';
import {
  bandImageTask,
  compositeImageTask,
  filteredImageTask,
  neededBandsTask,
  storedImageTask,
} from './tasks.ts';

/** Values of one band: after scale and offset, NaN where nodata. */
export const bandImage: ImageKind<z.infer<typeof bandImageSchema>, CompleteImageParameters['band']> = {
  kind: 'band',
  schema: bandImageSchema,
  complete: (_cube, asked) => asked,
  plan: (cube, { bandIndex }) => valuesPlan(cube, [bandIndex], null, [bandIndex]),
  task: bandImageTask,
};

/** Stored numbers of one band, in the file's own type. */
export const storedImage: ImageKind<z.infer<typeof bandImageSchema>, CompleteImageParameters['stored']> = {
  kind: 'stored',
  schema: bandImageSchema,
  complete: (_cube, asked) => asked,
  plan: ({ description }, { bandIndex }) => {
    checkBand(description, bandIndex);
    return {
      dataType: description.dataType,
      holds: 'stored',
      diverging: false,
      planes: description.bandRecords
        .slice(bandIndex, bandIndex + 1)
        .map((record) => ({ label: labelOf(bandIndex), record })),
      needed: [bandIndex],
    };
  },
  task: storedImageTask,
};

/** One band of the smoothed or differentiated cube. */
export const filteredImage: ImageKind<
  z.infer<typeof filteredImageSchema>,
  CompleteImageParameters['filtered']
> = {
  kind: 'filtered',
  schema: filteredImageSchema,
  complete: (cube, { bandIndex, filter: asked }) => {
    const filter = completeFilter(cube, asked, 'image');
    if (filter === null) {
      throw new CubelensError('invalid-request', 'A filtered image needs a filter.', { field: 'filter' });
    }
    return { bandIndex, filter };
  },
  plan: (cube, { bandIndex, filter }, run) => filteredPlan(cube, [bandIndex], filter, run),
  task: filteredImageTask,
};

/** Three bands as red, green and blue, filtered or not. */
export const compositeImage: ImageKind<
  z.infer<typeof compositeImageSchema>,
  CompleteImageParameters['composite']
> = {
  kind: 'composite',
  schema: compositeImageSchema,
  complete: (cube, { bandIndexes, filter }) => ({
    bandIndexes,
    filter: filter === null ? null : completeFilter(cube, filter, 'image'),
  }),
  plan: (cube, { bandIndexes, filter }, run) =>
    filter === null
      ? valuesPlan(cube, bandIndexes, null, bandIndexes)
      : filteredPlan(cube, bandIndexes, filter, run),
  task: compositeImageTask,
};

const labelOf = (bandIndex: number): string => `band ${bandIndex + 1}`;

function valuesPlan(
  { description }: Cube,
  shown: readonly number[],
  filter: FilterSettings | null,
  needed: readonly number[],
): ImagePlan {
  for (const bandIndex of shown) checkBand(description, bandIndex);
  return {
    dataType: 'float32',
    holds: 'values',
    diverging: filter !== null && filter.derivative > 0,
    planes: shown.flatMap((bandIndex) => {
      const record = description.bandRecords[bandIndex];
      return record === undefined
        ? []
        : [{ label: labelOf(bandIndex), record: computedRecord(record, filter) }];
    }),
    needed,
  };
}

/** A filter's windows are known when it has been designed, which takes milliseconds: on a worker. */
async function filteredPlan(
  cube: Cube,
  shown: readonly number[],
  filter: FilterSettings,
  run: RunTask,
): Promise<ImagePlan> {
  for (const bandIndex of shown) checkBand(cube.description, bandIndex);
  const needed = await run(neededBandsTask, { cubeId: cube.cubeId, filter, bandIndexes: [...shown] });
  return valuesPlan(cube, shown, filter, needed);
}
