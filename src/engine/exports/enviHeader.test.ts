import type { GeoTransform } from '../contract/cube.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, dataTypes, isIntegerType, type DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import { esriWktForEpsg } from '../cube/crs.ts';
import { plainBand, type BandRecord, type CubeDescription } from '../cube/cube.ts';
import { enviFormat } from '../cube/formats/envi/open.ts';
import { testNeighbourhood } from '../cube/formats/testNeighbourhood.ts';
import { enviHeaderWarnings, writeEnviHeader, type EnviHeaderFields } from './enviHeader.ts';

function fieldsWith(changes: Partial<EnviHeaderFields> = {}): EnviHeaderFields {
  return {
    lines: 2,
    samples: 3,
    bands: 2,
    dataType: 'uint16',
    interleave: 'bil',
    byteOrder: 'little',
    headerOffset: 0,
    bandRecords: [plainBand, plainBand],
    wavelengthUnits: null,
    geoTransform: null,
    crs: null,
    defaultBands: null,
    classes: null,
    metadata: {},
    ...changes,
  };
}

const bandsWith = (...changes: Partial<BandRecord>[]): Partial<EnviHeaderFields> => ({
  bands: changes.length,
  bandRecords: changes.map((change) => ({ ...plainBand, ...change })),
});

async function readBack(fields: EnviHeaderFields): Promise<CubeDescription> {
  const { lines, samples, bands, dataType, headerOffset } = fields;
  const size = (headerOffset ?? 0) + lines * samples * bands * bytesOf(dataType);
  const files = testNeighbourhood('x.hdr', { 'x.hdr': writeEnviHeader(fields), 'x.dat': { size } });
  return (await enviFormat.open(files, {})).description;
}

const lineOf = (fields: EnviHeaderFields, key: string): string | undefined =>
  writeEnviHeader(fields)
    .split('\n')
    .find((line) => line.startsWith(`${key} =`));

describe('layout', () => {
  it('is written in full', () => {
    expect(writeEnviHeader(fieldsWith())).toBe(
      [
        'ENVI',
        'samples = 3',
        'lines = 2',
        'bands = 2',
        'header offset = 0',
        'file type = ENVI Standard',
        'data type = 12',
        'interleave = bil',
        'byte order = 0',
        'bbl = {1, 1}',
        '',
      ].join('\n'),
    );
  });

  it.each(['int8', 'float16'] as const)('%s has no type in ENVI', (dataType) => {
    const write = (): string => writeEnviHeader(fieldsWith({ dataType }));
    expect(write).toThrow(CubelensError);
    expect(write).toThrow(/no data type/);
  });

  it('wants one record a band', () => {
    expect(() => writeEnviHeader(fieldsWith({ bands: 3 }))).toThrow(/2 band records were given for 3 bands/);
  });
});

describe('wavelengths', () => {
  it('stand in the unit of the file, with the digits of the file', () => {
    const texts = ['0.36591', '0.4182', '0.56', '1.0051', '2.44553', '12'];
    const records = texts.map((text) => ({ wavelengthNm: Number(`${text}e3`), fwhmNm: 10.1 }));
    const fields = fieldsWith({ ...bandsWith(...records), wavelengthUnits: 'um' });
    expect(lineOf(fields, 'wavelength')).toBe(`wavelength = {${texts.join(', ')}}`);
    expect(lineOf(fields, 'fwhm')).toBe('fwhm = {0.0101, 0.0101, 0.0101, 0.0101, 0.0101, 0.0101}');
    expect(lineOf(fields, 'wavelength units')).toBe('wavelength units = Micrometers');
  });

  it.each([
    ['nm', '450.25', 'Nanometers'],
    [null, '450.25', 'Nanometers'],
    ['Unknown', '450.25', 'Nanometers'],
    ['Wavenumber', '22209.8833981122', 'Wavenumber'],
  ])('unit %s: 450.25 nm is %s %s', (wavelengthUnits, value, unit) => {
    const fields = fieldsWith({ ...bandsWith({ wavelengthNm: 450.25 }), wavelengthUnits });
    const [, text = ''] = /\{(.*)\}/.exec(lineOf(fields, 'wavelength') ?? '') ?? [];
    expect(Number(text)).toBeCloseTo(Number(value), 9);
    expect(lineOf(fields, 'wavelength units')).toBe(`wavelength units = ${unit}`);
  });

  it('keep lines far below the 10000 characters at which GDAL stops', async () => {
    const records = Array.from({ length: 1500 }, (_, index) => ({
      wavelengthNm: 350 + index / 7,
      name: `Band ${index}`,
    }));
    const fields = fieldsWith(bandsWith(...records));
    for (const line of writeEnviHeader(fields).split('\n')) expect(line.length).toBeLessThanOrEqual(105);
    expect((await readBack(fields)).bandRecords.map(({ wavelengthNm }) => wavelengthNm)).toEqual(
      records.map(({ wavelengthNm }) => wavelengthNm),
    );
  });

  it('are nan where a band has none', async () => {
    const fields = fieldsWith(bandsWith({ wavelengthNm: 450 }, {}));
    expect(lineOf(fields, 'wavelength')).toBe('wavelength = {450, nan}');
    expect(enviHeaderWarnings(fields)).toHaveLength(1);
    expect((await readBack(fields)).bandRecords.map(({ wavelengthNm }) => wavelengthNm)).toEqual([450, null]);
  });
});

describe('values', () => {
  it.each([
    ['float32', NaN, 'nan'],
    ['float32', -9999, '-9999'],
    ['float64', -Infinity, '-inf'],
    ['int64', 9007199254740993n, '9007199254740993'],
    ['uint8', 0, '0'],
  ] as const)('nodata of %s: %s', async (dataType, noData, text) => {
    const fields = fieldsWith({ ...bandsWith({ noData }, { noData }), dataType });
    expect(lineOf(fields, 'data ignore value')).toBe(`data ignore value = ${text}`);
    expect((await readBack(fields)).bandRecords[1]?.noData).toEqual(noData);
  });

  it('warns of nodata that differs or does not fit', () => {
    const differing = fieldsWith(bandsWith({ noData: 0 }, { noData: 1 }));
    const tooLarge = fieldsWith(bandsWith({ noData: -9999 }));
    for (const fields of [differing, tooLarge]) {
      expect(lineOf(fields, 'data ignore value')).toBeUndefined();
      expect(enviHeaderWarnings(fields)).toHaveLength(1);
    }
  });

  it('writes reflectance as a factor, and everything else as gains and offsets', () => {
    const reflectance = { scale: 1 / 10000, unit: 'reflectance' };
    expect(lineOf(fieldsWith(bandsWith(reflectance, reflectance)), 'reflectance scale factor')).toBe(
      'reflectance scale factor = 10000',
    );
    const plain = fieldsWith(bandsWith({ scale: 0.0001 }, { scale: 0.0001 }));
    expect(lineOf(plain, 'data gain values')).toBe('data gain values = {0.0001, 0.0001}');
    const mixed = fieldsWith(bandsWith({ scale: 2, offset: -1 }, {}));
    expect(lineOf(mixed, 'data gain values')).toBe('data gain values = {2, 1}');
    expect(lineOf(mixed, 'data offset values')).toBe('data offset values = {-1, 0}');
  });
});

describe('text', () => {
  it('has no commas, braces or line ends where they would end something', async () => {
    const fields = fieldsWith({
      ...bandsWith({ name: 'blue, {0.45}\nµm' }, { name: ' ;=x' }, { name: '' }, { name: null }),
      metadata: {
        description: '{a}\n; b\n\nc = 1',
        'sensor type': 'A {B}',
        SOLAR_irradiance: '1, 2\n3',
        '=': 'x',
        lines: '99',
      },
    });
    const cube = await readBack(fields);
    expect(cube.bandRecords.map(({ name }) => name)).toEqual(['blue (0.45) µm', ':=x', 'Band 3', 'Band 4']);
    expect(cube.metadata).toEqual({
      description: '(a)\n: b\n\nc = 1',
      'sensor type': 'A (B)',
      'solar irradiance': '1, 2 3',
    });
    expect(cube.lines).toBe(2);
  });

  it('writes classes', async () => {
    const classes = [
      { name: 'Unclassified', rgb: [0, 0, 0] as const },
      { name: 'Oak, old', rgb: [40, 120, 40] as const },
    ];
    const fields = fieldsWith({ ...bandsWith({}), dataType: 'uint8', classes });
    expect(lineOf(fields, 'file type')).toBe('file type = ENVI Classification');
    expect((await readBack(fields)).classes).toEqual([classes[0], { name: 'Oak old', rgb: [40, 120, 40] }]);
  });
});

describe('map', () => {
  const crs = { epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: null };

  it('writes UTM by zone', () => {
    const fields = fieldsWith({ geoTransform: [380000, 30, 0, 5820000, 0, -30], crs });
    expect(lineOf(fields, 'map info')).toBe(
      'map info = {UTM, 1, 1, 380000, 5820000, 30, 30, 33, North, WGS-84, units=Meters}',
    );
    expect(enviHeaderWarnings(fields)).toEqual([]);
  });

  it('writes degrees without naming them, so that GDAL keeps the EPSG code', () => {
    const fields = fieldsWith({
      geoTransform: [13, 0.001, 0, 52, 0, -0.001],
      crs: { epsg: 4326, name: null, wkt: null },
    });
    expect(lineOf(fields, 'map info')).toBe(
      'map info = {Geographic Lat/Lon, 1, 1, 13, 52, 0.001, 0.001, WGS-84}',
    );
  });

  it.each([
    [[380000, 30, 0, 5820000, 0, -20]],
    [[380000, 30, 0, 5820000, 0, 20]],
    [[380000, -30, 0, 5820000, 0, -20]],
    [[380000, -30, 0, 5820000, 0, 20]],
    [[0.1, 0.30000000000000004, 0, -0.7, 0, -1e-7]],
  ] as [GeoTransform][])('%o comes back exactly', async (geoTransform) => {
    expect((await readBack(fieldsWith({ geoTransform, crs }))).geoTransform).toEqual(geoTransform);
  });

  it('writes a turned grid', async () => {
    const geoTransform: GeoTransform = [
      5e5,
      30 * Math.cos(0.5),
      30 * Math.sin(0.5),
      4e6,
      30 * Math.sin(0.5),
      -30 * Math.cos(0.5),
    ];
    const cube = await readBack(fieldsWith({ geoTransform, crs }));
    for (const [index, value] of geoTransform.entries())
      expect(cube.geoTransform?.[index]).toBeCloseTo(value, 9);
  });

  it.each([[[0, 30, 5, 0, 0, -30]], [[0, 30, 0, 0, 0, 0]], [[0, NaN, 0, 0, 0, 1]]] as [GeoTransform][])(
    'leaves %o out and says so',
    (geoTransform) => {
      const fields = fieldsWith({ geoTransform, crs });
      expect(lineOf(fields, 'map info')).toBeUndefined();
      expect(enviHeaderWarnings(fields)).toHaveLength(1);
    },
  );

  it.each([32633, 32733, 25832, 26912, 26712, 4326, 4269, 2154, 3031])('EPSG:%d comes back', async (epsg) => {
    const known = await esriWktForEpsg(epsg);
    const full = { epsg, name: known?.name ?? null, wkt: known?.wkt ?? null };
    const fields = fieldsWith({ geoTransform: [1, 2, 0, 3, 0, -2], crs: full });
    expect((await readBack(fields)).crs).toEqual(full);
    expect(enviHeaderWarnings(fields)).toEqual([]);
  });

  it('warns of a system that it has no words for', () => {
    const geoTransform: GeoTransform = [1, 2, 0, 3, 0, -2];
    const unnamed = fieldsWith({ geoTransform, crs: { epsg: 2154, name: null, wkt: null } });
    expect(enviHeaderWarnings(unnamed)).toHaveLength(1);
    const wkt2 = fieldsWith({ geoTransform, crs: { epsg: null, name: 'x', wkt: 'PROJCRS["x"]' } });
    expect(enviHeaderWarnings(wkt2)).toHaveLength(1);
    expect(lineOf(wkt2, 'coordinate system string')).toBeUndefined();
  });

  it('writes a grid without a system', async () => {
    const cube = await readBack(fieldsWith({ geoTransform: [1, 2, 0, 3, 0, -2] }));
    expect(cube).toMatchObject({ geoTransform: [1, 2, 0, 3, 0, -2], crs: null });
  });
});

describe('reading what was written', () => {
  const number = fc.double({ min: 1, max: 1e6, noNaN: true });
  const name = fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9 .()_-]{0,20}[a-z0-9]$/)
    .map((text) => text.replace(/ +/g, ' '));
  const enviTypes = dataTypes.filter((type) => type !== 'int8' && type !== 'float16');

  const noDataOf = (dataType: DataType): fc.Arbitrary<BandRecord['noData']> => {
    if (dataType === 'int64' || dataType === 'uint64')
      return fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }));
    if (isIntegerType(dataType)) return fc.option(fc.nat(100));
    return fc.option(
      fc.oneof(
        fc.constant(NaN),
        fc.float().map((value) => (Object.is(value, -0) ? 0 : value)),
      ),
    );
  };

  const record = fc.record({
    name,
    wavelengthNm: number,
    fwhmNm: number,
    good: fc.boolean(),
    scale: number,
    offset: fc.double({ noNaN: true, noDefaultInfinity: true, max: -1 }),
  });

  const anyFields = fc.constantFrom(...enviTypes).chain((dataType) =>
    fc
      .record({
        records: fc.array(record, { minLength: 1, maxLength: 40 }),
        noData: noDataOf(dataType),
        interleave: fc.constantFrom('bsq', 'bil', 'bip'),
        byteOrder: fc.constantFrom('little', 'big'),
        headerOffset: fc.nat(1000),
        description: name,
      })
      .map(({ records, noData, description, ...rest }) =>
        fieldsWith({
          ...rest,
          dataType,
          ...bandsWith(...records.map((one) => ({ ...one, noData }))),
          wavelengthUnits: 'Nanometers',
          defaultBands: [records.length - 1],
          metadata: { description },
        }),
      ),
  );

  it('gives the same fields', async () => {
    await fc.assert(
      fc.asyncProperty(anyFields, async (fields) => {
        const cube = await readBack(fields);
        expect(cube).toMatchObject(fields);
        expect(cube.assumptions).toEqual([]);
        expect(writeEnviHeader(cube)).toBe(writeEnviHeader(fields));
      }),
    );
  });

  it('is never more than a CubelensError away, whatever the text', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        text,
        fc.dictionary(text, text),
        async (first, second, className, metadata) => {
          const classes = [{ name: className, rgb: null }];
          const fields = fieldsWith({ ...bandsWith({ name: first }, { name: second }), classes, metadata });
          const cube = await readBack(fields);
          expect(cube.bandRecords.every((one) => one.name !== null)).toBe(true);
          expect(cube).toMatchObject({
            lines: 2,
            samples: 3,
            bands: 2,
            dataType: 'uint16',
            interleave: 'bil',
          });
          expect(cube.classes).toHaveLength(1);
        },
      ),
    );
  });
});
