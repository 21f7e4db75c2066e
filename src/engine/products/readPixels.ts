import { mapInOrder } from '../base/mapInOrder.ts';
import type { Work } from '../base/work.ts';
import type { PixelReading } from '../contract/readings.ts';
import type { GeoTransform } from '../contract/cube.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import { checkBand, checkWindow } from '../cube/read.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { Images } from './images.ts';
import type { ImageRecipe } from './recipe.ts';
import type { PixelImage } from './pixelImage.ts';
import { readPixelTask } from './tasks.ts';

/**
 * The numbers under a pointer: stored number and value of a band, and the value of an image, computed for the pixel
 * alone: exact, whatever is on the screen. Throws `out-of-range`, and what the image's plan throws.
 */
export async function readPixels(
  engine: { pool: ThreadPool; cubes: Cubes; images: Images },
  cube: Cube,
  wanted: {
    at: readonly { line: number; sample: number }[];
    bandIndex: number;
    recipe: ImageRecipe | null;
  },
  work: Work,
): Promise<PixelReading[]> {
  const { pool, cubes, images } = engine;
  const { cubeId, description } = cube;
  const { at, bandIndex, recipe } = wanted;
  checkBand(description, bandIndex);
  for (const { line, sample } of at) {
    checkWindow(description, { line0: line, sample0: sample, lines: 1, samples: 1 });
  }
  const plan = recipe === null ? null : await images.plan(cube, recipe, work);
  const image: PixelImage | null =
    recipe === null || plan === null
      ? null
      : {
          task: images.kinds.get(recipe.kind).task.name,
          parameters: recipe.parameters,
          dataType: plan.dataType,
          planes: plan.planes.length,
          prepared: plan.prepared,
        };
  const bands = [bandIndex, ...(plan?.needed ?? [])];
  return mapInOrder(at, pool.threads, async ({ line, sample }) => {
    const window = { line0: line, sample0: sample, lines: 1, samples: 1 };
    const blocks = await cubes.blocks.fetch(cube, window, bands, work);
    const args = { cubeId, blocks, window, bandIndex, image };
    const read = await pool.run(readPixelTask, args, work);
    return { line, sample, map: mapPoint(description.geoTransform, line, sample), ...read };
  });
}

/** Map coordinates of a pixel's centre. */
function mapPoint(transform: GeoTransform | null, line: number, sample: number): [number, number] | null {
  if (transform === null) return null;
  const [x0, xSample, xLine, y0, ySample, yLine] = transform;
  const [right, down] = [sample + 0.5, line + 0.5];
  return [x0 + right * xSample + down * xLine, y0 + right * ySample + down * yLine];
}
