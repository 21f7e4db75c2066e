import type { Assumption } from '../../../contract/cube.ts';
import type { DataType } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import type { CancelOptions } from '../../../base/signal.ts';
import { maxBlockBytes, readBlockTable } from './blockTable.ts';
import { compressionName, compressions, hasPredictor, isDecoded } from './compression.ts';
import { numberOf, numbersOf, tagError, type TiffDirectory, type TiffFile } from './directory.ts';
import { tags } from './tags.ts';
import type { TiffBlocks } from './layout.ts';
import { sampleType } from './sampleType.ts';

/** What a directory is for: an image of its own, a reduced copy of the one before, its validity mask, or a reduced mask. */
export type DirectoryRole = 'image' | 'overview' | 'mask' | 'other';

/** Size and role of one directory: all that a list of images needs. */
export interface DirectorySummary {
  directory: TiffDirectory;
  role: DirectoryRole;
  lines: number;
  samples: number;
  samplesPerPixel: number;
  /** Bits of the first sample. */
  bitsPerSample: number;
  /** Kinds of the extra samples that close a pixel (1 and 2: alpha). */
  extraSamples: number[];
  photometric: number;
}

/** Reads the size and role of a directory. Throws `malformed-file` where a size is missing or impossible. */
export async function summarise(
  file: TiffFile,
  directory: TiffDirectory,
  cancel: CancelOptions = {},
): Promise<DirectorySummary> {
  const read = (tag: number, fallback: number): Promise<number> =>
    numberOf(file, directory, tag, fallback, cancel);
  const samples = await read(tags.imageWidth, 0);
  const lines = await read(tags.imageLength, 0);
  const samplesPerPixel = await read(tags.samplesPerPixel, 1);
  for (const [tag, value] of [
    [tags.imageWidth, samples],
    [tags.imageLength, lines],
    [tags.samplesPerPixel, samplesPerPixel],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 31) {
      throw tagError(file, directory, tag, `is ${value}`);
    }
  }
  if (samplesPerPixel > 65535) throw tagError(file, directory, tags.samplesPerPixel, `is ${samplesPerPixel}`);
  const extra = await numbersOf(file, directory, tags.extraSamples, samplesPerPixel, cancel);
  return {
    directory,
    role: roleOf(await read(tags.newSubfileType, 0), await read(tags.subfileType, 0)),
    lines,
    samples,
    samplesPerPixel,
    bitsPerSample: await read(tags.bitsPerSample, 1),
    extraSamples: Array.from(extra ?? []),
    photometric: await read(tags.photometricInterpretation, 1),
  };
}

/** NewSubfileType: bit 0 a reduced image, bit 2 a mask. The older SubfileType: 2 is a reduced image. */
function roleOf(newSubfileType: number, subfileType: number): DirectoryRole {
  const isReduced = (newSubfileType & 1) !== 0 || subfileType === 2;
  const isMask = (newSubfileType & 4) !== 0;
  if (isMask) return isReduced ? 'other' : 'mask';
  return isReduced ? 'overview' : 'image';
}

/** The blocks of one directory and what had to be assumed of them. */
export interface ReadBlocks {
  blocks: TiffBlocks;
  assumptions: Assumption[];
}

/**
 * Reads how the pixels of a directory lie and checks it against the file. A mask may be of 1 or 8 bits.
 * Throws `unsupported-format` naming the codec or type, `malformed-file` naming the tag.
 */
export async function readBlocks(
  file: TiffFile,
  summary: DirectorySummary,
  cancel: CancelOptions = {},
): Promise<ReadBlocks> {
  const { directory, lines, samples, samplesPerPixel } = summary;
  const read = (tag: number, fallback: number): Promise<number> =>
    numberOf(file, directory, tag, fallback, cancel);
  const assumptions: Assumption[] = [];
  const compression = await read(tags.compression, compressions.none);
  checkCompression(file, compression);
  await checkColours(file, summary, cancel);
  const type = await readType(file, summary, cancel);
  if (type.assumption !== null) assumptions.push(type.assumption);
  const planarTag = await read(tags.planarConfiguration, 1);
  if (planarTag !== 1 && planarTag !== 2) {
    throw tagError(file, directory, tags.planarConfiguration, `is ${planarTag}, neither 1 nor 2`);
  }
  // With one sample a pixel both arrangements are the same; `separate` is the simpler to read.
  const planar = planarTag === 2 || samplesPerPixel === 1 ? 'separate' : 'contiguous';
  const statedPredictor = await read(tags.predictor, 1);
  const predictor = hasPredictor(compression) ? statedPredictor : 1;
  if (predictor !== statedPredictor) {
    const why = `Predictor ${statedPredictor} has no meaning without a compression that uses it and is ignored, as GDAL does.`;
    assumptions.push({ field: 'predictor', value: 'none', why });
  }
  checkPredictor(file, predictor, type.dataType, type.bits);
  const table = await readBlockTable(
    file,
    directory,
    {
      lines,
      samples,
      planes: planar === 'separate' ? samplesPerPixel : 1,
      pixelBits: type.bits * (planar === 'separate' ? 1 : samplesPerPixel),
      compression,
    },
    cancel,
  );
  if (table.estimated) {
    const why =
      'The file does not state how long its uncompressed blocks are, or states too little; worked out from the image size.';
    assumptions.push({ field: 'StripByteCounts', value: 'from the image size', why });
  }
  const fillOrder = await read(tags.fillOrder, 1);
  const blocks: TiffBlocks = {
    directory: directory.number,
    lines,
    samples,
    samplesPerPixel,
    dataType: type.dataType,
    byteOrder: file.byteOrder,
    blockLines: table.blockLines,
    blockSamples: table.blockSamples,
    tiled: table.tiled,
    compression,
    predictor,
    fillOrder: fillOrder === 2 ? 2 : 1,
    planar,
    bitsPerSample: type.bits,
    offsets: table.offsets,
    byteCounts: table.byteCounts,
  };
  checkWholeBlocks(file, blocks);
  return { blocks, assumptions };
}

async function readType(
  file: TiffFile,
  { directory, role, samplesPerPixel }: DirectorySummary,
  cancel: CancelOptions,
): Promise<{ dataType: DataType; bits: number; assumption: Assumption | null }> {
  const bits = (await numbersOf(file, directory, tags.bitsPerSample, samplesPerPixel, cancel)) ?? [1];
  const formats = await numbersOf(file, directory, tags.sampleFormat, samplesPerPixel, cancel);
  if (role === 'mask' && bits[0] === 1 && samplesPerPixel === 1) {
    return { dataType: 'uint8', bits: 1, assumption: null };
  }
  const type = sampleType(bits, formats);
  if ('unsupported' in type) {
    throw unsupported(
      file,
      `holds ${type.unsupported}, which is not supported`,
      'BitsPerSample',
      'Convert it to a common type, for example: gdal_translate -ot UInt16 or -ot Float32.',
    );
  }
  return type;
}

function checkCompression(file: TiffFile, compression: number): void {
  if (!isDecoded(compression)) {
    throw unsupported(
      file,
      `is compressed with ${compressionName(compression)}, which is not supported`,
      'Compression',
      'Rewrite it: gdal_translate -co COMPRESS=DEFLATE INPUT OUTPUT.tif.',
    );
  }
}

/** YCbCr with fewer colour than brightness samples (the default, 2 x 2) has another order of samples in a block. */
async function checkColours(
  file: TiffFile,
  { directory, photometric }: DirectorySummary,
  cancel: CancelOptions,
): Promise<void> {
  if (photometric !== 6) return;
  const [across = 2, down = 2] = (await numbersOf(file, directory, tags.yCbCrSubSampling, 2, cancel)) ?? [];
  if (across !== 1 || down !== 1) {
    throw unsupported(
      file,
      'holds colours as YCbCr with reduced colour resolution, which is not supported',
      'PhotometricInterpretation',
      'Rewrite it: gdal_translate -co COMPRESS=DEFLATE -co PHOTOMETRIC=RGB INPUT OUTPUT.tif.',
    );
  }
}

function checkPredictor(file: TiffFile, predictor: number, dataType: DataType, bits: number): void {
  const fits =
    predictor === 1 ||
    (predictor === 2 && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) ||
    (predictor === 3 && dataType.startsWith('float'));
  if (!fits) {
    throw unsupported(
      file,
      `uses predictor ${predictor} with ${dataType} samples, which is not supported`,
      'Predictor',
      'Rewrite it: gdal_translate -co COMPRESS=DEFLATE -co PREDICTOR=1 INPUT OUTPUT.tif.',
    );
  }
}

/** Uncompressed blocks of any size are read piece by piece; those that must be held whole are bounded. */
function checkWholeBlocks(file: TiffFile, blocks: TiffBlocks): void {
  if (blocks.compression !== compressions.none || (blocks.fillOrder === 1 && blocks.bitsPerSample >= 8))
    return;
  const bits = blocks.bitsPerSample * (blocks.planar === 'separate' ? 1 : blocks.samplesPerPixel);
  // A 1-bit mask takes a byte a pixel once unpacked.
  const bytes = blocks.blockLines * blocks.blockSamples * Math.max(1, bits / 8);
  if (bytes > maxBlockBytes) {
    throw unsupported(
      file,
      'has blocks above 1 GiB with reversed or packed bits, which is not supported',
      'FillOrder',
      'Rewrite it in tiles: gdal_translate -co TILED=YES.',
    );
  }
}

function unsupported(file: TiffFile, says: string, field: string, remedy: string): CubelensError {
  return new CubelensError('unsupported-format', `${file.source.name} ${says}.`, {
    file: file.source.name,
    field,
    remedy,
  });
}
