import type { Crs, GeoTransform } from '../contract/cube.ts';
import { kindOfCrs, utmZoneOfEpsg, type UtmZone } from '../cube/crs.ts';

/** A grid as `map info` can state it: pixel size along the map's axes and a rotation, as GDAL reads them. */
export interface EnviGrid {
  pixelWidth: number;
  pixelHeight: number;
  /** 180 stands for lines that run north, as GDAL writes and reads it. */
  rotationDegrees: number;
}

/**
 * Pixel size and rotation of GDAL's six numbers: with w, h and r, g1 = w cos r, g2 = w sin r, g4 = h sin r,
 * g5 = -h cos r. Null where the six numbers are no such grid (shear, or a rotation of oblong pixels as oblongs).
 */
export function gridOf(geoTransform: GeoTransform): EnviGrid | null {
  const [, g1, g2, , g4, g5] = geoTransform;
  if (!geoTransform.every(Number.isFinite) || g1 * g5 - g2 * g4 === 0) return null;
  if (g2 === 0 && g4 === 0) {
    if (g1 > 0 && g5 > 0) return { pixelWidth: g1, pixelHeight: g5, rotationDegrees: 180 };
    return { pixelWidth: g1, pixelHeight: -g5, rotationDegrees: 0 };
  }
  const angle = Math.atan2(g2, g1);
  const pixelWidth = Math.hypot(g1, g2);
  const pixelHeight = g4 * Math.sin(angle) - g5 * Math.cos(angle);
  const error = Math.hypot(g4 - pixelHeight * Math.sin(angle), g5 + pixelHeight * Math.cos(angle));
  if (error > 1e-9 * Math.hypot(g4, g5)) return null;
  return { pixelWidth, pixelHeight, rotationDegrees: (angle * 180) / Math.PI };
}

const datumNames: Record<UtmZone['datum'], string> = {
  'WGS 84': 'WGS-84',
  ETRS89: 'ETRS-89',
  NAD83: 'North America 1983',
  NAD27: 'North America 1927',
};

const geographicDatums = new Map<number, string>([
  [4326, 'WGS-84'],
  [4258, 'ETRS-89'],
  [4269, 'North America 1983'],
  [4267, 'North America 1927'],
]);

/** True where `map info` alone names the system of this EPSG code, without a coordinate system string. */
export function mapInfoNames(epsg: number): boolean {
  return utmZoneOfEpsg(epsg) !== null || geographicDatums.has(epsg);
}

/** Entries of `map info` for this grid and system: the reference pixel is the outer corner of the first pixel. */
export function mapInfoEntries(geoTransform: GeoTransform, grid: EnviGrid, crs: Crs | null): string[] {
  const place = [1, 1, geoTransform[0], geoTransform[3], grid.pixelWidth, grid.pixelHeight].map(String);
  const rotation = grid.rotationDegrees === 0 ? [] : [`rotation=${grid.rotationDegrees}`];
  const utm = utmZoneOfEpsg(crs?.epsg ?? 0);
  if (utm !== null) {
    const zone = [String(utm.zone), utm.north ? 'North' : 'South', datumNames[utm.datum]];
    return ['UTM', ...place, ...zone, 'units=Meters', ...rotation];
  }
  if (crs === null) return ['Arbitrary', ...place, '0', 'North', ...rotation];
  if (kindOfCrs(crs) === 'geographic') {
    // Degrees go without saying; where they are said, GDAL no longer knows the system's EPSG code.
    const datum = geographicDatums.get(crs.epsg ?? 0);
    return ['Geographic Lat/Lon', ...place, ...(datum === undefined ? [] : [datum]), ...rotation];
  }
  // The system itself stands in `coordinate system string`; here it only has a name.
  const name = crs.name?.replace(/[^\w ().-]+/g, ' ').trim() ?? '';
  return [name === '' ? 'Projected' : name, ...place, ...rotation];
}
