import { CubelensError } from '../base/errors.ts';
import { fromNm, recogniseUnit, widthFromNm } from '../base/wavelengthUnits.ts';
import type { BandRecord, CubeDescription } from '../cube/cube.ts';
import { codeOfType } from '../cube/formats/envi/dataTypeCodes.ts';
import { isDescribedKey } from '../cube/formats/envi/labels.ts';
import { noDataInType } from '../cube/noData.ts';
import { gridOf, mapInfoEntries, mapInfoNames } from './enviMapInfo.ts';

/**
 * What a header states: of a cube's description, with type, interleave and byte order those of the file that is
 * written. `crs.wkt` should be ESRI's (`withEsriWkt`): that is what ENVI reads.
 */
export type EnviHeaderFields = Pick<
  CubeDescription,
  | 'lines'
  | 'samples'
  | 'bands'
  | 'dataType'
  | 'interleave'
  | 'byteOrder'
  | 'headerOffset'
  | 'bandRecords'
  | 'wavelengthUnits'
  | 'geoTransform'
  | 'crs'
  | 'defaultBands'
  | 'classes'
  | 'metadata'
>;

/**
 * The text of an ENVI header that ENVI, GDAL and Spectral Python read (UTF-8, lines of about 100 characters at most).
 * Wavelengths stand in the cube's own unit with the shortest digits that give the same number again; a description or
 * name has its commas and braces replaced, since ENVI has no escape for them. What ENVI cannot state is left out:
 * `enviHeaderWarnings` tells. Throws `unsupported-format` for int8 and float16, `invalid-request` where the number of
 * band records is not `bands`.
 */
export function writeEnviHeader(fields: EnviHeaderFields): string {
  return compose(fields).text;
}

/** One sentence for each thing that `writeEnviHeader` leaves out or changes in meaning; empty where there is none. */
export function enviHeaderWarnings(fields: EnviHeaderFields): string[] {
  return compose(fields).warnings;
}

/** Where a header grows: finished lines, keys already written, and warnings. */
interface Draft {
  lines: string[];
  keys: Set<string>;
  warnings: string[];
}

function compose(fields: EnviHeaderFields): { text: string; warnings: string[] } {
  if (fields.bandRecords.length !== fields.bands) {
    const message = `${fields.bandRecords.length} band records were given for ${fields.bands} bands.`;
    throw new CubelensError('invalid-request', message, { field: 'bandRecords' });
  }
  const draft: Draft = { lines: ['ENVI'], keys: new Set(), warnings: [] };
  const { description } = fields.metadata;
  if (description !== undefined && description !== '') putDescription(draft, description);
  putLayout(draft, fields);
  putGeoreference(draft, fields);
  putSpectral(draft, fields);
  putRadiometry(draft, fields);
  putLabels(draft, fields);
  putMetadata(draft, fields.metadata);
  return { text: `${draft.lines.join('\n')}\n`, warnings: draft.warnings };
}

function putLayout(draft: Draft, fields: EnviHeaderFields): void {
  const { samples, lines, bands, dataType, interleave, byteOrder, classes } = fields;
  const code = codeOfType(dataType);
  if (code === null) {
    throw new CubelensError('unsupported-format', `ENVI has no data type for ${dataType}.`, {
      field: 'data type',
      remedy: `Export to GeoTIFF, or as ${dataType === 'int8' ? 'int16' : 'float32'}.`,
    });
  }
  put(draft, 'samples', String(samples));
  put(draft, 'lines', String(lines));
  put(draft, 'bands', String(bands));
  put(draft, 'header offset', String(fields.headerOffset ?? 0));
  put(draft, 'file type', classes !== null && bands === 1 ? 'ENVI Classification' : 'ENVI Standard');
  put(draft, 'data type', String(code));
  put(draft, 'interleave', interleave);
  put(draft, 'byte order', byteOrder === 'little' ? '0' : '1');
}

function putGeoreference(draft: Draft, { geoTransform, crs }: EnviHeaderFields): void {
  const grid = geoTransform === null ? null : gridOf(geoTransform);
  if (geoTransform !== null && grid === null) {
    draft.warnings.push('The map grid is sheared or degenerate; ENVI cannot state it, so it was left out.');
  }
  if (geoTransform !== null && grid !== null)
    putList(draft, 'map info', mapInfoEntries(geoTransform, grid, crs));
  if (crs === null) return;
  const wkt = (crs.wkt ?? '')
    .split(/[\r\n]/)
    .map((row) => row.trim())
    .join('');
  const isWkt1 = /^(?:PROJCS|GEOGCS)\s*[[(]/i.test(wkt) && !/[{}]/.test(wkt) && wkt.length < maxLineLength;
  if (isWkt1) put(draft, 'coordinate system string', `{${wkt}}`);
  else if (wkt !== '' || crs.epsg === null || !mapInfoNames(crs.epsg)) {
    const name = crs.name ?? (crs.epsg === null ? 'the coordinate system' : `EPSG:${crs.epsg}`);
    draft.warnings.push(`No ESRI text is known for ${name}; the coordinate system string was left out.`);
  }
}

function putSpectral(draft: Draft, { bandRecords, bands, wavelengthUnits }: EnviHeaderFields): void {
  const unit = recogniseUnit(wavelengthUnits ?? '') ?? 'Nanometers';
  const wavelengths = bandRecords.map(({ wavelengthNm: nm }) => (nm === null ? null : fromNm(nm, unit)));
  const widths = bandRecords.map(({ wavelengthNm, fwhmNm }) =>
    fwhmNm === null ? null : widthFromNm(fwhmNm, wavelengthNm ?? NaN, unit),
  );
  const hasAny = [...wavelengths, ...widths].some((value) => value !== null);
  if (hasAny) put(draft, 'wavelength units', unit);
  putNumbersOfBands(draft, 'wavelength', wavelengths);
  putNumbersOfBands(draft, 'fwhm', widths);
  const good = bandRecords.map((band) => (band.good ? '1' : '0'));
  if (bands > 1 || good.includes('0')) putList(draft, 'bbl', good);
}

function putNumbersOfBands(
  draft: Draft,
  key: 'wavelength' | 'fwhm',
  values: readonly (number | null)[],
): void {
  const missing = values.filter((value) => value === null).length;
  if (missing === values.length) return;
  if (missing > 0) draft.warnings.push(`${missing} bands have no ${key}; their entries are nan.`);
  putList(draft, key, values.map(numberText));
}

function putRadiometry(draft: Draft, { bandRecords, dataType, metadata }: EnviHeaderFields): void {
  const noData = sharedBy(bandRecords, 'noData');
  if (noData === undefined)
    draft.warnings.push('The bands have different nodata values; ENVI has one, so none was written.');
  else if (noData !== null && noDataInType(numberText(noData), dataType) === null) {
    draft.warnings.push(`${dataType} cannot hold the nodata value ${noData}; it was left out.`);
  } else if (noData !== null) put(draft, 'data ignore value', numberText(noData));

  const factor = scaleFactorOf(bandRecords);
  const hasScales = bandRecords.some(({ scale }) => scale !== null);
  const hasOffsets = bandRecords.some(({ offset }) => offset !== null);
  if (factor !== null) put(draft, 'reflectance scale factor', numberText(factor));
  else {
    if (hasScales)
      putList(
        draft,
        'data gain values',
        bandRecords.map(({ scale }) => numberText(scale ?? 1)),
      );
    if (hasOffsets)
      putList(
        draft,
        'data offset values',
        bandRecords.map(({ offset }) => numberText(offset ?? 0)),
      );
  }
  const unit = sharedBy(bandRecords, 'unit');
  // A scale factor says "reflectance" by itself.
  if (typeof unit === 'string' && !(factor !== null && unit === 'reflectance'))
    put(draft, 'data units', listEntry(unit));
  const time = sharedBy(bandRecords, 'time');
  if (typeof time === 'string' && metadata['acquisition time'] === undefined)
    put(draft, 'acquisition time', listEntry(time));
}

/** f where all bands are reflectance with the same scale 1/f, and no offset; else null. */
function scaleFactorOf(bandRecords: readonly BandRecord[]): number | null {
  const scale = sharedBy(bandRecords, 'scale');
  const isReflectance = sharedBy(bandRecords, 'unit')?.toLowerCase() === 'reflectance';
  if (typeof scale !== 'number' || !isReflectance || bandRecords.some(({ offset }) => offset !== null))
    return null;
  const factor = 1 / scale;
  return Number.isFinite(factor) && 1 / factor === scale ? factor : null;
}

/** The value that all bands share; undefined where they differ. */
function sharedBy<Key extends keyof BandRecord>(
  bandRecords: readonly BandRecord[],
  key: Key,
): BandRecord[Key] | undefined {
  const first = bandRecords[0]?.[key];
  return bandRecords.every((band) => Object.is(band[key], first)) ? first : undefined;
}

function putLabels(draft: Draft, { bandRecords, defaultBands, classes }: EnviHeaderFields): void {
  if (defaultBands !== null)
    putList(
      draft,
      'default bands',
      defaultBands.map((bandIndex) => String(bandIndex + 1)),
    );
  if (bandRecords.some(({ name }) => name !== null)) {
    const names = bandRecords.map(({ name }, bandIndex) => listEntry(name ?? '') || `Band ${bandIndex + 1}`);
    putList(draft, 'band names', names);
  }
  if (classes === null) return;
  put(draft, 'classes', String(classes.length));
  putList(
    draft,
    'class names',
    classes.map(({ name }, index) => listEntry(name) || `Class ${index}`),
  );
  if (classes.some(({ rgb }) => rgb !== null)) {
    putList(draft, 'class lookup', classes.flatMap(({ rgb }) => rgb ?? [0, 0, 0]).map(String));
  }
}

function putMetadata(draft: Draft, metadata: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(metadata)) {
    const key = name
      .toLowerCase()
      .replace(/[\s_={};\p{Cc}]+/gu, ' ')
      .trim();
    if (key === '' || key === 'description' || value === '' || isDescribedKey(key) || draft.keys.has(key))
      continue;
    if (!/[,\r\n]/.test(value)) put(draft, key, listEntry(value));
    else putList(draft, key, value.split(',').map(listEntry));
  }
}

/** GDAL stops reading at a line of 10,000 characters. */
const maxLineLength = 9000;
const usualLineLength = 100;

function put(draft: Draft, key: string, value: string): void {
  const line = `${key} = ${value}`;
  if (line.length > maxLineLength) {
    draft.warnings.push(`"${key.slice(0, 80)}" is too long for one line of an ENVI header; it was left out.`);
    return;
  }
  draft.keys.add(key);
  draft.lines.push(line);
}

/** A list in braces, wrapped; Spectral Python needs the closing brace at the end of a line. */
function putList(draft: Draft, key: string, entries: readonly string[]): void {
  const rows: string[] = [];
  let row = '';
  for (const [index, entry] of entries.entries()) {
    const word = index === entries.length - 1 ? entry : `${entry},`;
    if (row !== '' && row.length + 1 + word.length > usualLineLength) {
      rows.push(row);
      row = '';
    }
    row = row === '' ? ` ${word}` : `${row} ${word}`;
  }
  rows.push(row);
  if (rows.some((one) => one.length > maxLineLength)) {
    draft.warnings.push(`"${key.slice(0, 80)}" has an entry too long for an ENVI header; it was left out.`);
    return;
  }
  draft.keys.add(key);
  const [only] = rows;
  if (rows.length === 1 && only !== undefined && key.length + only.length < usualLineLength) {
    draft.lines.push(`${key} = {${only.trim()}}`);
  } else draft.lines.push(`${key} = {`, ...rows.slice(0, -1), `${rows.at(-1) ?? ''}}`);
}

function putDescription(draft: Draft, text: string): void {
  const rows = text
    .split(/\r\n|[\r\n]/)
    .map((row) =>
      row
        .replaceAll('{', '(')
        .replaceAll('}', ')')
        .replace(/\p{Cc}/gu, ' ')
        .trim(),
    )
    // A semicolon at the start of a line would make it a comment.
    .map((row) => row.replace(/^;+/, ':'));
  const wrapped = rows.flatMap((row) => (row.length <= 1000 ? [row] : (row.match(/.{1,1000}/gu) ?? [])));
  draft.keys.add('description');
  draft.lines.push(`description = {`, ...wrapped.slice(0, -1), `${wrapped.at(-1) ?? ''}}`);
}

/** Text on one line without the characters that ENVI gives a meaning. */
export function listEntry(text: string): string {
  return text
    .replaceAll('{', '(')
    .replaceAll('}', ')')
    .replace(/[\s,\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/^[;[]+/, ':');
}

/** Shortest digits that give the same number again; `nan`, `inf` as C reads them. */
function numberText(value: number | bigint | null): string {
  if (value === null || Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : String(value);
}
