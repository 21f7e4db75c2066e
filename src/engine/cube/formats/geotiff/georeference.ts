import type { Assumption, Crs, GeoTransform } from '../../../contract/cube.ts';
import type { ImageFileDirectory } from 'geotiff';
import type { CancelOptions } from '../../../base/signal.ts';
import type { RawGeoKeys } from '../../cube.ts';
import { numbersOf, textOf, type TiffDirectory, type TiffFile } from './directory.ts';
import { tags } from './tags.ts';

/** Where the pixels lie on the map. */
export interface Georeference {
  geoTransform: GeoTransform | null;
  crs: Crs | null;
  /** The three GeoKey tags, for export; null where the file has none. */
  geoKeys: RawGeoKeys | null;
  assumptions: Assumption[];
}

/** More than any set of keys or control points needs. */
const maxKeyValues = 65_536;
const userDefined = 32767;

type GeoKeys = ReturnType<ImageFileDirectory['parseGeoKeyDirectory']>;

/**
 * Reads ModelPixelScale + ModelTiepoint or ModelTransformation and the GeoKeys (OGC GeoTIFF 1.1) of one directory. The
 * transform is GDAL's, at pixel corners: files that place pixel centres (RasterPixelIsPoint) are shifted by half a pixel.
 */
export async function readGeoreference(
  file: TiffFile,
  directory: TiffDirectory,
  cancel: CancelOptions = {},
): Promise<Georeference> {
  const assumptions: Assumption[] = [];
  const numbers = async (tag: number): Promise<Float64Array> =>
    (await numbersOf(file, directory, tag, maxKeyValues, cancel)) ?? new Float64Array(0);
  const keyDirectory = await numbers(tags.geoKeyDirectory);
  const doubles = await numbers(tags.geoDoubleParams);
  const ascii = (await textOf(file, directory, tags.geoAsciiParams, maxKeyValues, cancel)) ?? '';
  const keys = await parseKeys(keyDirectory, doubles, ascii, assumptions);
  const corner = transformOf(
    await numbers(tags.modelPixelScale),
    await numbers(tags.modelTiepoint),
    await numbers(tags.modelTransformation),
    assumptions,
  );
  const isPoint = keys?.GTRasterTypeGeoKey === 2;
  return {
    geoTransform: corner === null || !isPoint ? corner : shiftByHalfPixel(corner),
    crs: keys === null ? null : crsOf(keys),
    geoKeys: !isWhole(keyDirectory)
      ? null
      : { directory: Array.from(keyDirectory), doubles: Array.from(doubles), ascii },
    assumptions,
  };
}

/** True for a key directory that holds all the entries it states: another one cannot be written back. */
const isWhole = (directory: Float64Array): boolean =>
  directory.length >= 4 + 4 * (directory[3] ?? Infinity) &&
  directory.every((value) => Number.isInteger(value) && value >= 0 && value <= 0xffff);

/**
 * geotiff.js takes the key directory apart; it reads from the values given here, not from the file. Loaded only here:
 * no other file needs it, and it takes longer to load than most cubes to open.
 */
async function parseKeys(
  directory: Float64Array,
  doubles: Float64Array,
  ascii: string,
  assumptions: Assumption[],
): Promise<GeoKeys> {
  if (directory.length < 4) return null;
  // Its declared value types leave typed arrays out, though it slices them as such.
  const values = new Map<number, unknown>([
    [tags.geoKeyDirectory, directory],
    [tags.geoDoubleParams, doubles],
    // It drops each text's last character (the closing `|`), which the file's last text may lack.
    [tags.geoAsciiParams, ascii],
  ]) as ConstructorParameters<typeof ImageFileDirectory>[0];
  const { ImageFileDirectory } = await import('geotiff');
  try {
    return new ImageFileDirectory(values, new Map(), new Map(), 0).parseGeoKeyDirectory();
  } catch (thrown) {
    const why = `The georeference keys are damaged (${thrown instanceof Error ? thrown.message : String(thrown)}).`;
    assumptions.push({ field: 'crs', value: 'none', why });
    return null;
  }
}

function transformOf(
  scale: Float64Array,
  tiepoint: Float64Array,
  matrix: Float64Array,
  assumptions: Assumption[],
): GeoTransform | null {
  const [dx = 0, dy = 0] = scale;
  const isFinite = [...scale, ...tiepoint, ...matrix].every(Number.isFinite);
  if (!isFinite) {
    const why = 'The georeference of the file holds numbers that are not finite.';
    assumptions.push({ field: 'geoTransform', value: 'none', why });
    return null;
  }
  if (dx !== 0 && dy !== 0 && tiepoint.length >= 6) {
    const [sample = 0, line = 0, , x = 0, y = 0] = tiepoint;
    if (dy < 0) {
      const why = 'The file states a negative pixel height; read as north up, as GDAL does.';
      assumptions.push({ field: 'geoTransform', value: `pixel height ${-Math.abs(dy)}`, why });
    }
    const down = -Math.abs(dy);
    return [x - sample * dx, dx, 0, y - line * down, 0, down];
  }
  if (matrix.length === 16) {
    const [a = 0, b = 0, , d = 0, e = 0, f = 0, , h = 0] = matrix;
    return [d, a, b, h, e, f];
  }
  if (tiepoint.length >= 6) {
    const points = Math.floor(tiepoint.length / 6);
    const why = `The file gives ${points} ground control points instead of a transform; they are not used yet.`;
    assumptions.push({ field: 'geoTransform', value: 'none', why });
  }
  return null;
}

const shiftByHalfPixel = ([x, a, b, y, c, d]: GeoTransform): GeoTransform => [
  x - (a + b) / 2,
  a,
  b,
  y - (c + d) / 2,
  c,
  d,
];

/** EPSG code and name. Model type 1 is projected, 2 geographic, 3 geocentric; 32767 means "defined by further keys". */
function crsOf(keys: NonNullable<GeoKeys>): Crs | null {
  const projected = code(keys.ProjectedCSTypeGeoKey);
  const geographic = code(keys.GeographicTypeGeoKey);
  const model: unknown = keys.GTModelTypeGeoKey;
  // Where the projected system is made up of further keys, the geographic one below it is not the image's.
  const isProjected = model === 1 || keys.ProjectedCSTypeGeoKey !== undefined;
  const epsg = isProjected ? projected : geographic;
  const citations = [keys.PCSCitationGeoKey, keys.GTCitationGeoKey, keys.GeogCitationGeoKey].filter(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  );
  const esri = citations
    .map((text) => /^\s*ESRI PE String\s*=\s*([\s\S]+)$/.exec(text)?.[1]?.trim())
    .find((wkt) => wkt !== undefined);
  const plain = citations.find((text) => !text.startsWith('ESRI PE String'));
  const name =
    plain !== undefined ? citationName(plain) : (/^\w+\["([^"]{1,200})"/.exec(esri ?? '')?.[1] ?? null);
  if (epsg === null && name === null && esri === undefined) return null;
  return { epsg, name, wkt: esri ?? null };
}

const code = (value: unknown): number | null =>
  typeof value === 'number' && value > 0 && value < userDefined ? value : null;

/** Citations may list several names: "PCS Name = X|GCS Name = Y|"; the first is the system's own. */
function citationName(text: string): string {
  const first = text.split('|').find((part) => part.trim() !== '') ?? text;
  return first.replace(/^\s*(?:PCS|GCS|CRS) Name\s*=\s*/i, '').trim();
}
