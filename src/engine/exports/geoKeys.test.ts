import type { Crs } from '../contract/cube.ts';
import { fromArrayBuffer } from 'geotiff';
import { describe, expect, it } from 'vitest';
import { geoFields, type GeoFields } from './geoKeys.ts';
import { planGeoTiff } from './tiffHeader.ts';

async function imageOf(geo: Partial<GeoFields>) {
  const { header, layout, warnings } = planGeoTiff({
    lines: 2,
    samples: 2,
    dataType: 'uint8',
    planar: 'separate',
    bandRecords: [
      {
        name: null,
        wavelengthNm: null,
        fwhmNm: null,
        good: true,
        noData: null,
        scale: null,
        offset: null,
        unit: null,
        time: null,
      },
    ],
    wavelengthUnits: null,
    geoTransform: null,
    crs: null,
    metadata: {},
    noData: null,
    ...geo,
  });
  const file = new ArrayBuffer(layout.totalBytes);
  new Uint8Array(file).set(header);
  return { image: await (await fromArrayBuffer(file)).getImage(), warnings };
}

const crs = (part: Partial<Crs>): Crs => ({ epsg: null, name: null, wkt: null, ...part });

const lambert =
  'PROJCS["Custom_Lambert",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],' +
  'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],' +
  'PARAMETER["False_Easting",1000.0],PARAMETER["False_Northing",2000.0],PARAMETER["Central_Meridian",12.5],' +
  'PARAMETER["Standard_Parallel_1",48.0],PARAMETER["Standard_Parallel_2",53.0],PARAMETER["Latitude_Of_Origin",50.0],UNIT["Meter",1.0]]';

describe('geotransform', () => {
  it('north-up: scale and tie point at the corner of the first pixel', async () => {
    const { image } = await imageOf({ geoTransform: [366_000, 30, 0, 5_811_000, 0, -30] });
    expect(image.getOrigin()).toEqual([366_000, 5_811_000, 0]);
    expect(image.getResolution()).toEqual([30, -30, 0]);
    expect(image.fileDirectory.hasTag('ModelTransformation')).toBe(false);
    // No key says that pixels are points: they are areas.
    expect(image.fileDirectory.hasTag('GeoKeyDirectory')).toBe(false);
  });

  it.each([[[100, 2, 0.5, 200, 0.25, -3]], [[100, 2, 0, 200, 0, 3]], [[100, -2, 0, 200, 0, -3]]] as const)(
    '%j: the matrix',
    async ([...transform]) => {
      const [g0, g1, g2, g3, g4, g5] = transform as unknown as number[] as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const { image } = await imageOf({ geoTransform: [g0, g1, g2, g3, g4, g5] });
      const matrix = image.fileDirectory.getValue('ModelTransformation') as ArrayLike<number>;
      expect(Array.from(matrix)).toEqual([g1, g2, 0, g0, g4, g5, 0, g3, 0, 0, 0, 0, 0, 0, 0, 1]);
      expect(image.fileDirectory.hasTag('ModelPixelScale')).toBe(false);
    },
  );

  it('keys of a source whose pixels are points: the tie point is the centre of the first pixel', async () => {
    const geoKeys = { directory: [1, 1, 0, 1, 1025, 0, 1, 2], doubles: [], ascii: '' };
    const { image } = await imageOf({ geoTransform: [100, 2, 0, 200, 0, -4], geoKeys });
    expect(image.getOrigin()).toEqual([101, 198, 0]);
    expect(image.pixelIsArea()).toBe(false);
  });

  it('refuses numbers that are not finite', () => {
    expect(() => geoFields({ geoTransform: [0, NaN, 0, 0, 0, -1], crs: null })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});

describe('coordinate reference system', () => {
  it.each([
    [32633, null],
    [32633, 'PROJCS["WGS_1984_UTM_Zone_33N",GEOGCS["x"]]'],
    [3035, 'PROJCRS["ETRS89-extended / LAEA Europe"]'],
  ])('EPSG %i is projected', async (epsg, wkt) => {
    const { image } = await imageOf({ crs: crs({ epsg, wkt, name: 'A | name' }) });
    expect(image.getGeoKeys()).toMatchObject({
      GTModelTypeGeoKey: 1,
      GTRasterTypeGeoKey: 1,
      ProjectedCSTypeGeoKey: epsg,
    });
    expect(image.getGeoKeys()?.GTCitationGeoKey).toBe('A   name');
  });

  it.each([
    [4326, null],
    [4326, 'GEOGCS["GCS_WGS_1984"]'],
  ])('EPSG %i is geographic', async (epsg, wkt) => {
    const { image } = await imageOf({ crs: crs({ epsg, wkt }) });
    expect(image.getGeoKeys()).toEqual({
      GTModelTypeGeoKey: 2,
      GTRasterTypeGeoKey: 1,
      GeographicTypeGeoKey: epsg,
    });
  });

  it('a WKT without a code travels as a citation', async () => {
    const { image, warnings } = await imageOf({ crs: crs({ wkt: lambert }) });
    expect(image.getGeoKeys()).toEqual({
      GTModelTypeGeoKey: 32767,
      GTRasterTypeGeoKey: 1,
      PCSCitationGeoKey: `ESRI PE String = ${lambert}`,
    });
    expect(warnings).toEqual([]);
  });

  it("Esri's own code is none of EPSG's: its WKT is written", async () => {
    const { image } = await imageOf({ crs: crs({ epsg: 102_008, wkt: lambert }) });
    expect(image.getGeoKeys()).toMatchObject({ GTModelTypeGeoKey: 32767 });
  });

  it('says what it leaves out', async () => {
    const nothing = await imageOf({ crs: crs({ name: 'Arbitrary' }) });
    expect(nothing.image.fileDirectory.hasTag('GeoKeyDirectory')).toBe(false);
    expect(nothing.warnings[0]).toContain('Arbitrary');
    const long = await imageOf({ crs: crs({ wkt: lambert.replace('Custom', 'C'.repeat(2400)) }) });
    expect(long.warnings).toHaveLength(1);
  });

  it('writes the keys of a source back unchanged', async () => {
    // The keys of the EnMAP sample cube, as GDAL wrote them.
    const directory = [
      1, 1, 0, 7, 1024, 0, 1, 1, 1025, 0, 1, 1, 1026, 34737, 22, 0, 2049, 34737, 7, 22, 2054, 0, 1, 9102,
    ];
    directory.push(3072, 0, 1, 32633, 3076, 0, 1, 9001);
    const ascii = 'WGS 84 / UTM zone 33N|WGS 84|';
    const { image } = await imageOf({
      geoKeys: { directory, doubles: [1.5, -2], ascii: `${ascii}\0` },
      crs: crs({ epsg: 4326 }),
    });
    const tags = image.fileDirectory;
    expect(Array.from(tags.getValue('GeoKeyDirectory') as ArrayLike<number>)).toEqual(directory);
    expect(Array.from(tags.getValue('GeoDoubleParams') as ArrayLike<number>)).toEqual([1.5, -2]);
    expect(tags.getValue('GeoAsciiParams')).toBe(`${ascii}\0`);
    expect(image.getGeoKeys()).toMatchObject({
      GTCitationGeoKey: 'WGS 84 / UTM zone 33N',
      ProjectedCSTypeGeoKey: 32633,
    });
  });

  it.each([[[]], [[1, 1, 0, 2, 1024, 0, 1, 1]], [[1, 1, 0, -1]], [[1, 1, 0, 1, 1024, 0, 1, 70_000]]])(
    'refuses a damaged directory %j',
    (directory) => {
      const geoKeys = { directory, doubles: [], ascii: '' };
      expect(() => geoFields({ geoTransform: null, crs: null, geoKeys })).toThrow(
        expect.objectContaining({ code: 'invalid-request' }),
      );
    },
  );
});
