import { bytesOf, machineByteOrder, swapBytes } from '../../../base/dataTypes.ts';
import { throwIfAborted, type CancelOptions } from '../../../base/signal.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import { decodedLineBytes, samplesInBlock } from './blocks.ts';
import { movePixels, unitView } from './gather.ts';
import type { BlockPart } from './read.ts';

/** Bytes read at once: large enough to be fast, small enough to cancel soon and to bound memory. */
const pieceBytes = 4 * 2 ** 20;
/** Unwanted bytes between two lines up to which reading through is cheaper than a read of its own. */
const readThroughBytes = 16 * 1024;

/** Reads one uncompressed block's share of a window by byte ranges, without holding the block. */
export async function readDirect(block: BlockPart, source: ByteSource, cancel: CancelOptions): Promise<void> {
  const { image, part } = block;
  const lineBytes = decodedLineBytes(image);
  const pixelBytes = samplesInBlock(image) * bytesOf(image.dataType);
  const wanted = part.samples * pixelBytes;
  if (
    wanted === lineBytes &&
    block.toLine * block.to.BYTES_PER_ELEMENT === wanted &&
    block.bandTo.length === 1
  ) {
    await readStraight(block, source, lineBytes, cancel);
    return;
  }
  const readsThrough = lineBytes - wanted <= readThroughBytes;
  const linesAtOnce = readsThrough ? Math.max(1, Math.floor(pieceBytes / lineBytes)) : 1;
  const samplesAtOnce = Math.max(1, Math.floor(pieceBytes / pixelBytes));
  const scratch = new ArrayBuffer(scratchBytes(block, lineBytes, pixelBytes, linesAtOnce, samplesAtOnce));
  for (let line = 0; line < part.lines; line += linesAtOnce) {
    const lines = Math.min(linesAtOnce, part.lines - line);
    for (let sample = 0; sample < part.samples; sample += samplesAtOnce) {
      const samples = Math.min(samplesAtOnce, part.samples - sample);
      await readPiece(block, source, scratch, { line, lines, sample, samples }, cancel);
      throwIfAborted(cancel.signal);
    }
  }
}

/** A piece of a block's share, counted from the share's first line and sample. */
interface Piece {
  line: number;
  lines: number;
  sample: number;
  samples: number;
}

function scratchBytes(
  { part }: BlockPart,
  lineBytes: number,
  pixelBytes: number,
  linesAtOnce: number,
  samplesAtOnce: number,
): number {
  const lines = Math.min(linesAtOnce, part.lines);
  const samples = Math.min(samplesAtOnce, part.samples);
  return (lines - 1) * lineBytes + samples * pixelBytes;
}

/** One band, full width, into lines as wide: the file's bytes are the output's bytes. */
async function readStraight(
  block: BlockPart,
  source: ByteSource,
  lineBytes: number,
  cancel: CancelOptions,
): Promise<void> {
  const { image, part, to } = block;
  const offset = (image.offsets[block.index] as number) + (part.line0 - block.line0) * lineBytes;
  const start = to.byteOffset + (block.bandTo[0] as number) * to.BYTES_PER_ELEMENT;
  const total = part.lines * lineBytes;
  for (let done = 0; done < total; done += pieceBytes) {
    const target = new Uint8Array(to.buffer, start + done, Math.min(pieceBytes, total - done));
    await source.readInto(offset + done, target, cancel);
    if (image.byteOrder !== machineByteOrder) swapBytes(target, image.dataType);
    throwIfAborted(cancel.signal);
  }
}

async function readPiece(
  block: BlockPart,
  source: ByteSource,
  scratch: ArrayBuffer,
  piece: Piece,
  cancel: CancelOptions,
): Promise<void> {
  const { image, part, parts, to, toLine, bandFrom } = block;
  const lineBytes = decodedLineBytes(image);
  const pixelBytes = samplesInBlock(image) * bytesOf(image.dataType);
  const firstLine = part.line0 - block.line0 + piece.line;
  const firstSample = part.sample0 - block.sample0 + piece.sample;
  const offset = (image.offsets[block.index] as number) + firstLine * lineBytes + firstSample * pixelBytes;
  const bytes = new Uint8Array(scratch, 0, (piece.lines - 1) * lineBytes + piece.samples * pixelBytes);
  await source.readInto(offset, bytes, cancel);
  if (image.byteOrder !== machineByteOrder) swapBytes(bytes, image.dataType);
  const unitBytes = to.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const shift = piece.line * toLine + piece.sample * parts;
  movePixels({
    lines: piece.lines,
    samples: piece.samples,
    parts,
    from: unitView(unitBytes, scratch, 0, bytes.length / unitBytes),
    fromStart: 0,
    fromLine: lineBytes / unitBytes,
    fromPixel: pixelBytes / unitBytes,
    to,
    toLine,
    bandFrom,
    bandTo: block.bandTo.map((start) => start + shift),
  });
}
