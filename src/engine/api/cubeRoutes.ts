import { Hono } from 'hono';
import { bytesOf } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { ClassRecord, OpenOptions } from '../cube/cube.ts';
import type { Cube } from '../cube/cubes.ts';
import { cubeInfo, jsonNumber, type CubeInfo } from '../cube/info.ts';
import { bandAtWavelength, completeFilter } from '../products/defaults.ts';
import { levelCount, tileSize, type Tile } from '../products/images.ts';
import { shownBands, type ImageRecipe } from '../products/recipe.ts';
import { readSpectra } from '../products/spectra.ts';
import type { EngineParts } from './parts.ts';
import {
  bandQuery,
  check,
  completeRecipe,
  filterOfQuery,
  openRequest,
  sceneRequest,
  spectraQuery,
  tileParams,
  tileQuery,
} from './requests.ts';

/** An open cube as the API shows it. */
export interface OpenCubeAnswer {
  cubeId: string;
  info: CubeInfo;
  /** Further metadata of the file, as read. */
  metadata: Record<string, string>;
  classes: ClassRecord[] | null;
  options: OpenOptions;
  tiles: { size: number; levels: number };
}

/** A URL that names cube revision and recipe answers the same bytes for ever. */
const forEver = 'private, max-age=31536000, immutable';

/** Opening, describing and reading cubes. */
export function cubeRoutes({ grants, cubes, images, pool, openScene }: EngineParts) {
  return new Hono()
    .post('/', check('json', openRequest), async (context) => {
      const { grantId, options } = context.req.valid('json');
      const grant = grants.resolve(grantId, 'read');
      // zod gives an optional key the type `T | undefined`; absent keys stay absent.
      const cube = await cubes.open(grant, options as OpenOptions, context.req.raw.signal);
      return context.json(answer(cube), 201);
    })
    .post('/demo', check('json', sceneRequest), async (context) => {
      const cube = await openScene(context.req.valid('json'), context.req.raw.signal);
      return context.json(answer(cube), 201);
    })
    .get('/', (context) => context.json({ cubes: cubes.list().map(answer) }))
    .get('/:cubeId', (context) => context.json(answer(cubes.get(context.req.param('cubeId')))))
    .delete('/:cubeId', (context) => {
      const cubeId = context.req.param('cubeId');
      cubes.close(cubeId);
      images.forget(cubeId);
      return context.body(null, 204);
    })
    .get('/:cubeId/band', check('query', bandQuery), (context) => {
      const { description } = cubes.get(context.req.param('cubeId'));
      const bandIndex = bandAtWavelength(description, context.req.valid('query').wavelengthNm);
      return context.json({
        bandIndex,
        wavelengthNm: description.bandRecords[bandIndex]?.wavelengthNm ?? null,
      });
    })
    .get('/:cubeId/spectra', check('query', spectraQuery), async (context) => {
      const cube = cubes.get(context.req.param('cubeId'));
      const query = context.req.valid('query');
      const filter = completeFilter(cube.description, filterOfQuery(query), 'spectrum');
      const wanted = { at: query.at, filter };
      const { signal } = context.req.raw;
      return context.json(await cubes.using(cube, () => readSpectra(pool, cubes, cube, wanted, signal)));
    })
    .get(
      '/:cubeId/tiles/:level/:row/:column',
      check('param', tileParams),
      check('query', tileQuery),
      async (context) => {
        const { cubeId, ...address } = context.req.valid('param');
        const cube = cubes.get(cubeId);
        const query = context.req.valid('query');
        const recipe = completeRecipe(cube.description, {
          kind: query.image,
          bandIndexes: query.bands.split(',').map(Number),
          filter: filterOfQuery(query),
        });
        const { signal } = context.req.raw;
        const tile = await cubes.using(cube, () => images.tile(cube, recipe, address, signal));
        return tileResponse(cube, recipe, tile);
      },
    );
}

function answer(cube: Cube): OpenCubeAnswer {
  const { description } = cube;
  return {
    cubeId: cube.cubeId,
    info: cubeInfo(description),
    metadata: description.metadata,
    classes: description.classes,
    options: cube.options,
    tiles: { size: tileSize, levels: levelCount(description) },
  };
}

/**
 * Pixels as bytes, little-endian, planes x lines x samples; what they mean stands in the headers. Where the file has a
 * validity mask, stored numbers are followed by one bit a pixel (1 valid), line after line, the first pixel in the
 * highest bit: `cubelens-valid-bytes` tells how many bytes that is.
 */
function tileResponse(cube: Cube, recipe: ImageRecipe, tile: Tile): Response {
  const pixels = new Uint8Array(tile.pixels);
  const expected = tile.planes * tile.lines * tile.samples * bytesOf(tile.dataType);
  if (pixels.length !== expected) throw new CubelensError('internal', 'A tile has the wrong size.');
  const valid = tile.valid === null ? null : packBits(new Uint8Array(tile.valid));
  // A response cannot be made of shared memory: this is the one copy.
  const body = new Uint8Array(pixels.length + (valid?.length ?? 0));
  body.set(pixels);
  if (valid !== null) body.set(valid, pixels.length);
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    'content-length': String(body.length),
    'cache-control': forEver,
    'cubelens-data-type': tile.dataType,
    'cubelens-shape': `${tile.planes},${tile.lines},${tile.samples}`,
  });
  if (valid !== null) headers.set('cubelens-valid-bytes', String(valid.length));
  if (recipe.kind === 'stored') {
    const record = cube.description.bandRecords[shownBands(recipe)[0] ?? 0];
    const facts = {
      'no-data': jsonNumber(record?.noData ?? null),
      scale: record?.scale,
      offset: record?.offset,
    };
    for (const [name, value] of Object.entries(facts)) {
      if (value !== null && value !== undefined) headers.set(`cubelens-${name}`, String(value));
    }
  }
  return new Response(body, { headers });
}

/** One bit a byte, 1 where the byte is not 0, the first in the highest bit. */
function packBits(bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bytes.length / 8));
  bytes.forEach((byte, i) => {
    if (byte !== 0) packed[i >> 3] = (packed[i >> 3] ?? 0) | (0x80 >> (i & 7));
  });
  return packed;
}
