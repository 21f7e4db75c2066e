import type { BandStatistics } from '../src/engine/contract/statistics.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { dataTypes, newStoredArray, type DataType } from '../src/engine/base/dataTypes.ts';
import { writeTiff, type TestImage } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import { TestEngine } from './testEngine.ts';
import {
  bandOf,
  enviTypes,
  flat,
  naiveStatistics,
  plainValue,
  storedJson,
  variedCube,
  writeEnvi,
  type TestCube,
} from './testCubes.ts';

/** Generated cubes of every type and layout, through the API, against what they were written from. */

const host = new TestEngine();
afterAll(() => host.close());

const exactInteger = (value: number | bigint | null): unknown =>
  typeof value === 'bigint' ? storedJson(value) : value;

/** Spectra of a few pixels, tiles of two bands and statistics of all bands are those of the cube that was written. */
async function checkNumbers({ cubeId }: OpenCubeAnswer, cube: TestCube): Promise<void> {
  const { lines, samples, bands, dataType } = cube;
  const at: [number, number][] = [
    [0, 0],
    [lines - 1, samples - 1],
    [lines >> 1, samples >> 1],
    [1, samples - 2],
  ];
  const { pixels, filter } = await host.spectra(cubeId, at);
  expect(filter).toBeNull();
  at.forEach(([line, sample], k) => {
    const stored = Array.from({ length: bands }, (_, band) => cube.stored(line, sample, band));
    expect(pixels[k]).toEqual({
      line,
      sample,
      stored: stored.map(storedJson),
      values: stored.map(plainValue).map((value) => (Number.isFinite(value) ? value : null)),
      smoothed: null,
      derivative: null,
      edge: stored.map(() => false),
    });
  });

  for (const band of [0, bands - 1]) {
    const written = bandOf(cube, band);
    const asStored = await host.tile(cubeId, { image: 'stored', bands: band });
    expect([asStored.dataType, asStored.shape]).toEqual([dataType, [1, lines, samples]]);
    expect([...asStored.pixels]).toEqual(flat(written));
    const asValues = await host.tile(cubeId, { image: 'band', bands: band });
    expect([asValues.dataType, asValues.shape]).toEqual(['float32', [1, lines, samples]]);
    expect([...asValues.pixels]).toEqual(written.map((value) => Math.fround(plainValue(value))));
  }

  const bandIndexes = Array.from({ length: bands }, (_, band) => band);
  const answer = await host.job<{ bands: BandStatistics[] }>('band-statistics', {
    cubeId,
    bandIndexes,
  });
  for (const band of bandIndexes) {
    const wanted = naiveStatistics(bandOf(cube, band));
    const got = answer.bands[band];
    expect(got).toMatchObject({
      bandIndex: band,
      min: exactInteger(wanted.min),
      max: exactInteger(wanted.max),
      count: wanted.count,
    });
    if (dataType.includes('int')) expect(got?.sum).toBe(exactInteger(wanted.sum));
    else
      expect(Math.abs(Number(got?.sum) - Number(wanted.sum))).toBeLessThan(
        1e-9 * Math.abs(Number(wanted.sum)) + 1e-9,
      );
  }
}

describe.each(enviTypes)('ENVI %s', (dataType) => {
  describe.each(['bsq', 'bil', 'bip'] as const)('%s', (interleave) => {
    it.each(['little', 'big'] as const)('%s-endian', async (byteOrder) => {
      // Prime sizes; a header offset that is no multiple of any type's size.
      const cube = variedCube(dataType, [5, 7, 11]);
      const stem = `envi_${dataType}_${interleave}_${byteOrder}`;
      writeEnvi(host.folder, stem, cube, { interleave, byteOrder, headerOffset: 13 });
      const opened = await host.open(`${stem}.hdr`);
      const shape = { lines: 5, samples: 7, bands: 11 };
      expect(opened.info).toMatchObject({
        file: `${stem}.img`,
        format: 'ENVI',
        images: [shape],
        ...shape,
        dataType,
        interleave,
        byteOrder,
        headerOffset: 13,
        noDataValue: null,
        scale: null,
        offset: null,
        wavelengthsNm: null,
        wavelengthUnits: null,
        fwhmNm: null,
        bandIsGood: new Array<boolean>(11).fill(true),
        bandNames: null,
        segments: [{ firstBandIndex: 0, lastBandIndex: 10, direction: 'rising', stepNm: null }],
        geoTransform: null,
        crs: null,
        defaultBandIndexes: null,
      });
      expect(opened.tiles).toMatchObject({ size: 256, levels: 1 });
      await checkNumbers(opened, cube);
    });
  });
});

it('ENVI: a full header, every field as written', async () => {
  const cube = variedCube('int16', [5, 7, 3]);
  const further = [
    'wavelength units = Micrometers',
    'wavelength = {0.4, 0.45, 0.51}',
    'fwhm = {0.01, 0.02, 0.01}',
    'bbl = {1, 0, 1}',
    'band names = {blue, absorbed, green}',
    'default bands = {3}',
    'data ignore value = -9999',
    'reflectance scale factor = 10000',
    'map info = {UTM, 1, 1, 368000, 5806000, 30, 30, 33, North, WGS-84, units=Meters}',
  ];
  writeEnvi(host.folder, 'full', cube, { interleave: 'bip' }, further);
  const { info } = await host.open('full.img');
  expect(info).toMatchObject({
    noDataValue: -9999,
    scale: 0.0001,
    wavelengthsNm: [400, 450, 510],
    wavelengthUnits: 'Micrometers',
    fwhmNm: [10, 20, 10],
    bandIsGood: [true, false, true],
    bandNames: ['blue', 'absorbed', 'green'],
    defaultBandIndexes: [2],
    segments: [{ firstBandIndex: 0, lastBandIndex: 2, direction: 'rising', stepNm: 110 }],
    geoTransform: [368000, 30, 0, 5806000, 0, -30],
  });
  expect(info.crs?.epsg).toBe(32633);
});

/** The pixels of a cube as the TIFF writer takes them: line, sample, band. */
function tiffPixels(cube: TestCube): TestImage['pixels'] {
  const pixels = newStoredArray(cube.dataType, cube.lines * cube.samples * cube.bands);
  let to = 0;
  for (let line = 0; line < cube.lines; line++) {
    for (let sample = 0; sample < cube.samples; sample++) {
      for (let band = 0; band < cube.bands; band++) {
        for (const part of flat([cube.stored(line, sample, band)])) pixels[to++] = part;
      }
    }
  }
  return pixels;
}

const predictorsOf = (dataType: DataType): (1 | 2 | 3)[] => {
  if (dataType === 'complex128') return [1];
  return dataType.startsWith('float') ? [1, 2, 3] : [1, 2];
};

describe.each(dataTypes)('GeoTIFF %s', (dataType) => {
  // No block divides these sizes.
  const cube = variedCube(dataType, [19, 23, 3]);
  const pixels = tiffPixels(cube);
  describe.each(['contiguous', 'separate'] as const)('%s', (planar) => {
    it.each(['none', 'lzw', 'deflate', 'zstd'] as const)(
      '%s: strips and tiles, predictors',
      async (compression) => {
        let turn = 0;
        for (const predictor of compression === 'none' ? ([1] as const) : predictorsOf(dataType)) {
          for (const blocks of [{ stripLines: 4 }, { tile: { lines: 16, samples: 16 } }]) {
            // Classic and Big, both byte orders: each pair comes up with every type.
            const options = {
              big: turn % 2 === 1,
              byteOrder: turn % 4 < 2 ? ('little' as const) : ('big' as const),
            };
            turn += compression === 'lzw' ? 3 : 1;
            const name = `${dataType}_${planar}_${compression}_${predictor}_${Object.keys(blocks).join('')}.tif`;
            const image = { ...cube, pixels, planar, compression, predictor, ...blocks };
            writeFileSync(host.at(name), writeTiff([image], options));
            const opened = await host.open(name);
            expect(opened.info).toMatchObject({
              file: name,
              format: 'GeoTIFF',
              lines: 19,
              samples: 23,
              bands: 3,
              dataType,
              interleave: planar === 'contiguous' ? 'bip' : 'bsq',
              byteOrder: options.byteOrder,
              headerOffset: null,
              noDataValue: null,
              wavelengthsNm: null,
              bandIsGood: [true, true, true],
            });
            await checkNumbers(opened, cube);
            await host.fetch(`/cubes/${opened.cubeId}`, { method: 'DELETE' });
          }
        }
      },
    );
  });
});

it('GeoTIFF: blocks left out of the file are nodata, or 0 where there is no nodata value', async () => {
  for (const dataType of ['int64', 'int16', 'float32'] as const) {
    const cube = variedCube(dataType, [16, 16, 1]);
    const base = {
      ...cube,
      pixels: tiffPixels(cube),
      planar: 'contiguous',
      compression: 'deflate',
      predictor: 1,
    } as const;
    const sparse = { ...base, stripLines: 8, sparse: [1] };
    writeFileSync(host.at('sparse.tif'), writeTiff([sparse]));
    const { cubeId } = await host.open('sparse.tif');
    const zeros = await host.tile(cubeId, { image: 'stored', bands: 0 });
    expect([...zeros.pixels].slice(128).every((value) => Number(value) === 0)).toBe(true);
    const tags = [{ tag: 42113, type: 2, values: '-7' }];
    writeFileSync(host.at('sparse7.tif'), writeTiff([{ ...sparse, tags }]));
    const again = await host.open('sparse7.tif');
    expect(again.info.noDataValue).toBe(-7);
    const sevens = await host.tile(again.cubeId, { image: 'stored', bands: 0 });
    expect([...sevens.pixels].slice(128).every((value) => Number(value) === -7)).toBe(true);
    const gaps = await host.tile(again.cubeId, { image: 'band', bands: 0 });
    expect([...gaps.pixels].slice(128).every(Number.isNaN)).toBe(true);
  }
});

it('band statistics leave out nodata in the file’s own type, also beyond 2^53', async () => {
  const values = [2n ** 60n + 1n, 2n ** 60n, -5n, 2n ** 60n + 1n, 7n, 2n ** 60n - 1n];
  const cube: TestCube = {
    lines: 2,
    samples: 3,
    bands: 1,
    dataType: 'int64',
    stored: (l, s) => values[l * 3 + s] ?? 0n,
  };
  writeEnvi(host.folder, 'wide', cube, {}, [`data ignore value = ${2n ** 60n + 1n}`]);
  const { cubeId, info } = await host.open('wide.img');
  expect(info.noDataValue).toBe((2n ** 60n + 1n).toString());
  const { bands } = await host.job<{ bands: BandStatistics[] }>('band-statistics', {
    cubeId,
    bandIndexes: [0],
  });
  expect(bands).toEqual([
    { bandIndex: 0, sum: (2n ** 61n + 1n).toString(), min: -5, max: (2n ** 60n).toString(), count: 4 },
  ]);
});
