import { createRequire } from 'node:module';

let geographicCodes: ReadonlySet<number> | null = null;

/**
 * True where an EPSG code is a geographic system by ESRI's list (read on the first call only). Needed where a CRS is
 * known by its code alone: GeoTIFF keeps geographic and projected codes under different keys, and EPSG's numbers do not
 * tell (4326 is geographic, 4087 projected).
 */
export function isGeographicEpsg(epsg: number): boolean {
  geographicCodes ??= readCodes();
  return geographicCodes.has(epsg);
}

function readCodes(): ReadonlySet<number> {
  // Not an import: the compiler would parse and type the whole list on every run.
  const load = createRequire(import.meta.url);
  const list = load('@esri/proj-codes/pe_list_geogcs.json') as {
    GeographicCoordinateSystems: readonly { wkid: number; latestWkid: number }[];
  };
  return new Set(list.GeographicCoordinateSystems.map(({ latestWkid }) => latestWkid));
}
