import type { Assumption } from '../../../contract/cube.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import type { BandRecord, NoDataValue } from '../../cube.ts';
import { bandNumbers, zeroScale } from '../bandLists.ts';
import { goodBandList, type GoodBandEntry } from '../goodBands.ts';
import { BandItems } from './bandItems.ts';
import { isDefaultBands } from './defaultBands.ts';
import type { MetadataItem } from './metadataItems.ts';
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
  const assumptions = [...axis.assumptions];
  const good = readGood(byName, assumptions);
  const scale = readFactors(byName, 'scale', assumptions);
  const offset = readFactors(byName, 'offset', assumptions);
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
    assumptions,
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

const goodNames = ['bbl', 'good_band', 'good'];

/**
 * A band is good unless an item says 0 or false: the band's own, else its entry in a list for the file. Entries that are
 * no such word, and lists of another length, are said.
 */
function readGood(items: BandItems, assumptions: Assumption[]): boolean[] {
  const good = new Array<boolean | null>(items.bands).fill(null);
  const unclear: number[] = [];
  const take = (entry: GoodBandEntry | undefined, bandIndex: number): void => {
    if (entry === undefined || good[bandIndex] !== null) return;
    good[bandIndex] = entry.good;
    if (!entry.isClear) unclear.push(bandIndex);
  };
  for (const domain of ['', 'ENVI']) {
    items.textsOfBands(domain, goodNames).forEach((text, bandIndex) => {
      if (text === null || text.trim() === '') return;
      const list = goodBandList(text);
      // Some writers store the list of all bands in each band: then the band's own entry counts.
      take(list.length === items.bands ? list[bandIndex] : list[0], bandIndex);
    });
  }
  for (const domain of ['ENVI', '']) {
    const text = items.ofFile(domain, goodNames);
    if (text === null || text.trim() === '') continue;
    const list = goodBandList(text);
    if (list.length === items.bands) list.forEach(take);
    else {
      const why = `The list has ${list.length} entries, the file ${items.bands} bands.`;
      assumptions.push({ field: 'bandIsGood', value: 'ignored', why });
    }
  }
  if (unclear.length > 0) {
    const why = `The metadata of bands ${bandNumbers(unclear)} say neither 1 nor 0; only 0 counts as bad.`;
    assumptions.push({ field: 'bandIsGood', value: 'good', why });
  }
  return good.map((one) => one ?? true);
}

/** Scale and offset of each band. A scale of 0 is none; text that is no number is said. */
function readFactors(
  items: BandItems,
  role: 'scale' | 'offset',
  assumptions: Assumption[],
): (number | null)[] {
  const unreadable: number[] = [];
  const zeros: number[] = [];
  let found = '';
  const factors = items.textsOfBands('role', [role]).map((text, bandIndex) => {
    if (text === null || text.trim() === '') return null;
    const value = parseNumber(text);
    if (value === null || !Number.isFinite(value)) {
      unreadable.push(bandIndex);
      found ||= text;
      return null;
    }
    if (role === 'offset' || value !== 0) return value;
    zeros.push(bandIndex);
    return null;
  });
  if (unreadable.length > 0) {
    const why = `"${found.trim().slice(0, 40)}" for bands ${bandNumbers(unreadable)} is not a number.`;
    assumptions.push({ field: role, value: 'ignored for these bands', why });
  }
  if (zeros.length > 0) assumptions.push(zeroScale('scale', zeros, items.bands));
  return factors;
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
