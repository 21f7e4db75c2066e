import type { OpenOptions } from '../contract/cube.ts';
import { SourceCache } from '../io/fileSource.ts';
import { defineTask } from '../workers/task.ts';
import type { OpenedCube } from './cube.ts';
import { decodeBlock } from './formats/geotiff/decode.ts';
import { demoSceneTask } from './demoTask.ts';
import { openCubeFile } from './openFile.ts';
import { cubeKey, type ReadableCube } from './read.ts';

/** Files this worker keeps open, for all tasks. */
export const workerSources = new SourceCache();

/** Opens a file and says what it is and how it lies. */
export const openCubeTask = defineTask(
  'cube.open',
  (
    args: { path: string; within: string | null; options: Pick<OpenOptions, 'imageId'> },
    context,
  ): Promise<OpenedCube> => openCubeFile(args.path, args.within, args.options, context),
);

/** Which blocks of a GeoTIFF: of the image or of its validity mask. */
export type BlockPart = 'image' | 'mask';

/** Decodes some blocks of a compressed cube into shared memory. */
export const decodeBlocksTask = defineTask(
  'cube.decodeBlocks',
  async (
    args: { cubeId: string; part: BlockPart; indexes: number[] },
    context,
  ): Promise<SharedArrayBuffer[]> => {
    const { layout } = context.shared<ReadableCube>(cubeKey(args.cubeId));
    if (layout.kind !== 'geotiff') return [];
    const image = args.part === 'image' ? layout.image : layout.mask;
    if (image === null) return [];
    const source = workerSources.open(layout.source);
    const blocks: SharedArrayBuffer[] = [];
    for (const index of args.indexes) {
      blocks.push(await decodeBlock(layout, image, index, source, context));
    }
    return blocks;
  },
);

/** Tasks of this folder. */
export const cubeTasks = [openCubeTask, decodeBlocksTask, demoSceneTask];
