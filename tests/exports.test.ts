import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newStoredArray } from '../src/engine/base/dataTypes.ts';
import { writeTiff } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import { refusalOf, TestEngine, imageOf } from './testEngine.ts';
import { enviTypes, flat, rawBytes, variedCube, writeEnvi, type TestCube } from './testCubes.ts';

/** Every kind of output, read back by the engine, and by hand where a few lines are enough. */

const host = new TestEngine(3);
afterAll(() => host.close());

const nm = [400.5, 412.125, 423.0625, 440, 455.3, 470, 484.1];
const further = [
  'description = {A test cube}',
  'wavelength units = Nanometers',
  `wavelength = {${nm.join(', ')}}`,
  `fwhm = {${nm.map(() => 9.5).join(', ')}}`,
  'bbl = {1, 1, 1, 0, 1, 1, 1}',
  'band names = {one, two, three, four, five, six, seven}',
  'default bands = {6, 3, 1}',
  'data ignore value = -32768',
  'map info = {UTM, 1, 1, 368000, 5806000, 30, 30, 33, North, WGS-84, units=Meters}',
];
const noData = -32768;
/** A second derivative that is not constant; nodata in one corner. */
const stored = (line: number, sample: number, band: number): number =>
  line < 2 && sample < 3 ? noData : Math.round(2000 * Math.sin((line * 13 + sample * 7 + band * band) / 9));
const cube: TestCube = { lines: 11, samples: 13, bands: 7, dataType: 'int16', stored };
let opened: OpenCubeAnswer;

beforeAll(async () => {
  writeEnvi(host.folder, 'source', cube, { interleave: 'bil', byteOrder: 'big', headerOffset: 5 }, further);
  opened = await host.open('source.img');
});

const keptFields = [
  'wavelengthsNm',
  'wavelengthUnits',
  'fwhmNm',
  'bandIsGood',
  'bandNames',
  'geoTransform',
] as const;

/** All stored values of an open cube, band after band. */
async function allStored({ cubeId, info }: OpenCubeAnswer): Promise<(number | bigint)[]> {
  const out: (number | bigint)[] = [];
  for (let band = 0; band < info.bands; band++) {
    out.push(...(await host.tile(cubeId, { image: 'stored', bands: band })).pixels);
  }
  return out;
}

const bandSequential = (from: TestCube, bands: readonly number[]): (number | bigint)[] =>
  bands.flatMap((band) =>
    Array.from({ length: from.lines * from.samples }, (_, i) =>
      flat([from.stored(Math.floor(i / from.samples), i % from.samples, band)]),
    ).flat(),
  );

const bands = [0, 1, 2, 3, 4, 5, 6];
const filter = { window: 5, degree: 2, derivative: 2 };

describe('the cube itself', () => {
  it.each([
    ['envi', 'bsq'],
    ['envi', 'bil'],
    ['envi', 'bip'],
    ['geotiff', 'bsq'],
    ['geotiff', 'bip'],
    ['geotiff', 'bil'],
  ] as const)('%s %s: the same values, type and metadata', async (format, interleave) => {
    const name = `plain_${interleave}.${format === 'envi' ? 'dat' : 'tif'}`;
    const made = await host.export('cube', opened.cubeId, name, { format, interleave });
    const files =
      format === 'envi'
        ? [name, `plain_${interleave}.hdr`, `${name}.recipe.json`]
        : [name, `${name}.recipe.json`];
    expect([...made.files].sort()).toEqual([...files].sort());
    expect(made.files[0]).toBe(name);
    expect(made.bytes).toBe(readFileSync(host.at(name)).length);
    const back = await host.open(name);
    expect(back.info).toMatchObject({
      dataType: 'int16',
      noDataValue: noData,
      scale: null,
      offset: null,
      defaultBandIndexes: [5, 2, 0],
      // A TIFF knows planes and pixels; lines of all bands become planes.
      interleave: format === 'geotiff' && interleave === 'bil' ? 'bsq' : interleave,
      byteOrder: 'little',
    });
    for (const field of keptFields) expect([field, back.info[field]]).toEqual([field, opened.info[field]]);
    expect(back.info.crs?.epsg).toBe(32633);
    expect(await allStored(back)).toEqual(bandSequential(cube, bands));
    if (format === 'envi') {
      expect(Buffer.compare(readFileSync(host.at(name)), rawBytes(cube, interleave, 'little'))).toBe(0);
    }
  });

  it('some bands, in the order asked for, keep their own metadata', async () => {
    for (const [format, name] of [
      ['envi', 'subset.dat'],
      ['geotiff', 'subset.tif'],
    ] as const) {
      await host.export('cube', opened.cubeId, name, { format, bandIndexes: [5, 0, 3] });
      const back = await host.open(name);
      expect(back.info.wavelengthsNm).toEqual([nm[5], nm[0], nm[3]]);
      expect(back.info.bandNames).toEqual(['six', 'one', 'four']);
      expect(back.info.bandIsGood).toEqual([true, true, false]);
      // Band 3 of 6, 3, 1 is not among them.
      expect(back.info.defaultBandIndexes).toBeNull();
      await host.export('cube', opened.cubeId, `all_${name}`, { format, bandIndexes: [5, 0, 3, 2] });
      expect((await host.open(`all_${name}`)).info.defaultBandIndexes).toEqual([0, 3, 1]);
      expect(await allStored(back)).toEqual(bandSequential(cube, [5, 0, 3]));
    }
  });

  it.each(enviTypes)('%s: big-endian source, every value to the bit', async (dataType) => {
    const source = variedCube(dataType, [5, 7, 3]);
    writeEnvi(host.folder, `of_${dataType}`, source, { interleave: 'bip', byteOrder: 'big' });
    const { cubeId } = await host.open(`of_${dataType}.img`);
    for (const interleave of ['bsq', 'bil', 'bip'] as const) {
      await host.export('cube', cubeId, `to_${dataType}.dat`, { format: 'envi', interleave });
      expect(
        Buffer.compare(readFileSync(host.at(`to_${dataType}.dat`)), rawBytes(source, interleave, 'little')),
      ).toBe(0);
    }
    await host.export('cube', cubeId, `to_${dataType}.tif`, { format: 'geotiff' });
    const back = await host.open(`to_${dataType}.tif`);
    expect(back.info.dataType).toBe(dataType);
    expect(await allStored(back)).toEqual(bandSequential(source, [0, 1, 2]));
  });

  it('a type that ENVI does not have is refused', async () => {
    const pixels = newStoredArray('int8', 4);
    const image = {
      lines: 2,
      samples: 2,
      bands: 1,
      dataType: 'int8',
      pixels,
      planar: 'contiguous',
      compression: 'none',
      predictor: 1,
    } as const;
    writeFileSync(host.at('int8.tif'), writeTiff([image]));
    const { cubeId } = await host.open('int8.tif');
    const problem = await refusalOf(host.export('cube', cubeId, 'int8.dat', { format: 'envi' }));
    expect(problem).toMatchObject({ code: 'unsupported-format' });
  });

  it('reflectance scale factor and compressed sources are kept', async () => {
    const source = variedCube('uint16', [19, 23, 3]);
    const header = [
      'reflectance scale factor = 10000',
      'wavelength units = Micrometers',
      'wavelength = {0.4, 0.55, 0.7}',
    ];
    writeEnvi(host.folder, 'scaled', source, {}, header);
    const { cubeId, info } = await host.open('scaled.img');
    await host.export('cube', cubeId, 'scaled.tif', { format: 'geotiff', interleave: 'bip' });
    const tiff = await host.open('scaled.tif');
    await host.export('cube', tiff.cubeId, 'scaled_again.dat', { format: 'envi', interleave: 'bsq' });
    const again = await host.open('scaled_again.dat');
    for (const { info: kept } of [tiff, again]) {
      expect(kept).toMatchObject({
        scale: info.scale,
        wavelengthsNm: info.wavelengthsNm,
        wavelengthUnits: 'Micrometers',
      });
    }
    expect(await allStored(again)).toEqual(bandSequential(source, [0, 1, 2]));
  });

  it('a class map keeps its classes', async () => {
    const source: TestCube = {
      lines: 4,
      samples: 5,
      bands: 1,
      dataType: 'uint8',
      stored: (l, s) => (l + s) % 3,
    };
    const header = [
      'classes = 3',
      'class lookup = {0, 0, 0, 255, 0, 0, 0, 128, 64}',
      'class names = {none, tree, water}',
    ];
    writeEnvi(host.folder, 'classes', source, {}, header);
    writeFileSync(
      host.at('classes.hdr'),
      readFileSync(host.at('classes.hdr'), 'utf8').replace('ENVI Standard', 'ENVI Classification'),
    );
    const classes = await host.open('classes.img');
    expect(classes.classes?.[2]).toEqual({ name: 'water', rgb: [0, 128, 64] });
    await host.export('cube', classes.cubeId, 'classes_again.dat', { format: 'envi' });
    const back = await host.open('classes_again.dat');
    expect(back.classes).toEqual(classes.classes);
    expect(await allStored(back)).toEqual(bandSequential(source, [0]));
    await host.export('image', classes.cubeId, 'classes_image.dat', {
      format: 'envi',
      image: { kind: 'stored', parameters: { bandIndex: 0 } },
    });
    expect((await host.open('classes_image.dat')).classes).toEqual(classes.classes);
  });

  it('the demo scene and its class map', async () => {
    for (const part of ['cube', 'classes'] as const) {
      const scene = await host.demo({ lines: 17, samples: 19, bands: 24 }, part);
      await host.export('cube', scene.cubeId, `demo_${part}.dat`, { format: 'envi' });
      const back = await host.open(`demo_${part}.dat`);
      for (const field of [...keptFields, 'noDataValue', 'scale', 'dataType', 'interleave'] as const) {
        expect([field, back.info[field]]).toEqual([field, scene.info[field]]);
      }
      expect(back.classes).toEqual(scene.classes);
      expect(await allStored(back)).toEqual(await allStored(scene));
    }
  });
});

describe('the differentiated cube', () => {
  it('all interleaves, formats and thread counts give the same float32 values', async () => {
    const single = new TestEngine(1);
    try {
      let first: (number | bigint)[] | null = null;
      for (const interleave of ['bsq', 'bil', 'bip'] as const) {
        writeEnvi(host.folder, `d_${interleave}`, cube, { interleave }, further);
        const source = await host.open(`d_${interleave}.img`);
        for (const format of ['envi', 'geotiff'] as const) {
          const name = `d_${interleave}.${format === 'envi' ? 'dat' : 'tif'}`;
          const target = `out_${name}`;
          await host.export('cube', source.cubeId, target, { format, filter });
          const back = await host.open(target);
          expect(back.info).toMatchObject({ dataType: 'float32', noDataValue: 'NaN', wavelengthsNm: nm });
          expect(back.info.bandIsGood).toEqual(opened.info.bandIsGood);
          const values = await allStored(back);
          first ??= values;
          expect(values).toEqual(first);
          const alone = await single.open(host.at(`d_${interleave}.img`));
          await single.export('cube', alone.cubeId, target, { format, filter });
          expect(Buffer.compare(readFileSync(single.at(target)), readFileSync(host.at(target)))).toBe(0);
        }
      }
      const { pixels } = await host.spectra(
        opened.cubeId,
        [
          [4, 5],
          [0, 0],
        ],
        filter,
      );
      const back = await host.open('out_d_bsq.dat');
      const read = await host.spectra(back.cubeId, [
        [4, 5],
        [0, 0],
      ]);
      expect(read.pixels[0]?.values).toEqual(
        pixels[0]?.derivative?.map((value) => (value === null ? null : Math.fround(value))),
      );
      // The bad band, and a pixel without data.
      expect(read.pixels[0]?.values[3]).toBeNull();
      expect(read.pixels[1]?.values).toEqual(bands.map(() => null));
    } finally {
      await single.close();
    }
  });

  it('smoothed, some bands only: those of the whole', async () => {
    await host.export('cube', opened.cubeId, 'smooth.tif', {
      format: 'geotiff',
      filter: { window: 3, degree: 1 },
    });
    await host.export('cube', opened.cubeId, 'smooth2.tif', {
      format: 'geotiff',
      filter: { window: 3, degree: 1 },
      bandIndexes: [6, 1],
    });
    const whole = await allStored(await host.open('smooth.tif'));
    const some = await allStored(await host.open('smooth2.tif'));
    const plane = 11 * 13;
    expect(some).toEqual([...whole.slice(6 * plane), ...whole.slice(plane, 2 * plane)]);
  });
});

describe('an image as numbers', () => {
  const kinds = {
    band: { image: 'band', bands: 2 },
    filtered: { image: 'filtered', bands: 2, ...filter },
    stored: { image: 'stored', bands: 2 },
    composite: { image: 'composite', bands: '5,2,0' },
  };
  const bandsOf = (kind: keyof typeof kinds): number[] => String(kinds[kind].bands).split(',').map(Number);

  async function tileOf(kind: keyof typeof kinds): Promise<number[]> {
    const tile = await host.tile(opened.cubeId, kinds[kind]);
    return [...tile.pixels].map(Number);
  }

  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s as GeoTIFF and ENVI', async (kind) => {
    const wanted = await tileOf(kind);
    for (const [format, ending] of [
      ['geotiff', 'tif'],
      ['envi', 'dat'],
    ] as const) {
      const name = `image_${kind}.${ending}`;
      await host.export('image', opened.cubeId, name, { format, image: imageOf(kinds[kind]) });
      const back = await host.open(name);
      expect(back.info.dataType).toBe(kind === 'stored' ? 'int16' : 'float32');
      expect(back.info.noDataValue).toBe(kind === 'stored' ? noData : 'NaN');
      expect(back.info.wavelengthsNm).toEqual(bandsOf(kind).map((band) => nm[band]));
      expect(back.info.geoTransform).toEqual(opened.info.geoTransform);
      expect(back.info.crs?.epsg).toBe(32633);
      expect(await allStored(back)).toEqual(wanted);
    }
  });

  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s as NPY, read by hand', async (kind) => {
    await host.export('image', opened.cubeId, `${kind}.npy`, { format: 'npy', image: imageOf(kinds[kind]) });
    const bytes = readFileSync(host.at(`${kind}.npy`));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const length = bytes.readUInt16LE(8);
    expect((10 + length) % 64).toBe(0);
    const header = bytes.subarray(10, 10 + length).toString('latin1');
    const shape = kind === 'composite' ? '(11, 13, 3)' : '(11, 13)';
    const descr = kind === 'stored' ? '<i2' : '<f4';
    expect(header.trimEnd()).toBe(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`);
    const size = kind === 'stored' ? 2 : 4;
    const values: number[] = [];
    for (let at = 10 + length; at < bytes.length; at += size) {
      values.push(kind === 'stored' ? bytes.readInt16LE(at) : bytes.readFloatLE(at));
    }
    const tile = await tileOf(kind);
    const planes = kind === 'composite' ? 3 : 1;
    const pixels = 11 * 13;
    expect(values).toEqual(
      Array.from({ length: planes * pixels }, (_, i) => tile[(i % planes) * pixels + Math.floor(i / planes)]),
    );
  });
});

/** RGBA rows of a PNG, unpacked by its specification. */
function readPng(bytes: Buffer): {
  width: number;
  height: number;
  pixel: (line: number, sample: number) => number[];
} {
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
  const data: Buffer[] = [];
  let header = Buffer.alloc(0);
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = Buffer.from(body);
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
    if (type === 'IEND') expect(at).toBe(bytes.length);
  }
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  expect([...header.subarray(8)]).toEqual([8, 6, 0, 0, 0]);
  const packed = inflateSync(Buffer.concat(data));
  const stride = 4 * width;
  expect(packed.length).toBe(height * (stride + 1));
  const out = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y++) {
    const kind = packed[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const raw = packed[y * (stride + 1) + 1 + x] ?? 0;
      const left = x < 4 ? 0 : (out[y * stride + x - 4] ?? 0);
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (out[(y - 1) * stride + x - 4] ?? 0);
      const distances = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
      const paeth = [left, up, corner][distances.indexOf(Math.min(...distances))] ?? 0;
      out[y * stride + x] = raw + ([0, left, up, (left + up) >> 1, paeth][kind] ?? 0);
    }
  }
  return {
    width,
    height,
    pixel: (line, sample) => [...out.subarray(line * stride + 4 * sample, line * stride + 4 * sample + 4)],
  };
}

describe('an image as a picture', () => {
  it('a band in grey: limits as asked, nodata transparent', async () => {
    const order = {
      format: 'png',
      image: { kind: 'band', parameters: { bandIndex: 2 } },
      colouring: { low: -2000, high: 2000 },
    };
    await host.export('image', opened.cubeId, 'band.png', order);
    const { width, height, pixel } = readPng(readFileSync(host.at('band.png')));
    expect([width, height]).toEqual([13, 11]);
    for (let line = 0; line < 11; line++) {
      for (let sample = 0; sample < 13; sample++) {
        const value = stored(line, sample, 2);
        const level = Math.min(255, Math.max(0, Math.floor(((value + 2000) / 4000) * 256)));
        expect(pixel(line, sample)).toEqual(value === noData ? [0, 0, 0, 0] : [level, level, level, 255]);
      }
    }
  });

  it('a derivative: blue to red, nearly white where it is 0, by default', async () => {
    // Band values s x band^2: second derivative 2 s, for s from -6 to 6.
    const source: TestCube = {
      lines: 1,
      samples: 13,
      bands: 5,
      dataType: 'int16',
      stored: (_l, s, band) => (s - 6) * band * band,
    };
    writeEnvi(host.folder, 'curves', source);
    const { cubeId } = await host.open('curves.img');
    const image = { kind: 'filtered', parameters: { bandIndex: 2, filter: { window: 5, derivative: 2 } } };
    await host.export('image', cubeId, 'curves.png', { format: 'png', image });
    const { pixel } = readPng(readFileSync(host.at('curves.png')));
    const centre = pixel(0, 6).slice(0, 3);
    expect(Math.min(...centre)).toBeGreaterThan(230);
    expect(Math.max(...centre) - Math.min(...centre)).toBeLessThan(8);
    const [negative, positive] = [pixel(0, 0), pixel(0, 12)];
    expect(negative[2]).toBeGreaterThan((negative[0] ?? 255) + 50);
    expect(positive[0]).toBeGreaterThan((positive[2] ?? 255) + 50);
  });

  it('a composite: three bands, each by itself; a pixel without one of them is transparent', async () => {
    const order = {
      format: 'png',
      image: { kind: 'composite', parameters: { bandIndexes: [5, 2, 0] } },
      colouring: { low: -2000, high: 2000 },
    };
    await host.export('image', opened.cubeId, 'composite.png', order);
    const { pixel } = readPng(readFileSync(host.at('composite.png')));
    const level = (value: number): number =>
      Math.min(255, Math.max(0, Math.floor(((value + 2000) / 4000) * 256)));
    expect(pixel(7, 9)).toEqual([...[5, 2, 0].map((band) => level(stored(7, 9, band))), 255]);
    expect(pixel(1, 2)[3]).toBe(0);
  });

  it('an image without a valid value is transparent all over', async () => {
    writeEnvi(host.folder, 'void', {
      lines: 3,
      samples: 4,
      bands: 1,
      dataType: 'float32',
      stored: () => NaN,
    });
    const { cubeId } = await host.open('void.img');
    await host.export('image', cubeId, 'void.png', {
      format: 'png',
      image: { kind: 'band', parameters: { bandIndex: 0 } },
    });
    const { pixel } = readPng(readFileSync(host.at('void.png')));
    for (let i = 0; i < 12; i++) expect(pixel(Math.floor(i / 4), i % 4)).toEqual([0, 0, 0, 0]);
  });
});

it.each(['dat', 'tif'])('the unit of a derivative is its own, not the source’s (%s)', async (ending) => {
  const units = { lines: 2, samples: 2, bands: 7, dataType: 'float32', stored: () => 1 } as const;
  const header = [
    'data units = W/m2/sr/nm',
    'wavelength units = Nanometers',
    `wavelength = {${nm.join(', ')}}`,
  ];
  writeEnvi(host.folder, 'units', units, {}, header);
  const { cubeId } = await host.open('units.img');
  const format = ending === 'dat' ? 'envi' : 'geotiff';
  await host.export('cube', cubeId, `units_2.${ending}`, { format, filter });
  const derived = await host.open(`units_2.${ending}`);
  expect((await host.spectra(derived.cubeId, [[0, 0]])).units.values).toBe('W/m2/sr/nm/nm^2');
  await host.export('cube', cubeId, `units_plain.${ending}`, { format });
  const plain = await host.open(`units_plain.${ending}`);
  expect((await host.spectra(plain.cubeId, [[0, 0]])).units.values).toBe('W/m2/sr/nm');
  for (const { metadata } of [derived, plain]) expect(Object.keys(metadata)).not.toContain('data units');
});

describe('a GeoTIFF with georeference of no use', () => {
  const image = {
    lines: 1,
    samples: 2,
    bands: 1,
    dataType: 'uint8',
    pixels: Uint8Array.of(3, 4),
    planar: 'separate',
    compression: 'none',
    predictor: 1,
  } as const;

  it.each([
    ['an item named as the keys', { tag: 42112, type: 2, values: '<Item name="geoKeys">{}</Item>' }],
    ['fewer keys than stated', { tag: 34735, type: 3, values: [1, 1, 0, 9, 1024, 0, 1, 1] }],
    ['keys that are no short numbers', { tag: 34735, type: 4, values: [1, 1, 0, 1, 1024, 0, 1, 70_000] }],
  ])('%s: its pixels are exported all the same', async (_name, tag) => {
    writeFileSync(host.at('keys.tif'), writeTiff([{ ...image, tags: [tag] }]));
    const { cubeId } = await host.open('keys.tif');
    await host.export('cube', cubeId, 'keys_out.tif', { format: 'geotiff' });
    expect(await allStored(await host.open('keys_out.tif'))).toEqual([3, 4]);
  });
});

it('spectra as CSV: the numbers of the spectra, a row a band', async () => {
  const at = [
    { line: 4, sample: 5 },
    { line: 0, sample: 0 },
  ];
  await host.export('spectra', opened.cubeId, 'spectra.csv', { at, filter });
  const { pixels } = await host.spectra(
    opened.cubeId,
    [
      [4, 5],
      [0, 0],
    ],
    filter,
  );
  const [head = '', ...rows] = readFileSync(host.at('spectra.csv'), 'utf8').trimEnd().split(/\r?\n/);
  expect(rows).toHaveLength(7);
  const columns = head.split(',');
  const column = columns.findIndex((name) => /derivative/i.test(name));
  expect(column).toBeGreaterThan(0);
  rows.forEach((row, band) => {
    const value = row.split(',')[column] ?? '';
    expect(value === '' ? null : Number(value)).toBe(pixels[0]?.derivative?.[band]);
    expect(row).toContain(String(nm[band]));
  });
});

it('spectra as CSV: names of bands in any script', async () => {
  writeEnvi(host.folder, 'named', variedCube('uint8', [2, 2, 2]), {}, ['band names = {Grün, 赤}']);
  const { cubeId } = await host.open('named.img');
  await host.export('spectra', cubeId, 'named.csv', { at: [{ line: 1, sample: 1 }] });
  const rows = readFileSync(host.at('named.csv'), 'utf8').split('\r\n');
  expect(rows[0]).toBe('band,name,wavelength_nm,good,line1_sample1_stored,line1_sample1_value');
  expect(rows[1]).toMatch(/^1,Grün,,true,(\d+),\1$/);
  expect(rows[2]).toMatch(/^2,赤,,true,(\d+),\1$/);
  expect(rows.slice(3)).toEqual(['']);
});

it('spectra as CSV: pixels of a compressed file whose blocks are too large for one task', async () => {
  const [lines, samples] = [4097, 4096];
  const pixels = newStoredArray('uint8', 2 * lines * samples);
  const at = [0, 2000, 4096].map((line, k) => ({ line, sample: 7 * k }));
  at.forEach(({ line, sample }, k) => {
    pixels[2 * (line * samples + sample)] = k + 1;
    pixels[2 * (line * samples + sample) + 1] = k + 11;
  });
  const image = {
    lines,
    samples,
    bands: 2,
    dataType: 'uint8',
    pixels,
    planar: 'contiguous',
    compression: 'deflate',
    predictor: 1,
    stripLines: lines,
  } as const;
  writeFileSync(host.at('block.tif'), writeTiff([image]));
  const { cubeId } = await host.open('block.tif');
  await host.export('spectra', cubeId, 'block.csv', { at });
  const [, ...rows] = readFileSync(host.at('block.csv'), 'utf8').split('\r\n');
  expect(rows).toEqual(['1,,true,1,1,2,2,3,3', '2,,true,11,11,12,12,13,13', '']);
});
