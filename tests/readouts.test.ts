import { ftruncateSync, openSync, closeSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { imageText, type BuiltInImage } from '../src/engine/contract/images.ts';
import type { ColourMap, FilterBandAnswer, PixelsAnswer } from '../src/engine/contract/readings.ts';
import type { ImageStatistics } from '../src/engine/contract/statistics.ts';
import { version } from '../src/engine/engine.ts';
import { writeEnvi } from './testCubes.ts';
import { answerOf, refusalOf, TestEngine } from './testEngine.ts';

// What a window asks beyond tiles and spectra: the read-out, statistics, a filter's description, colour maps.

const host = new TestEngine(2);
afterAll(() => host.close());

const nm = [500, 510, 520, 530, 540, 550, 560];
const lines = 300;
const samples = 290;
let opened: OpenCubeAnswer;
const stored = (line: number, sample: number, band: number): number =>
  line === 7 && sample === 9 ? 65_535 : ((line * 31 + sample * 17 + band * band * 101) % 5000) + 1000;

beforeAll(async () => {
  const source = { lines, samples, bands: nm.length, dataType: 'uint16' as const, stored };
  writeEnvi(host.folder, 'cube', source, {}, [
    'wavelength units = nm',
    `wavelength = {${nm.join(', ')}}`,
    'data ignore value = 65535',
    'reflectance scale factor = 10000',
    'map info = {UTM, 1, 1, 368000, 5808000, 10, 20, 33, North, WGS-84, units=Meters}',
  ]);
  opened = await host.open('cube.img');
});

const post = async <Answer>(route: string, body: unknown): Promise<Answer> =>
  answerOf<Answer>(await host.post(`/cubes/${opened.cubeId}${route}`, body));
const get = async <Answer>(route: string, cubeId = opened.cubeId): Promise<Answer> =>
  answerOf<Answer>(await host.fetch(`/cubes/${cubeId}${route}`));

const filter = { window: 5, degree: 2, derivative: 2 };
const filtered: BuiltInImage = { kind: 'filtered', parameters: { bandIndex: 3, filter } };

describe('the read-out under a pointer', () => {
  it('gives the stored number, the value, the image’s value and map coordinates', async () => {
    const at = [
      { line: 0, sample: 0 },
      { line: 299, sample: 12 },
    ];
    const { pixels } = await post<PixelsAnswer>('/pixels', { at, bandIndex: 3, image: filtered });
    const spectra = await host.spectra(
      opened.cubeId,
      [
        [0, 0],
        [299, 12],
      ],
      filter,
    );
    pixels.forEach((pixel, k) => {
      const spectrum = spectra.pixels[k];
      expect(pixel.stored).toBe(spectrum?.stored[3]);
      expect(pixel.value).toBe(spectrum?.values[3]);
      expect(pixel.image).toEqual([Math.fround(spectrum?.derivative?.[3] ?? NaN)]);
    });
    expect(pixels.map(({ map }) => map)).toEqual([
      [368005, 5807990],
      [368125, 5808000 - 299 * 20 - 10],
    ]);
  });

  it('gives null where there is no value, and nothing of an image that was not asked for', async () => {
    const { pixels } = await post<PixelsAnswer>('/pixels', { at: [{ line: 7, sample: 9 }], bandIndex: 0 });
    expect(pixels).toMatchObject([{ stored: 65_535, value: null, image: null }]);
  });

  it('gives three numbers of a composite', async () => {
    const image = { kind: 'composite', parameters: { bandIndexes: [2, 1, 0] } };
    const { pixels } = await post<PixelsAnswer>('/pixels', {
      at: [{ line: 1, sample: 2 }],
      bandIndex: 0,
      image,
    });
    expect(pixels[0]?.image).toEqual([2, 1, 0].map((band) => Math.fround(stored(1, 2, band) * 0.0001)));
  });

  it.each([
    [{ at: [], bandIndex: 0 }, 'at'],
    [{ at: [{ line: 300, sample: 0 }], bandIndex: 0 }, 'line'],
    [{ at: [{ line: 0, sample: 0 }], bandIndex: 7 }, 'band'],
    [{ at: [{ line: 0, sample: 0 }], bandIndex: 0, image: { kind: 'no', parameters: {} } }, 'image.kind'],
  ])('refuses %j', async (body, field) => {
    expect(await refusalOf(post('/pixels', body))).toMatchObject({ field });
  });
});

describe('a filter at a band', () => {
  const ask = (query: string): Promise<FilterBandAnswer> => get(`/filter?${query}`);

  it('has the textbook weights, over nanometres', async () => {
    const answer = await ask('bandIndex=3&window=5&degree=2&derivative=2');
    expect(answer).toMatchObject({
      bandIndex: 3,
      windowIndexes: [1, 2, 3, 4, 5],
      width: 40,
      edge: false,
      segment: { firstBandIndex: 0, lastBandIndex: 6, direction: 'rising', stepNm: 10 },
      unit: 'reflectance/nm^2',
    });
    [2, -1, -2, -1, 2].forEach((weight, k) => {
      expect(answer.weights[k]).toBeCloseTo(weight / 7 / 100, 15);
    });
    // sqrt(14) / 7 per band^2.
    expect(answer.noiseGain).toBeCloseTo(Math.sqrt(2 / 7) / 100, 14);
  });

  it('says where it is off-centre, and counts bands on the band axis', async () => {
    const answer = await ask('bandIndex=0&window=5&degree=2&derivative=0&axis=band');
    expect(answer).toMatchObject({
      windowIndexes: [0, 1, 2, 3, 4],
      width: 4,
      edge: true,
      unit: 'reflectance',
    });
    [31, 9, -3, -5, 3].forEach((weight, k) => {
      expect(answer.weights[k]).toBeCloseTo(weight / 35, 14);
    });
  });

  it.each([
    ['bandIndex=3', 'window'],
    ['bandIndex=&window=5', 'bandIndex'],
    ['bandIndex=9&window=5', 'band'],
    ['bandIndex=3&window=4', 'window'],
  ])('refuses %s', async (query, field) => {
    expect(await refusalOf(ask(query))).toMatchObject({ field });
  });
});

describe('statistics as a GET', () => {
  const statistics = (image: BuiltInImage, query = '', cubeId = opened.cubeId): Promise<ImageStatistics> =>
    get(`/statistics?image=${encodeURIComponent(imageText(image))}${query}`, cubeId);

  it('are what the job gives, of all planes of a composite', async () => {
    const image: BuiltInImage = { kind: 'composite', parameters: { bandIndexes: [4, 2, 0] } };
    const answer = await statistics(image, '&percentiles=2,50,98&bins=32');
    const order = { cubeId: opened.cubeId, image, percentiles: [2, 50, 98], bins: 32 };
    expect(answer).toEqual(await host.job('image-statistics', order));
    expect(answer.level).toBe(0);
    expect(answer.planes).toHaveLength(3);
    const sorted: number[] = [];
    for (let line = 0; line < lines; line++) {
      for (let sample = 0; sample < samples; sample++) {
        if (line !== 7 || sample !== 9) sorted.push(Math.fround(stored(line, sample, 4) * 0.0001));
      }
    }
    sorted.sort((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
    expect(answer.planes[0]?.count).toBe(lines * samples - 1);
    expect(answer.planes[0]?.percentiles[1]?.value).toBeCloseTo(median, 12);
  });

  it('may be of a coarse level, which says so', async () => {
    const coarse = await statistics({ kind: 'band', parameters: { bandIndex: 0 } }, '&level=1');
    expect(coarse.level).toBe(1);
    expect(coarse.planes[0]?.count).toBe(150 * 145);
    // Small images are exact with auto too.
    const auto = await statistics({ kind: 'band', parameters: { bandIndex: 0 } }, '&level=auto');
    expect(auto.level).toBe(0);
  });

  it('are kept like tiles where the URL names the version', async () => {
    const route = `/cubes/${opened.cubeId}/statistics?image=${encodeURIComponent(imageText(filtered))}`;
    const cacheOf = async (query: string): Promise<string | null> =>
      (await host.fetch(`${route}${query}`)).headers.get('cache-control');
    expect(opened.tiles.version).toBe(version);
    expect(await cacheOf(`&version=${version}`)).toBe('private, max-age=31536000, immutable');
    expect(await cacheOf('')).toBe('no-cache');
    const old = await host.fetch(`${route}&version=0.0.1`);
    expect([old.status, (await old.json()) as unknown]).toMatchObject([400, { field: 'version' }]);
    const tile = `/cubes/${opened.cubeId}/tiles/0/0/0?image=${encodeURIComponent(imageText(filtered))}`;
    expect((await host.fetch(`${tile}&version=0.0.1`)).status).toBe(400);
    expect((await host.fetch(`${tile}&version=${version}`)).headers.get('cache-control')).toContain(
      'immutable',
    );
  });

  it('of more than 64 megapixels are left to the job', async () => {
    const side = 8200;
    writeFileSync(
      host.at('large.hdr'),
      `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 1\ndata type = 1\ninterleave = bsq\nbyte order = 0\nheader offset = 0\n`,
    );
    const file = openSync(host.at('large.img'), 'w');
    ftruncateSync(file, side * side);
    closeSync(file);
    const { cubeId } = await host.open('large.img');
    const image: BuiltInImage = { kind: 'band', parameters: { bandIndex: 0 } };
    expect(await refusalOf(statistics(image, '', cubeId))).toMatchObject({
      code: 'out-of-range',
      field: 'level',
    });
    expect(await refusalOf(statistics(image, '&level=9', cubeId))).toMatchObject({ code: 'out-of-range' });
  });

  it.each(['&percentiles=', '&percentiles=101', '&bins=0', '&level=fine', '&level='])(
    'refuses %s',
    async (query) => {
      const refused = await refusalOf(statistics(filtered, query));
      expect(refused).toMatchObject({ code: 'invalid-request', field: /&(\w+)/.exec(query)?.[1] });
    },
  );
});

it('colour maps come with their 256 colours', async () => {
  const { colourMaps } = await answerOf<{ colourMaps: ColourMap[] }>(await host.fetch('/colour-maps'));
  expect(colourMaps.map(({ name }) => name)).toContain('viridis');
  for (const { rgb } of colourMaps) {
    expect(rgb).toHaveLength(768);
    expect(rgb.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)).toBe(true);
  }
  const gray = colourMaps.find(({ name }) => name === 'gray')?.rgb;
  expect(gray?.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
  // matplotlib's ends of viridis.
  const viridis = colourMaps.find(({ name }) => name === 'viridis')?.rgb;
  expect([viridis?.slice(0, 3), viridis?.slice(-3)]).toEqual([
    [68, 1, 84],
    [253, 231, 37],
  ]);
});
