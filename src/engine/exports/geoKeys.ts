import type { Crs, GeoTransform } from '../contract/cube.ts';
import { CubelensError } from '../base/errors.ts';
import { kindOfCrs } from '../cube/crs.ts';
import type { RawGeoKeys } from '../cube/cube.ts';
import { numberField, textField, type TiffField } from './tiffDirectory.ts';

export interface GeoFields {
  /** GDAL's six numbers at pixel corners, or null. */
  geoTransform: GeoTransform | null;
  /** A system that is known by a rare EPSG code alone counts as projected: give it its WKT. */
  crs: Crs | null;
  /** Written back unchanged; `crs` is not used then. Leave it out where a person has replaced the CRS. */
  geoKeys?: RawGeoKeys | null | undefined;
}

// Tag numbers and key numbers of OGC GeoTIFF 1.1.
const tag = {
  modelPixelScale: 33550,
  modelTiepoint: 33922,
  modelTransformation: 34264,
  geoKeyDirectory: 34735,
  geoDoubleParams: 34736,
  geoAsciiParams: 34737,
} as const;

const key = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographicType: 2048,
  projectedType: 3072,
  projectedCitation: 3073,
} as const;

const userDefined = 32767;
const pixelIsArea = 1;
const pixelIsPoint = 2;
/** GDAL reads this citation into a buffer of 2400 bytes, its closing zero included. */
const citationLimit = 2399;
const citationPrefix = 'ESRI PE String = ';

/**
 * The TIFF fields of a georeference, and warnings for a person. North-up: scale and tie point; anything else: the
 * 4 x 4 matrix. A CRS with an EPSG code that GeoTIFF can hold is written as that code; another one by its WKT as the
 * citation `ESRI PE String = ...` under a user-defined model, the form that GDAL itself writes and reads for what geo
 * keys cannot say. Throws `invalid-request` for numbers that are not finite or geo keys that contradict themselves.
 */
export function geoFields(fields: GeoFields): { fields: TiffField[]; warnings: string[] } {
  const { geoTransform, crs, geoKeys } = fields;
  const warnings: string[] = [];
  let keys: TiffField[] = [];
  let rasterType = pixelIsArea;
  if (geoKeys !== undefined && geoKeys !== null) {
    keys = rawKeyFields(geoKeys);
    rasterType = shortKey(geoKeys.directory, key.rasterType) ?? pixelIsArea;
  } else {
    // Without a CRS there are no keys: pixels are areas by default, and GDAL would make a local system of that key alone.
    keys = crs === null ? [] : keysOfCrs(crs, warnings);
  }
  return { fields: [...transformFields(geoTransform, rasterType), ...keys], warnings };
}

function transformFields(transform: GeoTransform | null, rasterType: number): TiffField[] {
  if (transform === null) return [];
  if (!transform.every(Number.isFinite)) {
    throw new CubelensError(
      'invalid-request',
      `GeoTIFF: the geotransform [${transform.join(', ')}] is not finite.`,
      {
        field: 'geoTransform',
      },
    );
  }
  const [g0, g1, g2, g3, g4, g5] = transform;
  // Our six numbers refer to pixel corners; with RasterPixelIsPoint the tags refer to the first pixel's centre.
  const half = rasterType === pixelIsPoint ? 0.5 : 0;
  const x = g0 + half * (g1 + g2);
  const y = g3 + half * (g4 + g5);
  if (g2 === 0 && g4 === 0 && g1 > 0 && g5 < 0) {
    return [
      numberField(tag.modelPixelScale, 'double', [g1, -g5, 0]),
      numberField(tag.modelTiepoint, 'double', [0, 0, 0, x, y, 0]),
    ];
  }
  const matrix = [g1, g2, 0, x, g4, g5, 0, y, 0, 0, 0, 0, 0, 0, 0, 1];
  return [numberField(tag.modelTransformation, 'double', matrix)];
}

/** One geo key: a code, or a text. */
type GeoKey = { id: number; value: number } | { id: number; text: string };

function keysOfCrs(crs: Crs, warnings: string[]): TiffField[] {
  const { epsg, wkt } = crs;
  const kind = wkt === null ? null : kindOfWkt(wkt);
  // GeoTIFF 1.1: codes 1024 to 32766 are EPSG's; Esri's own numbers above are none of them.
  if (epsg !== null && Number.isInteger(epsg) && epsg >= 1024 && epsg < userDefined && kind !== 'other') {
    const isGeographic = (kind ?? kindOfCrs(crs)) === 'geographic';
    const named: GeoKey[] = crs.name === null ? [] : [{ id: key.citation, text: crs.name }];
    return keyFields([
      { id: key.modelType, value: isGeographic ? 2 : 1 },
      { id: key.rasterType, value: pixelIsArea },
      ...named,
      { id: isGeographic ? key.geographicType : key.projectedType, value: epsg },
    ]);
  }
  if (wkt === null) {
    warnings.push(
      `The coordinate reference system ${crs.name ?? epsg ?? ''} has neither an EPSG code that a GeoTIFF can hold nor a WKT text: it is left out.`,
    );
    return [];
  }
  const citation = `${citationPrefix}${wkt.replace(/\s*\n\s*/g, '').trim()}`;
  if (new TextEncoder().encode(citation).length > citationLimit) {
    warnings.push(
      `The WKT of ${crs.name ?? 'the coordinate reference system'} is longer than ${citationLimit} bytes: GDAL will not read it from this GeoTIFF.`,
    );
  }
  return keyFields([
    { id: key.modelType, value: userDefined },
    { id: key.rasterType, value: pixelIsArea },
    { id: key.projectedCitation, text: citation },
  ]);
}

function kindOfWkt(wkt: string): 'projected' | 'geographic' | 'other' {
  const word = /^\s*([A-Za-z_]+)\s*[[(]/.exec(wkt)?.[1]?.toUpperCase();
  if (word === 'PROJCS' || word === 'PROJCRS' || word === 'PROJECTEDCRS') return 'projected';
  if (word === 'GEOGCS' || word === 'GEOGCRS' || word === 'GEOGRAPHICCRS') return 'geographic';
  return 'other';
}

/** Directory and text of keys in ascending order; texts are joined and each ends with a bar (GeoTIFF 1.1, 7.1.3). */
function keyFields(keys: readonly GeoKey[]): TiffField[] {
  const directory = [1, 1, 0, keys.length];
  let ascii = '';
  let asciiBytes = 0;
  for (const entry of keys) {
    if ('value' in entry) directory.push(entry.id, 0, 1, entry.value);
    else {
      // The bar ends a text, so it cannot stand inside one.
      const text = `${entry.text.replace(/[|\0]/g, ' ')}|`;
      const bytes = new TextEncoder().encode(text).length;
      if (asciiBytes + bytes > 0xffff) {
        throw new CubelensError(
          'out-of-range',
          'GeoTIFF: the coordinate reference system is longer than 65535 bytes.',
          {
            field: 'crs',
            remedy: 'Open the cube with an EPSG code instead of a WKT text.',
          },
        );
      }
      directory.push(entry.id, tag.geoAsciiParams, bytes, asciiBytes);
      ascii += text;
      asciiBytes += bytes;
    }
  }
  const fields = [numberField(tag.geoKeyDirectory, 'short', directory)];
  if (ascii !== '') fields.push(textField(tag.geoAsciiParams, ascii));
  return fields;
}

function rawKeyFields({ directory, doubles, ascii }: RawGeoKeys): TiffField[] {
  const isShort = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffff;
  if (directory.length < 4 || !directory.every(isShort) || directory.length < 4 + 4 * (directory[3] ?? 0)) {
    throw new CubelensError('invalid-request', 'GeoTIFF: the geo key directory to write back is damaged.', {
      field: 'GeoKeyDirectoryTag',
      remedy: 'Open the cube with an EPSG code of its coordinate reference system.',
    });
  }
  const fields = [numberField(tag.geoKeyDirectory, 'short', directory)];
  if (doubles.length > 0) fields.push(numberField(tag.geoDoubleParams, 'double', doubles));
  if (ascii.replaceAll('\0', '') !== '') fields.push(textField(tag.geoAsciiParams, ascii));
  return fields;
}

/** A key's code where it stands in the directory itself. */
function shortKey(directory: readonly number[], id: number): number | null {
  for (let at = 4; at + 3 < directory.length; at += 4) {
    if (directory[at] === id && directory[at + 1] === 0) return directory[at + 3] ?? null;
  }
  return null;
}
