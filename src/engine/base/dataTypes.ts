import { CubelensError } from './errors.ts';

/** Stored number types of a cube file, named as the command line's JSON prints them. */
export const dataTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex64',
  'complex128',
] as const;

export type DataType = (typeof dataTypes)[number];
export type ByteOrder = 'little' | 'big';
export type Interleave = 'bsq' | 'bil' | 'bip';

/**
 * Stored values in this machine's byte order. Complex types are (real, imaginary) pairs, so their array is twice as
 * long as the number of pixels.
 */
export type StoredArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** Values (after scale and offset) or numbers (before), NaN where nodata. */
export type ValueArray = Float32Array | Float64Array;

/** What filters sum: values, or small whole numbers as the file stores them. */
export type SummandArray = ValueArray | Int8Array | Uint8Array | Int16Array | Uint16Array;

interface DataTypeFacts {
  /** Bytes of one stored value (both parts of a complex one). */
  bytes: number;
  /** Bytes of one part: the unit of byte swapping. */
  partBytes: number;
  isComplex: boolean;
  isInteger: boolean;
  array: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => StoredArray;
}

/** Node has Float16Array from version 24 on (as the browser has); before, only files of that type cannot be opened. */
const halfFloats: DataTypeFacts['array'] =
  (globalThis as { Float16Array?: DataTypeFacts['array'] }).Float16Array ??
  class extends Uint16Array {
    constructor() {
      super(0);
      throw new CubelensError('unsupported-format', 'This Node cannot read 16-bit floats.', {
        field: 'dataType',
        remedy: 'Use Node 24 or newer.',
      });
    }
  };

const facts: Record<DataType, DataTypeFacts> = {
  uint8: { bytes: 1, partBytes: 1, isComplex: false, isInteger: true, array: Uint8Array },
  int8: { bytes: 1, partBytes: 1, isComplex: false, isInteger: true, array: Int8Array },
  uint16: { bytes: 2, partBytes: 2, isComplex: false, isInteger: true, array: Uint16Array },
  int16: { bytes: 2, partBytes: 2, isComplex: false, isInteger: true, array: Int16Array },
  uint32: { bytes: 4, partBytes: 4, isComplex: false, isInteger: true, array: Uint32Array },
  int32: { bytes: 4, partBytes: 4, isComplex: false, isInteger: true, array: Int32Array },
  uint64: { bytes: 8, partBytes: 8, isComplex: false, isInteger: true, array: BigUint64Array },
  int64: { bytes: 8, partBytes: 8, isComplex: false, isInteger: true, array: BigInt64Array },
  float16: { bytes: 2, partBytes: 2, isComplex: false, isInteger: false, array: halfFloats },
  float32: { bytes: 4, partBytes: 4, isComplex: false, isInteger: false, array: Float32Array },
  float64: { bytes: 8, partBytes: 8, isComplex: false, isInteger: false, array: Float64Array },
  complex64: { bytes: 8, partBytes: 4, isComplex: true, isInteger: false, array: Float32Array },
  complex128: { bytes: 16, partBytes: 8, isComplex: true, isInteger: false, array: Float64Array },
};

/** Bytes of one stored value of this type. */
export const bytesOf = (type: DataType): number => facts[type].bytes;

/** Bytes of one part of a value: what is reversed when the byte order differs. */
export const partBytesOf = (type: DataType): number => facts[type].partBytes;

export const isComplexType = (type: DataType): boolean => facts[type].isComplex;
export const isIntegerType = (type: DataType): boolean => facts[type].isInteger;
export const is64BitInteger = (type: DataType): boolean => type === 'int64' || type === 'uint64';

/** True where float32 holds every stored number exactly: integers to 16 bits, halves, floats; not a magnitude. */
export const fitsFloat32 = (type: DataType): boolean => bytesOf(type) <= 2 || type === 'float32';

/** A typed view of `count` stored values in `bytes`, which must be aligned and in this machine's byte order. */
export function storedView(
  type: DataType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  count: number,
): StoredArray {
  const { array, isComplex } = facts[type];
  return new array(buffer, byteOffset, isComplex ? count * 2 : count);
}

/** A fresh zeroed array for `count` stored values. */
export function newStoredArray(type: DataType, count: number): StoredArray {
  return storedView(type, new ArrayBuffer(count * bytesOf(type)), 0, count);
}

/** This machine's byte order. Node runs on little-endian processors only in practice, but asking costs nothing. */
export const machineByteOrder: ByteOrder =
  new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big';

/** Reverses the bytes of each value (each part of a complex one) in place. */
export function swapBytes(bytes: Uint8Array, type: DataType): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = partBytesOf(type);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}
