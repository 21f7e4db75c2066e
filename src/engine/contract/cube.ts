import { z } from 'zod';
import { indexSchema, type JsonNumber } from './numbers.ts';

/** One thing the reader had to assume, and why; shown to the person. */
export interface Assumption {
  field: string;
  value: string;
  why: string;
}

/** GDAL's six numbers: x = g0 + sample g1 + line g2, y = g3 + sample g4 + line g5, at pixel corners. */
export const geoTransformSchema = z
  .tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
  .readonly();
export type GeoTransform = z.infer<typeof geoTransformSchema>;

/** Coordinate reference system. `wkt` is ESRI or OGC WKT 1 as the file has it or as looked up by EPSG code. */
export const crsSchema = z.strictObject({
  epsg: z.int().nullable(),
  name: z.string().nullable(),
  wkt: z.string().nullable(),
});
export type Crs = z.infer<typeof crsSchema>;

const perBand = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(1_000_000);

/** What a person may override when opening; part of revision, recipe and URL. Lists have one entry a band. */
export const openOptionsSchema = z.strictObject({
  /** Id or name of the image; an open cube's options have the id. */
  imageId: z.string().max(200).optional(),
  /** null entries: no wavelength. */
  wavelengthsNm: perBand(z.number().nullable()).optional(),
  bandIsGood: perBand(z.boolean()).optional(),
  /** null: no nodata value. 64-bit integers beyond 2^53 as decimal strings, "NaN" for NaN. */
  noData: z
    .union([z.number(), z.string().max(40)], 'must be a number, its text of at most 40 characters, or null')
    .nullable()
    .optional(),
  scale: z.number().nullable().optional(),
  offset: z.number().nullable().optional(),
  geoTransform: geoTransformSchema.nullable().optional(),
  crs: crsSchema.nullable().optional(),
  /** Band indexes after which a segment ends: joins of detectors or gaps that no wavelengths show. */
  joinIndexes: z.array(indexSchema).max(1_000_000).optional(),
});
export type OpenOptions = z.infer<typeof openOptionsSchema>;

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

/** One segment of the default axis. */
export interface SegmentInfo {
  firstBandIndex: number;
  lastBandIndex: number;
  direction: 'rising' | 'falling' | 'single';
  /** Median step; null without wavelengths and for one band. */
  stepNm: number | null;
}

/** A cube's description. Arrays over bands have `bands` entries. */
export interface CubeInfo {
  file: string;
  format: string;
  images: ImageSummary[];
  lines: number;
  samples: number;
  bands: number;
  dataType: string;
  interleave: string;
  byteOrder: string;
  headerOffset: number | null;
  /** One value, or one a band where bands differ; null where there is none. The same for scale and offset. */
  noDataValue: JsonNumber | (JsonNumber | null)[] | null;
  scale: number | (number | null)[] | null;
  offset: number | (number | null)[] | null;
  wavelengthsNm: (number | null)[] | null;
  /** As the file spells it. */
  wavelengthUnits: string | null;
  fwhmNm: (number | null)[] | null;
  bandIsGood: boolean[];
  bandNames: (string | null)[] | null;
  segments: SegmentInfo[];
  geoTransform: GeoTransform | null;
  crs: Crs | null;
  /** Bands to show first: one or three. */
  defaultBandIndexes: number[] | null;
  assumptions: Assumption[];
}

/** `POST /cubes`: the granted file to open. */
export const openRequestSchema = z.strictObject({
  grantId: z.string(),
  options: openOptionsSchema.default({}),
});

/** `POST /cubes/demo`: the scene to make; what is left out has a default. */
export const sceneRequestSchema = z.strictObject({
  recipe: z
    .strictObject({
      seed: z.number(),
      lines: z.number(),
      samples: z.number(),
      bands: z.number(),
      noise: z.boolean(),
      noiseSigma: z.number(),
      badBandNoiseFactor: z.number(),
      noDataCorner: z.number(),
    })
    .partial()
    .default({}),
  part: z.enum(['cube', 'classes']).default('cube'),
});

/** An open cube. */
export interface OpenCubeAnswer {
  cubeId: string;
  info: CubeInfo;
  /** Further metadata of the file, as read. */
  metadata: Record<string, string>;
  classes: ClassRecord[] | null;
  /** Unit of the values, for people ("reflectance"); "1" where the file states none. */
  unit: string;
  options: OpenOptions;
  /** Lines and samples of a tile, levels, and the version that tile URLs name. */
  tiles: { size: number; levels: number; version: string };
}
