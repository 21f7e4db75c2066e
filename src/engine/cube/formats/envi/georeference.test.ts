import { describe, expect, it } from 'vitest';
import type { CubeDescription } from '../../cube.ts';
import { testNeighbourhood } from '../testNeighbourhood.ts';
import { enviFormat } from './open.ts';
import { headerText } from './testHeader.ts';

async function describeWith(changes: Record<string, string>): Promise<CubeDescription> {
  const files = testNeighbourhood('x.hdr', { 'x.hdr': headerText(changes), 'x.dat': { size: 24 } });
  return (await enviFormat.open(files, {})).description;
}

const mapInfo = (text: string): Promise<CubeDescription> => describeWith({ 'map info': `{${text}}` });

describe('map info as six numbers', () => {
  it.each([
    ['UTM, 1, 1, 500000, 4000000, 30, 20, 33, North, WGS-84, units=Meters', [500000, 30, 0, 4000000, 0, -20]],
    // The centre of the first pixel.
    ['UTM, 1.5, 1.5, 500000, 4000000, 30, 20, 33, North, WGS-84', [499985, 30, 0, 4000010, 0, -20]],
    ['UTM, 101, 201, 500000, 4000000, 30, 20, 33, North, WGS-84', [497000, 30, 0, 4004000, 0, -20]],
    // GDAL: lines run north.
    ['UTM, 1, 1, 500000, 4000000, 30, 20, 33, North, WGS-84, rotation=180', [500000, 30, 0, 4000000, 0, 20]],
    ['UTM, 1, 1, 500000, 4000000, 30, -20, 33, North, WGS-84', [500000, 30, 0, 4000000, 0, 20]],
    ['Geographic Lat/Lon, 1, 1, 13, 52, 0.001, 0.001, WGS-84, units=Degrees', [13, 0.001, 0, 52, 0, -0.001]],
    [
      'Geographic Lat/Lon, 1, 1, 46800, 187200, 3.6, 3.6, WGS-84, units=Seconds',
      [13, 0.001, 0, 52, 0, -0.001],
    ],
    ['Arbitrary, 1, 1, 0, 0, 1, 1, 0, North', [0, 1, 0, 0, 0, -1]],
  ])('%s', async (text, expected) => {
    expect((await mapInfo(text)).geoTransform).toEqual(expected);
  });

  it('turns the grid as GDAL does', async () => {
    // gdalinfo 3.6.2 of this header: 500000, 25.98076211353316, 15; 4000000, 9.999999999999998, -17.32050807568877.
    const cube = await mapInfo(
      'UTM, 1, 1, 500000, 4000000, 30, 20, 33, North, WGS-84, units=Meters, rotation=30',
    );
    const expected = [500000, 25.98076211353316, 15, 4000000, 9.999999999999998, -17.32050807568877];
    for (const [index, value] of expected.entries()) expect(cube.geoTransform?.[index]).toBeCloseTo(value, 9);
    expect(cube.assumptions.map(({ value }) => value)).toEqual(['pixel size along the map axes']);
  });

  it('keeps the reference pixel of a turned grid in its place', async () => {
    const cube = await mapInfo('UTM, 11, 21, 500000, 4000000, 10, 10, 33, North, WGS-84, rotation=-37.5');
    const [g0, g1, g2, g3, g4, g5] = cube.geoTransform ?? [NaN, NaN, NaN, NaN, NaN, NaN];
    expect(g0 + 10 * g1 + 20 * g2).toBeCloseTo(500000, 6);
    expect(g3 + 10 * g4 + 20 * g5).toBeCloseTo(4000000, 6);
    expect(Math.hypot(g1, g4)).toBeCloseTo(10, 12);
    expect(cube.assumptions).toHaveLength(1);
  });

  it.each([
    'UTM, 1, 1, 500000, 4000000, 30',
    'UTM, 1, 1, east, 4000000, 30, 30, 33, North',
    'UTM, 1, 1, 500000, 4000000, 0, 30, 33, North',
    'UTM, 1, 1, nan, 4000000, 30, 30, 33, North',
    'UTM, 1, 1, 500000, 4000000, 30, 30, 33, North, WGS-84, rotation=much',
  ])('ignores %s', async (text) => {
    const cube = await mapInfo(text);
    expect(cube.geoTransform).toBeNull();
    expect(cube.crs).toBeNull();
    expect(cube.assumptions).toMatchObject([{ field: 'map info', value: 'ignored' }]);
  });
});

describe('coordinate systems', () => {
  const at = '1, 1, 500000, 4000000, 30, 30';
  it.each([
    [`UTM, ${at}, 33, North, WGS-84, units=Meters`, 32633],
    [`UTM, ${at}, 33, South, WGS-84`, 32733],
    [`UTM, ${at}, 12, North, North America 1983`, 26912],
    [`UTM, ${at}, 12, North, North America 1927`, 26712],
    [`UTM, ${at}, 32, North, ETRS-89`, 25832],
    ['Geographic Lat/Lon, 1, 1, 13, 52, 0.001, 0.001, WGS-84, units=Degrees', 4326],
    ['Geographic Lat/Lon, 1, 1, 13, 52, 0.001, 0.001, North America 1983', 4269],
  ])('%s is EPSG:%d', async (text, epsg) => {
    const { crs, assumptions } = await mapInfo(text);
    expect(crs?.epsg).toBe(epsg);
    expect(crs?.wkt).toContain(crs?.name ?? '?');
    expect(assumptions).toEqual([]);
  });

  it.each([
    `UTM, ${at}, 33, North`,
    `UTM, ${at}, 33, North, Moon 2000`,
    `UTM, ${at}, 77, North, WGS-84`,
    `UTM, ${at}, 33, North, WGS-84, units=Feet`,
    `Lambert Conformal Conic, ${at}, WGS-84`,
  ])('does not guess at %s', async (text) => {
    const { crs, geoTransform } = await mapInfo(text);
    expect(crs).toMatchObject({ epsg: null, wkt: null });
    expect(geoTransform).toEqual([500000, 30, 0, 4000000, 0, -30]);
  });

  it('has none for arbitrary grids', async () => {
    expect((await mapInfo('Arbitrary, 1, 1, 0, 0, 1, 1, 0, North')).crs).toBeNull();
  });

  it('takes the coordinate system string first, and keeps it', async () => {
    const wkt =
      'PROJCS["UTM_Zone_11N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],UNIT["Meter",1.0]]';
    const { crs } = await describeWith({
      'map info': `{UTM, ${at}, 33, North, WGS-84}`,
      'coordinate system string': `{${wkt}}`,
    });
    expect(crs).toEqual({ epsg: 32611, name: 'UTM_Zone_11N', wkt });
  });

  it('falls back to map info where that string is none', async () => {
    const { crs, assumptions } = await describeWith({
      'map info': `{UTM, ${at}, 33, North, WGS-84}`,
      'coordinate system string': '{somewhere}',
    });
    expect(crs?.epsg).toBe(32633);
    expect(assumptions).toMatchObject([{ field: 'coordinate system string' }]);
  });
});
