import type { Backends } from '../../engine/contract/host.ts';
import type { InfoJson } from './json.ts';
import type { SpectrumResult } from '../../engine/contract/spectra.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRun } from './testRun.ts';
import {
  bands,
  curvature,
  everyPixel,
  expectNear,
  lines,
  nm,
  noData,
  samples,
  smallCube,
  smoothing,
  stored,
  value,
  weighted,
} from './testSmallCube.ts';

/** info, spectrum, stats and backends on a small made cube, checked against plain arithmetic on its formula. */

const test = new TestRun();
beforeAll(() => {
  test.cube('c', smallCube);
});
afterAll(() => test.close());

const done = (line: string): Promise<string> => test.done(line);

describe('info', () => {
  it('prints the header, the axis and its segments as JSON', async () => {
    const info = await test.json<InfoJson>(['info', '@c.dat']);
    expect(info).toEqual({
      file: 'c.dat',
      format: 'ENVI',
      images: [expect.objectContaining({ lines, samples, bands })],
      lines,
      samples,
      bands,
      dataType: 'uint16',
      interleave: 'bsq',
      byteOrder: 'little',
      headerOffset: 0,
      noDataValue: noData,
      scale: 0.1,
      offset: null,
      wavelengthsNm: nm,
      wavelengthUnits: 'Nanometers',
      fwhmNm: null,
      bandIsGood: nm.map((_, k) => k !== 11),
      bandNames: null,
      segments: [{ firstBand: 1, lastBand: 11, direction: 'rising', stepNm: 10 }],
      geoTransform: null,
      crs: null,
      defaultBands: null,
      assumptions: [],
    });
  });

  it('prints the same for people, from the header as from the data file', async () => {
    const page = await done('info @c.dat');
    expect(page).toContain('3 lines x 4 samples x 12 bands\n');
    expect(page).toContain('400 to 510 nm (in the file: Nanometers)\n');
    expect(page).toMatch(/^bad bands +12$/m);
    expect(page).toMatch(/^ 1-11 +rising +10 nm$/m);
    expect(page).toContain('Assumptions made while opening\n  none\n');
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await done('info @c.hdr')).toBe(page);
  });

  it('takes overrides from a file and lists them among the assumptions', async () => {
    writeFileSync(
      test.at('open.json'),
      JSON.stringify({ noData: 100, scale: 2, wavelengthsNm: nm.map((x) => x + 1) }),
    );
    const info = await test.json<InfoJson>(['info', '@c.dat', '--open', '@open.json']);
    expect([info.noDataValue, info.scale, info.wavelengthsNm?.[0]]).toEqual([100, 2, 401]);
    expect(info.assumptions.map(({ field }) => field).sort()).toEqual(['noData', 'scale', 'wavelengthsNm']);
    const spectrum = await test.json<SpectrumResult>([
      'spectrum',
      '@c.dat',
      '--at',
      '0,0',
      '--open',
      '@open.json',
    ]);
    // Stored 100 is nodata now, and everything else twice its stored value.
    expect(spectrum.pixels[0]?.values).toEqual(
      nm.map((_, k) => (stored(0, 0, k) === 100 ? null : 2 * stored(0, 0, k))),
    );
  });
});

/** A TIFF of images one line high, of bytes: 8 bytes of header, then directory and pixels of each (TIFF 6.0). */
function tiffOf(images: readonly number[][]): Buffer {
  const parts = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  for (const [k, pixels] of images.entries()) {
    // Width, length, bits, compression, photometric, strip offset, rows per strip, strip byte count.
    const data = at + 2 + 8 * 12 + 4;
    const next = k + 1 < images.length ? data + pixels.length : 0;
    const tags = [
      [256, pixels.length],
      [257, 1],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, data],
      [278, 1],
      [279, pixels.length],
    ] as const;
    const directory = Buffer.alloc(data - at);
    directory.writeUInt16LE(tags.length, 0);
    for (const [place, [tag, entry]] of tags.entries()) {
      directory.writeUInt16LE(tag, 2 + 12 * place);
      directory.writeUInt16LE(4, 4 + 12 * place);
      directory.writeUInt32LE(1, 6 + 12 * place);
      directory.writeUInt32LE(entry, 10 + 12 * place);
    }
    directory.writeUInt32LE(next, 2 + 12 * tags.length);
    parts.push(directory, Buffer.from(pixels));
    at = data + pixels.length;
  }
  return Buffer.concat(parts);
}

describe('a file with several images', () => {
  beforeAll(() => {
    writeFileSync(
      test.at('two.tif'),
      tiffOf([
        [1, 2, 3],
        [40, 50, 60, 70],
      ]),
    );
  });

  it('opens the first, and any other by id or name', async () => {
    const info = await test.json<InfoJson>(['info', '@two.tif']);
    expect(info.images.map(({ samples }) => samples)).toEqual([3, 4]);
    expect(info.samples).toBe(3);
    const [, second] = info.images;
    for (const image of [second?.imageId ?? '', second?.name ?? '']) {
      const result = await test.json(['stats', '@two.tif', '--bands', '1', '--image', image]);
      expect(result).toMatchObject({ bands: [{ band: 1, sum: 220, min: 40, max: 70, count: 4 }] });
    }
    const page = await done('info @two.tif');
    for (const { imageId, name } of info.images) expect(page).toContain(`${imageId} (${name})`);
  });

  it('names the images where there is no such one', async () => {
    const { code, stderr } = await test.run(['info', '@two.tif', '--image', 'third']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^cubelens: two\.tif has no image third\.\nIts images: .+ \(.+\), .+ \(.+\)\.\n$/);
  });

  it('opens an image beside one that is not supported, and the recipe says its id', async () => {
    const bytes = readFileSync(test.at('two.tif'));
    // Compression (tag 259) of the first directory becomes JPEG.
    const entry = Buffer.from([3, 1, 4, 0, 1, 0, 0, 0]);
    bytes.writeUInt16LE(7, bytes.indexOf(entry) + 8);
    writeFileSync(test.at('mixed.tif'), bytes);
    expect((await test.run(['info', '@mixed.tif'])).code).toBe(4);
    for (const image of ['1', 'Image 1']) {
      expect((await test.json<InfoJson>(['info', '@mixed.tif', '--image', image])).samples).toBe(4);
    }
    expect((await test.run(['export', '@mixed.tif', '--image', 'Image 1', '--out', '@m.dat'])).code).toBe(0);
    expect([...readFileSync(test.at('m.dat'))]).toEqual([40, 50, 60, 70]);
    const recipe = JSON.parse(readFileSync(test.at('m.dat.recipe.json'), 'utf8')) as { open: object };
    expect(recipe.open).toEqual({ imageId: '1' });
  });

  it('replays the image that was exported', async () => {
    const { images } = await test.json<InfoJson>(['info', '@two.tif']);
    await test.run(['export', '@two.tif', '--image', images[1]?.imageId ?? '', '--out', '@second.dat']);
    expect([...readFileSync(test.at('second.dat'))]).toEqual([40, 50, 60, 70]);
    await done('replay @second.dat.recipe.json --out @second-again.dat');
    expect([...readFileSync(test.at('second-again.dat'))]).toEqual([40, 50, 60, 70]);
  });
});

describe('spectrum', () => {
  it('without a filter: stored numbers and values, no curves', async () => {
    const result = await test.json<SpectrumResult>(['spectrum', '@c.dat', '--at', '1,2', '--at', '2,3']);
    expect(result.filter).toBeNull();
    expect(result.wavelengthsNm).toEqual(nm);
    expect(result.pixels.map(({ line, sample }) => [line, sample])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    const [pixel, empty] = result.pixels;
    expect(pixel?.stored).toEqual(nm.map((_, k) => stored(1, 2, k)));
    expectNear(
      pixel?.values ?? [],
      nm.map((_, k) => value(1, 2, k)),
      1e-12,
    );
    expect([pixel?.smoothed, pixel?.derivative]).toEqual([null, null]);
    expect(empty?.stored).toEqual(nm.map(() => noData));
    expect(empty?.values).toEqual(nm.map(() => null));
  });

  it.each([
    [['--window', '5'], { window: 5, degree: 2, derivative: 2 }],
    [['--degree', '1'], { window: 11, degree: 1, derivative: 1 }],
    [['--degree', '0'], { window: 11, degree: 0, derivative: 0 }],
    [['--degree', '4'], { window: 11, degree: 4, derivative: 2 }],
    [['--derivative', '1'], { window: 11, degree: 2, derivative: 1 }],
  ])('%j completes the filter', async (options, filter) => {
    const result = await test.json<SpectrumResult>(['spectrum', '@c.dat', '--at', '0,0', ...options]);
    expect(result.filter).toEqual({ ...filter, axis: 'wavelength', edge: 'fit', gap: 'refit' });
  });

  it('applies the published weights, per nm² by wavelength and per band² by band', async () => {
    const asked = ['spectrum', '@c.dat', '--at', '1,2', '--window', '5'];
    const byNm = await test.json<SpectrumResult>(asked);
    const byBand = await test.json<SpectrumResult>([...asked, '--axis', 'band']);
    expect([byNm.units.derivative, byBand.units.derivative]).toEqual([
      'reflectance/nm^2',
      'reflectance/band^2',
    ]);
    for (const [result, step] of [
      [byNm, 10],
      [byBand, 1],
    ] as const) {
      const pixel = result.pixels[0];
      for (let band = 2; band <= 8; band++) {
        expect(pixel?.smoothed?.[band]).toBeCloseTo(weighted(smoothing, 1, 2, band), 10);
        expect(pixel?.derivative?.[band]).toBeCloseTo(weighted(curvature, 1, 2, band) / step ** 2, 10);
      }
      expect([pixel?.smoothed?.[11], pixel?.derivative?.[11]]).toEqual([null, null]);
      expect(pixel?.edge).toEqual(nm.map((_, k) => k < 2 || k === 9 || k === 10));
    }
  });

  it('leaves edges out with --edge nan', async () => {
    const asked = ['spectrum', '@c.dat', '--at', '0,1', '--window', '5', '--edge', 'nan'];
    const pixel = (await test.json<SpectrumResult>(asked)).pixels[0];
    expect(pixel?.derivative?.map((entry) => entry === null)).toEqual(nm.map((_, k) => k < 2 || k > 8));
  });

  it('prints a table for people, one row a band', async () => {
    const page = await done('spectrum @c.dat --at 1,2 --window 5');
    const rows = page.split('\n').filter((line) => /^ *\d+ /.test(line));
    expect(rows).toHaveLength(bands);
    expect(rows[11]).toMatch(/^ +12 +510 +\d+ +[\d.]+ +- +- +bad$/);
    expect(page).toContain('Units: values reflectance, derivative reflectance/nm^2\n');
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('writes CSV with --out', async () => {
    expect(await done('spectrum @c.dat --at 1,2 --window 5 --out @s.csv')).toContain('Wrote s.csv (');
    const [header = [], ...rows] = readFileSync(test.at('s.csv'), 'utf8')
      .trimEnd()
      .split('\r\n')
      .map((row) => row.split(','));
    expect(rows.map(([band]) => Number(band))).toEqual(nm.map((_, k) => k + 1));
    const column = (name: string): string[] =>
      rows.map((row) => row[header.indexOf(`line1_sample2_${name}`)] ?? 'none');
    expect(column('stored').map(Number)).toEqual(nm.map((_, k) => stored(1, 2, k)));
    expect(Number(column('derivative')[4])).toBeCloseTo(weighted(curvature, 1, 2, 4) / 100, 10);
    expect(column('derivative')[11]).toBe('');
  });
});

describe('stats', () => {
  it('is what a plain loop over the valid stored values gives, in the order asked for', async () => {
    const result = await test.json(['stats', '@c.dat', '--bands', '12,1-2']);
    const expected = [11, 0, 1].map((k) => {
      const valid = everyPixel((line, sample) => stored(line, sample, k)).filter((entry) => entry !== noData);
      const sum = valid.reduce((total, entry) => total + entry, 0);
      return {
        band: k + 1,
        sum,
        min: Math.min(...valid),
        max: Math.max(...valid),
        count: lines * samples - 1,
      };
    });
    expect(result).toMatchObject({ bands: expected });
    const page = await done('stats @c.dat --bands 1');
    const { sum, min, max, count } = expected[1] ?? {};
    expect(page.trim().split('\n')[1]?.trim().split(/ +/).map(Number)).toEqual([1, sum, min, max, count]);
  });
});

describe('backends', () => {
  it('says what runs and why', async () => {
    const { kernels, tensorflow } = await test.json<Backends>(['backends']);
    expect(kernels.why).not.toBe('');
    expect(tensorflow.version).toMatch(/^\d/);
    const shown = (await done('backends')).replaceAll(/\s+/g, ' ');
    expect(shown).toContain(kernels.name);
    expect(shown).toContain(`tensorflow: ${tensorflow.backend ?? ''} (${tensorflow.reason})`);
  });
});
