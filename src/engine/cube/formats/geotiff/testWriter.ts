import { deflateSync, zstdCompressSync } from 'node:zlib';
import {
  bytesOf,
  machineByteOrder,
  partBytesOf,
  swapBytes,
  type ByteOrder,
  type DataType,
  type StoredArray,
} from '../../../base/dataTypes.ts';
import { encodeLzw, encodePackBits } from './testCodecs.ts';

// For tests only: a TIFF writer of every kind the reader knows.

export type TestCompression = 'none' | 'lzw' | 'lzwOld' | 'deflate' | 'packbits' | 'zstd';

/** One image of a test file. */
export interface TestImage {
  lines: number;
  samples: number;
  bands: number;
  dataType: DataType;
  /** [line][sample][band] in this machine's byte order (complex: pairs). */
  pixels: StoredArray;
  planar: 'contiguous' | 'separate';
  /** Tile size, or lines per strip. */
  tile?: { lines: number; samples: number };
  stripLines?: number;
  compression: TestCompression;
  predictor: 1 | 2 | 3;
  fillOrder?: 1 | 2;
  /** Blocks to leave out (offset and length 0). */
  sparse?: readonly number[];
  /** Further tags, or replacements of the writer's own (null leaves one out). */
  tags?: readonly TestTag[];
}

/** Values are numbers, or text for type 2. Types: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 12 DOUBLE, 16 LONG8 ... */
export type TestTag =
  { tag: number; type: number; values: readonly number[] | string } | { tag: number; values: null };

const wholeType: Partial<Record<number, DataType>> = { 2: 'uint16', 4: 'uint32', 8: 'uint64' };

const compressionTags: Record<TestCompression, number> = {
  none: 1,
  lzw: 5,
  lzwOld: 5,
  deflate: 8,
  packbits: 32773,
  zstd: 50000,
};

const typeSizes: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  129: 4,
};

/** A TIFF file of these images, one directory each. */
export function writeTiff(
  images: readonly TestImage[],
  { byteOrder = 'little', big = false }: { byteOrder?: ByteOrder; big?: boolean } = {},
): Uint8Array {
  const file = new ByteWriter(byteOrder === 'little');
  file.text(byteOrder === 'little' ? 'II' : 'MM');
  file.number(3, big ? 43 : 42);
  if (big) file.number(3, 8);
  if (big) file.number(3, 0);
  let link = file.length;
  file.number(big ? 16 : 4, 0);
  for (const image of images) {
    const offsets: number[] = [];
    const counts: number[] = [];
    encodeBlocks(image, byteOrder).forEach((block, index) => {
      const isSparse = image.sparse?.includes(index) === true;
      offsets.push(isSparse ? 0 : file.length);
      counts.push(isSparse ? 0 : block.length);
      if (!isSparse) file.bytes(block);
    });
    file.align();
    file.patch(link, big ? 16 : 4, file.length);
    link = writeDirectory(file, mergeTags(image, offsets, counts, big), big);
  }
  return file.finish();
}

function mergeTags(image: TestImage, offsets: number[], counts: number[], big: boolean): TestTag[] {
  const bits = partBytesOf(image.dataType) * 8 * (image.dataType.startsWith('complex') ? 2 : 1);
  const format = image.dataType.startsWith('uint')
    ? 1
    : image.dataType.startsWith('int')
      ? 2
      : image.dataType.startsWith('float')
        ? 3
        : 6;
  const each = (value: number): number[] => new Array<number>(image.bands).fill(value);
  const wide = big ? 16 : 4;
  const own: TestTag[] = [
    { tag: 256, type: 4, values: [image.samples] },
    { tag: 257, type: 4, values: [image.lines] },
    { tag: 258, type: 3, values: each(bits) },
    { tag: 259, type: 3, values: [compressionTags[image.compression]] },
    { tag: 262, type: 3, values: [1] },
    { tag: 277, type: 3, values: [image.bands] },
    { tag: 284, type: 3, values: [image.planar === 'contiguous' ? 1 : 2] },
    { tag: 339, type: 3, values: each(format) },
  ];
  if (image.fillOrder === 2) own.push({ tag: 266, type: 3, values: [2] });
  if (image.predictor !== 1) own.push({ tag: 317, type: 3, values: [image.predictor] });
  if (image.tile !== undefined) {
    own.push(
      { tag: 322, type: 4, values: [image.tile.samples] },
      { tag: 323, type: 4, values: [image.tile.lines] },
    );
    own.push({ tag: 324, type: wide, values: offsets }, { tag: 325, type: wide, values: counts });
  } else {
    own.push({ tag: 278, type: 4, values: [image.stripLines ?? image.lines] });
    own.push({ tag: 273, type: wide, values: offsets }, { tag: 279, type: wide, values: counts });
  }
  const further = image.tags ?? [];
  const replaced = new Set(further.map(({ tag }) => tag));
  return [
    ...own.filter(({ tag }) => !replaced.has(tag)),
    ...further.filter(({ values }) => values !== null),
  ].sort((a, b) => a.tag - b.tag);
}

function writeDirectory(file: ByteWriter, entries: readonly TestTag[], big: boolean): number {
  const pointer = big ? 16 : 4;
  file.number(big ? 16 : 3, entries.length);
  const late: { at: number; write: () => void }[] = [];
  for (const entry of entries) {
    if (entry.values === null) continue;
    const { tag, type, values } = entry;
    const numbers = typeof values === 'string' ? [...Buffer.from(values, 'utf8'), 0] : values;
    file.number(3, tag);
    file.number(3, type);
    file.number(pointer, numbers.length);
    const bytes = numbers.length * (typeSizes[type] as number);
    const room = big ? 8 : 4;
    const write = (): void => numbers.forEach((value) => file.number(type, value));
    if (bytes <= room) {
      write();
      file.bytes(new Uint8Array(room - bytes));
    } else {
      late.push({ at: file.length, write });
      file.number(pointer, 0);
    }
  }
  const link = file.length;
  file.number(pointer, 0);
  for (const { at, write } of late) {
    file.align();
    file.patch(at, pointer, file.length);
    write();
  }
  return link;
}

/** The blocks of an image in file order, predicted and compressed. */
function encodeBlocks(image: TestImage, byteOrder: ByteOrder): Uint8Array[] {
  const blockLines = image.tile?.lines ?? image.stripLines ?? image.lines;
  const blockSamples = image.tile?.samples ?? image.samples;
  const planes = image.planar === 'separate' ? image.bands : 1;
  const inBlock = image.planar === 'separate' ? 1 : image.bands;
  const value = bytesOf(image.dataType);
  const pixels = new Uint8Array(image.pixels.buffer, image.pixels.byteOffset, image.pixels.byteLength);
  const blocks: Uint8Array[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let line0 = 0; line0 < image.lines; line0 += blockLines) {
      for (let sample0 = 0; sample0 < image.samples; sample0 += blockSamples) {
        const lines = image.tile === undefined ? Math.min(blockLines, image.lines - line0) : blockLines;
        const raw = new Uint8Array(lines * blockSamples * inBlock * value);
        for (let l = 0; l < lines && line0 + l < image.lines; l++) {
          for (let s = 0; s < blockSamples && sample0 + s < image.samples; s++) {
            const from = (((line0 + l) * image.samples + sample0 + s) * image.bands + plane) * value;
            raw.set(pixels.subarray(from, from + inBlock * value), (l * blockSamples + s) * inBlock * value);
          }
        }
        const predicted = predict(raw, image, blockSamples * inBlock, inBlock, byteOrder);
        blocks.push(compress(predicted, image));
      }
    }
  }
  return blocks;
}

/** Applies a predictor and the file's byte order, value by value (slow and plain, unlike the reader). */
function predict(
  raw: Uint8Array,
  image: TestImage,
  rowValues: number,
  stride: number,
  order: ByteOrder,
): Uint8Array {
  const width = bytesOf(image.dataType);
  const isForeign = order !== machineByteOrder;
  const rowBytes = rowValues * width;
  const out = raw.slice();
  for (let row = 0; row < raw.length; row += rowBytes) {
    if (image.predictor === 2) {
      for (let i = rowValues - 1; i >= stride; i--) {
        const at = row + i * width;
        writeWide(out, at, width, readWide(raw, at, width) - readWide(raw, at - stride * width, width));
      }
    } else if (image.predictor === 3) {
      const planes = new Uint8Array(rowBytes);
      for (let i = 0; i < rowValues; i++) {
        for (let b = 0; b < width; b++) {
          const byte = machineByteOrder === 'little' ? width - 1 - b : b;
          planes[b * rowValues + i] = raw[row + i * width + byte] as number;
        }
      }
      for (let i = rowBytes - 1; i >= stride; i--)
        planes[i] = (planes[i] as number) - (planes[i - stride] as number);
      out.set(planes, row);
    }
  }
  // A differenced complex pair is swapped as one 64-bit number, as libtiff does.
  if (isForeign && image.predictor === 1) swapBytes(out, image.dataType);
  if (isForeign && image.predictor === 2) swapBytes(out, wholeType[width] ?? 'uint8');
  return out;
}

function readWide(bytes: Uint8Array, at: number, width: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = machineByteOrder === 'little';
  if (width === 1) return BigInt(view.getUint8(at));
  if (width === 2) return BigInt(view.getUint16(at, little));
  return width === 4 ? BigInt(view.getUint32(at, little)) : view.getBigUint64(at, little);
}

function writeWide(bytes: Uint8Array, at: number, width: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = machineByteOrder === 'little';
  const wrapped = BigInt.asUintN(width * 8, value);
  if (width === 1) view.setUint8(at, Number(wrapped));
  else if (width === 2) view.setUint16(at, Number(wrapped), little);
  else if (width === 4) view.setUint32(at, Number(wrapped), little);
  else view.setBigUint64(at, wrapped, little);
}

function compress(bytes: Uint8Array, image: TestImage): Uint8Array {
  let packed = bytes;
  if (image.compression === 'lzw') packed = encodeLzw(bytes);
  else if (image.compression === 'lzwOld') packed = encodeLzw(bytes, true);
  else if (image.compression === 'deflate') packed = deflateSync(bytes);
  else if (image.compression === 'zstd') packed = zstdCompressSync(bytes);
  else if (image.compression === 'packbits') packed = encodePackBits(bytes);
  return image.fillOrder === 2 ? packed.map(turnByte) : packed;
}

const turnByte = (byte: number): number =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2);

/** Appends numbers in a file's byte order. */
class ByteWriter {
  readonly #little: boolean;
  #view = new DataView(new ArrayBuffer(1024));
  length = 0;

  constructor(little: boolean) {
    this.#little = little;
  }

  text(text: string): void {
    this.bytes(Buffer.from(text, 'latin1'));
  }

  bytes(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    new Uint8Array(this.#view.buffer).set(bytes, this.length);
    this.length += bytes.length;
  }

  align(): void {
    if (this.length % 2 === 1) this.bytes(new Uint8Array(1));
  }

  number(type: number, value: number): void {
    const size = typeSizes[type] as number;
    this.#grow(size);
    this.#set(this.length, type, value);
    this.length += size;
  }

  patch(at: number, type: number, value: number): void {
    this.#set(at, type, value);
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#view.buffer.slice(0, this.length));
  }

  #set(at: number, type: number, value: number): void {
    if (type === 12) this.#view.setFloat64(at, value, this.#little);
    else if (type === 11) this.#view.setFloat32(at, value, this.#little);
    else if (typeSizes[type] === 1) this.#view.setUint8(at, value);
    else if (typeSizes[type] === 2) this.#view.setUint16(at, value, this.#little);
    else if (typeSizes[type] === 4) this.#view.setUint32(at, value, this.#little);
    else this.#view.setBigUint64(at, BigInt(value), this.#little);
  }

  #grow(by: number): void {
    if (this.length + by <= this.#view.byteLength) return;
    const larger = new Uint8Array(2 * (this.length + by));
    larger.set(new Uint8Array(this.#view.buffer));
    this.#view = new DataView(larger.buffer);
  }
}
