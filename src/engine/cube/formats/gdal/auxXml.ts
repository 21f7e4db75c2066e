import type { Assumption } from '../../../contract/cube.ts';
import { asCubelensError } from '../../../base/errors.ts';
import type { CancelOptions } from '../../../base/signal.ts';
import type { BandRecord, NoDataValue, OpenedCube } from '../../cube.ts';
import { noDataInType } from '../../noData.ts';
import { bandNumbers } from '../bandLists.ts';
import type { FileNeighbourhood } from '../format.ts';
import { readBandMetadata } from './bandRecords.ts';
import type { MetadataItem } from './metadataItems.ts';

/** GDAL writes a few hundred bytes a band. */
const maxBytes = 16 * 2 ** 20;

/**
 * The cube with what only GDAL's sidecar (`x.dat.aux.xml`) says of its bands: nodata, scale, offset, names, units,
 * wavelengths. What the file itself states is kept, and a disagreement is an assumption, as is every field taken from the
 * sidecar. A sidecar that cannot be read is an assumption too, never an error; one that adds nothing is not part of the
 * cube.
 */
export async function withAuxXml(
  opened: OpenedCube,
  files: FileNeighbourhood,
  cancel: CancelOptions,
): Promise<OpenedCube> {
  const { description } = opened;
  const name = `${description.file}.aux.xml`;
  if (!(await files.siblings()).includes(name)) return opened;
  const assumptions: Assumption[] = [];
  try {
    const { source, ref } = await files.open(name);
    if (source.size > maxBytes) return withNote(opened, name, `It has more than ${maxBytes} bytes.`);
    const bytes = await source.read(0, source.size, cancel);
    const sidecar = await parseAuxXml(new TextDecoder().decode(bytes));
    const { bands, dataType } = description;
    const metadata = readBandMetadata(sidecar.items, bands, null);
    const noData = noDataOfBands(sidecar.noData, bands, dataType, name, assumptions);
    const filled = fill(description.bandRecords, metadata.records, noData, name, assumptions);
    assumptions.push(...notesOnWanted(metadata.assumptions, description.bandRecords, name));
    if (assumptions.length === 0) return opened;
    return {
      ...opened,
      description: {
        ...description,
        bandRecords: filled,
        wavelengthUnits: description.wavelengthUnits ?? metadata.wavelengthUnits,
        assumptions: [...description.assumptions, ...assumptions],
      },
      files: [...opened.files, ref],
    };
  } catch (thrown) {
    const { code, message } = asCubelensError(thrown, name);
    if (code === 'cancelled') throw thrown;
    return withNote(opened, name, message);
  }
}

const withNote = (opened: OpenedCube, name: string, why: string): OpenedCube => ({
  ...opened,
  description: {
    ...opened.description,
    assumptions: [...opened.description.assumptions, { field: name, value: 'ignored', why }],
  },
});

/** What a sidecar says: items as GDAL's TIFF tag has them, and nodata as text by band index. */
interface AuxXml {
  items: MetadataItem[];
  noData: Map<number, string>;
}

/** Reads GDAL's PAM document; parts that are not of its form are passed over. Throws where it is no XML at all. */
export async function parseAuxXml(xml: string): Promise<AuxXml> {
  // Entities of a document type could make a small file large: GDAL writes none.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml))
    throw new Error('It has a document type, which GDAL does not write.');
  // Loaded where there is a sidecar: most cubes have none.
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#text',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    isArray: (tag) => ['PAMRasterBand', 'Metadata', 'MDI'].includes(tag),
  });
  const root = child(parser.parse(xml, true), 'PAMDataset');
  const items = metadataItems(root, null);
  const noData = new Map<number, string>();
  for (const band of children(root, 'PAMRasterBand')) {
    const bandIndex = Number(attribute(band, 'band')) - 1;
    if (!Number.isInteger(bandIndex) || bandIndex < 0) continue;
    items.push(...metadataItems(band, bandIndex));
    const roles = { Description: 'description', Scale: 'scale', Offset: 'offset', UnitType: 'unittype' };
    for (const [tag, role] of Object.entries(roles)) {
      const value = textOf(child(band, tag));
      if (value !== '') items.push({ name: tag, sample: bandIndex, domain: '', role, value });
    }
    const stated = textOf(child(band, 'NoDataValue'));
    if (stated !== '') noData.set(bandIndex, stated);
  }
  return { items, noData };
}

function metadataItems(node: unknown, sample: number | null): MetadataItem[] {
  return children(node, 'Metadata').flatMap((metadata) => {
    const domain = attribute(metadata, 'domain');
    return children(metadata, 'MDI').flatMap((item) => {
      const name = attribute(item, 'key');
      return name === '' ? [] : [{ name, sample, domain, role: '', value: textOf(item) }];
    });
  });
}

/** The parser's nodes: plain objects, or text where an element has nothing else. */
const child = (node: unknown, tag: string): unknown =>
  typeof node === 'object' && node !== null && Object.hasOwn(node, tag)
    ? (node as Record<string, unknown>)[tag]
    : undefined;

function children(node: unknown, tag: string): unknown[] {
  const found = child(node, tag);
  return Array.isArray(found) ? found : [];
}

function attribute(node: unknown, name: string): string {
  const value = child(node, `@${name}`);
  return typeof value === 'string' ? value : '';
}

function textOf(node: unknown): string {
  const text = typeof node === 'string' ? node : child(node, '#text');
  return typeof text === 'string' ? text.trim() : '';
}

function noDataOfBands(
  stated: ReadonlyMap<number, string>,
  bands: number,
  dataType: OpenedCube['description']['dataType'],
  name: string,
  assumptions: Assumption[],
): (NoDataValue | null)[] {
  const values = new Array<NoDataValue | null>(bands).fill(null);
  const unusable: number[] = [];
  for (const [bandIndex, text] of stated) {
    if (bandIndex >= bands) continue;
    const value = noDataInType(text, dataType);
    values[bandIndex] = value;
    if (value === null) unusable.push(bandIndex);
  }
  if (unusable.length > 0) {
    const shown = (stated.get(unusable[0] ?? 0) ?? '').slice(0, 40);
    const why = `${name} gives "${shown}" for bands ${bandNumbers(unusable)}: no value of type ${dataType} equals it.`;
    assumptions.push({ field: 'noDataValue', value: 'ignored for these bands', why });
  }
  return values;
}

/** Fields of a band that a sidecar can fill, with their names in `info`. */
const fields = [
  ['noData', 'noDataValue'],
  ['scale', 'scale'],
  ['offset', 'offset'],
  ['name', 'bandNames'],
  ['unit', 'unit'],
  ['wavelengthNm', 'wavelengthsNm'],
  ['fwhmNm', 'fwhmNm'],
] as const;

/** Records with the sidecar's entries where they have none of their own; a field at a time, with its assumptions. */
function fill(
  records: readonly BandRecord[],
  sidecar: readonly BandRecord[],
  noData: readonly (NoDataValue | null)[],
  name: string,
  assumptions: Assumption[],
): BandRecord[] {
  const filled = records.map((record) => ({ ...record }));
  const offered = sidecar.map((record, bandIndex) => ({ ...record, noData: noData[bandIndex] ?? null }));
  for (const [field, label] of fields) {
    const taken: number[] = [];
    const other: number[] = [];
    filled.forEach((record, bandIndex) => {
      const value = offered[bandIndex]?.[field] ?? null;
      if (value === null) return;
      if (record[field] === null) {
        Object.assign(record, { [field]: value });
        taken.push(bandIndex);
      } else if (!isEqual(record[field], value)) other.push(bandIndex);
    });
    if (taken.length > 0) assumptions.push(takenFrom(label, filled, field, taken, name));
    // Names are labels: programs decorate them, and no result depends on them.
    if (other.length > 0 && field !== 'name') {
      const why = `${name} says otherwise for bands ${bandNumbers(other)}; what the file itself states is used.`;
      assumptions.push({ field: label, value: 'from the file', why });
    }
  }
  const bad = sidecar.flatMap(({ good }, bandIndex) =>
    !good && filled[bandIndex]?.good === true ? [bandIndex] : [],
  );
  if (bad.length > 0) {
    for (const bandIndex of bad) Object.assign(filled[bandIndex] ?? {}, { good: false });
    const why = `${name} marks bands ${bandNumbers(bad)} as bad.`;
    assumptions.push({ field: 'bandIsGood', value: 'bad for these bands', why });
  }
  return filled;
}

/**
 * What had to be guessed or left out while the sidecar was read, of fields that the file itself leaves open for some
 * band: of the others the sidecar's word does not count.
 */
function notesOnWanted(
  notes: readonly Assumption[],
  records: readonly BandRecord[],
  name: string,
): Assumption[] {
  const fieldOf: Record<string, keyof BandRecord> = {
    wavelengthsNm: 'wavelengthNm',
    wavelengthUnits: 'wavelengthNm',
    scale: 'scale',
    offset: 'offset',
  };
  return notes
    .filter(({ field }) => {
      const wanted = fieldOf[field];
      return wanted !== undefined && records.some((record) => record[wanted] === null);
    })
    .map(({ field, value, why }) => ({ field, value, why: `In ${name}: ${why}` }));
}

const isEqual = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= 1e-9 * Math.abs(a));

function takenFrom(
  label: string,
  records: readonly BandRecord[],
  field: (typeof fields)[number][0],
  bandIndexes: readonly number[],
  name: string,
): Assumption {
  const first = records[bandIndexes[0] ?? 0]?.[field];
  const isOne = bandIndexes.every((bandIndex) => records[bandIndex]?.[field] === first);
  const where = bandIndexes.length === records.length ? '' : ` for bands ${bandNumbers(bandIndexes)}`;
  const value = isOne && field !== 'name' ? String(first) : `${bandIndexes.length} values`;
  return { field: label, value, why: `Stated in ${name} only${where}.` };
}
