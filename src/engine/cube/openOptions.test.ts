import type { OpenOptions } from '../contract/cube.ts';
import { describe, expect, it } from 'vitest';
import type { DataType } from '../base/dataTypes.ts';
import type { NoDataValue } from './cube.ts';
import { applyOpenOptions } from './openOptions.ts';
import { testBand, testDescription } from './testCube.ts';

const stated = testDescription({
  bandRecords: [
    testBand({ name: 'a', wavelengthNm: 400, fwhmNm: 5, noData: 1, scale: 2, offset: 3 }),
    testBand({ name: 'b', wavelengthNm: 500, fwhmNm: 6, good: false, noData: 1, scale: 2, offset: 3 }),
  ],
  wavelengthUnits: 'Micrometers',
  geoTransform: [0, 1, 0, 0, 0, -1],
  crs: { epsg: 32633, name: null, wkt: null },
  assumptions: [{ field: 'byte order', value: 'little', why: 'not stated' }],
});

const refused = (options: OpenOptions, field: string, of = stated): void => {
  expect(() => applyOpenOptions(of, options), JSON.stringify(options)).toThrow(
    expect.objectContaining({ code: 'invalid-request', place: expect.objectContaining({ field }) }),
  );
};

describe('applyOpenOptions', () => {
  it('changes nothing without options', () => {
    expect(applyOpenOptions(stated, {})).toEqual(stated);
    expect(applyOpenOptions(stated, { imageId: '0' })).toEqual(stated);
  });

  it('puts each override in place of what the file says, and leaves the rest', () => {
    const before = structuredClone(stated);
    const changed = applyOpenOptions(stated, {
      wavelengthsNm: [410, null],
      bandIsGood: [false, true],
      noData: 7,
      scale: 0.5,
      offset: -1,
      geoTransform: [1, 2, 0, 3, 0, -2],
      crs: { epsg: 4326, name: 'WGS 84', wkt: null },
    });
    expect(changed.bandRecords).toEqual([
      testBand({ name: 'a', wavelengthNm: 410, fwhmNm: 5, good: false, noData: 7, scale: 0.5, offset: -1 }),
      testBand({ name: 'b', wavelengthNm: null, fwhmNm: 6, good: true, noData: 7, scale: 0.5, offset: -1 }),
    ]);
    expect(changed.geoTransform).toEqual([1, 2, 0, 3, 0, -2]);
    expect(changed.crs).toEqual({ epsg: 4326, name: 'WGS 84', wkt: null });
    expect(changed.wavelengthUnits).toBe('Nanometers');
    expect(stated).toEqual(before);
  });

  it('takes values away with null', () => {
    const changed = applyOpenOptions(stated, {
      noData: null,
      scale: null,
      offset: null,
      geoTransform: null,
      crs: null,
    });
    for (const record of changed.bandRecords) {
      expect(record).toMatchObject({ noData: null, scale: null, offset: null });
    }
    expect([changed.geoTransform, changed.crs]).toEqual([null, null]);
    expect(changed.wavelengthUnits).toBe('Micrometers');
  });

  it('lists every override after what the file left open', () => {
    const { assumptions } = applyOpenOptions(stated, { wavelengthsNm: [501, 502], scale: 0.5, noData: null });
    const why = 'set by the person who opened the file';
    expect(assumptions).toEqual([
      ...stated.assumptions,
      { field: 'wavelengthsNm', value: '2 values', why },
      { field: 'scale', value: '0.5', why },
      { field: 'noData', value: 'null', why },
    ]);
  });

  it('refuses lists that have not one entry a band', () => {
    refused({ wavelengthsNm: [400] }, 'wavelengthsNm');
    refused({ wavelengthsNm: [400, 500, 600] }, 'wavelengthsNm');
    refused({ bandIsGood: [] }, 'bandIsGood');
  });

  const kept: [DataType, number | string, NoDataValue][] = [
    ['uint8', 255, 255],
    ['int16', '-9999', -9999],
    ['uint64', '18446744073709551615', 2n ** 64n - 1n],
    ['uint64', 2 ** 63, 2n ** 63n],
    ['int64', '-9223372036854775808', -(2n ** 63n)],
    ['int64', -1, -1n],
    ['float16', 0.1, Math.f16round(0.1)],
    ['float32', 0.1, Math.fround(0.1)],
    ['float32', -3.4028234663852886e38, -3.4028234663852886e38],
    ['complex64', 0.1, Math.fround(0.1)],
    ['float64', 0.1, 0.1],
    ['float64', 1e300, 1e300],
    ['float32', 'NaN', NaN],
    ['float64', 'Infinity', Infinity],
    ['float32', '-Infinity', -Infinity],
  ];
  it.each(kept)('%s takes nodata %s as a value of its own type', (dataType, given, expected) => {
    const changed = applyOpenOptions({ ...stated, dataType }, { noData: given });
    expect(changed.bandRecords.map(({ noData }) => noData)).toEqual([expected, expected]);
  });

  const impossible: [DataType, number | string][] = [
    ['uint8', 256],
    ['uint8', -1],
    ['int16', 40_000],
    ['uint16', 0.5],
    ['uint16', 'NaN'],
    ['int32', 'Infinity'],
    ['uint64', -1],
    ['uint64', '18446744073709551616'],
    ['int64', '0.5'],
    ['int64', ''],
    ['float32', ''],
    ['float32', ' '],
    ['float64', 'water'],
    ['float64', '1,5'],
    ['float32', 1e300],
  ];
  it.each(impossible)('%s refuses nodata "%s", which it cannot hold', (dataType, given) => {
    refused({ noData: given }, 'noData', { ...stated, dataType });
  });
});
