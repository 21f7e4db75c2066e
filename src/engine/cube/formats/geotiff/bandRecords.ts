import type { Assumption, BandRecord, NoDataValue } from '../../cube.ts';
import { BandItems, numberList } from './bandItems.ts';
import { isDefaultBands } from './defaultBands.ts';
import type { MetadataItem } from './gdalMetadata.ts';
import { readBandAxis } from './wavelengths.ts';

/** What GDAL's metadata says of bands and file. */
export interface BandMetadata {
  records: BandRecord[];
  wavelengthUnits: string | null;
  /** Items of the whole file; those of a named domain as `DOMAIN:name`. */
  metadata: [string, string][];
  assumptions: Assumption[];
}

/** Longest text of one metadata item that is kept for display. */
const maxMetadataLength = 65_536;

/** One record a band (length `bands`) from GDAL's metadata items; `noData` is the file's, the same for each band. */
export function readBandMetadata(
  items: readonly MetadataItem[],
  bands: number,
  noData: NoDataValue | null,
): BandMetadata {
  const byName = new BandItems(items, bands);
  const names = readNames(byName);
  const axis = readBandAxis(byName, names);
  const good = readGood(byName);
  const scale = rolesOf(byName, 'scale');
  const offset = rolesOf(byName, 'offset');
  const fileTime = isoTime(byName.ofFile('', timeNames) ?? byName.ofFile('IMAGERY', timeNames));
  const unitOf = byName.ofBands('role', ['unittype']);
  const timeOf = byName.ofBands('', timeNames);
  const records = names.map((name, i): BandRecord => ({
    name,
    wavelengthNm: axis.wavelengthsNm[i] ?? null,
    fwhmNm: axis.fwhmNm[i] ?? null,
    good: good[i] ?? true,
    noData,
    scale: scale[i] ?? null,
    offset: offset[i] ?? null,
    unit: nonEmpty(unitOf(i)),
    time: isoTime(timeOf(i)) ?? fileTime,
  }));
  return {
    records,
    wavelengthUnits: axis.units,
    metadata: fileMetadata(items),
    assumptions: axis.assumptions,
  };
}

const timeNames = ['acquisition_time', 'acquisition time', 'ACQUISITIONDATETIME', 'start_time', 'datetime'];

/** Names from the description role, then from `Band_n` of the file (as GDAL copies them from ENVI), then a name list. */
function readNames(items: BandItems): (string | null)[] {
  const described = items.ofBands('role', ['description']);
  const named = items.ofBands('', ['band_name', 'name']);
  return Array.from(
    { length: items.bands },
    (_, i) =>
      nonEmpty(described(i)) ??
      nonEmpty(named(i)) ??
      nonEmpty(items.ofFile('', [`Band_${i + 1}`])) ??
      nonEmpty(items.ofFile('ENVI', [`Band_${i + 1}`])),
  );
}

/** A band is good unless an item says 0 or false. */
function readGood(items: BandItems): boolean[] {
  const names = ['bbl', 'good_band', 'good'];
  const sources = [
    items.numbersOfBands('', names),
    items.numbersOfBands('ENVI', names),
    items.numbersOfFile('ENVI', names),
    items.numbersOfFile('', names),
  ];
  return Array.from({ length: items.bands }, (_, i) => {
    for (const source of sources) {
      const value = source[i];
      if (value !== null && value !== undefined) return value !== 0;
    }
    return true;
  });
}

function rolesOf(items: BandItems, role: string): (number | null)[] {
  const textOf = items.ofBands('role', [role]);
  return Array.from({ length: items.bands }, (_, i) => {
    const text = textOf(i);
    return text === null ? null : (numberList(text)[0] ?? null);
  });
}

function fileMetadata(items: readonly MetadataItem[]): [string, string][] {
  return items
    .filter((item) => item.sample === null && item.value.length <= maxMetadataLength && !isDefaultBands(item))
    .map(({ domain, name, value }) => [domain === '' ? name : `${domain}:${name}`, value]);
}

/** ISO 8601, with `T` between date and time; null for any other text. */
function isoTime(text: string | null): string | null {
  const match =
    /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?))?\s*$/.exec(
      text ?? '',
    );
  if (match === null) return null;
  const [, date = '', time] = match;
  return time === undefined ? date : `${date}T${time}`;
}

const nonEmpty = (text: string | null): string | null => (text === null || text.trim() === '' ? null : text);
