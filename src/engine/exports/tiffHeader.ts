import type { ClassRecord, Crs, GeoTransform } from '../contract/cube.ts';
import { bytesOf, type DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { BandRecord, NoDataValue, RawGeoKeys } from '../cube/cube.ts';
import { gdalMetadataXml, gdalNoDataText } from './gdalMetadata.ts';
import { geoFields } from './geoKeys.ts';
import { tiffClasses } from './tiffClasses.ts';
import { directoryBytes, encodeDirectory, numberField, textField, type TiffField } from './tiffDirectory.ts';

/** What a GeoTIFF to be written says. */
export interface GeoTiffFields {
  lines: number;
  samples: number;
  dataType: DataType;
  /** `separate`: plane after plane; `contiguous`: all bands of a pixel together. */
  planar: 'contiguous' | 'separate';
  /** One record a band: their number is the number of bands. */
  bandRecords: readonly BandRecord[];
  /** As the source spells it; wavelengths are written in it. Null: nanometres. */
  wavelengthUnits: string | null;
  geoTransform: GeoTransform | null;
  crs: Crs | null;
  /** Geo keys of a GeoTIFF source, written back unchanged instead of `crs`. */
  geoKeys?: RawGeoKeys | null | undefined;
  /** Bands to show first, from 0: one or three. */
  defaultBands?: readonly number[] | null | undefined;
  /** Classes by their code, of an image of classes. */
  classes?: readonly ClassRecord[] | null | undefined;
  /** Items of the whole file. */
  metadata: Readonly<Record<string, string>>;
  /** The file's one nodata value. Null: the bands' (the first one, with a warning, where they differ). */
  noData: NoDataValue | null;
}

/** Where every value goes. Plain numbers cross threads: a row stands at dataOffset + band x bandStride + line x lineStride. */
export interface GeoTiffLayout {
  /** Position of the first pixel: the length of the header. */
  dataOffset: number;
  totalBytes: number;
  planar: 'contiguous' | 'separate';
  /** Bytes of one stored value. */
  bytesPerValue: number;
  /** Bytes from a line to the next one. */
  lineStride: number;
  /** Bytes from a band to the next one: a plane (`separate`) or one value (`contiguous`). */
  bandStride: number;
  /**
   * Position of the first value of a band's line (both from 0). `separate`: its values follow each other;
   * `contiguous`: they stand bands x bytesPerValue apart. Throws `out-of-range`.
   */
  offsetOf(bandIndex: number, line: number): number;
}

export interface GeoTiffPlan {
  /** The file's first bytes: everything but the pixels. */
  header: Uint8Array<ArrayBuffer>;
  layout: GeoTiffLayout;
  isBigTiff: boolean;
  /** Lines of one strip. */
  rowsPerStrip: number;
  /** What the file cannot hold, in sentences for a person. */
  warnings: string[];
}

export interface GeoTiffOptions {
  /** BigTIFF (64-bit offsets) whatever the size; by default where the file passes 4.2 GB. */
  forceBigTiff?: boolean;
}

/** As GDAL decides: some room below 4 GiB for readers that compute with margins. */
const classicLimit = 4_200_000_000;
const stripTarget = 256 * 1024;
/** Above this number of strips a header would take tens of megabytes: strips grow instead. */
const maxStrips = 1 << 20;
const maxSide = 0x7fff_ffff;
/** libtiff reads strips below 2 GiB. */
const maxRowBytes = 0x7fff_ffff;
const maxBands = 0xffff;
/** Pixels begin on a multiple of 16 bytes, so that every type can be viewed in place. */
const dataAlignment = 16;

/**
 * Plans an uncompressed little-endian GeoTIFF whose every byte position is known before a pixel is: the header (its
 * only directory with all tag data), then the strips without gaps, so that workers write rows by position in any
 * order. Strips hold about 256 KiB, at least one line. Values are written in the little-endian form of their type;
 * complex ones as (real, imaginary) pairs. TIFF 6.0, BigTIFF, OGC GeoTIFF 1.1, GDAL's tags 42112 and 42113.
 * Throws `out-of-range` for sizes that no TIFF can have, `invalid-request` for a georeference that cannot be written.
 */
export function planGeoTiff(fields: GeoTiffFields, options: GeoTiffOptions = {}): GeoTiffPlan {
  checkSizes(fields);
  const bands = fields.bandRecords.length;
  const strips = planStrips(fields);
  const { tags, warnings } = descriptiveTags(fields, strips.rowsPerStrip);
  const dataBytes = fields.lines * fields.samples * bands * bytesOf(fields.dataType);

  const place = (isBig: boolean) => {
    const pending = [...tags, ...stripTags(strips, 0, isBig)];
    const dataOffset = directoryBytes(pending, isBig, dataAlignment);
    return { isBig, dataOffset, totalBytes: dataOffset + dataBytes };
  };
  let placed = place(options.forceBigTiff ?? false);
  if (placed.totalBytes > classicLimit) placed = place(true);
  const { isBig, dataOffset, totalBytes } = placed;
  if (!Number.isSafeInteger(totalBytes)) throw tooLarge('lines', `its ${totalBytes} bytes`);

  const header = encodeDirectory([...tags, ...stripTags(strips, dataOffset, isBig)], isBig, dataOffset);
  const layout = layoutOf(fields, dataOffset, totalBytes);
  return { header, layout, isBigTiff: isBig, rowsPerStrip: strips.rowsPerStrip, warnings };
}

function checkSizes({ lines, samples, dataType, bandRecords, planar }: GeoTiffFields): void {
  const sides = [
    ['lines', lines, maxSide],
    ['samples', samples, maxSide],
    ['bands', bandRecords.length, maxBands],
  ] as const;
  for (const [field, value, limit] of sides) {
    if (!Number.isInteger(value) || value < 1 || value > limit) {
      throw new CubelensError('out-of-range', `GeoTIFF: ${field} must be from 1 to ${limit}, not ${value}.`, {
        field,
        remedy: 'Export fewer bands or a smaller area, or write ENVI.',
      });
    }
  }
  const rowBytes = samples * bytesOf(dataType) * (planar === 'contiguous' ? bandRecords.length : 1);
  if (rowBytes > maxRowBytes) throw tooLarge('samples', `a row of ${rowBytes} bytes`);
  // 2^31 x 2^31 x 2^16 x 16 is far below a double's largest number: the comparison holds though the product rounds.
  const total = lines * samples * bandRecords.length * bytesOf(dataType);
  if (total > Number.MAX_SAFE_INTEGER) throw tooLarge('lines', `its ${total} bytes`);
}

function tooLarge(field: string, what: string): CubelensError {
  return new CubelensError('out-of-range', `GeoTIFF: ${what} are more than this format can hold.`, {
    field,
    remedy: 'Export fewer bands or a smaller area, choose the other planar layout, or write ENVI.',
  });
}

interface Strips {
  rowsPerStrip: number;
  rowBytes: number;
  lines: number;
  /** Planes of strips: bands where separate, else one. */
  planes: number;
}

function planStrips({ lines, samples, dataType, bandRecords, planar }: GeoTiffFields): Strips {
  const bands = bandRecords.length;
  const rowBytes = samples * bytesOf(dataType) * (planar === 'contiguous' ? bands : 1);
  const planes = planar === 'separate' ? bands : 1;
  const mostRows = Math.min(lines, Math.floor(maxRowBytes / rowBytes));
  let rowsPerStrip = Math.min(mostRows, Math.max(1, Math.floor(stripTarget / rowBytes)));
  while (planes * Math.ceil(lines / rowsPerStrip) > maxStrips && rowsPerStrip < mostRows) {
    rowsPerStrip = Math.min(mostRows, rowsPerStrip * 2);
  }
  return { rowsPerStrip, rowBytes, lines, planes };
}

/** StripOffsets and StripByteCounts: strips follow each other, plane after plane, from `dataOffset`. */
function stripTags(
  { rowsPerStrip, rowBytes, lines, planes }: Strips,
  dataOffset: number,
  isBig: boolean,
): TiffField[] {
  const stripsAPlane = Math.ceil(lines / rowsPerStrip);
  const offsets = new Float64Array(planes * stripsAPlane);
  const counts = new Float64Array(planes * stripsAPlane);
  for (let plane = 0; plane < planes; plane++) {
    for (let strip = 0; strip < stripsAPlane; strip++) {
      const line = strip * rowsPerStrip;
      const at = plane * stripsAPlane + strip;
      offsets[at] = dataOffset === 0 ? 0 : dataOffset + (plane * lines + line) * rowBytes;
      counts[at] = Math.min(rowsPerStrip, lines - line) * rowBytes;
    }
  }
  return [numberField(273, isBig ? 'long8' : 'long', offsets), numberField(279, 'long', counts)];
}

/** Everything but the strips' places. */
function descriptiveTags(
  fields: GeoTiffFields,
  rowsPerStrip: number,
): { tags: TiffField[]; warnings: string[] } {
  const bands = fields.bandRecords.length;
  const geo = geoFields(fields);
  const { palette, metadata, warnings } = tiffClasses(fields.classes ?? null, {
    dataType: fields.dataType,
    bands,
  });
  const tags = [
    numberField(256, 'long', [fields.samples]),
    numberField(257, 'long', [fields.lines]),
    numberField(258, 'short', new Uint16Array(bands).fill(bytesOf(fields.dataType) * 8)),
    // No compression; a palette, or grey, 0 is black: further bands are samples of no stated meaning, not colours.
    numberField(259, 'short', [1]),
    numberField(262, 'short', [palette === null ? 1 : 3]),
    ...(palette === null ? [] : [palette]),
    numberField(277, 'short', [bands]),
    numberField(278, 'long', [rowsPerStrip]),
    numberField(284, 'short', [fields.planar === 'contiguous' ? 1 : 2]),
    numberField(339, 'short', new Uint16Array(bands).fill(sampleFormat(fields.dataType))),
    ...geo.fields,
  ];
  if (bands > 1) tags.push(numberField(338, 'short', new Uint16Array(bands - 1)));
  const xml = gdalMetadataXml({ ...fields, metadata: { ...fields.metadata, ...metadata } });
  if (xml !== null) tags.push(textField(42112, xml));
  const noData = oneNoData(fields);
  if (noData.value !== null) tags.push(textField(42113, gdalNoDataText(noData.value)));
  return { tags, warnings: [...geo.warnings, ...noData.warnings, ...warnings] };
}

/** TIFF tag 339: 1 unsigned, 2 signed, 3 floating point, 6 complex floating point. */
function sampleFormat(type: DataType): number {
  if (type.startsWith('uint')) return 1;
  if (type.startsWith('int')) return 2;
  return type.startsWith('float') ? 3 : 6;
}

function oneNoData({ noData, bandRecords }: GeoTiffFields): {
  value: NoDataValue | null;
  warnings: string[];
} {
  if (noData !== null) return { value: noData, warnings: [] };
  const first = bandRecords.find((band) => band.noData !== null)?.noData ?? null;
  const differ = first !== null && bandRecords.some((band) => !Object.is(band.noData, first));
  const warnings = differ
    ? [`A GeoTIFF holds one nodata value; the bands' differ. ${gdalNoDataText(first)} is written for all.`]
    : [];
  return { value: first, warnings };
}

function layoutOf(fields: GeoTiffFields, dataOffset: number, totalBytes: number): GeoTiffLayout {
  const { lines, samples, planar } = fields;
  const bands = fields.bandRecords.length;
  const bytesPerValue = bytesOf(fields.dataType);
  const separate = planar === 'separate';
  const lineStride = samples * bytesPerValue * (separate ? 1 : bands);
  const bandStride = separate ? lines * lineStride : bytesPerValue;
  const offsetOf = (bandIndex: number, line: number): number => {
    const inside = (value: number, end: number) => Number.isInteger(value) && value >= 0 && value < end;
    if (!inside(bandIndex, bands) || !inside(line, lines)) {
      throw new CubelensError(
        'out-of-range',
        `GeoTIFF: band index ${bandIndex}, line ${line} is outside the image.`,
      );
    }
    return dataOffset + bandIndex * bandStride + line * lineStride;
  };
  return { dataOffset, totalBytes, planar, bytesPerValue, lineStride, bandStride, offsetOf };
}
