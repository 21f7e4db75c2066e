import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { epsgFromWkt, esriWktForEpsg } from '../src/engine/cube/crs.ts';
import { packedProjections } from '../src/engine/cube/projectionData.ts';
import { esriRecords, projectionFile, projectionLines, projectionSource } from './makeProjections.ts';

const records = esriRecords();

// Compared unpacked: another zlib may pack the same lines into other bytes.
it('the table in the source is what the script makes of the lists of ESRI', () => {
  const lines = brotliDecompressSync(Buffer.from(packedProjections, 'base64')).toString();
  expect(lines === projectionLines(records)).toBe(true);
  expect(readFileSync(projectionFile, 'utf8') === projectionSource(packedProjections)).toBe(true);
});

it('gives name, WKT and code of every system that ESRI lists under an EPSG code', async () => {
  const listed = records.filter(({ wkid, latestWkid }) => wkid === latestWkid && wkid <= 32767);
  expect(listed.length).toBeGreaterThan(6000);
  for (const { wkid, name, wkt } of listed) {
    expect(await esriWktForEpsg(wkid)).toEqual({ name, wkt });
    expect([name, await epsgFromWkt(wkt)]).toEqual([name, wkid]);
  }
});
