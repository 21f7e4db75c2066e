import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

// `node scripts/makeProjections.ts` writes src/engine/cube/projectionData.ts anew from ESRI's lists (@esri/proj-codes).

interface EsriRecord {
  wkid: number;
  latestWkid: number;
  name: string;
  wkt: string;
}

/** ESRI's records of all projected and geographic systems. */
export function esriRecords(): EsriRecord[] {
  // Not an import: the compiler would then parse and type all 15 MB on every run.
  const load = createRequire(import.meta.url);
  return [
    load('@esri/proj-codes/pe_list_projcs.json') as { ProjectedCoordinateSystems: EsriRecord[] },
    load('@esri/proj-codes/pe_list_geogcs.json') as { GeographicCoordinateSystems: EsriRecord[] },
  ].flatMap((list) => Object.values(list).flat());
}

/**
 * One line an EPSG code, `code TAB WKT`, by ascending codes. ESRI's `wkid` is its own first number for a system,
 * `latestWkid` the present one; where that is within EPSG's range (up to 32767) it is the EPSG code.
 */
export function projectionLines(records: readonly EsriRecord[]): string {
  const byEpsg = new Map<number, string>();
  for (const { wkid, latestWkid, wkt } of records) {
    if (latestWkid <= 32767 && (wkid === latestWkid || !byEpsg.has(latestWkid))) byEpsg.set(latestWkid, wkt);
  }
  return [...byEpsg]
    .sort(([a], [b]) => a - b)
    .map(([epsg, wkt]) => `${epsg}\t${wkt}\n`)
    .join('');
}

/** Text of the source file that holds the table. */
export const projectionSource = (
  packed: string,
): string => `// Written by scripts/makeProjections.ts: change that one.
// From @esri/proj-codes, Copyright Esri, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0), here
// without the systems that EPSG does not list.

/** A line \`code TAB WKT\` for each EPSG code that ESRI lists, as Brotli, as base64. */
export const packedProjections =
  '${packed}';
`;

/** The file that is written. */
export const projectionFile = path.join(import.meta.dirname, '../src/engine/cube/projectionData.ts');

if (import.meta.main) {
  const bytes = Buffer.from(projectionLines(esriRecords()));
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(projectionFile, projectionSource(brotliCompressSync(bytes, { params }).toString('base64')));
}
