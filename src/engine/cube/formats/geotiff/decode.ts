import { constants, inflateSync, zstdDecompressSync } from 'node:zlib';
import { machineByteOrder, swapBytes } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../../base/signal.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import { decodedLineBytes, samplesInBlock, storedLines } from './blocks.ts';
import { maxBlockBytes } from './blockTable.ts';
import { compressions, maxExpansion } from './compression.ts';
import type { GeoTiffLayout, TiffBlocks } from './layout.ts';
import { decodeLzw } from './lzw.ts';
import { decodePackBits } from './packBits.ts';
import { undoFloatingPoint, undoHorizontal } from './predictor.ts';

/**
 * One block (strip or tile) of an image, decoded: its stored lines x blockSamples x samples in the block, as
 * `image.dataType` in this machine's byte order, pixel by pixel where contiguous. A tile is whole also past the image's
 * edge, the last strip has only the lines inside. 1-bit masks come as one byte a pixel, 0 or 1. Sparse blocks come as
 * zeros (`readTiffWindow` fills them with nodata without decoding).
 * Throws `malformed-file` naming file, image, block and byte where the block is damaged; errors of the source pass.
 */
export async function decodeBlock(
  layout: GeoTiffLayout,
  image: TiffBlocks,
  blockIndex: number,
  source: ByteSource,
  cancel: CancelOptions = {},
): Promise<SharedArrayBuffer> {
  throwIfAborted(cancel.signal);
  const lines = storedLines(image, blockIndex);
  const place: BlockPlace = { file: layout.source.name, image, blockIndex };
  const decodedBytes = lines * decodedLineBytes(image);
  if (decodedBytes > maxBlockBytes) {
    throw new CubelensError(
      'resource-exhausted',
      `Block ${blockIndex} of ${layout.source.name} is too large to decode.`,
    );
  }
  const bytes = image.byteCounts[blockIndex] ?? 0;
  if (bytes === 0) return new SharedArrayBuffer(decodedBytes);
  const isPacked = image.bitsPerSample === 1;
  const packedLineBytes = isPacked ? Math.ceil(image.blockSamples / 8) : decodedLineBytes(image);
  const packedBytes = lines * packedLineBytes;
  const most = bytes * (maxExpansion[image.compression] ?? 1) + 1024;
  if (packedBytes > most) {
    throw damaged(place, `its ${bytes} bytes cannot hold the ${packedBytes} bytes of the block`);
  }
  // No sound block is longer than this; a larger count is padding or a lie.
  const data = await source.read(
    image.offsets[blockIndex] as number,
    Math.min(bytes, 2 * packedBytes + 65536),
    cancel,
  );
  throwIfAborted(cancel.signal);
  if (image.fillOrder === 2) reverseBits(data);
  const decoded = new Uint8Array(new SharedArrayBuffer(packedBytes));
  const fullBytes = image.blockLines * packedLineBytes;
  const written = decompress(place, data, decoded, fullBytes);
  if (written < packedBytes) {
    throw damaged(place, `it ends after ${written} of ${packedBytes} bytes`);
  }
  if (isPacked) return unpackBits(decoded, lines, image.blockSamples);
  undoPredictor(image, decoded, lines);
  return decoded.buffer;
}

interface BlockPlace {
  file: string;
  image: TiffBlocks;
  blockIndex: number;
}

/** Decompresses into `out` and gives the number of bytes written. */
function decompress(place: BlockPlace, data: Uint8Array, out: Uint8Array, fullBytes: number): number {
  try {
    switch (place.image.compression) {
      case compressions.none: {
        const part = data.subarray(0, out.length);
        out.set(part);
        return part.length;
      }
      case compressions.lzw:
        return decodeLzw(data, out);
      case compressions.packBits:
        return decodePackBits(data, out);
      case compressions.zstd:
        return take(zstdDecompressSync(data, zlibLimits(out.length, fullBytes)), out);
      default:
        return take(inflateSync(data, zlibLimits(out.length, fullBytes)), out);
    }
  } catch (thrown) {
    throw damaged(place, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

/**
 * The last strip may be stored at full length, so that is the limit; one output chunk saves a concatenation, and one
 * byte more than expected saves an empty second chunk.
 */
const zlibLimits = (expected: number, fullBytes: number): { maxOutputLength: number; chunkSize: number } => ({
  maxOutputLength: Math.max(expected, fullBytes),
  chunkSize: Math.max(constants.Z_MIN_CHUNK, expected + 1),
});

function take(decoded: Uint8Array, out: Uint8Array): number {
  const part = decoded.subarray(0, out.length);
  out.set(part);
  return part.length;
}

/** Undoes the predictor and brings the samples into this machine's byte order, in place. */
function undoPredictor(image: TiffBlocks, bytes: Uint8Array<SharedArrayBuffer>, lines: number): void {
  const rows = { rows: lines, rowSamples: image.blockSamples, stride: samplesInBlock(image) };
  const width = image.bitsPerSample / 8;
  if (image.predictor === 3) {
    undoFloatingPoint(bytes, width, rows);
    return;
  }
  const isForeign = image.byteOrder !== machineByteOrder;
  if (image.predictor === 1) {
    if (isForeign) swapBytes(bytes, image.dataType);
    return;
  }
  // libtiff takes the difference of whole samples in memory order and swaps them whole, also a complex pair of 64 bits:
  // so the sum is already in this machine's order.
  if (isForeign) swapWidth(bytes, width);
  undoHorizontal(bytes, width, rows);
}

function swapWidth(bytes: Uint8Array, width: number): void {
  if (width === 2) swapBytes(bytes, 'uint16');
  else if (width === 4) swapBytes(bytes, 'uint32');
  else if (width === 8) swapBytes(bytes, 'uint64');
}

/** One byte a pixel from lines of packed bits, each line from a new byte, most significant bit first. */
function unpackBits(packed: Uint8Array, lines: number, samples: number): SharedArrayBuffer {
  const lineBytes = Math.ceil(samples / 8);
  const pixels = new Uint8Array(new SharedArrayBuffer(lines * samples));
  for (let line = 0; line < lines; line++) {
    const from = line * lineBytes;
    const to = line * samples;
    for (let s = 0; s < samples; s++) {
      pixels[to + s] = ((packed[from + (s >> 3)] as number) >> (7 - (s & 7))) & 1;
    }
  }
  return pixels.buffer;
}

const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit);
  return turned;
});

/** FillOrder 2: the bits of each byte are stored the other way round, compressed data included (as libtiff reads it). */
function reverseBits(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = reversed[bytes[i] as number] as number;
}

function damaged({ file, image, blockIndex }: BlockPlace, says: string, cause?: unknown): CubelensError {
  const byte = image.offsets[blockIndex] as number;
  return new CubelensError(
    'malformed-file',
    `${file} is damaged: block ${blockIndex} of image directory ${image.directory}, at byte ${byte}, cannot be decoded (${says}).`,
    { file, field: `block ${blockIndex}`, byte, remedy: 'Get the file again.' },
    cause,
  );
}
