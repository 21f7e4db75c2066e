import type { ExportResult } from '../src/engine/contract/exports.ts';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realData, refusalOf, TestEngine } from './testEngine.ts';
import { writeEnvi, type TestCube } from './testCubes.ts';
import { naiveFilter, naiveWeights, type NaiveFilter } from './testFilter.ts';

/** Filtered spectra, images and cubes through the API against their definition, a parabola and SciPy. */

const host = new TestEngine();
afterAll(() => host.close());

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8')) as unknown;

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, k) => first + k);

/** Null exactly where the other is null; elsewhere within `tolerance(band)`. */
function expectClose(
  got: readonly (number | null)[] | null | undefined,
  wanted: readonly (number | null)[],
  tolerance: (band: number, value: number) => number,
): void {
  expect(got?.length).toBe(wanted.length);
  wanted.forEach((value, band) => {
    const other = got?.[band] ?? null;
    if (value === null || other === null) expect({ band, value: other }).toEqual({ band, value });
    else if (!(Math.abs(other - value) <= tolerance(band, value)))
      expect({ band, value: other }).toEqual({ band, value });
  });
}

it('naive weights are the published ones for 5 points, degree 2', () => {
  const published = [-3, 12, 17, 12, -3].map((weight) => weight / 35);
  naiveWeights(range(0, 4), 2, 2, 0).forEach((weight, k) => {
    expect(weight).toBeCloseTo(published[k] ?? NaN, 14);
  });
});

describe('a parabola on the EnMAP axis', () => {
  const axis = fixture('enmap_axis.json') as {
    wavelengthsNm: number[];
    bbl: number[];
    segments: [number, number][];
  };
  const isGood = axis.bbl.map((flag) => flag === 1);
  const segments = axis.segments.map(([first, last]) => range(first - 1, last - 1));
  const parabolas = [
    [0.3, 1e-4, 2e-7],
    [-2, 3e-3, -1e-6],
    [5, 0, 1e-5],
    [0, -0.02, 4e-6],
    [1e3, 1, -3e-4],
    [0.05, 2e-5, 1e-8],
  ] as const;
  const valueAt = ([a, b, c]: readonly [number, number, number], band: number): number => {
    const nm = axis.wavelengthsNm[band] ?? NaN;
    return a + b * nm + c * nm * nm;
  };
  const cube: TestCube = {
    lines: 2,
    samples: 3,
    bands: 224,
    dataType: 'float64',
    stored: (line, sample, band) => valueAt(parabolas[line * 3 + sample] ?? parabolas[0], band),
  };
  const header = [
    'wavelength units = Nanometers',
    `wavelength = {${axis.wavelengthsNm.join(', ')}}`,
    `bbl = {${axis.bbl.join(', ')}}`,
  ];
  const at: [number, number][] = [0, 1, 2, 3, 4, 5].map((k) => [Math.floor(k / 3), k % 3]);
  const filter = { window: 11, degree: 2, derivative: 2 };
  const halves = 5;

  it.each(['bsq', 'bil', 'bip'] as const)(
    '%s: second derivative 2c, smoothed as it was, null in bad bands',
    async (interleave) => {
      writeEnvi(host.folder, `parabola_${interleave}`, cube, { interleave }, header);
      const { cubeId, info } = await host.open(`parabola_${interleave}.img`);
      expect(info.segments.map((segment) => [segment.firstBandIndex + 1, segment.lastBandIndex + 1])).toEqual(
        axis.segments,
      );
      const answer = await host.spectra(cubeId, at, filter);
      expect(answer.filter).toEqual({ ...filter, axis: 'wavelength', edge: 'fit', gap: 'refit' });
      expect(answer.units).toEqual({ values: '1', smoothed: '1', derivative: '1/nm^2' });
      answer.pixels.forEach((pixel, k) => {
        const parabola = parabolas[k] ?? parabolas[0];
        const curvature = 2 * parabola[2];
        expectClose(
          pixel.derivative,
          isGood.map((good) => (good ? curvature : null)),
          () => 1e-9 * Math.abs(curvature),
        );
        const largest = Math.max(...axis.wavelengthsNm.map((_, band) => Math.abs(valueAt(parabola, band))));
        expectClose(
          pixel.smoothed,
          isGood.map((good, band) => (good ? valueAt(parabola, band) : null)),
          () => 1e-12 * largest,
        );
        const edges = isGood.map(
          (good, band) =>
            good && segments.some((one) => one.includes(band) && !one.slice(halves, -halves).includes(band)),
        );
        expect(pixel.edge).toEqual(edges);
      });
    },
  );

  it('the image of a band and the exported cube are the spectra, within float32', async () => {
    writeEnvi(host.folder, 'parabola', cube, {}, header);
    const { cubeId } = await host.open('parabola.img');
    const { pixels } = await host.spectra(cubeId, at, filter);
    const { weightSum } = naiveFilter(new Array<number>(224).fill(0), axis.wavelengthsNm, segments, filter);
    const bound = (pixel: number, band: number): number => {
      const segment = segments.find((one) => one.includes(band)) ?? [];
      const place = Math.min(Math.max(segment.indexOf(band) - halves, 0), segment.length - 11);
      const inWindow = segment
        .slice(place, place + 11)
        .map((k) => Math.abs(valueAt(parabolas[pixel] ?? parabolas[0], k)));
      // The design: 1e-6 x (sum of |weights|) x the window's largest |value|.
      return 1e-6 * (weightSum[band] ?? NaN) * Math.max(...inWindow);
    };
    for (const band of [0, 45, 90, 91, 128, 135, 223]) {
      const tile = await host.tile(cubeId, { image: 'filtered', bands: band, ...filter });
      [...tile.pixels].forEach((value, pixel) => {
        const exact = pixels[pixel]?.derivative?.[band] ?? NaN;
        expect(Math.abs(Number(value) - exact)).toBeLessThanOrEqual(bound(pixel, band));
      });
    }
    for (const [format, name] of [
      ['envi', 'curvature.dat'],
      ['geotiff', 'curvature.tif'],
    ] as const) {
      const made: ExportResult = await host.export('cube', cubeId, name, { format, filter });
      expect(made.warnings).toEqual([]);
      const written = await host.open(name);
      expect(written.info).toMatchObject({
        bands: 224,
        dataType: 'float32',
        noDataValue: 'NaN',
        scale: null,
        wavelengthsNm: axis.wavelengthsNm,
        bandIsGood: isGood,
      });
      const back = await host.spectra(written.cubeId, at);
      back.pixels.forEach((pixel, k) => {
        expectClose(pixel.values, pixels[k]?.derivative ?? [], (band) => bound(k, band));
      });
    }
  });

  it('an image of a bad band is refused, with the reason', async () => {
    const { cubeId } = await host.open('parabola.img');
    const problem = await refusalOf(host.tile(cubeId, { image: 'filtered', bands: 130, ...filter }));
    expect(problem).toMatchObject({ code: 'invalid-request', field: 'band' });
    expect(problem.message).toContain('Band 131');
    expect(problem.message).toContain('bad');
  });
});

describe('SciPy on real pixels', () => {
  const { cubes } = fixture('savgol_real.json') as {
    cubes: {
      file: string;
      pixels: {
        line: number;
        sample: number;
        stored: number[];
        smoothed: number[];
        secondDerivative: number[];
      }[];
    }[];
  };
  it.each(cubes)('$file', async ({ file, pixels }) => {
    // From the fixture's own stored values, so that it runs without the real cubes too.
    const bands = pixels[0]?.stored.length ?? 0;
    const stored = (_line: number, sample: number, band: number): number =>
      pixels[sample]?.stored[band] ?? NaN;
    const copy: TestCube = { lines: 1, samples: pixels.length, bands, dataType: 'uint16', stored };
    const stem = path.basename(file, path.extname(file));
    writeEnvi(host.folder, stem, copy, { interleave: 'bil' });
    const opened = [
      { cube: await host.open(`${stem}.img`), at: pixels.map((_, k): [number, number] => [0, k]) },
    ];
    const real = path.join(realData, file);
    if (existsSync(real)) {
      opened.push({ cube: await host.open(real), at: pixels.map(({ line, sample }) => [line, sample]) });
    }
    for (const { cube, at } of opened) {
      const filter = { window: 11, degree: 2, derivative: 2, axis: 'band' };
      const answer = await host.spectra(cube.cubeId, at, filter);
      const within = (_band: number, value: number): number => 1e-9 * Math.abs(value) + 1e-9;
      pixels.forEach((wanted, k) => {
        expect(answer.pixels[k]?.stored).toEqual(wanted.stored);
        expectClose(answer.pixels[k]?.derivative, wanted.secondDerivative, within);
        expectClose(answer.pixels[k]?.smoothed, wanted.smoothed, within);
      });
    }
  });
  it.skipIf(!existsSync(realData))('the real cubes are there (else only the copies are compared)', () => {
    for (const { file } of cubes) expect(existsSync(path.join(realData, file))).toBe(true);
  });
});

describe('gaps', () => {
  const bands = 21;
  // An uneven axis in one segment.
  const nm = range(0, bands - 1).map((band) => 500 + 5 * band + (band % 3));
  const gapsOf: Record<number, number[]> = {
    // Sample: bands without a value. Single, the centre of many windows, at an end, too many, none.
    0: [10],
    1: [9, 10, 11],
    2: [0, 1],
    3: [4, 5, 6, 7, 8, 9, 10, 11, 12],
    4: [],
    5: range(0, 10),
  };
  const noData = -5;
  const smooth = (sample: number, band: number): number =>
    Math.round(1000 * Math.sin(band / 4 + sample)) + 2000;
  const missing = [noData, NaN, Infinity, -Infinity];
  const storedAt = (kind: 'int' | 'float', sample: number, band: number): number => {
    if (gapsOf[sample]?.includes(band) !== true) return smooth(sample, band);
    return kind === 'int' ? noData : (missing[band % 4] ?? NaN);
  };
  const cubeOf = (dataType: 'int16' | 'float32' | 'float64'): TestCube => ({
    lines: 1,
    samples: 6,
    bands,
    dataType,
    stored: (_line, sample, band) => storedAt(dataType === 'int16' ? 'int' : 'float', sample, band),
  });
  const header = ['wavelength units = nm', `wavelength = {${nm.join(',')}}`, `data ignore value = ${noData}`];
  const valueAt = (sample: number, band: number): number =>
    gapsOf[sample]?.includes(band) === true ? NaN : smooth(sample, band);

  const filters: NaiveFilter[] = (['refit', 'strict'] as const).flatMap((gap) =>
    (['fit', 'nan'] as const).flatMap((edge) =>
      [
        { window: 7, degree: 2, derivative: 2 },
        { window: 5, degree: 3, derivative: 1 },
        { window: 9, degree: 0, derivative: 0 },
        { window: 5, degree: 4, derivative: 0 },
      ].map((filter) => ({ ...filter, gap, edge })),
    ),
  );

  it.each(['int16', 'float32', 'float64'] as const)(
    '%s: spectra and images as the rules say',
    async (dataType) => {
      writeEnvi(host.folder, `gaps_${dataType}`, cubeOf(dataType), { interleave: 'bip' }, header);
      const { cubeId } = await host.open(`gaps_${dataType}.img`);
      for (const filter of filters) {
        const { pixels } = await host.spectra(
          cubeId,
          range(0, 5).map((k) => [0, k]),
          { ...filter },
        );
        const wanted = range(0, 5).map((k) =>
          naiveFilter(
            range(0, bands - 1).map((band) => valueAt(k, band)),
            nm,
            [range(0, bands - 1)],
            filter,
          ),
        );
        pixels.forEach((pixel, k) => {
          expect(pixel.values).toEqual(
            range(0, bands - 1).map((band) => (Number.isNaN(valueAt(k, band)) ? null : valueAt(k, band))),
          );
          const { result = [], weightSum = [] } = wanted[k] ?? {};
          expectClose(pixel.derivative, result, (band) => 1e-9 * 3000 * (weightSum[band] ?? 0));
        });
        for (const band of [0, 5, 10, 20]) {
          const isEdge = band === 0 || band === 20;
          if (isEdge && filter.edge === 'nan') continue;
          const tile = await host.tile(cubeId, { image: 'filtered', bands: band, ...filter });
          const image = [...tile.pixels].map(Number).map((value) => (Number.isNaN(value) ? null : value));
          expectClose(
            image,
            wanted.map(({ result }) => result[band] ?? null),
            (k) => 1e-6 * 3000 * (wanted[k]?.weightSum[band] ?? 0),
          );
        }
      }
    },
  );

  it('an edge band that --edge nan leaves out has no image', async () => {
    const { cubeId } = await host.open('gaps_int16.img');
    const query = { image: 'filtered', bands: 0, window: 7, edge: 'nan' };
    expect(await refusalOf(host.tile(cubeId, query))).toMatchObject({
      code: 'invalid-request',
      field: 'band',
    });
  });
});

it('complex values are filtered as magnitude', async () => {
  const magnitude = (band: number): number => 5 * (band * band + 1);
  // (3, 4) x factor has magnitude 5 x factor; the phase turns from band to band.
  const stored = (_l: number, _s: number, band: number): [number, number] => {
    const factor = band * band + 1;
    return band % 2 === 0 ? [3 * factor, 4 * factor] : [-4 * factor, 3 * factor];
  };
  writeEnvi(host.folder, 'complex', { lines: 1, samples: 1, bands: 15, dataType: 'complex64', stored });
  const { cubeId } = await host.open('complex.img');
  const { pixels, units } = await host.spectra(cubeId, [[0, 0]], { derivative: 2 });
  expect(units.derivative).toBe('1/band^2');
  expect(pixels[0]?.stored[3]).toEqual([-40, 30]);
  const bands = range(0, 14);
  expect(pixels[0]?.values).toEqual(bands.map(magnitude));
  expectClose(
    pixels[0]?.derivative,
    bands.map(() => 10),
    () => 1e-9,
  );
  expectClose(pixels[0]?.smoothed, bands.map(magnitude), () => 1e-9);
});

describe('short segments', () => {
  // Bands 1-12 in steps of 5, a jump of 200, then bands 13-16.
  const nm = [...range(0, 11).map((k) => 500 + 5 * k), ...range(0, 3).map((k) => 755 + 5 * k)];
  const header = ['wavelength units = nm', `wavelength = {${nm.join(',')}}`];
  const cube: TestCube = {
    lines: 1,
    samples: 1,
    bands: 16,
    dataType: 'uint8',
    stored: (_l, _s, band) => band,
  };

  it('give null and a note', async () => {
    writeEnvi(host.folder, 'short', cube, {}, header);
    const { cubeId, info } = await host.open('short.img');
    expect(info.segments.map((segment) => [segment.firstBandIndex + 1, segment.lastBandIndex + 1])).toEqual([
      [1, 12],
      [13, 16],
    ]);
    const { notes, pixels } = await host.spectra(cubeId, [[0, 0]], { window: 5, degree: 2 });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('13 to 16');
    expect(pixels[0]?.smoothed?.map((value) => value === null)).toEqual(
      range(1, 16).map((band) => band > 12),
    );
    const made = await host.export('cube', cubeId, 'short.tif', { format: 'geotiff', filter: { window: 5 } });
    expect(made.warnings).toEqual(notes);
  });

  it('where all are too short, that is refused', async () => {
    const { cubeId } = await host.open('short.img');
    const problem = await refusalOf(host.spectra(cubeId, [[0, 0]], { window: 13 }));
    expect(problem).toMatchObject({ code: 'invalid-request', field: 'window' });
    const order = { format: 'geotiff', filter: { window: 13 } };
    expect(await refusalOf(host.export('cube', cubeId, 'none.tif', order))).toMatchObject({
      code: 'invalid-request',
    });
  });
});
