import type { CubeInfo, SegmentInfo } from '../contract/cube.ts';
import type { JsonNumber } from '../contract/numbers.ts';
import type { FilterAxis } from '../contract/filter.ts';
import { defaultAxis, buildAxis, type Segment } from '../spectral/axis.ts';
import type { CubeDescription, NoDataValue } from './cube.ts';

/** What `info` prints. */
export function cubeInfo(cube: CubeDescription): CubeInfo {
  const records = cube.bandRecords;
  return {
    file: cube.file,
    format: cube.format,
    images: cube.images,
    lines: cube.lines,
    samples: cube.samples,
    bands: cube.bands,
    dataType: cube.dataType,
    interleave: cube.interleave,
    byteOrder: cube.byteOrder,
    headerOffset: cube.headerOffset,
    noDataValue: oneOrMany(records.map((record) => jsonNumber(record.noData))),
    scale: oneOrMany(records.map((record) => record.scale)),
    offset: oneOrMany(records.map((record) => record.offset)),
    wavelengthsNm: listOrNull(records.map((record) => record.wavelengthNm)),
    wavelengthUnits: cube.wavelengthUnits,
    fwhmNm: listOrNull(records.map((record) => record.fwhmNm)),
    bandIsGood: records.map((record) => record.good),
    bandNames: listOrNull(records.map((record) => record.name)),
    segments: segmentsOf(cube),
    geoTransform: cube.geoTransform,
    crs: cube.crs,
    defaultBandIndexes: cube.defaultBands,
    assumptions: cube.assumptions,
  };
}

/** The wavelengths of all bands, or null where no band has one. */
export const wavelengthsOf = (cube: CubeDescription): (number | null)[] | null =>
  listOrNull(cube.bandRecords.map((record) => record.wavelengthNm));

/** A nodata value as JSON. */
export function jsonNumber(value: NoDataValue | null): JsonNumber | null {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function segmentsOf(cube: CubeDescription): SegmentInfo[] {
  const wavelengthsNm = wavelengthsOf(cube);
  const kind = defaultAxis(wavelengthsNm);
  const bandIsGood = cube.bandRecords.map((record) => record.good);
  const { joinIndexes } = cube;
  const { segments } = buildAxis({ kind, wavelengthsNm, bandIsGood, joinIndexes });
  return segments.map((segment) => segmentInfo(segment, kind));
}

/** A segment as answers tell of it. */
export const segmentInfo = (
  { bandIndexes, direction, medianStep }: Segment,
  kind: FilterAxis,
): SegmentInfo => ({
  firstBandIndex: bandIndexes[0] ?? 0,
  lastBandIndex: bandIndexes[bandIndexes.length - 1] ?? 0,
  direction,
  stepNm: kind === 'wavelength' ? medianStep : null,
});

function oneOrMany<T>(values: (T | null)[]): T | (T | null)[] | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : values;
}

function listOrNull<T>(values: (T | null)[]): (T | null)[] | null {
  return values.some((value) => value !== null) ? values : null;
}
