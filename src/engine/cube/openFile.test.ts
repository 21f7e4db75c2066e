import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceCache } from '../io/fileSource.ts';
import { Grants } from '../io/grants.ts';
import { testFolder } from '../io/testFolder.ts';
import { ThreadPool } from '../workers/pool.ts';
import { Cubes } from './cubes.ts';
import { headerText } from './formats/envi/testHeader.ts';
import { openCubeFile } from './openFile.ts';
import { readStored } from './read.ts';

describe('openCubeFile', () => {
  let folder: ReturnType<typeof testFolder>;
  const at = (...names: string[]): string => join(folder.path, ...names);
  const open = (name: string, within: string | null = null): ReturnType<typeof openCubeFile> =>
    openCubeFile(at(name), within, {}, {});

  beforeEach(() => {
    folder = testFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('opens a pair from either half', async () => {
    writeFileSync(at('x.hdr'), headerText());
    writeFileSync(at('x.dat'), new Uint8Array(24));
    for (const half of ['x.hdr', 'x.dat']) {
      const { description, files } = await open(half);
      expect(description).toMatchObject({ format: 'ENVI', file: 'x.dat', lines: 2, samples: 3, bands: 4 });
      expect(files.map(({ name }) => name)).toEqual(['x.dat', 'x.hdr']);
    }
  });

  it('takes raw pixels that begin like another format for the pair that they are', async () => {
    writeFileSync(at('x.hdr'), headerText());
    const pixels = new Uint8Array(24);
    pixels.set(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    writeFileSync(at('x.dat'), pixels);
    expect((await open('x.dat')).description.format).toBe('ENVI');
  });

  it('says what a file is that it does not read', async () => {
    const others: [string, string][] = [
      ['\x89HDF\r\n\x1a\n', 'HDF5'],
      ['CDF\x01', 'NetCDF'],
      ['\x89PNG\r\n', 'PNG'],
      ['\xff\xd8\xff\xe0', 'JPEG'],
      ['PK\x03\x04', 'ZIP'],
      ['\x1f\x8b\x08', 'gzip'],
      ['hello', 'neither a GeoTIFF nor half of an ENVI pair'],
      ['I', 'neither a GeoTIFF nor half of an ENVI pair'],
    ];
    for (const [start, words] of others) {
      writeFileSync(at('a.bin'), Buffer.from(start, 'latin1'));
      const opening = open('a.bin');
      await expect(opening, words).rejects.toMatchObject({
        code: 'unsupported-format',
        message: expect.stringContaining(words),
        place: { file: 'a.bin', remedy: expect.stringMatching(/\.$/) },
      });
    }
  });

  it('refuses an empty file, a folder and a file that is not there', async () => {
    writeFileSync(at('empty.tif'), '');
    await expect(open('empty.tif')).rejects.toMatchObject({
      code: 'malformed-file',
      message: 'empty.tif is empty.',
    });
    mkdirSync(at('folder'));
    await expect(open('folder')).rejects.toMatchObject({ code: 'not-found' });
    await expect(open('absent.hdr')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('does not follow the data file out of the allowed folder', async () => {
    mkdirSync(at('root'));
    writeFileSync(at('root', 'x.hdr'), headerText());
    writeFileSync(at('secret'), new Uint8Array(24));
    symlinkSync(at('secret'), at('root', 'x.dat'));
    await expect(open('root/x.hdr', at('root'))).rejects.toMatchObject({ code: 'not-found' });
    expect((await open('root/x.hdr')).description.bands).toBe(4);
  });

  it('reads nothing once it is cancelled', async () => {
    writeFileSync(at('x.tif'), 'II*\0');
    const opening = openCubeFile(at('x.tif'), null, {}, { signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });
});

const root = resolve(import.meta.dirname, '../../..');
const data = resolve(root, process.env.CUBELENS_DATA ?? '../shared/data');

/** Stored values that GDAL and NumPy read, as the data's README gives them: [line, sample, band from 1, value]. */
const known: [string, [number, number, number, number][]][] = [
  [
    'jasper_ridge/jasper_ridge_aviris.hdr',
    [
      [0, 0, 1, 101],
      [99, 99, 198, 372],
      [50, 50, 100, 149],
      [10, 20, 100, 3099],
      [95, 3, 30, 320],
    ],
  ],
  [
    'salton_sea/salton_sea_aviris_int16.hdr',
    [
      [0, 0, 1, 764],
      [50, 55, 224, 2786],
      [25, 28, 113, -9999],
      [10, 20, 100, 3652],
      [46, 3, 30, 1013],
    ],
  ],
  [
    'salton_sea/salton_sea_aviris_float32_be.bsq',
    [
      [0, 0, 1, 0.07639999687671661],
      [50, 55, 224, 0.2786000072956085],
      [25, 28, 113, NaN],
      [10, 20, 100, 0.365200012922287],
    ],
  ],
  [
    'corn_kernel/corn-kernel-hyperspectral.raw',
    [
      [0, 0, 1, 22],
      [30, 42, 580, 16],
      [15, 21, 291, 2478],
      [10, 20, 100, 156],
      [26, 3, 30, 19],
    ],
  ],
  [
    'enmap_potsdam/enmap_potsdam_mosaic_int16.tif',
    [
      [0, 0, 1, 660],
      [191, 159, 224, 341],
      [96, 80, 113, 3079],
      [10, 20, 100, 3319],
      [187, 3, 30, -32768],
    ],
  ],
  [
    'enmap_potsdam/enmap_potsdam_tile_128_96.tif',
    [
      [0, 0, 1, 262],
      [31, 31, 224, 765],
      [16, 16, 113, 2556],
      [10, 20, 100, 2039],
      [27, 3, 30, 1404],
    ],
  ],
];

describe.skipIf(!existsSync(data))('real cubes', () => {
  let pool: ThreadPool;
  beforeAll(() => {
    pool = new ThreadPool({ workerUrl: new URL('./testCubeWorker.ts', import.meta.url), threads: 1 });
  });
  afterAll(() => pool.close());

  it.each(known)('%s has the values that GDAL reads', async (name, values) => {
    const cubes = new Cubes(pool, 2 ** 24);
    const cube = await cubes.open(new Grants().grantRead(join(data, name)), {}, 'me');
    const sources = new SourceCache();
    for (const [line, sample, band, value] of values) {
      const window = { line0: line, sample0: sample, lines: 1, samples: 1 };
      const blocks = await cubes.blocks.fetch(cube, window, [band - 1], { priority: 'visible' });
      expect([...(await readStored(cube, window, [band - 1], { sources, blocks }))]).toEqual([value]);
    }
    sources.close();
    cubes.close(cube.cubeId, 'me');
  });
});
