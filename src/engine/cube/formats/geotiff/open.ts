import type { Assumption, ImageSummary, OpenOptions } from '../../../contract/cube.ts';
import { asCubelensError, CubelensError } from '../../../base/errors.ts';
import type { CancelOptions } from '../../../base/signal.ts';
import type { SourceRef } from '../../../io/byteSource.ts';
import type { OpenedCube } from '../../cube.ts';
import { chooseImage } from '../chooseImage.ts';
import type { CubeFormat, FileNeighbourhood } from '../format.ts';
import { readBandMetadata, type BandMetadata } from '../gdal/bandRecords.ts';
import { readDefaultBands } from '../gdal/defaultBands.ts';
import {
  numberOf,
  readDirectories,
  textOf,
  tiffHeader,
  type TiffDirectory,
  type TiffFile,
} from './directory.ts';
import { tags } from './tags.ts';
import { parseGdalMetadata } from '../gdal/metadataItems.ts';
import { readGeoreference } from './georeference.ts';
import { readBlocks, summarise, type DirectorySummary } from './imageFile.ts';
import type { GeoTiffLayout, TiffBlocks } from './layout.ts';
import { readClasses } from './classes.ts';
import { parseNoData } from './noData.ts';

/** Longest texts that are read: metadata XML, and descriptions and names. */
const maxMetadataBytes = 64 * 2 ** 20;
const maxTextBytes = 65_536;

/**
 * GeoTIFF and plain TIFF: classic and BigTIFF, both byte orders, strips and tiles, contiguous and separate; uncompressed,
 * LZW, Deflate, PackBits, ZSTD; predictors 1 to 3. Full-size directories are images (`imageId` is the directory's
 * number from 0, as text), reduced ones overviews of the image before them, mask directories its validity.
 */
export const geotiffFormat: CubeFormat = {
  name: 'GeoTIFF',
  recognises: (_files, head) => Promise.resolve(tiffHeader(head) !== null),
  open: openGeoTiff,
};

async function openGeoTiff(
  files: FileNeighbourhood,
  options: Pick<OpenOptions, 'imageId'>,
  cancel: CancelOptions = {},
): Promise<OpenedCube> {
  const { source, ref } = await files.open(files.name);
  const file = await readDirectories(source, cancel);
  const summaries: DirectorySummary[] = [];
  for (const directory of file.directories) summaries.push(await summarise(file, directory, cancel));
  const images = summaries.filter(({ role }) => role === 'image');
  // A file of reduced images only (a preview cut out of a larger file): its first one is the image.
  if (images.length === 0 && summaries[0] !== undefined) images.push({ ...summaries[0], role: 'image' });
  const listed = await listImages(file, images, cancel);
  const chosen = chooseImage(source.name, listed, options.imageId);
  const image = images[chosen];
  if (image === undefined) throw new CubelensError('internal', `${source.name} has no image ${chosen}.`);
  const gdal = parseGdalMetadata(
    (await textOf(file, image.directory, tags.gdalMetadata, maxMetadataBytes, cancel)) ?? '',
  );
  const alpha = closingAlpha(image, gdal);
  const summary = { ...(listed[chosen] as ImageSummary), bands: image.samplesPerPixel - alpha.samples };
  const { layout, assumptions } = await readLayout(file, ref, image, summaries, summary.bands, cancel);
  const noData = parseNoData(
    (await textOf(file, image.directory, tags.gdalNoData, 1024, cancel)) ?? '',
    layout.dataType,
  );
  const bandMetadata = readBandMetadata(gdal, summary.bands, noData.noData);
  const shown = readDefaultBands(gdal, summary.bands);
  const georeference = await readGeoreference(file, image.directory, cancel);
  const orientation = await orientationNote(file, image.directory, cancel);
  return {
    description: {
      file: source.name,
      format: 'GeoTIFF',
      images: listed.map((each, i) => (i === chosen ? summary : each)),
      imageId: summary.imageId,
      lines: image.lines,
      samples: image.samples,
      bands: summary.bands,
      dataType: layout.dataType,
      interleave: layout.image.planar === 'contiguous' ? 'bip' : 'bsq',
      byteOrder: file.byteOrder,
      headerOffset: null,
      bandRecords: bandMetadata.records,
      wavelengthUnits: bandMetadata.wavelengthUnits,
      geoTransform: georeference.geoTransform,
      crs: georeference.crs,
      geoKeys: georeference.geoKeys,
      joinIndexes: [],
      defaultBands: shown.defaultBands ?? (image.photometric === 2 && summary.bands >= 3 ? [0, 1, 2] : null),
      classes: await readClasses(file, image, gdal, cancel),
      metadata: await readMetadata(file, image.directory, bandMetadata, cancel),
      assumptions: [
        ...firstImageNote(listed, options.imageId),
        ...assumptions,
        ...alpha.assumptions,
        ...(noData.assumption === null ? [] : [noData.assumption]),
        ...bandMetadata.assumptions,
        ...shown.assumptions,
        ...georeference.assumptions,
        ...orientation,
      ],
    },
    layout,
    files: [ref],
  };
}

/** Number, size and name of each image: page name, a short description, or "Image 0" by its number. */
async function listImages(
  file: TiffFile,
  images: readonly DirectorySummary[],
  cancel: CancelOptions,
): Promise<ImageSummary[]> {
  const listed: ImageSummary[] = [];
  for (const { directory, lines, samples, samplesPerPixel } of images) {
    const name =
      oneLine(await textOf(file, directory, tags.pageName, maxTextBytes, cancel)) ??
      oneLine(await textOf(file, directory, tags.imageDescription, maxTextBytes, cancel)) ??
      `Image ${directory.number}`;
    listed.push({ imageId: String(directory.number), name, lines, samples, bands: samplesPerPixel });
  }
  return listed;
}

/** What to say where a file has several images and none was asked for. */
function firstImageNote(images: readonly ImageSummary[], wish: string | undefined): Assumption[] {
  const [first] = images;
  if (images.length < 2 || first === undefined || wish !== undefined) return [];
  const others = images.slice(1, 4).map(({ imageId, name }) => `${imageId} (${name})`);
  const more = images.length > 4 ? ', ...' : '';
  const why = `The file has ${images.length} images and none was chosen; the others: ${others.join(', ')}${more}.`;
  return [{ field: 'image', value: `${first.imageId} (${first.name})`, why }];
}

/** Text that can serve as a name: one short line (descriptions often hold whole documents). */
function oneLine(text: string | null): string | null {
  const plain = text?.trim() ?? '';
  return plain !== '' && plain.length <= 80 && !/[\r\n\0]/.test(plain) ? plain : null;
}

/**
 * A closing extra sample that the file marks as alpha (1 associated, 2 unassociated) is validity, not a band; except
 * where GDAL's metadata describes it as a band, and among four 8-bit bands, of which GDAL marks the last as alpha also
 * where it is near infrared.
 */
function closingAlpha(
  image: DirectorySummary,
  items: readonly { sample: number | null; name: string }[],
): { samples: 0 | 1; assumptions: Assumption[] } {
  const kind = image.extraSamples.at(-1);
  if (image.samplesPerPixel < 2 || (kind !== 1 && kind !== 2)) return { samples: 0, assumptions: [] };
  const last = image.samplesPerPixel - 1;
  const isDescribed = items.some(
    ({ sample, name }) => sample === last && /^(?:wavelength|fwhm|bbl|good_band|description)$/i.test(name),
  );
  const isDoubtful = image.samplesPerPixel === 4 && image.bitsPerSample === 8;
  const field = `band ${image.samplesPerPixel}`;
  if (isDescribed || isDoubtful) {
    const why = isDescribed
      ? 'The file marks it as alpha, but describes it as a band.'
      : 'The file marks it as alpha, as some writers do with the fourth of any four 8-bit bands.';
    return { samples: 0, assumptions: [{ field, value: 'a band', why }] };
  }
  const why = 'The file marks its last sample as alpha: where it is 0, the pixel is not valid.';
  return { samples: 1, assumptions: [{ field, value: 'validity (alpha), not a band', why }] };
}

/** The image's blocks with the overviews and the mask that follow it in the file. */
async function readLayout(
  file: TiffFile,
  ref: SourceRef,
  image: DirectorySummary,
  summaries: readonly DirectorySummary[],
  bands: number,
  cancel: CancelOptions,
): Promise<{ layout: GeoTiffLayout; assumptions: Assumption[] }> {
  const { blocks, assumptions } = await readBlocks(file, image, cancel);
  const overviews: TiffBlocks[] = [];
  let mask: TiffBlocks | null = null;
  for (const follower of summaries.slice(image.directory.number + 1)) {
    if (follower.role === 'image') break;
    if (follower.role === 'overview') {
      const overview = await readOverview(file, follower, blocks, cancel);
      if (overview !== null) overviews.push(overview);
      else assumptions.push(unusedOverview(follower));
    } else if (follower.role === 'mask' && mask === null) {
      mask = await readMaskBlocks(file, follower, image, cancel);
    }
  }
  overviews.sort((a, b) => b.lines * b.samples - a.lines * a.samples);
  const { lines, samples, samplesPerPixel } = image;
  const { dataType, byteOrder } = blocks;
  return {
    layout: {
      kind: 'geotiff',
      source: ref,
      dataType,
      byteOrder,
      lines,
      samples,
      samplesPerPixel,
      bands,
      image: blocks,
      overviews,
      mask,
    },
    assumptions,
  };
}

/** An overview is a convenience: one that does not match the image or cannot be read is left out, and said so. */
async function readOverview(
  file: TiffFile,
  summary: DirectorySummary,
  image: TiffBlocks,
  cancel: CancelOptions,
): Promise<TiffBlocks | null> {
  if (
    summary.samplesPerPixel !== image.samplesPerPixel ||
    summary.lines > image.lines ||
    summary.samples > image.samples
  ) {
    return null;
  }
  try {
    const { blocks } = await readBlocks(file, summary, cancel);
    return blocks.dataType === image.dataType ? blocks : null;
  } catch (thrown) {
    const error = asCubelensError(thrown);
    if (error.code === 'unsupported-format' || error.code === 'malformed-file') return null;
    throw error;
  }
}

const unusedOverview = ({ directory }: DirectorySummary): Assumption => ({
  field: `overview (image directory ${directory.number})`,
  value: 'not used',
  why: 'Its type, size or compression does not match the image or cannot be read.',
});

/** The mask decides which pixels count, so one that cannot be read is an error. */
async function readMaskBlocks(
  file: TiffFile,
  summary: DirectorySummary,
  image: DirectorySummary,
  cancel: CancelOptions,
): Promise<TiffBlocks> {
  const { blocks } = await readBlocks(file, summary, cancel);
  const fits = summary.lines === image.lines && summary.samples === image.samples;
  if (!fits || summary.samplesPerPixel !== 1 || blocks.dataType !== 'uint8') {
    throw new CubelensError(
      'unsupported-format',
      `${file.source.name} has a validity mask (image directory ${summary.directory.number}) of another size or type than its image.`,
      { file: file.source.name, field: 'mask', remedy: 'Rewrite it without: gdal_translate -mask none.' },
    );
  }
  return blocks;
}

async function orientationNote(
  file: TiffFile,
  directory: TiffDirectory,
  cancel: CancelOptions,
): Promise<Assumption[]> {
  const orientation = await numberOf(file, directory, tags.orientation, 1, cancel);
  if (orientation === 1) return [];
  const why = `The file asks to be shown turned (Orientation ${orientation}); lines and samples are as stored, as in GDAL.`;
  return [{ field: 'orientation', value: 'as stored', why }];
}

async function readMetadata(
  file: TiffFile,
  directory: TiffDirectory,
  bands: BandMetadata,
  cancel: CancelOptions,
): Promise<Record<string, string>> {
  const texts: [string, string][] = [];
  for (const [name, tag] of [
    ['DateTime', tags.dateTime],
    ['Software', tags.software],
    ['ImageDescription', tags.imageDescription],
  ] as const) {
    const text = await textOf(file, directory, tag, maxTextBytes, cancel);
    if (text !== null && text !== '') texts.push([name, text]);
  }
  // fromEntries defines properties, so that a hostile name such as __proto__ is only a name.
  return Object.fromEntries([...bands.metadata, ...texts]);
}
