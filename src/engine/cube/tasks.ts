import type { OpenOptions } from '../contract/cube.ts';
import { SourceCache } from '../io/fileSource.ts';
import { defineTask } from '../workers/task.ts';
import type { Cube } from './cubes.ts';
import { decodeBlock } from './formats/geotiff/decode.ts';
import type { GeoTiffLayout, TiffBlocks } from './formats/geotiff/layout.ts';
import { demoSceneTask } from './demoTask.ts';
import { openCubeFile } from './openFile.ts';
import { cubeKey, type ReadableCube } from './read.ts';
import { cubeOf } from './revision.ts';

/** Files this worker keeps open, for all tasks. */
export const workerSources = new SourceCache();

/** Opens a file and says what it is and how it lies, a person's options applied. */
export const openCubeTask = defineTask(
  'cube.open',
  async (
    { path, within, options }: { path: string; within: string | null; options: OpenOptions },
    context,
  ): Promise<Cube> => {
    const { imageId } = options;
    const opened = await openCubeFile(path, within, imageId === undefined ? {} : { imageId }, context);
    // A name was as good as the id: what was opened is the same cube, and a recipe says the id.
    const resolved = imageId === undefined ? options : { ...options, imageId: opened.description.imageId };
    return cubeOf(opened, resolved, { kind: 'files', path });
  },
);

/** Which blocks of a GeoTIFF: of the image, of its validity mask, or of an overview by its place in the layout. */
export type BlockPart = 'image' | 'mask' | `overview ${number}`;

/** Decodes some blocks of a compressed cube into shared memory. */
export const decodeBlocksTask = defineTask(
  'cube.decodeBlocks',
  async (
    args: { cubeId: string; part: BlockPart; indexes: number[] },
    context,
  ): Promise<SharedArrayBuffer[]> => {
    const { layout } = context.shared<ReadableCube>(cubeKey(args.cubeId));
    if (layout.kind !== 'geotiff') return [];
    const image = blocksOfPart(layout, args.part);
    if (image === null) return [];
    const source = workerSources.open(layout.source);
    const blocks: SharedArrayBuffer[] = [];
    for (const index of args.indexes) {
      blocks.push(await decodeBlock(layout, image, index, source, context));
    }
    return blocks;
  },
);

function blocksOfPart(layout: GeoTiffLayout, part: BlockPart): TiffBlocks | null {
  if (part === 'image') return layout.image;
  if (part === 'mask') return layout.mask;
  return layout.overviews[Number(part.slice('overview '.length))] ?? null;
}

/** Tasks of this folder. */
export const cubeTasks = [openCubeTask, decodeBlocksTask, demoSceneTask];
