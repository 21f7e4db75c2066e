import { brotliDecompressSync } from 'node:zlib';
import type { Crs } from '../contract/cube.ts';

/** A UTM zone of one of the datums that cubes come in. */
export interface UtmZone {
  /** 1 to 60. */
  zone: number;
  north: boolean;
  datum: 'WGS 84' | 'ETRS89' | 'NAD83' | 'NAD27';
}

/** EPSG codes of UTM zones are base + zone for zones first ... last; `esriPrefix` begins ESRI's name of the zone. */
interface UtmFamily {
  base: number;
  first: number;
  last: number;
  north: boolean;
  datum: UtmZone['datum'];
  esriPrefix: string;
  esriGeographic: string;
}

// EPSG registry: 32601-32660, 32701-32760, 25828-25838, 26901-26923, 26701-26722.
const utmFamilies: readonly UtmFamily[] = [
  family(32600, 1, 60, true, 'WGS 84', 'WGS_1984', 'GCS_WGS_1984'),
  family(32700, 1, 60, false, 'WGS 84', 'WGS_1984', 'GCS_WGS_1984'),
  family(25800, 28, 38, true, 'ETRS89', 'ETRS_1989', 'GCS_ETRS_1989'),
  family(26900, 1, 23, true, 'NAD83', 'NAD_1983', 'GCS_North_American_1983'),
  family(26700, 1, 22, true, 'NAD27', 'NAD_1927', 'GCS_North_American_1927'),
];

/** Geographic systems met most often, by ESRI's and EPSG's name: no table is read for them. */
const geographicByName = new Map<string, number>([
  ['gcs_wgs_1984', 4326],
  ['wgs 84', 4326],
  ['gcs_etrs_1989', 4258],
  ['etrs89', 4258],
  ['gcs_north_american_1983', 4269],
  ['nad83', 4269],
  ['gcs_north_american_1927', 4267],
  ['nad27', 4267],
]);

function family(
  base: number,
  first: number,
  last: number,
  north: boolean,
  datum: UtmZone['datum'],
  esriPrefix: string,
  esriGeographic: string,
): UtmFamily {
  return { base, first, last, north, datum, esriPrefix, esriGeographic };
}

/** Zone, hemisphere and datum of an EPSG code of UTM on WGS 84, ETRS89, NAD83 or NAD27; null for any other code. */
export function utmZoneOfEpsg(epsg: number): UtmZone | null {
  for (const { base, first, last, north, datum } of utmFamilies) {
    const zone = epsg - base;
    if (Number.isInteger(zone) && zone >= first && zone <= last) return { zone, north, datum };
  }
  return null;
}

/** The inverse of `utmZoneOfEpsg`; null where EPSG has no such zone. */
export function epsgOfUtmZone({ zone, north, datum }: UtmZone): number | null {
  const found = utmFamilies.find(
    (one) => one.datum === datum && one.north === north && zone >= one.first && zone <= one.last,
  );
  return found === undefined || !Number.isInteger(zone) ? null : found.base + zone;
}

/**
 * ESRI's name and WKT 1 of an EPSG code (projected or geographic), null where ESRI lists none. The table is read on
 * the first call only.
 */
export async function esriWktForEpsg(epsg: number): Promise<{ name: string; wkt: string } | null> {
  const wkt = (await esriTable()).wktByEpsg.get(epsg);
  return wkt === undefined ? null : { name: esriName(wkt), wkt };
}

/**
 * The EPSG code of a WKT: the AUTHORITY (WKT 2: ID) of its outermost node, else a UTM zone on a known datum as ENVI
 * names it, else the system that ESRI lists under exactly this name. Null where none fits or the text is no WKT.
 */
export async function epsgFromWkt(wkt: string): Promise<number | null> {
  const root = parseWkt(wkt);
  const name = root?.texts[0];
  if (root === null || name === undefined) return null;
  const authority = root.nodes.find((node) => node.keyword === 'AUTHORITY' || node.keyword === 'ID');
  if (authority !== undefined) {
    const [body, code] = authority.texts;
    return body?.toUpperCase() === 'EPSG' && /^\d{4,5}$/.test(code ?? '') ? Number(code) : null;
  }
  const geographic = root.nodes.find((node) => node.keyword === 'GEOGCS')?.texts[0] ?? null;
  const quick = utmByName(name, geographic) ?? geographicByName.get(name.toLowerCase());
  if (quick !== undefined) return quick;
  return (await esriTable()).epsgByName.get(name) ?? null;
}

/** A system by its EPSG code, with ESRI's name and WKT where ESRI lists it. */
export async function crsFromEpsg(epsg: number): Promise<Crs> {
  const known = await esriWktForEpsg(epsg);
  return { epsg, name: known?.name ?? null, wkt: known?.wkt ?? null };
}

/**
 * A system from the WKT a file states, kept as it is: its own name, and its EPSG code where `epsgFromWkt` finds one.
 * Null where the text is no WKT.
 */
export async function crsFromWkt(wkt: string): Promise<Crs | null> {
  const root = parseWkt(wkt);
  if (root === null) return null;
  return { epsg: await epsgFromWkt(wkt), name: root.texts[0] ?? null, wkt };
}

/** The same system with ESRI's WKT in place of its own where its EPSG code has one: what ENVI headers need. */
export async function withEsriWkt(crs: Crs): Promise<Crs> {
  const known = crs.epsg === null ? null : await esriWktForEpsg(crs.epsg);
  return known === null ? crs : { ...crs, wkt: known.wkt };
}

/** 'projected' or 'geographic' by the WKT's outermost keyword, else by the code; null where neither tells. */
export function kindOfCrs(crs: Crs): 'projected' | 'geographic' | null {
  const keyword = crs.wkt === null ? undefined : parseWkt(crs.wkt)?.keyword;
  if (keyword === 'PROJCS' || keyword === 'PROJCRS') return 'projected';
  if (keyword === 'GEOGCS' || keyword === 'GEOGCRS') return 'geographic';
  if (crs.epsg === null) return null;
  if (utmZoneOfEpsg(crs.epsg) !== null) return 'projected';
  return [...geographicByName.values()].includes(crs.epsg) ? 'geographic' : null;
}

/** Unit of map coordinates; null where it is another or not known. Feet are international or US survey feet. */
export function mapUnits(crs: Crs): 'metre' | 'degree' | 'foot' | null {
  const root = crs.wkt === null ? null : parseWkt(crs.wkt);
  if (root !== null) {
    const unit = root.nodes.find((node) => /^(LENGTH|ANGLE)?UNIT$/.test(node.keyword));
    const kind = kindOfCrs(crs);
    const size = Number(unit?.texts[1]);
    if (kind === 'projected' && Math.abs(size - 1) < 1e-9) return 'metre';
    // 0.3048 m and 1200/3937 m differ by 6e-7 m; other national feet differ by more.
    if (kind === 'projected' && Math.abs(size - 0.3048) < 7e-7) return 'foot';
    if (kind === 'geographic' && Math.abs(size - Math.PI / 180) < 1e-9) return 'degree';
    if (unit !== undefined) return null;
  }
  if (crs.epsg === null) return null;
  if (utmZoneOfEpsg(crs.epsg) !== null) return 'metre';
  return kindOfCrs(crs) === 'geographic' ? 'degree' : null;
}

function utmByName(name: string, geographic: string | null): number | undefined {
  // "WGS_1984_UTM_Zone_33N" (ESRI), "WGS 84 / UTM zone 33N" (EPSG), "UTM_Zone_33N" on a named datum (ENVI).
  const match = /^(?:(.{1,20}?)[_ /]{1,3})?UTM[_ ]Zone[_ ](\d{1,2})([NS])$/i.exec(name);
  if (match === null) return undefined;
  const [, prefix, zoneText, hemisphere] = match;
  const zone = Number(zoneText);
  const north = hemisphere?.toUpperCase() === 'N';
  const found = utmFamilies.find((one) => {
    const namesDatum =
      prefix === undefined
        ? geographic?.toLowerCase() === one.esriGeographic.toLowerCase()
        : [one.esriPrefix, one.datum].some((word) => word.toLowerCase() === prefix.toLowerCase());
    return namesDatum && one.north === north && zone >= one.first && zone <= one.last;
  });
  return found === undefined ? undefined : found.base + zone;
}

interface EsriTable {
  wktByEpsg: ReadonlyMap<number, string>;
  epsgByName: ReadonlyMap<string, number>;
}

let table: Promise<EsriTable> | undefined;

function esriTable(): Promise<EsriTable> {
  // Unpacked once a thread, in some 15 ms, and only where a file needs it.
  table ??= readEsriTable();
  return table;
}

async function readEsriTable(): Promise<EsriTable> {
  const { packedProjections } = await import('./projectionData.ts');
  const wktByEpsg = new Map<number, string>();
  const epsgByName = new Map<string, number>();
  for (const line of brotliDecompressSync(Buffer.from(packedProjections, 'base64'))
    .toString('latin1')
    .split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const epsg = Number(line.slice(0, tab));
    const wkt = line.slice(tab + 1);
    wktByEpsg.set(epsg, wkt);
    epsgByName.set(esriName(wkt), epsg);
  }
  return { wktByEpsg, epsgByName };
}

/** ESRI's WKT begins with its own name for the system, in quotes. */
const esriName = (wkt: string): string => wkt.slice(wkt.indexOf('"') + 1, wkt.indexOf('",'));

/** A node of a WKT: KEYWORD[text, text, NODE[...], ...]. Quotes are taken off, keywords are upper case. */
interface WktNode {
  keyword: string;
  texts: string[];
  nodes: WktNode[];
}

const maxWktLength = 65_536;
const maxWktDepth = 24;

/** Parses a WKT of either version, or gives null where it is none. One pass, bounded depth. */
function parseWkt(text: string): WktNode | null {
  if (text.length > maxWktLength) return null;
  const token = /\s*(?:"((?:[^"]|"")*)"|([[(])|([\])])|(,)|([^\s"[\](),]+))/y;
  const open: WktNode[] = [];
  let last: WktNode | null = null;
  let word: string | null = null;
  for (;;) {
    const match = token.exec(text);
    if (match === null) return null;
    const [, quoted, opening, closing, , bare] = match;
    const parent = open.at(-1);
    if (opening !== undefined) {
      if (word === null || open.length >= maxWktDepth) return null;
      last = { keyword: word.toUpperCase(), texts: [], nodes: [] };
      parent?.nodes.push(last);
      open.push(last);
      word = null;
      continue;
    }
    if (word !== null) parent?.texts.push(word);
    word = bare ?? null;
    if (quoted !== undefined) parent?.texts.push(quoted);
    if (closing !== undefined) {
      last = open.pop() ?? null;
      if (open.length === 0) return last;
    }
    if (parent === undefined && bare === undefined) return null;
  }
}
