import type { BandStatistics } from '../src/engine/contract/statistics.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTiff, type TestImage } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import { TestEngine, tileRoute } from './testEngine.ts';

/** Validity beside the numbers: a mask directory, and a closing alpha sample. */

const host = new TestEngine();
afterAll(() => host.close());

const lines = 300;
const samples = 270;
const value = (line: number, sample: number, band: number): number => (line * 7 + sample * 3 + band) % 5000;
const isValid = (line: number, sample: number): boolean => (line + 2 * sample) % 5 !== 0;

const pixelsOf = <T>(make: (line: number, sample: number) => T): T[] =>
  Array.from({ length: lines * samples }, (_, i) => make(Math.floor(i / samples), i % samples));

const common = { lines, samples, tile: { lines: 64, samples: 64 }, predictor: 1 as const };

/** Two bands, and validity as a third sample (ExtraSamples 2). */
const withAlpha: TestImage = {
  ...common,
  bands: 3,
  dataType: 'uint16',
  planar: 'contiguous',
  compression: 'deflate',
  pixels: Uint16Array.from(
    pixelsOf((l, s) => [value(l, s, 0), value(l, s, 1), isValid(l, s) ? 65535 : 0]).flat(),
  ),
  tags: [{ tag: 338, type: 3, values: [0, 2] }],
};

/** Two bands, and validity as a mask directory of bytes. */
const masked: TestImage[] = [
  {
    ...common,
    bands: 2,
    dataType: 'uint16',
    planar: 'separate',
    compression: 'lzw',
    pixels: Uint16Array.from(pixelsOf((l, s) => [value(l, s, 0), value(l, s, 1)]).flat()),
  },
  {
    ...common,
    bands: 1,
    dataType: 'uint8',
    planar: 'contiguous',
    compression: 'deflate',
    pixels: Uint8Array.from(pixelsOf((l, s) => (isValid(l, s) ? 255 : 0))),
    tags: [{ tag: 254, type: 4, values: [4] }],
  },
];

describe.each([
  ['alpha', [withAlpha]],
  ['a mask directory', masked],
])('validity by %s', (name, images) => {
  let opened: OpenCubeAnswer;
  const file = `${name.replaceAll(' ', '-')}.tif`;
  beforeAll(async () => {
    writeFileSync(host.at(file), writeTiff(images));
    opened = await host.open(file);
  });

  it('counts two bands, and statistics of valid pixels only', async () => {
    expect(opened.info.bands).toBe(2);
    const { bands } = await host.job<{ bands: BandStatistics[] }>('band-statistics', {
      cubeId: opened.cubeId,
      bandIndexes: [1],
    });
    const valid = pixelsOf((l, s) => (isValid(l, s) ? value(l, s, 1) : null)).filter((v) => v !== null);
    expect(bands).toEqual([
      {
        bandIndex: 1,
        count: valid.length,
        sum: valid.reduce((sum, v) => sum + v, 0),
        min: Math.min(...valid),
        max: Math.max(...valid),
      },
    ]);
  });

  it('gives values as NaN where not valid, in tiles and spectra', async () => {
    const tile = await host.tile(opened.cubeId, { image: 'band', bands: 0 }, [0, 1, 1]);
    const [, tileLines = 0, tileSamples = 0] = tile.shape;
    expect([tileLines, tileSamples]).toEqual([44, 14]);
    const expected = Array.from({ length: tileLines * tileSamples }, (_, i) => {
      const line = 256 + Math.floor(i / tileSamples);
      const sample = 256 + (i % tileSamples);
      return isValid(line, sample) ? value(line, sample, 0) : NaN;
    });
    expect([...tile.pixels]).toEqual(expected);
    const { pixels } = await host.spectra(opened.cubeId, [
      [0, 0],
      [0, 1],
    ]);
    expect(pixels.map((pixel) => pixel.values)).toEqual([
      [null, null],
      [value(0, 1, 0), value(0, 1, 1)],
    ]);
    expect(pixels[0]?.stored).toEqual([value(0, 0, 0), value(0, 0, 1)]);
  });

  it.each([0, 1])('sends the validity of stored numbers as packed bits, level %i', async (level) => {
    const response = await host.fetch(tileRoute(opened.cubeId, { image: 'stored', bands: 0 }, [level, 0, 0]));
    const [, tileLines = 0, tileSamples = 0] = (response.headers.get('cubelens-shape') ?? '')
      .split(',')
      .map(Number);
    const body = new Uint8Array(await response.arrayBuffer());
    const count = tileLines * tileSamples;
    const bits = body.subarray(2 * count);
    expect(response.headers.get('cubelens-valid-bytes')).toBe(String(Math.ceil(count / 8)));
    expect(body.length).toBe(Number(response.headers.get('content-length')));
    expect(bits.length).toBe(Math.ceil(count / 8));
    const step = 2 ** level;
    const places = Array.from({ length: count }, (_, i) => ({
      i,
      line: step * Math.floor(i / tileSamples),
      sample: step * (i % tileSamples),
    }));
    expect([...new Uint16Array(body.buffer, 0, count)]).toEqual(
      places.map(({ line, sample }) => value(line, sample, 0)),
    );
    expect(places.map(({ i }) => (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1)).toEqual(
      places.map(({ line, sample }) => isValid(line, sample)),
    );
  });

  it('says in a plain export that the validity is not written', async () => {
    const result = await host.export('cube', opened.cubeId, `plain-${file}`, { format: 'geotiff' });
    expect(result.warnings.join(' ')).toContain('validity mask is not written');
  });
});

it('sends no validity for a file without one', async () => {
  const { cubeId } = await host.demo({ lines: 20, samples: 20, bands: 4 });
  const response = await host.fetch(tileRoute(cubeId, { image: 'stored', bands: 0 }));
  expect(response.headers.get('cubelens-valid-bytes')).toBeNull();
  expect((await response.arrayBuffer()).byteLength).toBe(20 * 20 * 2);
});
