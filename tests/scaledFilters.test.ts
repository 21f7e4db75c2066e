import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { dataTypes, newStoredArray, type DataType } from '../src/engine/base/dataTypes.ts';
import { writeTiff } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import { TestEngine } from './testEngine.ts';
import { enviCodes, plainValue, variedValue, writeEnvi, type Stored, type TestCube } from './testCubes.ts';

/** Filtered images and cubes of scaled cubes are the spectrum's float64 result, rounded to float32 once. */

const host = new TestEngine();
afterAll(() => host.close());

const lines = 3;
const samples = 4;
const bands = 13;
const pixels = lines * samples;
const nm = [400, 404, 409, 413, 418, 422, 427, 431, 436, 440, 445, 449, 454];
const at = Array.from({ length: pixels }, (_, p): [number, number] => [Math.floor(p / samples), p % samples]);

/** Place of a float32 number among all of them: neighbours differ by 1, and -0 is 0. */
function rankOf(value: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
  return bits < 0 ? -(bits & 0x7fff_ffff) : bits;
}

/** Float32 values of an uncompressed ENVI file of our own, band after band. */
function floatsOf(file: string): Float32Array {
  const bytes = readFileSync(host.at(file));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

interface Scaled {
  scales: number[];
  offsets: number[];
  /** One for all bands (the first), as an open option; else one a band, by the header. */
  global: boolean;
  /** Every how manieth value is nodata. */
  gapEvery: number;
  seed: number;
}

let opened = 0;

/** Writes and opens a cube of varied values: an ENVI pair, or a TIFF for the types ENVI does not have. */
async function openScaled(dataType: DataType, given: Scaled): Promise<string> {
  const { scales, offsets, gapEvery, seed } = given;
  const name = `scaled_${opened++}`;
  const first = variedValue(dataType, seed);
  const noData = Array.isArray(first) ? -3 : Number.isFinite(Number(first)) ? first : -3;
  const stored = (line: number, sample: number, band: number): Stored => {
    const place = seed + (line * samples + sample) * bands + band;
    if (place % gapEvery !== 0) return variedValue(dataType, place);
    return dataType.startsWith('complex') ? [Number(noData), 0] : noData;
  };
  const cube: TestCube = { lines, samples, bands, dataType, stored };
  const isGlobal = given.global || enviCodes[dataType] === undefined;
  const options = isGlobal ? { scale: scales[0], offset: offsets[0] } : {};
  if (enviCodes[dataType] === undefined) {
    const all = newStoredArray(dataType, pixels * bands);
    for (let i = 0; i < all.length; i++) {
      const p = Math.floor(i / bands);
      all[i] = Number(stored(Math.floor(p / samples), p % samples, i % bands));
    }
    const image = { lines, samples, bands, dataType, pixels: all, planar: 'contiguous' } as const;
    writeFileSync(host.at(`${name}.tif`), writeTiff([{ ...image, compression: 'none', predictor: 1 }]));
    const record = { ...options, wavelengthsNm: nm, noData: plainValue(noData) };
    return (await host.open(`${name}.tif`, record)).cubeId;
  }
  const header = [
    'wavelength units = Nanometers',
    `wavelength = {${nm.join(', ')}}`,
    `data ignore value = ${String(noData)}`,
  ];
  if (!isGlobal) {
    header.push(`data gain values = {${scales.join(', ')}}`, `data offset values = {${offsets.join(', ')}}`);
  }
  writeEnvi(host.folder, name, cube, { interleave: 'bip' }, header);
  return (await host.open(`${name}.img`, options)).cubeId;
}

const perBand = (one: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.array(one, { minLength: bands, maxLength: bands }),
    one.map((value) => new Array<number>(bands).fill(value)),
  );
const filters = fc
  .record({
    half: fc.integer({ min: 1, max: 4 }),
    degree: fc.integer({ min: 0, max: 5 }),
    derivative: fc.integer({ min: 0, max: 3 }),
    axis: fc.constantFrom('wavelength', 'band'),
    edge: fc.constantFrom('fit', 'nan'),
    gap: fc.constantFrom('refit', 'strict'),
  })
  .map(({ half, degree, derivative, ...rest }) => {
    const fitting = Math.min(degree, 2 * half);
    return { window: 2 * half + 1, degree: fitting, derivative: Math.min(derivative, fitting), ...rest };
  });
const cases = fc.record({
  filter: filters,
  scales: perBand(fc.constantFrom(1, 0.001, 1e-4, -0.5, 0.0123, 1e4)),
  offsets: perBand(fc.constantFrom(0, 273.15, -1000, -0.25, 1e6, 1e9)),
  global: fc.boolean(),
  gapEvery: fc.constantFrom(5, 7, 1000),
  seed: fc.integer({ min: 0, max: 300 }),
});

describe('image and export of a scaled cube are its spectra, rounded', () => {
  it.each(dataTypes)('%s', async (dataType) => {
    let compared = 0;
    let identical = 0;
    const compare = (got: ArrayLike<number | bigint>, wanted: readonly (number | null)[]): void => {
      expect(got).toHaveLength(wanted.length);
      wanted.forEach((value, p) => {
        const number = Number(got[p]);
        if (value === null) {
          expect(number).toBeNaN();
          return;
        }
        const apart = Math.abs(rankOf(number) - rankOf(value));
        expect(apart).toBeLessThanOrEqual(1);
        compared++;
        if (apart === 0) identical++;
      });
    };
    await fc.assert(
      fc.asyncProperty(cases, async ({ filter, ...given }) => {
        const cubeId = await openScaled(dataType, given);
        const spectra = await host.spectra(cubeId, at, filter);
        const wanted = (band: number): (number | null)[] =>
          spectra.pixels.map(({ derivative }) => derivative?.[band] ?? null);
        await host.export('cube', cubeId, 'filtered.dat', { format: 'envi', interleave: 'bsq', filter });
        const cube = floatsOf('filtered.dat');
        for (let band = 0; band < bands; band++) {
          compare(cube.subarray(band * pixels, (band + 1) * pixels), wanted(band));
          // Bands that edge mode nan leaves out have no image.
          if (filter.edge === 'nan' && spectra.pixels[0]?.edge[band] === true) continue;
          const tile = await host.tile(cubeId, { image: 'filtered', bands: band, ...filter });
          compare(tile.pixels, wanted(band));
        }
      }),
      { numRuns: 20 },
    );
    expect(compared).toBeGreaterThan(1000);
    expect(identical / compared).toBeGreaterThanOrEqual(0.99);
  });
});

describe('thermal counts of 0.001 K above 273.15 K', () => {
  const count = (line: number, sample: number, band: number): number =>
    20_000 +
    1500 * line +
    311 * sample +
    Math.floor((40 * band * (24 - band)) / 3) +
    ((7 * band * band + 13 * band * line + 5 * sample) % 17);
  const thermalBands = 25;
  /**
   * Window 11, degree 3 on nanometres 10 apart, derivatives 0 to 3 of bands 7, 13 and 24 (the last at the edge), by least
   * squares in Python's fractions.Fraction of count / 1000 + 27315 / 100. SciPy 1.17.1, savgol_filter(count * 0.001 +
   * 273.15, 11, 3, deriv=d, delta=10, mode='interp'), agrees to 3e-15, 2e-12, 5e-13 and 7e-11; on values rounded to
   * float32 it is off by up to 5e-3.
   */
  const exact = [
    [0, 0, 6, [294.5970303030303, 0.015800932400932402, -0.0002651515151515152, 5.944055944055944e-7]],
    [0, 0, 12, [295.0795221445222, 0.0001398018648018648, -0.00027268065268065266, -4.160839160839161e-7]],
    [0, 0, 23, [293.46506293706295, -0.029629176379176378, -0.0002905827505827506, -6.13053613053613e-7]],
    [1, 2, 6, [296.71576923076924, 0.01591443278943279, -0.0002588111888111888, 2.1794871794871795e-7]],
    [1, 2, 12, [297.1978391608392, -0.00018754856254856256, -0.00026713286713286714, 6.934731934731934e-7]],
    [1, 2, 23, [295.581979020979, -0.029576767676767677, -0.0002672027972027972, 1.7948717948717948e-7]],
  ] as const;
  const every = (value: number): string => `{${new Array<number>(thermalBands).fill(value).join(', ')}}`;
  const open = async (): Promise<string> => {
    const shape = { lines: 2, samples: 3, bands: thermalBands, dataType: 'uint16' } as const;
    writeEnvi(host.folder, 'thermal', { ...shape, stored: count }, { interleave: 'bil' }, [
      'wavelength units = Nanometers',
      `wavelength = {${Array.from({ length: thermalBands }, (_, band) => 8000 + 10 * band).join(', ')}}`,
      `data gain values = ${every(0.001)}`,
      `data offset values = ${every(273.15)}`,
    ]);
    return (await host.open('thermal.img')).cubeId;
  };

  it('images, exported cubes and spectra are the exact result', async () => {
    const cubeId = await open();
    for (let derivative = 0; derivative <= 3; derivative++) {
      const filter = { window: 11, degree: 3, derivative };
      await host.export('cube', cubeId, 'kelvin.dat', { format: 'envi', interleave: 'bsq', filter });
      const cube = floatsOf('kelvin.dat');
      for (const [line, sample, band, results] of exact) {
        const result = results[derivative] ?? NaN;
        const spectra = await host.spectra(cubeId, [[line, sample]], filter);
        const value = spectra.pixels[0]?.derivative?.[band] ?? NaN;
        expect(Math.abs(value / result - 1)).toBeLessThan(1e-10);
        expect(cube[(band * 2 + line) * 3 + sample]).toBe(Math.fround(result));
        const { pixels: tile } = await host.tile(cubeId, { image: 'filtered', bands: band, ...filter });
        expect(tile[line * 3 + sample]).toBe(Math.fround(result));
      }
    }
  });

  it('unfiltered values are one float64 expression, rounded once', async () => {
    const { pixels: tile } = await host.tile(await open(), { image: 'band', bands: 4 });
    const wanted = [0, 1, 2, 3, 4, 5].map((p) => count(Math.floor(p / 3), p % 3, 4) * 0.001 + 273.15);
    expect([...tile]).toEqual(wanted.map(Math.fround));
  });
});

it('magnitudes of complex values are not rounded before they are scaled', async () => {
  const stored = (_line: number, sample: number, band: number): [number, number] => [sample + 1, band + 1];
  writeEnvi(host.folder, 'complex', { lines: 1, samples: 9, bands: 1, dataType: 'complex64', stored });
  const { cubeId } = await host.open('complex.img', { scale: 1e6, offset: -1e6 });
  const { pixels: tile } = await host.tile(cubeId, { image: 'band', bands: 0 });
  const wanted = Array.from({ length: 9 }, (_, k) => Math.fround(Math.hypot(k + 1, 1) * 1e6 - 1e6));
  expect([...tile]).toEqual(wanted);
});
