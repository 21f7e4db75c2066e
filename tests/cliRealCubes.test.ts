import type { InfoJson, StatisticsJson } from '../src/hosts/cli/json.ts';
import type { SpectrumResult } from '../src/engine/contract/spectra.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import { runCommandLine } from '../src/hosts/cli/run.ts';
import { workerUrl } from '../src/hosts/workerUrl.ts';
import { realData } from './testEngine.ts';

/** The command line on real cubes against numbers of SciPy, numpy and GDAL (skipped where the cubes are absent). */

const folder = mkdtempSync(path.join(tmpdir(), 'cubelens-real-'));
const at = (name: string): string => path.join(folder, name);
// One engine for all runs: starting its threads takes longest.
const engine = createEngine({ workerUrl, host: { kind: 'test', capabilities: [] }, threads: 2 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const fixture = <Content>(name: string): Content =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8')) as Content;

const inData = (file: string): string => path.join(realData, file);

async function cubelens(...argv: string[]): Promise<string> {
  let stdout = '';
  let stderr = '';
  const terminal = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    interrupt: new AbortController().signal,
  };
  const code = await runCommandLine(argv, terminal, () => ({ ...engine, close: async () => undefined }));
  if (code !== 0) throw new Error(`cubelens ${argv.join(' ')}: exit code ${code}: ${stderr}`);
  return stdout;
}

const json = async <Answer>(...argv: string[]): Promise<Answer> =>
  JSON.parse(await cubelens(...argv, '--json')) as Answer;

interface RealCube {
  file: string;
  shape: [lines: number, samples: number, bands: number];
  dataType: string;
  interleave: string;
  byteOrder: string;
  noData: number | null;
  scale: number | null;
  /** Wavelengths of the first and the last band. */
  nm: [number, number] | null;
  badBands: number;
  /** [line, sample, band number, stored value], null for NaN; read with GDAL and numpy. */
  values: [number, number, number, number | null][];
}

/** As the data's README has them. */
const cubes: RealCube[] = [
  {
    file: 'jasper_ridge/jasper_ridge_aviris.img',
    shape: [100, 100, 198],
    dataType: 'uint16',
    interleave: 'bil',
    byteOrder: 'little',
    noData: null,
    scale: null,
    nm: null,
    badBands: 0,
    values: [
      [0, 0, 1, 101],
      [99, 99, 198, 372],
      [50, 50, 100, 149],
      [10, 20, 100, 3099],
      [95, 3, 30, 320],
    ],
  },
  {
    file: 'salton_sea/salton_sea_aviris_int16.bip',
    shape: [51, 56, 224],
    dataType: 'int16',
    interleave: 'bip',
    byteOrder: 'little',
    noData: -9999,
    scale: 0.0001,
    nm: [365.9136593, 2496.2236593],
    badBands: 20,
    values: [
      [0, 0, 1, 764],
      [50, 55, 224, 2786],
      [25, 28, 113, -9999],
      [10, 20, 100, 3652],
      [46, 3, 30, 1013],
    ],
  },
  {
    file: 'salton_sea/salton_sea_aviris_float32_be.bsq',
    shape: [51, 56, 224],
    dataType: 'float32',
    interleave: 'bsq',
    byteOrder: 'big',
    noData: null,
    scale: null,
    nm: [365.9136593, 2496.2236593],
    badBands: 20,
    values: [
      [0, 0, 1, 0.07639999687671661],
      [50, 55, 224, 0.2786000072956085],
      [25, 28, 113, null],
      [10, 20, 100, 0.365200012922287],
    ],
  },
  {
    file: 'corn_kernel/corn-kernel-hyperspectral.raw',
    shape: [31, 43, 580],
    dataType: 'uint16',
    interleave: 'bil',
    byteOrder: 'little',
    noData: null,
    scale: null,
    nm: [366.551, 1048.421],
    badBands: 0,
    values: [
      [0, 0, 1, 22],
      [30, 42, 580, 16],
      [15, 21, 291, 2478],
      [10, 20, 100, 156],
      [26, 3, 30, 19],
    ],
  },
  {
    file: 'enmap_potsdam/enmap_potsdam_mosaic_int16.tif',
    shape: [192, 160, 224],
    dataType: 'int16',
    interleave: 'bsq',
    byteOrder: 'little',
    noData: -32768,
    scale: 0.0001,
    nm: [418.24, 2445.53],
    badBands: 6,
    values: [
      [0, 0, 1, 660],
      [191, 159, 224, 341],
      [96, 80, 113, 3079],
      [10, 20, 100, 3319],
      [187, 3, 30, -32768],
    ],
  },
  {
    file: 'enmap_potsdam/enmap_potsdam_tile_128_96.tif',
    shape: [32, 32, 224],
    dataType: 'float32',
    interleave: 'bsq',
    byteOrder: 'little',
    noData: -32768,
    scale: 0.0001,
    nm: [418.24, 2445.53],
    badBands: 6,
    values: [
      [0, 0, 1, 262],
      [31, 31, 224, 765],
      [16, 16, 113, 2556],
      [10, 20, 100, 2039],
      [27, 3, 30, 1404],
    ],
  },
  {
    file: 'indian_pines/indian_pines_gt.img',
    shape: [145, 145, 1],
    dataType: 'uint8',
    interleave: 'bsq',
    byteOrder: 'little',
    noData: null,
    scale: null,
    nm: null,
    badBands: 0,
    values: [
      [0, 0, 1, 3],
      [144, 144, 1, 0],
      [72, 72, 1, 0],
      [10, 20, 1, 3],
    ],
  },
];

const enmap = 'enmap_potsdam/enmap_potsdam_mosaic_int16.tif';
const present = existsSync(inData(enmap));

describe.skipIf(!present)('info and spectrum of the real cubes', () => {
  it.each(cubes)('$file', async ({ file, shape, values, nm, ...expected }) => {
    const [lines, samples, bands] = shape;
    const info = await json<InfoJson>('info', inData(file));
    expect(info).toMatchObject({ file: path.basename(file), lines, samples, bands });
    expect(info).toMatchObject({
      format: file.endsWith('.tif') ? 'GeoTIFF' : 'ENVI',
      dataType: expected.dataType,
      interleave: expected.interleave,
      byteOrder: expected.byteOrder,
      headerOffset: file.endsWith('.tif') ? null : 0,
      noDataValue: expected.noData,
      scale: expected.scale,
    });
    expect(info.images).toEqual([
      { imageId: expect.any(String), name: expect.any(String), lines, samples, bands },
    ]);
    expect(info.wavelengthsNm === null ? null : [info.wavelengthsNm[0], info.wavelengthsNm.at(-1)]).toEqual(
      nm,
    );
    expect(info.wavelengthsNm?.length ?? bands).toBe(bands);
    expect(info.wavelengthUnits === null).toBe(nm === null);
    expect(info.fwhmNm?.length ?? bands).toBe(bands);
    expect(info.bandNames?.length ?? bands).toBe(bands);
    expect(info.bandIsGood).toHaveLength(bands);
    expect(info.bandIsGood.filter((good) => !good)).toHaveLength(expected.badBands);
    for (const segment of info.segments) {
      expect(segment).toEqual({
        firstBand: expect.any(Number),
        lastBand: expect.any(Number),
        direction: bands === 1 ? 'single' : 'rising',
        stepNm: nm === null ? null : expect.any(Number),
      });
    }
    for (const { field, value, why } of info.assumptions) {
      expect([typeof field, typeof value, typeof why]).toEqual(['string', 'string', 'string']);
    }

    const places = values.map(([line, sample]) => `--at=${line},${sample}`);
    const { pixels } = await json<SpectrumResult>('spectrum', inData(file), ...places);
    expect(pixels.map(({ stored }, k) => stored[(values[k]?.[2] ?? 0) - 1])).toEqual(
      values.map(([, , , stored]) => stored),
    );
    for (const { stored, values: scaled } of pixels) {
      expect(scaled).toHaveLength(bands);
      for (const [k, value] of scaled.entries()) {
        const number = stored[k];
        const valid = typeof number === 'number' && number !== expected.noData;
        if (!valid) expect(value).toBeNull();
        else expect(value).toBeCloseTo(number * (expected.scale ?? 1), 12);
      }
    }
  });

  it('knows where EnMAP lies and where its detectors join', async () => {
    const info = await json<InfoJson>('info', inData(enmap));
    expect(info.segments.map(({ firstBand, lastBand }) => [firstBand, lastBand])).toEqual([
      [1, 91],
      [92, 129],
      [136, 163],
      [164, 224],
    ]);
    expect(info.geoTransform).toEqual([364095, 30, 0, 5809965, 0, -30]);
    expect(info.crs?.epsg).toBe(32633);
    const axis = fixture<{ wavelengthsNm: number[]; fwhmNm: number[]; bbl: number[] }>('enmap_axis.json');
    expect(info.wavelengthsNm).toEqual(axis.wavelengthsNm);
    expect(info.fwhmNm).toEqual(axis.fwhmNm);
    expect(info.bandIsGood).toEqual(axis.bbl.map((flag) => flag === 1));
  });
});

interface StatsFixture {
  cubes: { file: string; bands: StatisticsJson['bands'] }[];
}

describe.skipIf(!present)('stats of the real cubes are numpy’s', () => {
  it.each(fixture<StatsFixture>('stats_real.json').cubes)('$file', async ({ file, bands }) => {
    const list = bands.map(({ band }) => band).join(',');
    const result = await json<StatisticsJson>('stats', inData(file), '--bands', list);
    expect(result.bands).toHaveLength(bands.length);
    for (const [k, expected] of bands.entries()) {
      const { sum, ...rest } = result.bands[k] ?? {};
      const { sum: expectedSum, ...others } = expected;
      expect(rest).toEqual(others);
      // Sums of integers are exact; those of floats depend on the order of their rounding.
      if (Number.isInteger(expectedSum)) expect(sum).toBe(expectedSum);
      else
        expect(Math.abs(Number(sum) - Number(expectedSum))).toBeLessThanOrEqual(1e-9 * Number(expectedSum));
    }
  });
});

interface SavgolFixture {
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
}

describe.skipIf(!present)('spectrum by band is scipy.signal.savgol_filter', () => {
  it.each(fixture<SavgolFixture>('savgol_real.json').cubes)('$file', async ({ file, pixels }) => {
    const places = pixels.map(({ line, sample }) => `--at=${line},${sample}`);
    const filter = ['--window', '11', '--degree', '2', '--derivative', '2', '--axis', 'band'];
    const result = await json<SpectrumResult>('spectrum', inData(file), ...places, ...filter);
    for (const [k, expected] of pixels.entries()) {
      const seen = result.pixels[k];
      expect(seen?.stored).toEqual(expected.stored);
      for (const [curve, wanted] of [
        [seen?.smoothed, expected.smoothed],
        [seen?.derivative, expected.secondDerivative],
      ] as const) {
        expect(curve).toHaveLength(wanted.length);
        const worst = wanted.map(
          (value, band) => Math.abs((curve?.[band] ?? NaN) - value) / (1e-9 * Math.abs(value) + 1e-9),
        );
        expect(Math.max(...worst)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe.skipIf(!present)('whole derivative cubes', () => {
  it.each([
    ['corn_kernel/corn-kernel-hyperspectral.raw', 'corn.dat', ['3,7', '30,42']],
    [enmap, 'enmap.tif', ['10,20', '187,3', '96,80']],
  ])('of %s as %s: what `spectrum` computes, and replayed to the byte', async (file, name, places) => {
    const filter = ['--window', '11', '--degree', '2', '--derivative', '2'];
    await cubelens('export', inData(file), ...filter, '--out', at(name));
    await cubelens('replay', at(`${name}.recipe.json`), '--out', at(`again-${name}`));
    expect(spawnSync('cmp', [at(name), at(`again-${name}`)]).status).toBe(0);

    const asked = places.map((place) => `--at=${place}`);
    const source = await json<SpectrumResult>('spectrum', inData(file), ...asked, ...filter);
    const written = await json<SpectrumResult>('spectrum', at(name), ...asked);
    expect(written.wavelengthsNm).toEqual(source.wavelengthsNm);
    expect(written.bandIsGood).toEqual(source.bandIsGood);
    const nm = source.wavelengthsNm?.map(Number) ?? [];
    const smallestStep = Math.min(...nm.slice(1).map((x, k) => Math.abs(x - (nm[k] ?? NaN))));
    for (const [k, { derivative, values }] of source.pixels.entries()) {
      // DESIGN's bound for kernels: 1e-6 x sum of the weights' sizes (84/429 per step squared) x the largest value.
      const largest = Math.max(...values.map((value) => Math.abs(value ?? 0)), 0);
      const bound = (1e-6 * (84 / 429) * largest) / smallestStep ** 2;
      const seen = written.pixels[k]?.values ?? [];
      expect(seen).toHaveLength(derivative?.length ?? -1);
      for (const [band, value] of (derivative ?? []).entries()) {
        if (value === null) expect(seen[band]).toBeNull();
        else
          expect(Math.abs((seen[band] ?? NaN) - value)).toBeLessThanOrEqual(bound + 6e-8 * Math.abs(value));
      }
    }
  });
});

describe.skipIf(!present)('plain exports to the other format and back', () => {
  it.each(cubes.map(({ file }) => file))('%s keeps every stored number', async (file) => {
    const stem = path.basename(file).replace(/\W/g, '_');
    const [there, back] = file.endsWith('.tif')
      ? [`${stem}.dat`, `${stem}_back.tif`]
      : [`${stem}.tif`, `${stem}_back.dat`];
    await cubelens('export', inData(file), '--out', at(there));
    await cubelens('export', at(there), '--out', at(back));
    const [was, is] = await Promise.all([inData(file), at(back)].map((name) => json<InfoJson>('info', name)));
    for (const field of [
      'lines',
      'samples',
      'bands',
      'dataType',
      'noDataValue',
      'scale',
      'wavelengthsNm',
      'fwhmNm',
      'bandIsGood',
      'segments',
      'geoTransform',
    ] as const) {
      expect([field, is?.[field]]).toEqual([field, was?.[field]]);
    }
    expect(is?.crs?.epsg).toBe(was?.crs?.epsg);
    const all = `1-${was?.bands ?? 0}`;
    const [before, after] = await Promise.all(
      [inData(file), at(back)].map((name) => json<StatisticsJson>('stats', name, '--bands', all)),
    );
    expect(after?.bands).toEqual(before?.bands);
    const corner = `--at=${(was?.lines ?? 1) - 1},${(was?.samples ?? 1) - 1}`;
    const [first, last] = await Promise.all(
      [inData(file), at(back)].map((name) => json<SpectrumResult>('spectrum', name, '--at=0,0', corner)),
    );
    expect(last?.pixels).toEqual(first?.pixels);
  });
});
