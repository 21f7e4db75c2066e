import type { DataType } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';

/** NumPy's names of our types, little-endian (`|`: one byte, no order). */
const descriptions: Record<DataType, string> = {
  uint8: '|u1',
  int8: '|i1',
  uint16: '<u2',
  int16: '<i2',
  uint32: '<u4',
  int32: '<i4',
  uint64: '<u8',
  int64: '<i8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};

const magic = Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
const alignment = 64;

/**
 * The header of an NPY file, version 1.0 (numpy.lib.format): magic, header length, a Python dictionary, spaces and a
 * line feed up to a multiple of 64 bytes. The values follow at once, little-endian, last axis fastest.
 * `shape`: whole numbers from 0. Throws `out-of-range` for another shape or more than 32 axes (NumPy's limit).
 */
export function npyHeader(dataType: DataType, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  if (shape.length > 32 || !shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)) {
    throw new CubelensError('out-of-range', `NPY: [${shape.join(', ')}] is no shape of an array.`, {
      field: 'shape',
      remedy: 'Give at most 32 whole numbers, none of them negative.',
    });
  }
  // A Python tuple of one needs its comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descriptions[dataType]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = magic.length + 2;
  const total = Math.ceil((prefix + dictionary.length + 1) / alignment) * alignment;
  const out = new Uint8Array(total).fill(0x20);
  out.set(magic);
  new DataView(out.buffer).setUint16(magic.length, total - prefix, true);
  out.set(new TextEncoder().encode(dictionary), prefix);
  out[total - 1] = 0x0a;
  return out;
}
