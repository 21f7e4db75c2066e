import type { InfoJson } from './json.ts';
import type { SpectrumResult } from '../../engine/contract/spectra.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRun } from './testRun.ts';
import {
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

/** image, export, replay and demo on a small made cube, checked against plain arithmetic on its formula. */

const test = new TestRun();
beforeAll(() => {
  test.cube('c', smallCube);
});
afterAll(() => test.close());

const done = (line: string): Promise<string> => test.done(line);

/** The numbers of an NPY file of two dimensions (format 1.0). */
function npy(name: string): { dtype: string; shape: number[]; numbers: number[] } {
  const bytes = readFileSync(test.at(name));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const dtype = /'descr': '([^']+)'/.exec(header)?.[1] ?? '';
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').split(',').map(Number);
  const size = Number(dtype.at(-1));
  const numbers = Array.from({ length: (bytes.length - start) / size }, (_, k) =>
    dtype === '<f4' ? bytes.readFloatLE(start + 4 * k) : bytes.readUInt16LE(start + 2 * k),
  );
  return { dtype, shape, numbers };
}

/** The float32 numbers of a headerless file. */
function floats(name: string): number[] {
  const bytes = readFileSync(test.at(name));
  return Array.from({ length: bytes.length / 4 }, (_, k) => bytes.readFloatLE(4 * k));
}

describe('image', () => {
  it('writes values as float32 with NaN for nodata', async () => {
    expect(await done('image @c.dat --band 3 --out @i.npy')).toMatch(
      /^Wrote i\.npy \(\d+ bytes\) with i\.npy\.recipe\.json\n$/,
    );
    const { dtype, shape, numbers } = npy('i.npy');
    expect([dtype, shape]).toEqual(['<f4', [lines, samples]]);
    expectNear(
      numbers,
      everyPixel((line, sample) => value(line, sample, 2)),
    );
  });

  it('keeps stored numbers in their own type with --stored', async () => {
    await done('image @c.dat --band 3 --stored --out @i.npy');
    const { dtype, numbers } = npy('i.npy');
    expect(dtype).toBe('<u2');
    expect(numbers).toEqual(everyPixel((line, sample) => stored(line, sample, 2)));
    await done('image @c.dat --band 3 --stored --out @stored.dat');
    const info = await test.json<InfoJson>(['info', '@stored.dat']);
    expect([info.dataType, info.noDataValue, info.scale, info.wavelengthsNm]).toEqual([
      'uint16',
      noData,
      0.1,
      [420],
    ]);
  });

  it('smooths by default where a filter is on', async () => {
    await done('image @c.dat --band 5 --window 5 --out @i.npy');
    expectNear(
      npy('i.npy').numbers,
      everyPixel((line, sample) => weighted(smoothing, line, sample, 4)),
    );
    await done('image @c.dat --band 5 --window 5 --derivative 2 --axis band --out @i.npy');
    expectNear(
      npy('i.npy').numbers,
      everyPixel((line, sample) => weighted(curvature, line, sample, 4)),
    );
  });

  it.each([
    ['424', 3],
    ['425', 3],
    ['425.1', 4],
    ['390', 1],
    // Band 12 at 510 nm is bad: band 11 is the nearest good one.
    ['510', 11],
  ])('at %s nm is band %i: the nearest good one, the lower on a tie', async (wavelength, band) => {
    await done(`image @c.dat --wavelength ${wavelength} --out @w.npy`);
    expectNear(
      npy('w.npy').numbers,
      everyPixel((line, sample) => value(line, sample, band - 1)),
    );
  });

  it('writes a bad band as it is without a filter', async () => {
    await done('image @c.dat --band 12 --out @bad.npy');
    expectNear(
      npy('bad.npy').numbers,
      everyPixel((line, sample) => value(line, sample, 11)),
    );
  });

  it('writes pictures: a band in a colour map, three bands as colours', async () => {
    for (const what of [
      '--band 1 --colour-map viridis --range 10,20',
      '--rgb 3,2,1',
      '--band 5 --window 5 --derivative 2',
    ]) {
      await done(`image @c.dat ${what} --out @p.png`);
      const bytes = readFileSync(test.at('p.png'));
      expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([samples, lines]);
    }
  });

  it('is one band of one file for ENVI and GeoTIFF too', async () => {
    for (const name of ['i.dat', 'i.tif']) {
      await done(`image @c.dat --band 4 --out @${name}`);
      const info = await test.json<InfoJson>(['info', `@${name}`]);
      expect([info.bands, info.dataType, info.noDataValue, info.wavelengthsNm]).toEqual([
        1,
        'float32',
        'NaN',
        [430],
      ]);
      const { pixels } = await test.json<SpectrumResult>([
        'spectrum',
        `@${name}`,
        '--at',
        '1,1',
        '--at',
        '2,3',
      ]);
      expectNear(
        pixels.map(({ values }) => values[0] ?? null),
        [value(1, 1, 3), NaN],
      );
    }
  });
});

describe('export', () => {
  it('without a filter is the cube itself, in another format and interleave and back', async () => {
    await done('export @c.dat --out @plain.tif');
    await done('export @plain.tif --interleave bip --out @back.dat');
    const [was, tiff, is] = await Promise.all(
      ['c.dat', 'plain.tif', 'back.dat'].map((name) => test.json<InfoJson>(['info', `@${name}`])),
    );
    for (const info of [tiff, is]) {
      for (const field of [
        'lines',
        'samples',
        'bands',
        'dataType',
        'noDataValue',
        'scale',
        'wavelengthsNm',
        'bandIsGood',
        'segments',
      ] as const) {
        expect([field, info?.[field]]).toEqual([field, was?.[field]]);
      }
    }
    expect([tiff?.interleave, is?.interleave]).toEqual(['bsq', 'bip']);
    const bytes = readFileSync(test.at('back.dat'));
    const expected = everyPixel((line, sample) => nm.map((_, k) => stored(line, sample, k))).flat();
    expect(Array.from({ length: expected.length }, (_, k) => bytes.readUInt16LE(2 * k))).toEqual(expected);
  });

  it('selects bands after filtering: their neighbours take part', async () => {
    await done(
      'export @c.dat --window 5 --derivative 2 --axis band --bands 12,4-5 --interleave bsq --out @d.dat',
    );
    const all = [
      everyPixel(() => NaN),
      everyPixel((line, sample) => weighted(curvature, line, sample, 3)),
      everyPixel((line, sample) => weighted(curvature, line, sample, 4)),
    ];
    expectNear(floats('d.dat'), all.flat());
    const info = await test.json<InfoJson>(['info', '@d.dat']);
    expect([info.bands, info.dataType, info.noDataValue]).toEqual([3, 'float32', 'NaN']);
    expect(info.wavelengthsNm).toEqual([510, 430, 440]);
    expect(info.bandIsGood).toEqual([false, true, true]);
  });

  it('smooths by default where a filter is on', async () => {
    await done('export @c.dat --degree 2 --window 5 --bands 6 --out @smooth.dat');
    expectNear(
      floats('smooth.dat'),
      everyPixel((line, sample) => weighted(smoothing, line, sample, 5)),
    );
  });

  it('replaces an older output and leaves no other file', async () => {
    writeFileSync(test.at('old.tif'), 'something older');
    const files = test.files();
    await done('export @c.dat --out @old.tif');
    expect(readFileSync(test.at('old.tif')).toString('latin1', 0, 2)).toBe('II');
    expect(test.files()).toEqual([...files, 'old.tif.recipe.json'].sort());
  });

  it('says where a picture shows nothing', async () => {
    test.cube('empty', {
      lines: 2,
      samples: 2,
      bands: 3,
      stored: () => 9,
      header: ['data ignore value = 9'],
    });
    expect(await done('image @empty.dat --band 2 --out @empty.png')).toContain(
      'No pixel of band 2 has a value',
    );
  });
});

describe('replay', () => {
  it.each([
    'export @c.dat --window 5 --gap strict --bands 3-6 --interleave bip --out @k.dat',
    'export @c.dat --out @k.tif',
    'image @c.dat --rgb 5,3,1 --out @k.png',
    'image @c.dat --band 6 --window 5 --derivative 2 --out @k.npy',
    'spectrum @c.dat --at 0,1 --at 2,2 --degree 3 --out @k.csv',
  ])('repeats to the byte: %s', async (line) => {
    const name = line.slice(line.lastIndexOf('@') + 1);
    await done(line);
    await done(`replay @${name}.recipe.json --out @again-${name}`);
    expect(readFileSync(test.at(`again-${name}`)).equals(readFileSync(test.at(name)))).toBe(true);
  });

  it('writes the same bytes elsewhere and beside the recipe, and the same recipe', async () => {
    await done('export @c.dat --window 5 --derivative 1 --out @r.tif');
    const [data, recipe] = ['r.tif', 'r.tif.recipe.json'].map((name) => readFileSync(test.at(name)));
    expect(await done('replay @r.tif.recipe.json --out @again.tif')).toContain('Wrote again.tif');
    expect(readFileSync(test.at('again.tif')).equals(data ?? Buffer.alloc(0))).toBe(true);
    writeFileSync(test.at('r.tif'), 'lost');
    await done('replay @r.tif.recipe.json');
    expect(readFileSync(test.at('r.tif')).equals(data ?? Buffer.alloc(0))).toBe(true);
    expect(readFileSync(test.at('r.tif.recipe.json')).equals(recipe ?? Buffer.alloc(0))).toBe(true);
  });

  it('holds no clock time and no absolute path', () => {
    const text = readFileSync(test.at('r.tif.recipe.json'), 'utf8');
    expect(text).not.toContain(test.folder);
    expect(text).not.toContain(String(new Date().getFullYear()));
    expect(JSON.parse(text)).toMatchObject({
      output: 'r.tif',
      inputs: [{ path: 'c.dat' }, { path: 'c.hdr' }],
    });
  });

  it('ends with exit code 4 where an input has changed, and writes nothing', async () => {
    test.cube('v', { lines: 2, samples: 2, bands: 3, stored: () => 5 });
    await done('export @v.dat --out @v.tif');
    const tiff = readFileSync(test.at('v.tif'));
    test.cube('v', { lines: 2, samples: 2, bands: 3, stored: () => 6 });
    const { code, stderr } = await test.run(['replay', '@v.tif.recipe.json']);
    expect(code).toBe(4);
    expect(stderr).toContain('v.dat is not the file that v.tif.recipe.json was made from');
    expect(readFileSync(test.at('v.tif')).equals(tiff)).toBe(true);
  });

  it('refuses a name of another format and the recipe itself, and harms neither', async () => {
    await done('image @c.dat --band 6 --out @p.png');
    await done('export @c.dat --out @p.dat');
    const recipe = readFileSync(test.at('p.dat.recipe.json'));
    const other = await test.run(['replay', '@p.png.recipe.json', '--out', '@p2.tif']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('the recipe makes p.png')]);
    const itself = await test.run(['replay', '@p.dat.recipe.json', '--out', '@p.dat.recipe.json']);
    expect([itself.code, itself.stderr]).toEqual([2, expect.stringContaining('is the recipe itself')]);
    expect(readFileSync(test.at('p.dat.recipe.json')).equals(recipe)).toBe(true);
    expect(test.files()).not.toContain('p2.tif');
    expect(await done('replay @p.dat.recipe.json --out @p2.img')).toContain('Wrote p2.img');
  });

  it('says where the recipe is of another version', async () => {
    await done('image @c.dat --band 6 --out @w.png');
    const recipe = readFileSync(test.at('w.png.recipe.json'), 'utf8');
    expect(await done('replay @w.png.recipe.json')).not.toContain('Note');
    writeFileSync(test.at('w.png.recipe.json'), recipe.replace(/"version": "[^"]*"/, '"version": "0.0.0"'));
    expect(await done('replay @w.png.recipe.json')).toContain('written by version 0.0.0');
  });
});

describe('demo', () => {
  it('writes the scene of the design; the same seed gives the same bytes', async () => {
    const say = await done('demo --out @demo.dat --seed 7');
    expect(say).toContain('Wrote demo.dat (24576000 bytes) with demo.hdr and demo.dat.recipe.json');
    const info = await test.json<InfoJson>(['info', '@demo.dat']);
    expect([info.lines, info.samples, info.bands, info.dataType, info.interleave]).toEqual([
      240,
      320,
      160,
      'uint16',
      'bil',
    ]);
    expect(info.bandIsGood.filter((good) => !good)).toHaveLength(8);
    expect(info.scale).toBe(0.0001);
    expect((await test.run(['replay', '@demo.dat.recipe.json', '--out', '@demo2.dat'])).code).toBe(0);
    expect(readFileSync(test.at('demo2.dat')).equals(readFileSync(test.at('demo.dat')))).toBe(true);
  });

  it('writes its class map', async () => {
    await test.run(['demo', '--out', '@classes.dat', '--classes']);
    const info = await test.json<InfoJson>(['info', '@classes.dat']);
    expect([info.bands, info.dataType]).toEqual([1, 'uint8']);
    expect(await done('info @classes.dat')).toMatch(/^classes +0 /m);
    const said = await done('export @classes.dat --out @classes.tif');
    expect(said).not.toContain('Note:');
    expect(readFileSync(test.at('classes.tif'), 'latin1')).toContain('CLASS_NAMES');
    // Names and colours come back.
    const classLines = (text: string): string | undefined => /^classes(.*\n)+/m.exec(text)?.[0];
    expect(classLines(await done('info @classes.tif'))).toBe(classLines(await done('info @classes.dat')));
    await done('export @classes.tif --out @back.dat');
    const lookup = (name: string): string | undefined =>
      /class lookup = \{[^}]*\}/.exec(readFileSync(test.at(name), 'utf8'))?.[0];
    expect(lookup('back.hdr')).toBe(lookup('classes.hdr'));
    expect(readFileSync(test.at('back.dat')).equals(readFileSync(test.at('classes.dat')))).toBe(true);
  });
});
