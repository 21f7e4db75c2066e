import type { Assumption, ClassRecord, Crs, GeoTransform, ImageSummary } from '../contract/cube.ts';
import type { ByteOrder, DataType, Interleave } from '../base/dataTypes.ts';
import type { SourceRef } from '../io/byteSource.ts';
import type { RawLayout } from './formats/raw.ts';
import type { GeoTiffLayout } from './formats/geotiff/layout.ts';

/** A nodata value in the file's own type: a bigint for 64-bit integers, NaN possible for floats. */
export type NoDataValue = number | bigint;

/** All that is known of one band. Wavelengths in nanometres; scale and offset null where the file states none. */
export interface BandRecord {
  name: string | null;
  wavelengthNm: number | null;
  fwhmNm: number | null;
  good: boolean;
  noData: NoDataValue | null;
  /** value = stored x scale + offset. */
  scale: number | null;
  offset: number | null;
  /** Unit of the values ("reflectance", "W/m^2/sr/um"), where the file says. */
  unit: string | null;
  /** ISO 8601 acquisition time, where the file says. */
  time: string | null;
}

/** A good band of which nothing else is known. */
export const plainBand: Readonly<BandRecord> = {
  name: null,
  wavelengthNm: null,
  fwhmNm: null,
  good: true,
  noData: null,
  scale: null,
  offset: null,
  unit: null,
  time: null,
};

/** Geo keys of a GeoTIFF as its tags 34735, 34736 and 34737 have them. */
export interface RawGeoKeys {
  directory: readonly number[];
  doubles: readonly number[];
  ascii: string;
}

/** What the file says of a cube, as plain data. Nothing here depends on how the bytes lie except where named so. */
export interface CubeDescription {
  /** File name of the data file (no folder). */
  file: string;
  format: 'ENVI' | 'GeoTIFF' | 'memory';
  images: ImageSummary[];
  imageId: string;
  lines: number;
  samples: number;
  bands: number;
  dataType: DataType;
  interleave: Interleave;
  byteOrder: ByteOrder;
  /** Bytes before the first pixel; null where the notion has no meaning (GeoTIFF). */
  headerOffset: number | null;
  /** One record a band, length `bands`. */
  bandRecords: BandRecord[];
  /** The wavelength unit as the file spells it; null where it states none. */
  wavelengthUnits: string | null;
  geoTransform: GeoTransform | null;
  crs: Crs | null;
  /** A GeoTIFF's own keys, so that a GeoTIFF made of it can keep what `crs` does not hold. */
  geoKeys: RawGeoKeys | null;
  /** Band indexes (from 0) after which a segment of the spectral axis ends, beside those that the axis shows itself. */
  joinIndexes: readonly number[];
  /** Band indexes (from 0) to show first: one or three. */
  defaultBands: number[] | null;
  classes: ClassRecord[] | null;
  /** Further metadata of the file, as read (description, sensor type, acquisition time, ...), for display and export. */
  metadata: Record<string, string>;
  assumptions: Assumption[];
}

/** How the pixels lie in the source, as plain data that crosses threads. */
export type Layout = RawLayout | GeoTiffLayout;

/** A cube opened by a format: what it says, how it lies, and all files it is made of (for hashes and change checks). */
export interface OpenedCube {
  description: CubeDescription;
  layout: Layout;
  /** Data file first, then header and others that were read. */
  files: SourceRef[];
}
