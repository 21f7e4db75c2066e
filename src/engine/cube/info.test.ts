import { describe, expect, it } from 'vitest';
import type { NoDataValue } from './cube.ts';
import { cubeInfo, jsonNumber } from './info.ts';
import { testBand, testDescription } from './testCube.ts';

describe('cubeInfo', () => {
  it('says field by field what the file says', () => {
    const cube = testDescription({
      file: 'scene.bil',
      interleave: 'bil',
      byteOrder: 'big',
      headerOffset: 128,
      dataType: 'int16',
      // Two detectors: the second starts back at 495 nm, and its last band is bad.
      bandRecords: [480, 490, 500, 495, 510, 525, 540].map((wavelengthNm, i) =>
        testBand({ wavelengthNm, fwhmNm: 9, name: `B${i}`, good: i !== 6, noData: -9999, scale: 0.0001 }),
      ),
      wavelengthUnits: 'Micrometers',
      geoTransform: [500_000, 30, 0, 5_800_000, 0, -30],
      crs: { epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: 'PROJCS[...]' },
      defaultBands: [2, 1, 0],
      assumptions: [{ field: 'byte order', value: 'big', why: 'said so' }],
    });
    expect(JSON.parse(JSON.stringify(cubeInfo(cube)))).toEqual({
      file: 'scene.bil',
      format: 'ENVI',
      images: [{ imageId: '0', name: 'x', lines: 4, samples: 5, bands: 7 }],
      lines: 4,
      samples: 5,
      bands: 7,
      dataType: 'int16',
      interleave: 'bil',
      byteOrder: 'big',
      headerOffset: 128,
      noDataValue: -9999,
      scale: 0.0001,
      offset: null,
      wavelengthsNm: [480, 490, 500, 495, 510, 525, 540],
      wavelengthUnits: 'Micrometers',
      fwhmNm: [9, 9, 9, 9, 9, 9, 9],
      bandIsGood: [true, true, true, true, true, true, false],
      bandNames: ['B0', 'B1', 'B2', 'B3', 'B4', 'B5', 'B6'],
      segments: [
        { firstBandIndex: 0, lastBandIndex: 2, direction: 'rising', stepNm: 10 },
        { firstBandIndex: 3, lastBandIndex: 5, direction: 'rising', stepNm: 15 },
      ],
      geoTransform: [500_000, 30, 0, 5_800_000, 0, -30],
      crs: { epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: 'PROJCS[...]' },
      defaultBandIndexes: [2, 1, 0],
      assumptions: [{ field: 'byte order', value: 'big', why: 'said so' }],
    });
  });

  it('has null for what the file leaves out, and one segment of all bands', () => {
    const cube = testDescription({ format: 'GeoTIFF', interleave: 'bip', headerOffset: null });
    expect(cubeInfo(cube)).toMatchObject({
      format: 'GeoTIFF',
      interleave: 'bip',
      headerOffset: null,
      noDataValue: null,
      scale: null,
      offset: null,
      wavelengthsNm: null,
      wavelengthUnits: null,
      fwhmNm: null,
      bandIsGood: [true, true, true],
      bandNames: null,
      segments: [{ firstBandIndex: 0, lastBandIndex: 2, direction: 'rising', stepNm: null }],
      geoTransform: null,
      crs: null,
      defaultBandIndexes: null,
      assumptions: [],
    });
  });

  it('has an array of all bands where they differ', () => {
    const info = cubeInfo(
      testDescription({
        dataType: 'float32',
        bandRecords: [
          testBand({ wavelengthNm: 500, noData: NaN, scale: 1, offset: 0, name: 'a' }),
          testBand({ noData: -1, scale: 2, offset: 0 }),
          testBand({ noData: null, scale: null, offset: 0, good: false }),
        ],
      }),
    );
    expect(info).toMatchObject({
      noDataValue: ['NaN', -1, null],
      scale: [1, 2, null],
      offset: 0,
      wavelengthsNm: [500, null, null],
      fwhmNm: null,
      bandNames: ['a', null, null],
      bandIsGood: [true, true, false],
      // Only the first band has a place on the wavelength axis.
      segments: [{ firstBandIndex: 0, lastBandIndex: 0, direction: 'single', stepNm: null }],
    });
  });

  it('has one value where every band has NaN as nodata', () => {
    const band = testBand({ noData: NaN });
    expect(cubeInfo(testDescription({ bandRecords: [band, band] })).noDataValue).toBe('NaN');
  });

  it('gives the direction of falling wavelengths and a step that is never negative', () => {
    const bandRecords = [700, 690, 680, 670].map((wavelengthNm) => testBand({ wavelengthNm }));
    expect(cubeInfo(testDescription({ bandRecords })).segments).toEqual([
      { firstBandIndex: 0, lastBandIndex: 3, direction: 'falling', stepNm: 10 },
    ]);
  });
});

describe('jsonNumber', () => {
  const cases: [NoDataValue | null, number | string | null][] = [
    [null, null],
    [-9999, -9999],
    [0.1, 0.1],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [0n, 0],
    [-(2n ** 53n) + 1n, -(2 ** 53) + 1],
    [2n ** 53n + 1n, '9007199254740993'],
    [2n ** 64n - 1n, '18446744073709551615'],
  ];
  it.each(cases)('%s becomes %s, also through JSON', (value, expected) => {
    expect(jsonNumber(value)).toBe(expected);
    expect(JSON.parse(JSON.stringify(jsonNumber(value)))).toBe(expected);
  });
});
