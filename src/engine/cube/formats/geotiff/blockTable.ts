import { CubelensError } from '../../../base/errors.ts';
import type { CancelOptions } from '../../../base/signal.ts';
import { compressions } from './compression.ts';
import { numberOf, numbersOf, tagError, type TiffDirectory, type TiffFile } from './directory.ts';
import { tags } from './tags.ts';

/** Where the blocks of one image lie, checked against the file. */
export interface BlockTable {
  blockLines: number;
  blockSamples: number;
  tiled: boolean;
  offsets: Float64Array<SharedArrayBuffer>;
  byteCounts: Float64Array<SharedArrayBuffer>;
  /** True where byte counts were missing or too small and were worked out from the image's size. */
  estimated: boolean;
}

/** The sizes that a block table is checked against. */
export interface BlockGeometry {
  lines: number;
  samples: number;
  /** Planes of blocks: the number of bands of a separate image, else 1. */
  planes: number;
  /** Bits of one pixel in a block: all bands of a contiguous image, else one. */
  pixelBits: number;
  compression: number;
}

/** Decoded size up to which a block is decoded as a whole. */
export const maxBlockBytes = 2 ** 30;

/**
 * Reads strip or tile sizes, offsets and byte counts of one image and checks each block against the file.
 * A block of 0 bytes is sparse. Uncompressed images with missing or too small byte counts get the counts that their
 * size demands. Throws `malformed-file` where the table does not fit the image or the file, `unsupported-format` where
 * a compressed block is above 1 GiB.
 */
export async function readBlockTable(
  file: TiffFile,
  directory: TiffDirectory,
  geometry: BlockGeometry,
  cancel: CancelOptions = {},
): Promise<BlockTable> {
  const size = await blockSize(file, directory, geometry, cancel);
  const blocks =
    Math.ceil(geometry.samples / size.blockSamples) *
    Math.ceil(geometry.lines / size.blockLines) *
    geometry.planes;
  const offsetTag = size.tiled ? tags.tileOffsets : tags.stripOffsets;
  const countTag = size.tiled ? tags.tileByteCounts : tags.stripByteCounts;
  const stated = directory.entries.get(offsetTag)?.count ?? 0;
  if (!Number.isSafeInteger(blocks) || stated < blocks) {
    throw tagError(
      file,
      directory,
      offsetTag,
      `lists ${stated} blocks, but the image's size asks for ${blocks}`,
    );
  }
  const offsets = shared(await numbersOf(file, directory, offsetTag, blocks, cancel));
  const counts = await readByteCounts(file, directory, countTag, blocks, geometry, cancel);
  const table: BlockTable = { ...size, offsets, byteCounts: counts.values, estimated: counts.estimated };
  checkBlocks(file, directory, geometry, table);
  return table;
}

async function blockSize(
  file: TiffFile,
  directory: TiffDirectory,
  { lines, samples, pixelBits, compression }: BlockGeometry,
  cancel: CancelOptions,
): Promise<Pick<BlockTable, 'blockLines' | 'blockSamples' | 'tiled'>> {
  const tiled = directory.entries.has(tags.tileOffsets) || directory.entries.has(tags.tileWidth);
  const blockSamples = tiled ? await numberOf(file, directory, tags.tileWidth, 0, cancel) : samples;
  // RowsPerStrip defaults to "all lines in one strip" (TIFF 6.0).
  const blockLines = tiled
    ? await numberOf(file, directory, tags.tileLength, 0, cancel)
    : Math.min(lines, await numberOf(file, directory, tags.rowsPerStrip, lines, cancel));
  for (const [tag, value] of [
    [tiled ? tags.tileWidth : tags.imageWidth, blockSamples],
    [tiled ? tags.tileLength : tags.rowsPerStrip, blockLines],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 31) {
      throw tagError(file, directory, tag, `is ${value}, which no block can have`);
    }
  }
  const bytes = BigInt(blockLines) * ((BigInt(blockSamples) * BigInt(pixelBits) + 7n) / 8n);
  if (compression !== compressions.none && bytes > BigInt(maxBlockBytes)) {
    throw new CubelensError(
      'unsupported-format',
      `${file.source.name} packs ${bytes} bytes into each compressed block; up to 1 GiB is supported.`,
      {
        file: file.source.name,
        remedy: 'Rewrite it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE.',
      },
    );
  }
  return { blockLines, blockSamples, tiled };
}

async function readByteCounts(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  blocks: number,
  geometry: BlockGeometry,
  cancel: CancelOptions,
): Promise<{ values: Float64Array<SharedArrayBuffer>; estimated: boolean }> {
  const stated = directory.entries.get(tag)?.count ?? 0;
  if (stated >= blocks) {
    return { values: shared(await numbersOf(file, directory, tag, blocks, cancel)), estimated: false };
  }
  if (geometry.compression !== compressions.none) {
    throw tagError(file, directory, tag, `lists ${stated} blocks, but the image has ${blocks}`);
  }
  // Zero beside a real offset: worked out from the image's size in checkBlocks.
  return { values: shared(new Float64Array(blocks)), estimated: true };
}

function checkBlocks(
  file: TiffFile,
  directory: TiffDirectory,
  geometry: BlockGeometry,
  table: BlockTable,
): void {
  const { offsets, byteCounts } = table;
  const isPlain = geometry.compression === compressions.none;
  const fileSize = file.source.size;
  const across = Math.ceil(geometry.samples / table.blockSamples);
  const down = Math.ceil(geometry.lines / table.blockLines);
  const rowBytes = Math.ceil((table.blockSamples * geometry.pixelBits) / 8);
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] as number;
    let bytes = byteCounts[index] as number;
    if (isPlain && offset !== 0) {
      const row = Math.floor(index / across) % down;
      const lines = table.tiled
        ? table.blockLines
        : Math.min(table.blockLines, geometry.lines - row * table.blockLines);
      const needed = rowBytes * lines;
      if (bytes < needed) {
        bytes = byteCounts[index] = needed;
        table.estimated = true;
      }
    }
    if (bytes === 0) continue;
    // Whole numbers below 2^53 each, so their sum cannot fall below a file size by rounding.
    if (!(offset > 0 && bytes > 0 && offset + bytes <= fileSize)) {
      throw tagError(
        file,
        directory,
        table.tiled ? tags.tileOffsets : tags.stripOffsets,
        `puts block ${index} at bytes ${offset} to ${offset + bytes}, but the file has ${fileSize} bytes`,
        offset,
      );
    }
  }
}

function shared(values: Float64Array | null): Float64Array<SharedArrayBuffer> {
  const length = values?.length ?? 0;
  const copy = new Float64Array(new SharedArrayBuffer(length * 8));
  if (values !== null) copy.set(values);
  return copy;
}
