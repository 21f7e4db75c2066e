import { describe, expect, it } from 'vitest';
import { CubelensError } from '../../../base/errors.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import { blocksFor } from './blocks.ts';
import { decodeBlock } from './decode.ts';
import { geotiffFormat } from './open.ts';
import { maskSource, readMask, readTiffWindow } from './read.ts';
import { folderOf, layoutOf, memorySource, openBytes, readStored } from './testFiles.ts';
import { writeTiff, type TestImage, type TestTag } from './testWriter.ts';

const pixels = Uint16Array.from({ length: 10 * 12 * 2 }, (_, i) => i);
const image: TestImage = {
  lines: 10,
  samples: 12,
  bands: 2,
  dataType: 'uint16',
  pixels,
  planar: 'contiguous',
  stripLines: 4,
  compression: 'deflate',
  predictor: 1,
};
const whole = { line0: 0, sample0: 0, lines: 10, samples: 12 };
const withTags = (...tags: TestTag[]): Uint8Array => writeTiff([{ ...image, tags }]);
const band0 = Array.from({ length: 120 }, (_, i) => 2 * i);

async function errorOf(work: Promise<unknown>): Promise<CubelensError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CubelensError)) throw new Error(`expected a CubelensError, got ${String(thrown)}`);
  return thrown;
}

describe('recognises', () => {
  it.each([
    ['49492a00', true],
    ['4d4d002a', true],
    ['49492b00', true],
    ['4d4d002b', true],
    ['4d4d2a00', false],
    ['454e5649', false],
    ['4949', false],
  ])('%s: %s', async (hex, is) => {
    expect(
      await geotiffFormat.recognises(folderOf(memorySource(new Uint8Array(0))), Buffer.from(hex, 'hex')),
    ).toBe(is);
  });
});

describe('images of a file', () => {
  const small: TestImage = {
    ...image,
    lines: 5,
    samples: 6,
    pixels: pixels.slice(0, 60),
    tags: [{ tag: 254, type: 4, values: [1] }],
  };
  const maskPixels = Uint8Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? 0 : 255));
  const mask: TestImage = {
    ...image,
    bands: 1,
    dataType: 'uint8',
    pixels: maskPixels,
    tags: [{ tag: 254, type: 4, values: [4] }],
  };
  const second: TestImage = {
    ...image,
    bands: 1,
    planar: 'separate',
    pixels: pixels.slice(120),
    tags: [{ tag: 285, type: 2, values: 'thermal' }],
  };
  const bytes = writeTiff([image, small, mask, second]);

  it('lists full-size directories, with overviews and mask at their image', async () => {
    const cube = await openBytes(bytes);
    expect(cube.description.images).toEqual([
      { imageId: '0', name: 'Image 0', lines: 10, samples: 12, bands: 2 },
      { imageId: '3', name: 'thermal', lines: 10, samples: 12, bands: 1 },
    ]);
    const layout = layoutOf(cube);
    expect(layout.overviews.map(({ lines, directory }) => [lines, directory])).toEqual([[5, 1]]);
    expect(layout.mask?.directory).toBe(2);
    const overview = layout.overviews[0] ?? layout.image;
    const got = await readStored(
      bytes,
      layout,
      { line0: 0, sample0: 0, lines: 5, samples: 6 },
      [1],
      null,
      overview,
    );
    expect([...got]).toEqual(Array.from({ length: 30 }, (_, i) => 2 * i + 1));
  });

  it('says which of several images was taken, unless one was asked for', async () => {
    const { description } = await openBytes(bytes);
    expect(description.assumptions[0]).toMatchObject({ field: 'image', value: '0 (Image 0)' });
    expect(description.assumptions[0]?.why).toContain('3 (thermal)');
    expect((await openBytes(bytes, '0')).description.assumptions).toEqual([]);
  });

  it('opens an image beside one that is not supported', async () => {
    // 7: JPEG.
    const jpeg = { ...image, tags: [{ tag: 259, type: 3, values: [7] }] };
    const mixed = writeTiff([jpeg, second]);
    expect((await errorOf(openBytes(mixed))).code).toBe('unsupported-format');
    for (const wish of ['1', 'thermal']) {
      const cube = await openBytes(mixed, wish);
      expect(cube.description.images.map(({ imageId }) => imageId)).toEqual(['0', '1']);
      expect((await readStored(mixed, layoutOf(cube), whole, [0]))[0]).toBe(120);
    }
  });

  it('opens by id and by name, and says what there is', async () => {
    expect((await openBytes(bytes, '3')).description).toMatchObject({
      imageId: '3',
      bands: 1,
      interleave: 'bsq',
    });
    const layout = layoutOf(await openBytes(bytes, 'thermal'));
    expect((await readStored(bytes, layout, whole, [0]))[0]).toBe(120);
    expect(layout.mask).toBeNull();
    const error = await errorOf(openBytes(bytes, '1'));
    expect(error.code).toBe('invalid-request');
    expect(error.place.remedy).toContain('3 (thermal)');
  });

  it('reads the mask as 1 valid, 0 not', async () => {
    const source = memorySource(bytes);
    const layout = layoutOf(await openBytes(bytes));
    const of = maskSource(layout);
    const window = { line0: 1, sample0: 0, lines: 2, samples: 12 };
    const blocks = new Map<number, SharedArrayBuffer>();
    for (const index of of === null ? [] : blocksFor(layout, of.image, window, [of.bandIndex])) {
      blocks.set(index, await decodeBlock(layout, layout.mask ?? layout.image, index, source));
    }
    const valid = await readMask(layout, window, { source, blocks });
    expect([...(valid ?? [])]).toEqual(Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0 : 1)));
    expect(await readMask(layoutOf(await openBytes(bytes, '3')), window, { source, blocks })).toBeNull();
  });

  it('unpacks a 1-bit mask: 0xA0 0x10 is 1 0 1 0 0 0 0 0 | 0 0 0 1', async () => {
    const packed = Uint8Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0xa0 : 0x10));
    const bits: TestImage = {
      ...image,
      bands: 1,
      samples: 2,
      dataType: 'uint8',
      pixels: packed,
      compression: 'packbits',
      tags: [
        { tag: 254, type: 4, values: [4] },
        { tag: 256, type: 4, values: [12] },
        { tag: 258, type: 3, values: [1] },
      ],
    };
    const file = writeTiff([image, bits]);
    const layout = layoutOf(await openBytes(file));
    const line = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect([...(await readStored(file, layout, whole, [0], null, layout.mask ?? layout.image))]).toEqual(
      Array.from({ length: 10 }, () => line).flat(),
    );
  });
});

describe('bands and validity', () => {
  const alpha: TestTag = { tag: 338, type: 3, values: [2] };

  it('takes a closing alpha sample as validity', async () => {
    const bytes = withTags(alpha);
    const cube = await openBytes(bytes);
    expect(cube.description).toMatchObject({ bands: 1, images: [{ bands: 1 }] });
    expect(cube.description.bandRecords).toHaveLength(1);
    expect(cube.description.assumptions).toMatchObject([
      { field: 'band 2', value: 'validity (alpha), not a band' },
    ]);
    expect(maskSource(layoutOf(cube))?.bandIndex).toBe(1);
  });

  it('keeps it as a band where it is described as one', async () => {
    const metadata: TestTag = {
      tag: 42112,
      type: 2,
      values: '<GDALMetadata><Item name="wavelength" sample="1">860</Item></GDALMetadata>',
    };
    const { description } = await openBytes(withTags(alpha, metadata));
    expect(description.bands).toBe(2);
    expect(description.bandRecords[1]?.wavelengthNm).toBe(860);
  });

  it('keeps the fourth of four 8-bit bands', async () => {
    const four: TestImage = {
      ...image,
      bands: 4,
      dataType: 'uint8',
      pixels: new Uint8Array(480),
      tags: [alpha],
    };
    expect((await openBytes(writeTiff([four]))).description.bands).toBe(4);
  });

  it('fills sparse blocks with nodata', async () => {
    const sparse: TestImage = { ...image, sparse: [1], tags: [{ tag: 42113, type: 2, values: '999' }] };
    const bytes = writeTiff([sparse]);
    const cube = await openBytes(bytes);
    expect(cube.description.bandRecords.map(({ noData }) => noData)).toEqual([999, 999]);
    const got = await readStored(bytes, layoutOf(cube), whole, [0], 999);
    expect([...got]).toEqual(band0.map((value, i) => (i >= 48 && i < 96 ? 999 : value)));
    expect([
      ...new Uint8Array(await decodeBlock(layoutOf(cube), layoutOf(cube).image, 1, memorySource(bytes))),
    ]).toEqual(new Array<number>(192).fill(0));
  });
});

describe('georeference', () => {
  const scale: TestTag = { tag: 33550, type: 12, values: [30, 20, 0] };
  const tiepoint: TestTag = { tag: 33922, type: 12, values: [2, 3, 0, 1000, 5000, 0] };
  const keys = (...list: number[][]): TestTag => ({
    tag: 34735,
    type: 3,
    values: [1, 1, 0, list.length, ...list.flat()],
  });

  it('puts the corner where scale and tiepoint say', async () => {
    const { geoTransform, crs } = (await openBytes(withTags(scale, tiepoint))).description;
    expect(geoTransform).toEqual([940, 30, 0, 5060, 0, -20]);
    expect(crs).toBeNull();
  });

  it('shifts pixel centres by half a pixel, also of a rotated matrix', async () => {
    const point = keys([1025, 0, 1, 2]);
    expect((await openBytes(withTags(scale, tiepoint, point))).description.geoTransform).toEqual([
      925, 30, 0, 5070, 0, -20,
    ]);
    const matrix: TestTag = {
      tag: 34264,
      type: 12,
      values: [10, 2, 0, 100, 3, -8, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1],
    };
    expect((await openBytes(withTags(matrix))).description.geoTransform).toEqual([100, 10, 2, 200, 3, -8]);
    expect((await openBytes(withTags(matrix, point))).description.geoTransform).toEqual([
      94, 10, 2, 202.5, 3, -8,
    ]);
  });

  it('names control points it does not use', async () => {
    const points: TestTag = { tag: 33922, type: 12, values: [0, 0, 0, 1, 1, 0, 5, 5, 0, 9, 9, 0] };
    const { geoTransform, assumptions } = (await openBytes(withTags(points))).description;
    expect(geoTransform).toBeNull();
    expect(assumptions[0]?.why).toContain('2 ground control points');
  });

  it('reads code, citation and ESRI text, and keeps the keys', async () => {
    const ascii: TestTag = { tag: 34737, type: 2, values: 'WGS 84 / UTM zone 33N|' };
    const projected = keys([1024, 0, 1, 1], [1026, 34737, 22, 0], [3072, 0, 1, 32633]);
    const { crs, geoKeys } = (await openBytes(withTags(projected, ascii))).description;
    expect(crs).toEqual({ epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: null });
    expect(geoKeys).toEqual({
      directory: [1, 1, 0, 3, 1024, 0, 1, 1, 1026, 34737, 22, 0, 3072, 0, 1, 32633],
      doubles: [],
      ascii: 'WGS 84 / UTM zone 33N|',
    });
    const wkt = 'PROJCS["My_CRS",GEOGCS["GCS_WGS_1984"]]';
    const esri: TestTag = { tag: 34737, type: 2, values: `ESRI PE String = ${wkt}|` };
    const custom = keys([1024, 0, 1, 1], [3072, 0, 1, 32767], [3073, 34737, 18 + wkt.length, 0]);
    expect((await openBytes(withTags(custom, esri))).description.crs).toEqual({
      epsg: null,
      name: 'My_CRS',
      wkt,
    });
  });

  it('survives keys that point nowhere', async () => {
    const { crs, assumptions } = (await openBytes(withTags(keys([1024, 9999, 1, 1])))).description;
    expect(crs).toBeNull();
    expect(assumptions).toMatchObject([{ field: 'crs' }]);
  });
});

describe('tolerated', () => {
  it('missing, short and zero byte counts of uncompressed strips', async () => {
    const plain: TestImage = { ...image, compression: 'none' };
    for (const tag of [
      { tag: 279, values: null },
      { tag: 279, type: 4, values: [192] },
      { tag: 279, type: 4, values: [0, 0, 0] },
      { tag: 279, type: 4, values: [1, 1, 1] },
    ] satisfies TestTag[]) {
      const bytes = writeTiff([{ ...plain, tags: [tag] }]);
      const cube = await openBytes(bytes);
      expect(cube.description.assumptions).toMatchObject([{ field: 'StripByteCounts' }]);
      expect([...(await readStored(bytes, layoutOf(cube), whole, [0]))]).toEqual(band0);
    }
  });

  it('private tags of unknown type, or with values beyond the file', async () => {
    const bytes = withTags(
      { tag: 50001, type: 129, values: [1, 2] },
      { tag: 305, type: 2, values: 'x'.repeat(9) },
    );
    expect((await openBytes(bytes)).description.metadata['Software']).toBe('xxxxxxxxx');
  });

  it('a predictor without a compression that has one', async () => {
    const bytes = writeTiff([{ ...image, compression: 'none', tags: [{ tag: 317, type: 3, values: [2] }] }]);
    const cube = await openBytes(bytes);
    expect(cube.description.assumptions).toMatchObject([{ field: 'predictor' }]);
    expect([...(await readStored(bytes, layoutOf(cube), whole, [0]))]).toEqual(band0);
  });

  it('a last strip that is stored at full length', async () => {
    const longer: TestImage = {
      ...image,
      lines: 12,
      pixels: Uint16Array.from({ length: 288 }, (_, i) => i),
      tags: [{ tag: 257, type: 4, values: [10] }],
    };
    const bytes = writeTiff([longer]);
    expect([...(await readStored(bytes, layoutOf(await openBytes(bytes)), whole, [0]))]).toEqual(band0);
  });
});

describe('refused', () => {
  it.each<[string, TestTag[], string]>([
    ['LERC', [{ tag: 259, type: 3, values: [34887] }], 'LERC'],
    ['JPEG', [{ tag: 259, type: 3, values: [7] }], 'JPEG'],
    ['an unknown scheme', [{ tag: 259, type: 3, values: [4711] }], '4711'],
    ['12 bits', [{ tag: 258, type: 3, values: [12, 12] }], '12 bits'],
    [
      '24-bit floats',
      [
        { tag: 258, type: 3, values: [24, 24] },
        { tag: 339, type: 3, values: [3, 3] },
      ],
      'floating-point numbers of 24 bits',
    ],
    [
      'complex integers',
      [
        { tag: 258, type: 3, values: [32, 32] },
        { tag: 339, type: 3, values: [5, 5] },
      ],
      'complex integers',
    ],
    ['bands of two types', [{ tag: 339, type: 3, values: [1, 3] }], 'different types'],
    ['predictor 3 of integers', [{ tag: 317, type: 3, values: [3] }], 'predictor 3'],
    ['reduced colour resolution', [{ tag: 262, type: 3, values: [6] }], 'YCbCr'],
    ['blocks above 1 GiB', [{ tag: 256, type: 4, values: [2 ** 29] }], '1 GiB'],
  ])('%s', async (_name, tags, says) => {
    const error = await errorOf(openBytes(withTags(...tags)));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain('test.tif');
    expect(error.message).toContain(says);
    expect(error.place.remedy).toMatch(/gdal_translate/);
  });

  it.each<[string, TestTag, string]>([
    ['no width', { tag: 256, values: null }, 'ImageWidth'],
    ['more lines than strips', { tag: 257, type: 4, values: [1000] }, 'StripOffsets'],
    ['strips beyond the file', { tag: 273, type: 4, values: [8, 1_000_000, 8] }, 'StripOffsets'],
    ['long strips', { tag: 279, type: 4, values: [50, 2 ** 32 - 1, 50] }, 'StripOffsets'],
    ['missing byte counts of compressed strips', { tag: 279, values: null }, 'StripByteCounts'],
    ['text for a width', { tag: 256, type: 2, values: 'abc' }, 'ImageWidth'],
    ['planar configuration 3', { tag: 284, type: 3, values: [3] }, 'PlanarConfiguration'],
    ['strips of no lines', { tag: 278, type: 4, values: [0] }, 'RowsPerStrip'],
  ])('%s', async (_name, tag, field) => {
    const error = await errorOf(openBytes(withTags(tag)));
    expect(error).toMatchObject({ code: 'malformed-file', place: { file: 'test.tif', field } });
  });

  it('a chain of directories that turns back on itself', async () => {
    const bytes = writeTiff([image]);
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(4, true);
    view.setUint32(first + 2 + view.getUint16(first, true) * 12, first, true);
    expect((await errorOf(openBytes(bytes))).message).toContain('chained to itself');
  });

  it('thousands of directories that overlap in a small file', async () => {
    // A directory of 4096 tags every 96 bytes; the count of each stands in a value of the one before.
    const directories = 400;
    const step = 96;
    const directoryBytes = 2 + 4096 * 12;
    const bytes = new Uint8Array(8 + directories * step + directoryBytes + 12);
    const view = new DataView(bytes.buffer);
    bytes.set([0x49, 0x49, 42, 0, 8]);
    for (let entry = 10; entry + 12 <= bytes.length; entry += 12) {
      view.setUint16(entry, 1000 + entry / 12, true);
      view.setUint16(entry + 2, 1, true);
      view.setUint32(entry + 4, 1, true);
    }
    for (let at = 8, left = directories; left > 0; at += step, left--) {
      view.setUint16(at, 4096, true);
      view.setUint32(at + directoryBytes, at + step, true);
    }
    expect(await errorOf(openBytes(bytes))).toMatchObject({
      code: 'malformed-file',
      message: expect.stringContaining('more than 1000000 tags'),
    });
  });

  it('an empty or cut file', async () => {
    const bytes = writeTiff([image]);
    for (const length of [0, 1, 7, 8, bytes.length - 20]) {
      expect((await errorOf(openBytes(bytes.slice(0, length)))).code).toBe('malformed-file');
    }
  });

  it('a damaged block, named with its place', async () => {
    const bytes = writeTiff([image]);
    const layout = layoutOf(await openBytes(bytes));
    const at = layout.image.offsets[1] ?? 0;
    bytes.fill(0xff, at + 4, at + 12);
    const error = await errorOf(decodeBlock(layout, layout.image, 1, memorySource(bytes)));
    expect(error).toMatchObject({ code: 'malformed-file', place: { field: 'block 1', byte: at } });
    expect(error.message).toMatch(/test\.tif.*block 1 of image directory 0, at byte/);
  });

  it('a block that ends early', async () => {
    const bytes = writeTiff([
      {
        ...image,
        compression: 'lzw',
        tags: [
          { tag: 257, type: 4, values: [12] },
          { tag: 256, type: 4, values: [13] },
        ],
      },
    ]);
    const layout = layoutOf(await openBytes(bytes));
    expect((await errorOf(decodeBlock(layout, layout.image, 0, memorySource(bytes)))).message).toContain(
      'it ends after 192 of 208 bytes',
    );
  });

  it('windows and bands outside the image', async () => {
    const bytes = writeTiff([image]);
    const layout = layoutOf(await openBytes(bytes));
    const reading = { source: memorySource(bytes), blocks: new Map(), fill: null, out: new Uint16Array(1) };
    const window = { line0: 10, sample0: 0, lines: 1, samples: 1 };
    expect((await errorOf(readTiffWindow(layout, layout.image, window, [0], reading))).code).toBe(
      'out-of-range',
    );
    expect(
      (await errorOf(readTiffWindow(layout, layout.image, { ...window, line0: 0 }, [2], reading))).code,
    ).toBe('out-of-range');
  });
});

describe('errors of the source', () => {
  it('come out as themselves', async () => {
    const source = memorySource(writeTiff([image]));
    const failure = new CubelensError('access-denied', 'The disk is gone.');
    for (let good = 0; good < 12; good++) {
      let reads = 0;
      const failing: ByteSource = {
        ...source,
        read: (...args) => (reads++ < good ? source.read(...args) : Promise.reject(failure)),
      };
      expect(await errorOf(geotiffFormat.open(folderOf(failing), {}))).toBe(failure);
    }
  });

  it('stop on cancel', async () => {
    const bytes = writeTiff([image]);
    const signal = { aborted: true };
    expect((await errorOf(geotiffFormat.open(folderOf(memorySource(bytes)), {}, { signal }))).code).toBe(
      'cancelled',
    );
    const layout = layoutOf(await openBytes(bytes));
    expect((await errorOf(decodeBlock(layout, layout.image, 0, memorySource(bytes), { signal }))).code).toBe(
      'cancelled',
    );
  });
});

it('reads the block table of a big-endian file with many strips', async () => {
  const many: TestImage = {
    ...image,
    lines: 600,
    samples: 2,
    bands: 1,
    pixels: Uint16Array.from({ length: 1200 }, (_, i) => i),
    planar: 'separate',
    stripLines: 1,
  };
  const bytes = writeTiff([many], { byteOrder: 'big' });
  const layout = layoutOf(await openBytes(bytes));
  expect(layout.image.offsets).toHaveLength(600);
  expect([
    ...(await readStored(bytes, layout, { line0: 598, sample0: 0, lines: 2, samples: 2 }, [0])),
  ]).toEqual([1196, 1197, 1198, 1199]);
});
