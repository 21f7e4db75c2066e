import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { layoutOf, openBytes, readStored } from './testFiles.ts';

const fixture = z
  .object({
    lines: z.number(),
    samples: z.number(),
    bands: z.number(),
    files: z.array(z.object({ name: z.string(), dataType: z.string(), base64: z.string() })),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/gdal_files.json'), 'utf8')));

/** The formula of fixtures/make_gdal_files.py, band-sequential. */
function expectedValues(dataType: string): (number | bigint)[] {
  const values: (number | bigint)[] = [];
  for (let band = 0; band < fixture.bands; band++) {
    for (let line = 0; line < fixture.lines; line++) {
      for (let sample = 0; sample < fixture.samples; sample++) {
        const plain = 100 * band + 10 * line + sample;
        if (dataType === 'int64') values.push(BigInt(plain) * (2n ** 53n + 1n));
        // 0 - plain: NumPy gives plain 0 for an imaginary part of minus zero times an integer.
        else if (dataType === 'complex64') values.push(plain / 4, 0 - plain);
        else values.push(dataType.startsWith('float') ? plain / 4 : plain);
      }
    }
  }
  return values;
}

describe('files written by GDAL', () => {
  it.each(fixture.files)('$name ($dataType)', async ({ dataType, base64 }) => {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    const cube = await openBytes(bytes);
    const { lines, samples, bands } = fixture;
    expect(cube.description).toMatchObject({ dataType, lines, samples, bands, assumptions: [] });
    const got = await readStored(bytes, layoutOf(cube), { line0: 0, sample0: 0, lines, samples }, [0, 1]);
    expect(Array.from<number | bigint>(got).map((value) => (value === 0 ? 0 : value))).toEqual(
      expectedValues(dataType),
    );
  });
});

const data = join(process.env['CUBELENS_DATA'] ?? '../shared/data', 'enmap_potsdam');

describe('EnMAP, Potsdam', () => {
  it.skipIf(!existsSync(data)).each([
    {
      name: 'enmap_potsdam_mosaic_int16.tif',
      size: [192, 160],
      dataType: 'int16',
      geoTransform: [364095, 30, 0, 5809965, 0, -30],
      known: [
        [0, 0, 1, 660],
        [191, 159, 224, 341],
        [96, 80, 113, 3079],
        [10, 20, 100, 3319],
        [187, 3, 30, -32768],
      ],
    },
    {
      name: 'enmap_potsdam_tile_128_96.tif',
      size: [32, 32],
      dataType: 'float32',
      geoTransform: [366015, 30, 0, 5807085, 0, -30],
      known: [
        [0, 0, 1, 262],
        [31, 31, 224, 765],
        [16, 16, 113, 2556],
        [10, 20, 100, 2039],
        [27, 3, 30, 1404],
      ],
    },
  ])('$name reads as its README says', async ({ name, size, dataType, geoTransform, known }) => {
    const bytes = new Uint8Array(readFileSync(join(data, name)));
    const cube = await openBytes(bytes);
    const { description } = cube;
    expect(description).toMatchObject({
      lines: size[0],
      samples: size[1],
      bands: 224,
      dataType,
      interleave: 'bsq',
      byteOrder: 'little',
      wavelengthUnits: 'Nanometers',
      geoTransform,
      crs: { epsg: 32633, name: 'WGS 84 / UTM zone 33N' },
      assumptions: [],
    });
    expect(description.bandRecords[0]).toMatchObject({
      wavelengthNm: 418.24,
      fwhmNm: 6.99561,
      noData: -32768,
      scale: 0.0001,
      offset: 0,
      good: true,
    });
    expect(description.bandRecords[223]?.wavelengthNm).toBe(2445.53);
    const bad = description.bandRecords.flatMap(({ good }, i) => (good ? [] : [i + 1]));
    expect(bad).toEqual([130, 131, 132, 133, 134, 135]);
    for (const [line = 0, sample = 0, band = 0, value = 0] of known) {
      const window = { line0: line, sample0: sample, lines: 1, samples: 1 };
      expect([...(await readStored(bytes, layoutOf(cube), window, [band - 1]))]).toEqual([value]);
    }
  });
});
