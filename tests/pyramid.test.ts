import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bandImage } from '../src/engine/products/builtInImages.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { imageText, type BuiltInImage, type ImageRequest } from '../src/engine/contract/images.ts';
import { writeTiff, type TestImage } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import type { Cube } from '../src/engine/cube/cubes.ts';
import type { ImageKind } from '../src/engine/engine.ts';
import { writeEnvi } from './testCubes.ts';
import { answerOf, TestEngine } from './testEngine.ts';

let plans = 0;
const host = new TestEngine(2, {
  register: ({ imageKinds }) => {
    const counted: ImageKind<{ bandIndex: number }, { bandIndex: number }> = {
      ...bandImage,
      kind: 'counted',
      plan: async (...asked) => {
        plans += 1;
        await new Promise((resolve) => setImmediate(resolve));
        return bandImage.plan(...asked);
      },
    };
    imageKinds.add(counted);
  },
});
afterAll(() => host.close());

const lines = 600;
const samples = 530;
const value = (line: number, sample: number, band: number): number =>
  (line * 7 + sample * 13 + band * 1000) % 4096;

interface Looked {
  source: string | null;
  cache: string | null;
  pixels: Float32Array;
}

async function look(
  cubeId: string,
  image: BuiltInImage | ImageRequest,
  address: string,
  query = '',
): Promise<Looked> {
  const route = `/cubes/${cubeId}/tiles/${address}?image=${encodeURIComponent(imageText(image))}${query}`;
  const response = await host.fetch(route);
  if (!response.ok) throw new Error(await response.text());
  const bytes = await response.arrayBuffer();
  const isFloat = response.headers.get('cubelens-data-type') === 'float32';
  return {
    source: response.headers.get('cubelens-source'),
    cache: response.headers.get('cache-control'),
    pixels: isFloat ? new Float32Array(bytes) : Float32Array.from(new Uint16Array(bytes)),
  };
}

const band = (bandIndex: number): BuiltInImage => ({ kind: 'band', parameters: { bandIndex } });

/** Mean of means: what halving twice gives. */
function halved(step: number, line: number, sample: number, bandIndex: number): number {
  if (step === 1) return value(line, sample, bandIndex);
  const parts = [0, 1].flatMap((down) =>
    [0, 1].flatMap((right) => {
      const at = [2 * line + down, 2 * sample + right] as const;
      const inside = at[0] * (step / 2) < lines && at[1] * (step / 2) < samples;
      return inside ? halved(step / 2, at[0], at[1], bandIndex) : [];
    }),
  );
  return Math.fround(parts.reduce((sum, part) => sum + part, 0) / parts.length);
}

describe.each(['bsq', 'bil', 'bip'] as const)('a coarse tile of an ENVI cube, %s', (interleave) => {
  let opened: OpenCubeAnswer;

  beforeAll(async () => {
    const cube = { lines, samples, bands: 7, dataType: 'uint16' as const, stored: value };
    writeEnvi(host.folder, `cube_${interleave}`, cube, { interleave });
    opened = await host.open(`cube_${interleave}.img`);
  });

  it('is of every n-th line and sample until the exact one is there', async () => {
    expect(opened.tiles.levels).toBe(3);
    const first = await look(opened.cubeId, band(2), '2/0/0', `&version=${opened.tiles.version}`);
    expect([first.source, first.cache]).toEqual(['sampled', 'no-store']);
    expect(first.pixels).toHaveLength(150 * 133);
    for (const [line, sample] of [
      [0, 0],
      [1, 2],
      [149, 132],
      [77, 31],
    ] as const) {
      expect(first.pixels[line * 133 + sample]).toBe(value(line * 4, sample * 4, 2));
    }
    const exact = await look(opened.cubeId, band(2), '2/0/0', `&exact&version=${opened.tiles.version}`);
    expect([exact.source, exact.cache]).toEqual(['exact', 'private, max-age=31536000, immutable']);
    for (const [line, sample] of [
      [0, 0],
      [149, 132],
      [77, 31],
    ] as const) {
      expect(exact.pixels[line * 133 + sample]).toBe(halved(4, line, sample, 2));
    }
    const later = await look(opened.cubeId, band(2), '2/0/0');
    expect([later.source, later.cache]).toEqual(['exact', 'no-store']);
    expect(later.pixels).toEqual(exact.pixels);
  });

  it('of a filtered image is that image of these pixels', async () => {
    const filter = { window: 5, degree: 2, derivative: 1 };
    const image: BuiltInImage = { kind: 'filtered', parameters: { bandIndex: 3, filter } };
    const coarse = await look(opened.cubeId, image, '1/0/1');
    expect(coarse.source).toBe('sampled');
    // 300 x 265 pixels at level 1: the second column of tiles has 9 samples.
    expect(coarse.pixels).toHaveLength(256 * 9);
    const { pixels } = await host.spectra(opened.cubeId, [[20, 2 * 256 + 6]], filter);
    expect(coarse.pixels[10 * 9 + 3]).toBe(Math.fround(pixels[0]?.derivative?.[3] ?? NaN));
  });

  it('of stored numbers is exact at once: one of them stands for the others', async () => {
    const image: BuiltInImage = { kind: 'stored', parameters: { bandIndex: 1 } };
    const coarse = await look(opened.cubeId, image, '2/0/0', `&version=${opened.tiles.version}`);
    expect([coarse.source, coarse.cache]).toEqual(['exact', 'private, max-age=31536000, immutable']);
    expect(coarse.pixels[5 * 133 + 7]).toBe(value(20, 28, 1));
  });
});

describe('a coarse tile of a GeoTIFF', () => {
  const flat = (height: number, width: number, at: (line: number, sample: number) => number): Uint16Array =>
    Uint16Array.from({ length: height * width }, (_, i) => at(Math.floor(i / width), i % width));
  const full: TestImage = {
    lines,
    samples,
    bands: 1,
    dataType: 'uint16',
    pixels: flat(lines, samples, (line, sample) => value(line, sample, 0)),
    planar: 'contiguous',
    tile: { lines: 64, samples: 64 },
    compression: 'deflate',
    predictor: 1,
  };
  const reduced = (height: number, width: number, marker: number): TestImage => ({
    ...full,
    lines: height,
    samples: width,
    pixels: flat(height, width, (line, sample) => marker + line + sample),
    tags: [{ tag: 254, type: 4, values: [1] }],
  });

  it('is of the file’s own overview of that size', async () => {
    writeFileSync(
      host.at('overviews.tif'),
      writeTiff([full, reduced(300, 265, 10_000), reduced(150, 133, 20_000)]),
    );
    const { cubeId } = await host.open('overviews.tif');
    const [coarse, coarser] = await Promise.all(['1/1/0', '2/0/0'].map((at) => look(cubeId, band(0), at)));
    expect([coarse?.source, coarser?.source]).toEqual(['overview', 'overview']);
    expect(coarse?.pixels[3 * 256 + 5]).toBe(10_000 + 256 + 3 + 5);
    expect(coarser?.pixels[3 * 133 + 5]).toBe(20_000 + 3 + 5);
    // Exact, statistics and exports know nothing of overviews.
    const exact = await look(cubeId, band(0), '2/0/0', '&exact');
    expect([exact.source, exact.pixels[0]]).toEqual(['exact', halved(4, 0, 0, 0)]);
  });

  it('is of an overview of another factor too: of the pixel under its middle', async () => {
    writeFileSync(host.at('third.tif'), writeTiff([full, reduced(200, 177, 30_000)]));
    const { cubeId } = await host.open('third.tif');
    const coarser = await look(cubeId, band(0), '2/0/0');
    expect(coarser.source).toBe('overview');
    const [line, sample] = [100, 60];
    const under = [((line + 0.5) * 200) / 150, ((sample + 0.5) * 177) / 133].map(Math.floor);
    expect(coarser.pixels[line * 133 + sample]).toBe(30_000 + (under[0] ?? 0) + (under[1] ?? 0));
    // Too small for level 1: better every second pixel of the image than larger pixels.
    expect((await look(cubeId, band(0), '1/0/0')).source).toBe('sampled');
  });

  it('of a compressed file without overviews is of sampled pixels', async () => {
    writeFileSync(host.at('plain.tif'), writeTiff([full]));
    const { cubeId } = await host.open('plain.tif');
    const coarse = await look(cubeId, band(0), '1/0/0');
    expect([coarse.source, coarse.pixels[9 * 256 + 11]]).toEqual(['sampled', value(18, 22, 0)]);
  });
});

describe('exact tiles of a large image', () => {
  it('are made depth first: few tiles are alive at any time', async () => {
    const side = 20 * 256;
    writeFileSync(
      host.at('large.hdr'),
      `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 1\ndata type = 1\ninterleave = bsq\nbyte order = 0\nheader offset = 0\n`,
    );
    const file = openSync(host.at('large.img'), 'w');
    ftruncateSync(file, side * side);
    closeSync(file);
    const { cubeId, tiles } = await host.open('large.img');
    let isDone = false;
    const top = look(cubeId, band(0), `${tiles.levels - 1}/0/0`, '&exact').finally(() => (isDone = true));
    let most = 0;
    while (!isDone) {
      const { tasks } = await answerOf<{ tasks: { waiting: object; running: object } }>(
        await host.fetch('/diagnostics'),
      );
      const counts = [tasks.waiting, tasks.running].flatMap((part) => Object.values(part) as number[]);
      most = Math.max(
        most,
        counts.reduce((sum, count) => sum + count, 0),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await top).pixels.every((pixel) => pixel === 0)).toBe(true);
    // 400 fine tiles were made; four at once are under way, never all.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('the plan of an image', () => {
  it('is made once for all who ask at once', async () => {
    const { cubeId } = await host.open('cube_bsq.img');
    const image = { kind: 'counted', parameters: { bandIndex: 0 } };
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, k) => look(cubeId, image, `0/${k % 3}/${k % 2}`)),
    );
    expect(all).toHaveLength(6);
    expect(plans).toBe(1);
  });

  it('of a plain band needs no worker', () => {
    const record = {
      name: null,
      wavelengthNm: null,
      fwhmNm: null,
      good: true,
      noData: null,
      scale: null,
      offset: null,
      unit: null,
      time: null,
    };
    const cube = { description: { bands: 1, bandRecords: [record] } } as unknown as Cube;
    const refuse = (): never => {
      throw new Error('a worker was asked');
    };
    const plan = bandImage.plan(cube, { bandIndex: 0 }, refuse, refuse);
    expect(plan).toMatchObject({ needed: [0], dataType: 'float32', holds: 'values' });
  });
});
