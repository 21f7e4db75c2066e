import { fromNm, recogniseUnit, widthFromNm, type WavelengthUnit } from '../base/wavelengthUnits.ts';
import type { BandRecord, NoDataValue } from '../cube/cube.ts';

/** What a GDAL_METADATA tag is made of. */
export interface GdalMetadataFields {
  /** One record a band. */
  bandRecords: readonly BandRecord[];
  /** The wavelength unit as the source spells it; null or a unit that is none of ours: nanometres are written. */
  wavelengthUnits: string | null;
  /** Bands to show first, from 0: one or three. */
  defaultBands?: readonly number[] | null | undefined;
  /** Items of the whole file. */
  metadata: Readonly<Record<string, string>>;
}

interface Item {
  name: string;
  value: string;
  domain?: string;
  role?: string;
}

/**
 * The XML text of TIFF tag 42112 as GDAL lays it out: items of the file, `default_bands` as GDAL takes it over from ENVI
 * headers (domain ENVI, numbers from 1), then for each band (`sample` from 0) `bbl`,
 * `fwhm`, `wavelength`, `wavelength_units`, the IMAGERY domain in micrometres (GDAL 3.10 and later read it), and the
 * roles offset, scale, unittype and description. Numbers have the digits that give the same double back. Null where
 * there is nothing to say.
 */
export function gdalMetadataXml(fields: GdalMetadataFields): string | null {
  const { bandRecords } = fields;
  const rows = Object.entries(fields.metadata)
    .filter(([name, value]) => !isTagOfItsOwn(name) && value !== '')
    .map(([name, value]) => itemXml({ name, value }, null));
  const shown = fields.defaultBands?.map((bandIndex) => bandIndex + 1) ?? [];
  if (shown.length > 0) {
    const value = shown.length === 1 ? String(shown[0]) : `{${shown.join(', ')}}`;
    rows.push(itemXml({ name: 'default_bands', value, domain: 'ENVI' }, null));
  }
  const unit = unitOf(fields.wavelengthUnits);
  const saysGood = bandRecords.some((band) => !band.good || band.wavelengthNm !== null);
  bandRecords.forEach((band, bandIndex) => {
    const items = [...spectralItems(band, unit, saysGood), ...imageryItems(band), ...valueItems(band)];
    for (const item of items) rows.push(itemXml(item, bandIndex));
  });
  return rows.length === 0 ? null : `<GDALMetadata>\n${rows.join('')}</GDALMetadata>\n`;
}

/**
 * The text of TIFF tag 42113: one nodata value for the whole file, in digits that give the same number back. GDAL
 * writes and reads `nan`, `inf` and `-inf` for what is not finite.
 */
export function gdalNoDataText(noData: NoDataValue): string {
  if (typeof noData === 'bigint' || Number.isFinite(noData))
    return Object.is(noData, -0) ? '-0' : String(noData);
  return Number.isNaN(noData) ? 'nan' : noData > 0 ? 'inf' : '-inf';
}

/** The unit to write and its spelling: the source's own where it is one of ours. */
function unitOf(spelled: string | null): { unit: WavelengthUnit; spelled: string } {
  const unit = spelled === null ? null : recogniseUnit(spelled);
  return unit === null || spelled === null
    ? { unit: 'Nanometers', spelled: 'Nanometers' }
    : { unit, spelled };
}

function spectralItems(
  band: BandRecord,
  { unit, spelled }: { unit: WavelengthUnit; spelled: string },
  saysGood: boolean,
): Item[] {
  const items: Item[] = [];
  if (saysGood) items.push({ name: 'bbl', value: band.good ? '1' : '0' });
  if (band.wavelengthNm === null) return items;
  const width = band.fwhmNm === null ? null : widthFromNm(band.fwhmNm, band.wavelengthNm, unit);
  if (width !== null) items.push({ name: 'fwhm', value: String(width) });
  const centre = fromNm(band.wavelengthNm, unit);
  if (centre !== null) {
    items.push({ name: 'wavelength', value: String(centre) }, { name: 'wavelength_units', value: spelled });
  }
  return items;
}

function imageryItems(band: BandRecord): Item[] {
  const items: Item[] = [];
  if (band.wavelengthNm === null) return items;
  const centre = fromNm(band.wavelengthNm, 'Micrometers');
  const width = band.fwhmNm === null ? null : widthFromNm(band.fwhmNm, band.wavelengthNm, 'Micrometers');
  const domain = 'IMAGERY';
  if (centre !== null) items.push({ name: 'CENTRAL_WAVELENGTH_UM', value: String(centre), domain });
  if (width !== null) items.push({ name: 'FWHM_UM', value: String(width), domain });
  return items;
}

function valueItems(band: BandRecord): Item[] {
  const items: Item[] = [];
  if (band.time !== null) items.push({ name: 'acquisition_time', value: band.time });
  // GDAL reads the pair together: where one is stated the other is its neutral value.
  if (band.scale !== null || band.offset !== null) {
    items.push({ name: 'OFFSET', value: String(band.offset ?? 0), role: 'offset' });
    items.push({ name: 'SCALE', value: String(band.scale ?? 1), role: 'scale' });
  }
  if (band.unit !== null && band.unit !== '')
    items.push({ name: 'UNITTYPE', value: band.unit, role: 'unittype' });
  if (band.name !== null && band.name !== '') {
    items.push({ name: 'DESCRIPTION', value: band.name, role: 'description' });
  }
  return items;
}

/** GDAL keeps these in TIFF tags and geo keys; as items they would contradict them. */
const isTagOfItsOwn = (name: string): boolean => name.startsWith('TIFFTAG_') || name === 'AREA_OR_POINT';

function itemXml(item: Item, bandIndex: number | null): string {
  const sample = bandIndex === null ? '' : ` sample="${bandIndex}"`;
  const domain = item.domain === undefined ? '' : ` domain="${item.domain}"`;
  const role = item.role === undefined ? '' : ` role="${item.role}"`;
  return `  <Item name="${escapeXml(item.name)}"${sample}${domain}${role}>${escapeValue(item.value)}</Item>\n`;
}

function escapeXml(text: string): string {
  return (
    text
      // XML 1.0 has no lone surrogates, control characters and non-characters.
      .toWellFormed()
      .replace(/(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/gu, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/**
 * GDAL resolves entities in a value twice, other readers once, and its second pass cuts a text at a lone ampersand.
 * Escaped once, a text without ampersands reads the same both ways; with one, GDAL's own double escape is written.
 */
function escapeValue(text: string): string {
  return text.includes('&') ? escapeXml(escapeXml(text)) : escapeXml(text);
}
