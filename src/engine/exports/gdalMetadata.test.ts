import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { fromArrayBuffer } from 'geotiff';
import { describe, expect, it } from 'vitest';
import type { BandRecord } from '../cube/cube.ts';
import { gdalMetadataXml, gdalNoDataText } from './gdalMetadata.ts';

const band = (part: Partial<BandRecord>): BandRecord => ({
  name: null,
  wavelengthNm: null,
  fwhmNm: null,
  good: true,
  noData: null,
  scale: null,
  offset: null,
  unit: null,
  time: null,
  ...part,
});

const xmlOf = (
  bandRecords: BandRecord[],
  wavelengthUnits: string | null = null,
  metadata: Record<string, string> = {},
) => gdalMetadataXml({ bandRecords, wavelengthUnits, metadata });

/** Resolves entities once; a lone ampersand ends the text, as in GDAL's CPLUnescapeString. */
function unescape(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  const known = /&(lt|gt|quot|apos|amp);/g;
  return text
    .replace(/&(?!(?:lt|gt|quot|apos|amp);).*/s, '')
    .replace(known, (_, name: string) => entities[name] ?? '');
}

describe('GDAL_METADATA', () => {
  it("has GDAL's layout: file items, then each band's items, IMAGERY and roles", () => {
    const record = band({
      name: 'band 1 (418.24 Nanometers)',
      wavelengthNm: 418.24,
      fwhmNm: 6.99561,
      scale: 0.0001,
      unit: 'reflectance',
    });
    expect(xmlOf([band({ good: false }), record], 'Nanometers', { sensor: 'EnMAP' })).toBe(
      `<GDALMetadata>
  <Item name="sensor">EnMAP</Item>
  <Item name="bbl" sample="0">0</Item>
  <Item name="bbl" sample="1">1</Item>
  <Item name="fwhm" sample="1">6.99561</Item>
  <Item name="wavelength" sample="1">418.24</Item>
  <Item name="wavelength_units" sample="1">Nanometers</Item>
  <Item name="CENTRAL_WAVELENGTH_UM" sample="1" domain="IMAGERY">0.41824</Item>
  <Item name="FWHM_UM" sample="1" domain="IMAGERY">0.00699561</Item>
  <Item name="OFFSET" sample="1" role="offset">0</Item>
  <Item name="SCALE" sample="1" role="scale">0.0001</Item>
  <Item name="UNITTYPE" sample="1" role="unittype">reflectance</Item>
  <Item name="DESCRIPTION" sample="1" role="description">band 1 (418.24 Nanometers)</Item>
</GDALMetadata>
`,
    );
  });

  it('names the bands to show first as GDAL takes them over from ENVI headers', () => {
    const fields = { bandRecords: [band({})], wavelengthUnits: null, metadata: { sensor: 'x' } };
    expect(gdalMetadataXml({ ...fields, defaultBands: [5, 2, 0] })).toBe(
      `<GDALMetadata>
  <Item name="sensor">x</Item>
  <Item name="default_bands" domain="ENVI">{6, 3, 1}</Item>
</GDALMetadata>
`,
    );
    expect(gdalMetadataXml({ ...fields, defaultBands: [0] })).toContain('domain="ENVI">1</Item>');
    expect(gdalMetadataXml({ ...fields, defaultBands: null })).not.toContain('default_bands');
  });

  it('writes nothing where there is nothing to say', () => {
    expect(xmlOf([band({}), band({})])).toBeNull();
    expect(xmlOf([band({})], null, { AREA_OR_POINT: 'Area', TIFFTAG_SOFTWARE: 'x', empty: '' })).toBeNull();
  });

  it("keeps the source's unit and spelling", () => {
    const xml = xmlOf([band({ wavelengthNm: 418.24, fwhmNm: 7 })], 'um');
    expect(xml).toContain('<Item name="wavelength" sample="0">0.41824</Item>');
    expect(xml).toContain('<Item name="fwhm" sample="0">0.007</Item>');
    expect(xml).toContain('<Item name="wavelength_units" sample="0">um</Item>');
    // 1e7 / 10000 nm = 1000 per cm.
    expect(xmlOf([band({ wavelengthNm: 10_000 })], 'Wavenumber')).toContain('sample="0">1000</Item>');
    // Not a unit: the numbers are nanometres, and so is what is written beside them.
    expect(xmlOf([band({ wavelengthNm: 500 })], 'Unknown')).toContain('sample="0">Nanometers</Item>');
  });

  it('any text comes back from GDAL, and plain text from readers that resolve entities once', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', ' ', '&', '<', '>', '"', "'", ';', 'lt', 'amp', '#', 'é'),
      minLength: 1,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const value =
          /<Item name="note">([^<>]*)<\/Item>/.exec(xmlOf([band({})], null, { note: text }) ?? '')?.[1] ?? '';
        // GDAL: once by its XML parser, once by its driver.
        expect(unescape(unescape(value))).toBe(text);
        if (!text.includes('&')) expect(unescape(value)).toBe(text);
      }),
    );
  });

  it('leaves no character that XML forbids', () => {
    const text = `a${String.fromCharCode(0, 7, 0x1b)}b${String.fromCharCode(0xd800)}`;
    expect(xmlOf([band({})], null, { note: text })).toContain('>a   b\ufffd</Item>');
  });
});

it('nodata as text', () => {
  expect([NaN, Infinity, -Infinity, -9999, 0.1, -0, 2n ** 64n - 1n].map(gdalNoDataText)).toEqual([
    'nan',
    'inf',
    '-inf',
    '-9999',
    '0.1',
    '-0',
    '18446744073709551615',
  ]);
});

const root = fileURLToPath(new URL('../../../', import.meta.url));
const enmap = resolve(
  root,
  process.env.CUBELENS_DATA ?? '../shared/data',
  'enmap_potsdam/enmap_potsdam_tile_128_96.tif',
);

it.skipIf(!existsSync(enmap))('has the lines of the real EnMAP file', async () => {
  const bytes = await readFile(enmap);
  const file = await fromArrayBuffer(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  const real = String(await (await file.getImage()).fileDirectory.loadValue('GDAL_METADATA'));
  const record = band({
    wavelengthNm: 2445.53,
    fwhmNm: 7.1581,
    scale: 0.0001,
    offset: 0,
    name: 'band 224 (2445.53 Nanometers)',
  });
  const ours = xmlOf([record], 'Nanometers')?.replaceAll('sample="0"', 'sample="223"').split('\n') ?? [];
  const shared = ours.filter((line) => line.includes('sample=') && !line.includes('IMAGERY'));
  expect(shared).toHaveLength(7);
  const lines = real.split('\n');
  for (const line of shared) expect(lines).toContain(line);
});
