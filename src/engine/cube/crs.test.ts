import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crsFromEpsg,
  crsFromWkt,
  epsgFromWkt,
  epsgOfUtmZone,
  esriWktForEpsg,
  kindOfCrs,
  mapUnits,
  utmZoneOfEpsg,
  withEsriWkt,
} from './crs.ts';

const degree = 'UNIT["Degree",0.0174532925199433]';
const wgs84 = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],${degree}]`;

const utm33 = (name: string, tail = ''): string =>
  `PROJCS["${name}",${wgs84},PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",15.0],UNIT["Meter",1.0]${tail}]`;

describe('UTM zones of EPSG codes', () => {
  it.each([
    [32601, { zone: 1, north: true, datum: 'WGS 84' }],
    [32660, { zone: 60, north: true, datum: 'WGS 84' }],
    [32733, { zone: 33, north: false, datum: 'WGS 84' }],
    [25832, { zone: 32, north: true, datum: 'ETRS89' }],
    [26912, { zone: 12, north: true, datum: 'NAD83' }],
    [26722, { zone: 22, north: true, datum: 'NAD27' }],
  ] as const)('%d', (epsg, zone) => {
    expect(utmZoneOfEpsg(epsg)).toEqual(zone);
    expect(epsgOfUtmZone(zone)).toBe(epsg);
  });

  // 26929 is Alabama East, 25884 is Baltic TM, 32661 is a polar system.
  it.each([32600, 32661, 32761, 25884, 26929, 26729, 4326, 3857, 32633.5, NaN])('%d is none', (epsg) => {
    expect(utmZoneOfEpsg(epsg)).toBeNull();
  });

  it('has no code for zones that EPSG does not list', () => {
    expect(epsgOfUtmZone({ zone: 61, north: true, datum: 'WGS 84' })).toBeNull();
    expect(epsgOfUtmZone({ zone: 33, north: false, datum: 'ETRS89' })).toBeNull();
  });
});

describe('ESRI names and WKT by EPSG code', () => {
  it.each([
    [32633, 'WGS_1984_UTM_Zone_33N'],
    [4326, 'GCS_WGS_1984'],
    [25832, 'ETRS_1989_UTM_Zone_32N'],
    [3857, 'WGS_1984_Web_Mercator_Auxiliary_Sphere'],
    [2154, 'RGF_1993_Lambert_93'],
    [2953, 'NAD_1983_CSRS_New_Brunswick_Stereographic'],
  ])('%d is %s, and its WKT leads back', async (epsg, name) => {
    const found = await esriWktForEpsg(epsg);
    expect(found?.name).toBe(name);
    expect(found?.wkt).toContain(`["${name}",`);
    expect(await epsgFromWkt(found?.wkt ?? '')).toBe(epsg);
    expect(await crsFromEpsg(epsg)).toEqual({ epsg, ...found });
  });

  it('says nothing of codes nobody lists', async () => {
    expect(await esriWktForEpsg(1)).toBeNull();
    expect(await crsFromEpsg(1)).toEqual({ epsg: 1, name: null, wkt: null });
  });

  it('does not take numbers of ESRI for EPSG codes', async () => {
    expect(await esriWktForEpsg(54009)).toBeNull();
    expect(await epsgFromWkt(`PROJCS["World_Mollweide",${wgs84},UNIT["Meter",1.0]]`)).toBeNull();
  });
});

describe('epsgFromWkt', () => {
  it.each([
    ['authority of the outermost node', utm33('anything', ',AUTHORITY["EPSG","32633"]'), 32633],
    ['ENVI name on a known datum', utm33('UTM_Zone_33N'), 32633],
    ['EPSG name', utm33('WGS 84 / UTM zone 33N'), 32633],
    [
      'blanks and other brackets',
      utm33('WGS_1984_UTM_Zone_33N').replaceAll('[', ' (').replaceAll(']', ' )'),
      32633,
    ],
    [
      'WKT 2',
      'PROJCRS["WGS 84 / UTM zone 33N",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],ID["EPSG",32633]]',
      32633,
    ],
    ['geographic', wgs84, 4326],
    ['authority of another body', utm33('x', ',AUTHORITY["ESRI","102100"]'), null],
    ['an inner authority only', utm33('mine').replace(degree, `${degree},AUTHORITY["EPSG","4326"]`), null],
    ['a name nobody knows', utm33('Local_Grid_Of_Mine'), null],
    ['no WKT', 'Geographic Lat/Lon', null],
    ['an unclosed WKT', utm33('UTM_Zone_33N').slice(0, -1), null],
    ['too deep', 'A['.repeat(1000) + ']'.repeat(1000), null],
    ['too long', `GEOGCS["${'x'.repeat(100_000)}"]`, null],
    ['nothing', '', null],
  ])('%s', async (_, wkt, epsg) => {
    expect(await epsgFromWkt(wkt)).toBe(epsg);
  });

  it('never throws', async () => {
    const piece = fc.constantFrom(
      'PROJCS',
      '[',
      ']',
      '"',
      ',',
      'AUTHORITY',
      '"EPSG"',
      '"32633"',
      ' ',
      '(',
      ')',
      '1.0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const epsg = await epsgFromWkt(pieces.join(''));
        expect(epsg === null || Number.isInteger(epsg)).toBe(true);
      }),
    );
  });
});

describe('kind and units', () => {
  it.each([
    [{ epsg: 32633, name: null, wkt: null }, 'projected', 'metre'],
    [{ epsg: 4326, name: null, wkt: null }, 'geographic', 'degree'],
    [{ epsg: null, name: null, wkt: wgs84 }, 'geographic', 'degree'],
    [{ epsg: null, name: null, wkt: utm33('x') }, 'projected', 'metre'],
    [
      { epsg: null, name: null, wkt: `PROJCS["x",${wgs84},UNIT["Foot_US",0.3048006096012192]]` },
      'projected',
      'foot',
    ],
    [{ epsg: null, name: null, wkt: `PROJCS["x",${wgs84},UNIT["Foot",0.3048]]` }, 'projected', 'foot'],
    [
      { epsg: null, name: null, wkt: `PROJCS["x",${wgs84},UNIT["Foot_Clarke",0.3047972654]]` },
      'projected',
      null,
    ],
    [{ epsg: null, name: null, wkt: `PROJCS["x",${wgs84},UNIT["Yard",0.9144]]` }, 'projected', null],
    [{ epsg: 3857, name: null, wkt: null }, null, null],
    [{ epsg: null, name: 'x', wkt: null }, null, null],
  ] as const)('%o', (crs, kind, units) => {
    expect(kindOfCrs(crs)).toBe(kind);
    expect(mapUnits(crs)).toBe(units);
  });
});

describe('whole systems', () => {
  it('keeps the WKT a file states', async () => {
    const wkt = utm33('UTM_Zone_33N');
    expect(await crsFromWkt(wkt)).toEqual({ epsg: 32633, name: 'UTM_Zone_33N', wkt });
    expect(await crsFromWkt('nothing of the kind')).toBeNull();
  });

  it('gives ESRI’s WKT for export', async () => {
    const own = { epsg: 32633, name: 'UTM_Zone_33N', wkt: utm33('UTM_Zone_33N') };
    expect((await withEsriWkt(own)).wkt).toContain('PROJCS["WGS_1984_UTM_Zone_33N"');
    const local = { epsg: null, name: 'mine', wkt: utm33('mine') };
    expect(await withEsriWkt(local)).toEqual(local);
  });
});
