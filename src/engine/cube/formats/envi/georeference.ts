import type { Assumption, Crs, GeoTransform } from '../../../contract/cube.ts';
import { crsFromEpsg, crsFromWkt, epsgOfUtmZone, type UtmZone } from '../../crs.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import { entriesOf, onOneLine, shorten, textOf } from './fields.ts';
import type { EnviHeader } from './header.ts';

/** Where the pixels lie on a map, as far as the header says. */
export interface Georeference {
  geoTransform: GeoTransform | null;
  crs: Crs | null;
}

/**
 * `map info` as GDAL's six numbers and its system; `coordinate system string` comes first for the system and is kept
 * as it is. A `map info` that cannot be used is left out with an assumption; nothing here is an error.
 */
export async function readGeoreference(header: EnviHeader, assumptions: Assumption[]): Promise<Georeference> {
  const entries = entriesOf(header, 'map info');
  const mapInfo = entries === null ? null : parseMapInfo(entries);
  if (entries !== null && mapInfo === null) {
    const why = `"${shorten(entries.join(', '))}" lacks numbers for reference pixel, place or pixel size.`;
    assumptions.push({ field: 'map info', value: 'ignored', why });
  }
  const wkt = textOf(header, 'coordinate system string');
  const stated = wkt === null ? null : await crsFromWkt(onOneLine(wkt));
  if (wkt !== null && stated === null) {
    const why = `"${shorten(onOneLine(wkt))}" is no well-known text.`;
    assumptions.push({ field: 'coordinate system string', value: 'ignored', why });
  }
  const crs = stated ?? (mapInfo === null ? null : await crsOfMapInfo(mapInfo, assumptions));
  if (mapInfo === null) return { geoTransform: null, crs };
  noteRotation(mapInfo, assumptions);
  return { geoTransform: geoTransformOf(mapInfo), crs };
}

interface MapInfo {
  projection: string;
  /** Reference pixel from 1: (1, 1) is the outer corner of the first pixel. */
  sample: number;
  line: number;
  x: number;
  y: number;
  pixelWidth: number;
  pixelHeight: number;
  /** UTM zone and hemisphere, datum: the unnamed entries after the pixel size. */
  rest: string[];
  units: string | null;
  rotationDegrees: number;
}

function parseMapInfo(entries: readonly string[]): MapInfo | null {
  const [projection = '', ...numbers] = entries.slice(0, 7);
  const values = numbers.map(parseNumber);
  const isComplete = values.length === 6 && values.every((value) => value !== null && Number.isFinite(value));
  if (!isComplete) return null;
  const [sample, line, x, y, pixelWidth, pixelHeight] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (pixelWidth === 0 || pixelHeight === 0) return null;
  const tail = entries.slice(7);
  const named = (name: string): string | null =>
    tail
      .map((entry) => /^([a-z ]{1,20})=(.*)$/i.exec(entry))
      .find((match) => match?.[1]?.trim().toLowerCase() === name)?.[2]
      ?.trim() ?? null;
  const rotationText = named('rotation');
  const rotationDegrees = rotationText === null ? 0 : parseNumber(rotationText);
  if (rotationDegrees === null || !Number.isFinite(rotationDegrees)) return null;
  const rest = tail.filter((entry) => !entry.includes('=') && entry !== '');
  return {
    projection,
    sample,
    line,
    x,
    y,
    pixelWidth,
    pixelHeight,
    rest,
    units: named('units'),
    rotationDegrees,
  };
}

/**
 * GDAL's reading: with w, h the pixel size and r the rotation, x = w (cos r s + sin r l), y = h (sin r s - cos r l); a
 * rotation of 180 degrees means lines that run north instead. The reference pixel is put exactly at its place.
 */
function geoTransformOf(mapInfo: MapInfo): GeoTransform {
  const { sample, line, x, y, pixelWidth, pixelHeight, rotationDegrees } = mapInfo;
  const angle = (rotationDegrees * Math.PI) / 180;
  const isRotated = rotationDegrees !== 0 && Math.abs(rotationDegrees) !== 180;
  const [cos, sin] = isRotated ? [Math.cos(angle), Math.sin(angle)] : [1, 0];
  const g1 = pixelWidth * cos;
  const g2 = pixelWidth * sin;
  const g4 = pixelHeight * sin;
  const g5 = Math.abs(rotationDegrees) === 180 ? pixelHeight : -pixelHeight * cos;
  const per = secondsOrMinutes(mapInfo);
  const place = [x - (sample - 1) * g1 - (line - 1) * g2, y - (sample - 1) * g4 - (line - 1) * g5] as const;
  // Adding zero turns -0 into 0.
  const number = (value: number): number => value / per + 0;
  return [number(place[0]), number(g1), number(g2), number(place[1]), number(g4), number(g5)];
}

const isGeographic = (mapInfo: MapInfo): boolean => mapInfo.projection.toLowerCase().startsWith('geographic');

/** Minutes or seconds of a degree that one map unit is. */
function secondsOrMinutes(mapInfo: MapInfo): number {
  if (!isGeographic(mapInfo)) return 1;
  const units = mapInfo.units?.toLowerCase();
  return units === 'seconds' ? 3600 : units === 'minutes' ? 60 : 1;
}

function noteRotation(mapInfo: MapInfo, assumptions: Assumption[]): void {
  const { rotationDegrees, pixelWidth, pixelHeight, sample, line } = mapInfo;
  const field = 'map info';
  if (Math.abs(rotationDegrees) === 180) {
    const why = 'A rotation of 180 degrees is how GDAL marks an image whose first line is the southernmost.';
    assumptions.push({ field, value: 'lines run north', why });
    return;
  }
  if (rotationDegrees === 0) return;
  if (pixelWidth !== pixelHeight) {
    const why = 'ENVI does not say how a grid of oblong pixels is rotated; this is how GDAL reads it.';
    assumptions.push({ field, value: 'pixel size along the map axes', why });
  }
  if (sample !== 1 || line !== 1) {
    const why =
      'The stated place is that of the reference pixel in the rotated grid; GDAL rotates around the first pixel.';
    assumptions.push({ field, value: `rotated around sample ${sample}, line ${line}`, why });
  }
}

/** Datums of `map info` by the words GDAL and ENVI write, with the EPSG code of their geographic system. */
const datums: readonly { names: RegExp; name: string; geographic: number; utm?: UtmZone['datum'] }[] = [
  { names: /^wgs[- _]?(?:19)?84$/i, name: 'WGS-84', geographic: 4326, utm: 'WGS 84' },
  {
    names: /^(?:north america(?:n)? 1983|nad[- _]?(?:19)?83)$/i,
    name: 'NAD 83',
    geographic: 4269,
    utm: 'NAD83',
  },
  {
    names: /^(?:north america(?:n)? 1927|.*nad[- _]?(?:19)?27.*)$/i,
    name: 'NAD 27',
    geographic: 4267,
    utm: 'NAD27',
  },
  { names: /^etrs?[- _]?(?:f)?(?:19)?89$/i, name: 'ETRS 89', geographic: 4258, utm: 'ETRS89' },
  { names: /^wgs[- _]?(?:19)?72$/i, name: 'WGS-72', geographic: 4322 },
  { names: /^european 1950/i, name: 'European 1950', geographic: 4230 },
  { names: /^geocentric datum of australia 1994$/i, name: 'GDA 94', geographic: 4283 },
  { names: /^ordnance survey of great britain/i, name: 'OSGB 36', geographic: 4277 },
];

async function crsOfMapInfo(mapInfo: MapInfo, assumptions: Assumption[]): Promise<Crs | null> {
  const { projection, rest, units } = mapInfo;
  const name = shorten([projection, ...rest].filter((word) => word !== '').join(' '));
  if (name === '' || /^arbitrary/i.test(projection)) return null;
  const unnamed: Crs = { epsg: null, name, wkt: null };
  if (isGeographic(mapInfo)) {
    const datum = datumOf(rest[0], assumptions);
    return datum === null ? unnamed : crsFromEpsg(datum.geographic);
  }
  if (!/^utm\b/i.test(projection)) return unnamed;
  const [zone, hemisphere = 'North', datumName] = rest;
  const datum = datumOf(datumName, assumptions);
  // EPSG's zones are in metres.
  if (datum?.utm === undefined || (units !== null && !/^met(?:er|re)s?$|^m$/i.test(units))) return unnamed;
  const north = !/^s/i.test(hemisphere);
  const epsg = epsgOfUtmZone({ zone: Number(zone), north, datum: datum.utm });
  return epsg === null ? unnamed : crsFromEpsg(epsg);
}

function datumOf(name: string | undefined, assumptions: Assumption[]): (typeof datums)[number] | null {
  const datum = datums.find((one) => name !== undefined && one.names.test(name)) ?? null;
  if (datum === null) {
    const said =
      name === undefined ? 'The header names no datum.' : `The datum "${shorten(name)}" is not known.`;
    assumptions.push({ field: 'map info', value: 'coordinate system not identified', why: said });
  }
  return datum;
}
