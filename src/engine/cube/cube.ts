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

/** One thing the reader had to assume, and why; shown to the person. */
export interface Assumption {
  field: string;
  value: string;
  why: string;
}

/** Coordinate reference system. `wkt` is ESRI or OGC WKT 1 as the file has it or as looked up by EPSG code. */
export interface Crs {
  epsg: number | null;
  name: string | null;
  wkt: string | null;
}

/** Geo keys of a GeoTIFF as its tags 34735, 34736 and 34737 have them. */
export interface RawGeoKeys {
  directory: readonly number[];
  doubles: readonly number[];
  ascii: string;
}

/** GDAL's six numbers: x = g0 + sample g1 + line g2, y = g3 + sample g4 + line g5, at pixel corners. */
export type GeoTransform = readonly [number, number, number, number, number, number];

/** One image of a source. */
export interface ImageSummary {
  imageId: string;
  name: string;
  lines: number;
  samples: number;
  bands: number;
}

/** A class of a classification image: name and colour. */
export interface ClassRecord {
  name: string;
  rgb: readonly [number, number, number] | null;
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

/** What a person may override when opening; part of revision, recipe and URL. Lists have one entry a band. */
export interface OpenOptions {
  /** Id or name of the image; an open cube's options have the id. */
  imageId?: string;
  /** null entries: no wavelength. */
  wavelengthsNm?: (number | null)[];
  bandIsGood?: boolean[];
  /** null: no nodata value. 64-bit integers beyond 2^53 as decimal strings, "NaN" for NaN. */
  noData?: number | string | null;
  scale?: number | null;
  offset?: number | null;
  geoTransform?: GeoTransform | null;
  crs?: Crs | null;
}
