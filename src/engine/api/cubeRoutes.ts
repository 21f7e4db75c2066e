import { Hono } from 'hono';
import { bytesOf } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import type { Work } from '../base/work.ts';
import { openRequestSchema, sceneRequestSchema, type OpenCubeAnswer } from '../contract/cube.ts';
import { tileParamsSchema, tileQuerySchema } from '../contract/images.ts';
import { bandQuerySchema, filterBandQuerySchema, pixelsRequestSchema } from '../contract/readings.ts';
import { spectraQuerySchema } from '../contract/spectra.ts';
import { statisticsQuerySchema } from '../contract/statistics.ts';
import type { Cube } from '../cube/cubes.ts';
import { cubeInfo, jsonNumber } from '../cube/info.ts';
import { bandAtWavelength, completeFilter } from '../products/defaults.ts';
import type { ImagePlan } from '../products/imageKind.ts';
import { levelCount, tileSize, type LookTile } from '../products/images.ts';
import { imageStatistics, statisticsLevel } from '../products/imageStatistics.ts';
import { readPixels } from '../products/readPixels.ts';
import { readSpectra } from '../products/spectra.ts';
import { filterBandTask } from '../products/tasks.ts';
import { check } from './check.ts';
import type { EngineParts } from './parts.ts';

/**
 * How long an answer keeps: for ever where its URL names cube revision, image and this version; else it is asked for
 * again. Throws `invalid-request` for another version: a page of an older program would show pixels of both.
 */
function cacheControl(asked: string | undefined): string {
  if (asked === undefined) return 'no-cache';
  if (asked === version) return 'private, max-age=31536000, immutable';
  throw new CubelensError('invalid-request', `This is version ${version}, the request is for ${asked}.`, {
    field: 'version',
    remedy: 'Load the page again.',
  });
}

/** Opening, describing and reading cubes. */
export function cubeRoutes({ grants, cubes, images, pool, openScene, windows, views }: EngineParts) {
  return new Hono()
    .post('/', check('json', openRequestSchema), async (context) => {
      const { grantId, options } = context.req.valid('json');
      const grant = grants.resolve(grantId, 'read');
      const holder = windows.holderOf(context.req.raw.headers);
      const cube = await cubes.open(grant, options, holder, context.req.raw.signal);
      return context.json(answer(cube), 201);
    })
    .post('/demo', check('json', sceneRequestSchema), async (context) => {
      const holder = windows.holderOf(context.req.raw.headers);
      const cube = await openScene(context.req.valid('json'), holder, context.req.raw.signal);
      return context.json(answer(cube), 201);
    })
    .get('/', (context) => {
      const holder = windows.holderOf(context.req.raw.headers);
      return context.json({ cubes: cubes.list(holder).map(answer) });
    })
    .get('/:cubeId', (context) => context.json(answer(cubes.get(context.req.param('cubeId')))))
    .delete('/:cubeId', (context) => {
      cubes.close(context.req.param('cubeId'), windows.holderOf(context.req.raw.headers));
      return context.body(null, 204);
    })
    .get('/:cubeId/band', check('query', bandQuerySchema), (context) => {
      const { description } = cubes.get(context.req.param('cubeId'));
      const bandIndex = bandAtWavelength(description, context.req.valid('query').wavelengthNm);
      return context.json({
        bandIndex,
        wavelengthNm: description.bandRecords[bandIndex]?.wavelengthNm ?? null,
      });
    })
    .get('/:cubeId/filter', check('query', filterBandQuerySchema), async (context) => {
      const cube = cubes.get(context.req.param('cubeId'));
      const { bandIndex, ...asked } = context.req.valid('query');
      const filter = completeFilter(cube.description, asked, 'spectrum');
      if (filter === null) {
        throw new CubelensError('invalid-request', 'There is no filter to describe.', {
          field: 'window',
          remedy: 'Give a window, a degree or a derivative.',
        });
      }
      const args = { cubeId: cube.cubeId, filter, bandIndex };
      const work = clickWork(context.req.raw);
      return context.json(await cubes.using(cube, () => pool.run(filterBandTask, args, work)));
    })
    .post('/:cubeId/pixels', check('json', pixelsRequestSchema), async (context) => {
      const cube = cubes.get(context.req.param('cubeId'));
      const { at, bandIndex, image } = context.req.valid('json');
      const recipe = image === null ? null : images.kinds.complete(cube.description, image);
      const wanted = { at, bandIndex, recipe };
      const work = clickWork(context.req.raw);
      const engine = { pool, cubes, images };
      const pixels = await cubes.using(cube, () => readPixels(engine, cube, wanted, work));
      return context.json({ pixels });
    })
    .get('/:cubeId/statistics', check('query', statisticsQuerySchema), async (context) => {
      const cube = cubes.get(context.req.param('cubeId'));
      const { image, percentiles, bins, level: asked, version: made } = context.req.valid('query');
      const recipe = images.kinds.complete(cube.description, image);
      const level = statisticsLevel(cube.description, asked);
      const wanted = { percentiles, bins, level };
      const cache = cacheControl(made);
      const { signal } = context.req.raw;
      const statistics = await cubes.using(cube, () =>
        imageStatistics(pool, images, cube, recipe, wanted, { signal, priority: 'statistics' }),
      );
      return context.json(statistics, 200, { 'cache-control': cache });
    })
    .get('/:cubeId/spectra', check('query', spectraQuerySchema), async (context) => {
      const cube = cubes.get(context.req.param('cubeId'));
      const { at, ...asked } = context.req.valid('query');
      const wanted = { at, filter: completeFilter(cube.description, asked, 'spectrum') };
      const work = clickWork(context.req.raw);
      return context.json(await cubes.using(cube, () => readSpectra(pool, cubes, cube, wanted, work)));
    })
    .get(
      '/:cubeId/tiles/:level/:row/:column',
      check('param', tileParamsSchema),
      check('query', tileQuerySchema),
      async (context) => {
        const { cubeId, ...address } = context.req.valid('param');
        const cube = cubes.get(cubeId);
        const { image, version: made, exact } = context.req.valid('query');
        const recipe = images.kinds.complete(cube.description, image);
        const cache = cacheControl(made);
        const holder = windows.holderOf(context.req.raw.headers);
        const answered = await views.answer(context.req.raw, holder, (work) =>
          cubes.using(cube, async () => {
            const plan = await images.plan(cube, recipe, work);
            if (exact || address.level === 0 || plan.holds === 'stored') {
              const tile: LookTile = {
                ...(await images.tile(cube, recipe, address, work)),
                source: 'exact',
              };
              return tileResponse(plan, tile, cache);
            }
            // The next answer to this address may be better.
            return tileResponse(plan, await images.look(cube, recipe, address, work), 'no-store');
          }),
        );
        // The view shows something newer by now: nothing is said of this tile.
        return answered.kind === 'dropped' ? context.body(null, 204) : answered.result;
      },
    );
}

/** Work that a person waits for with the hand on the mouse. */
const clickWork = ({ signal }: Request): Work => ({ signal, priority: 'click' });

function answer(cube: Cube): OpenCubeAnswer {
  const { description } = cube;
  return {
    cubeId: cube.cubeId,
    info: cubeInfo(description),
    metadata: description.metadata,
    classes: description.classes,
    unit: description.bandRecords[0]?.unit ?? '1',
    options: cube.options,
    tiles: { size: tileSize, levels: levelCount(description), version },
  };
}

/**
 * Pixels as bytes, little-endian, planes x lines x samples; what they mean stands in the headers. Where the file has a
 * validity mask, stored numbers are followed by one bit a pixel (1 valid), line after line, the first pixel in the
 * highest bit: `cubelens-valid-bytes` tells how many bytes that is.
 */
function tileResponse(plan: ImagePlan, tile: LookTile, cache: string): Response {
  const pixels = new Uint8Array(tile.pixels);
  const expected = tile.planes * tile.lines * tile.samples * bytesOf(tile.dataType);
  if (pixels.length !== expected) throw new CubelensError('internal', 'A tile has the wrong size.');
  const valid = tile.valid === null ? null : packBits(new Uint8Array(tile.valid));
  const body = valid === null ? pixels : joined(pixels, valid);
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    'content-length': String(body.length),
    'cache-control': cache,
    'cubelens-source': tile.source,
    'cubelens-data-type': tile.dataType,
    'cubelens-shape': `${tile.planes},${tile.lines},${tile.samples}`,
  });
  if (valid !== null) headers.set('cubelens-valid-bytes', String(valid.length));
  if (plan.holds === 'stored') {
    const record = plan.planes[0]?.record;
    const facts = {
      'no-data': jsonNumber(record?.noData ?? null),
      scale: record?.scale,
      offset: record?.offset,
    };
    for (const [name, value] of Object.entries(facts)) {
      if (value !== null && value !== undefined) headers.set(`cubelens-${name}`, String(value));
    }
  }
  return new Response(streamOf(body), { headers });
}

/**
 * Bytes as a body. Given to a response as they are they would be copied, which costs as much as computing them, and the
 * tile stays in the cache: a stream hands them out for reading.
 */
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** One bit a byte, 1 where the byte is not 0, the first in the highest bit. */
function packBits(bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bytes.length / 8));
  bytes.forEach((byte, i) => {
    if (byte !== 0) packed[i >> 3] = (packed[i >> 3] ?? 0) | (0x80 >> (i & 7));
  });
  return packed;
}
