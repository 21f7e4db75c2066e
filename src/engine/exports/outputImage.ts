import type { ClassRecord, Crs } from '../contract/cube.ts';
import type { DataType, Interleave } from '../base/dataTypes.ts';
import { kindOfCrs, withEsriWkt } from '../cube/crs.ts';
import type { BandRecord, CubeDescription } from '../cube/cube.ts';
import { enviHeaderWarnings, writeEnviHeader, type EnviHeaderFields } from './enviHeader.ts';
import { npyHeader } from './npy.ts';
import type { RawTarget } from './rawWriter.ts';
import { planGeoTiff } from './tiffHeader.ts';

/** What an output says of itself, whatever its format. */
export interface OutputImage {
  source: CubeDescription;
  dataType: DataType;
  interleave: Interleave;
  bandRecords: BandRecord[];
  defaultBands: number[] | null;
  classes: ClassRecord[] | null;
  /** A GeoTIFF source's own keys are written back, unless a person has replaced the coordinate system. */
  keepsGeoKeys: boolean;
}

/** An output's bytes but for its pixels. */
export interface OutputPlan {
  /** First bytes of the data file. */
  header: Uint8Array;
  target: Omit<RawTarget, 'output'>;
  /** Text of the header file beside it (ENVI). */
  headerFile: string | null;
  warnings: string[];
}

/** Formats whose pixels lie uncompressed at known places. */
export type RawFormat = 'envi' | 'geotiff' | 'npy';

/**
 * Plans an output in one of the raw formats. It may look up a coordinate system in a large table and lay out millions of
 * strips, so it runs in a worker. Throws `unsupported-format` where the format cannot hold the type.
 */
export async function planOutput(format: RawFormat, image: OutputImage): Promise<OutputPlan> {
  if (format === 'envi') return planEnvi(image);
  return format === 'geotiff' ? planTiff(image) : planNpy(image);
}

const targetOf = (
  image: OutputImage,
  interleave: Interleave,
  headerOffset: number,
): OutputPlan['target'] => ({
  dataType: image.dataType,
  interleave,
  headerOffset,
  lines: image.source.lines,
  samples: image.source.samples,
  bands: image.bandRecords.length,
});

async function planEnvi(image: OutputImage): Promise<OutputPlan> {
  const { source } = image;
  const crs = source.crs === null ? null : await withEsriWkt(source.crs);
  const fields: EnviHeaderFields = {
    ...source,
    dataType: image.dataType,
    interleave: image.interleave,
    byteOrder: 'little',
    headerOffset: 0,
    bands: image.bandRecords.length,
    bandRecords: image.bandRecords,
    crs,
    defaultBands: image.defaultBands,
    classes: image.classes,
  };
  return {
    header: new Uint8Array(0),
    target: targetOf(image, image.interleave, 0),
    headerFile: writeEnviHeader(fields),
    warnings: enviHeaderWarnings(fields),
  };
}

/**
 * GeoTIFF keeps geographic and projected codes under different keys, and EPSG's numbers do not tell (4326 is
 * geographic, 4087 projected): ESRI's WKT does.
 */
const withKind = async (crs: Crs | null): Promise<Crs | null> =>
  crs?.wkt === null && kindOfCrs(crs) === null ? withEsriWkt(crs) : crs;

async function planTiff(image: OutputImage): Promise<OutputPlan> {
  const { source } = image;
  // A TIFF knows planes and pixels; lines of all bands (BIL) become planes.
  const interleave = image.interleave === 'bip' ? 'bip' : 'bsq';
  const plan = planGeoTiff({
    lines: source.lines,
    samples: source.samples,
    dataType: image.dataType,
    planar: interleave === 'bip' ? 'contiguous' : 'separate',
    bandRecords: image.bandRecords,
    wavelengthUnits: source.wavelengthUnits,
    geoTransform: source.geoTransform,
    crs: await withKind(source.crs),
    geoKeys: image.keepsGeoKeys ? source.geoKeys : null,
    defaultBands: image.defaultBands,
    classes: image.classes,
    metadata: source.metadata,
    noData: null,
  });
  return {
    header: plan.header,
    target: targetOf(image, interleave, plan.layout.dataOffset),
    headerFile: null,
    warnings: plan.warnings,
  };
}

function planNpy(image: OutputImage): OutputPlan {
  const { lines, samples } = image.source;
  const bands = image.bandRecords.length;
  const header = npyHeader(image.dataType, bands === 1 ? [lines, samples] : [lines, samples, bands]);
  return { header, target: targetOf(image, 'bip', header.length), headerFile: null, warnings: [] };
}
