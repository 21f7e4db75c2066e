import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  dataTypes,
  fitsFloat32,
  is64BitInteger,
  isComplexType,
  isIntegerType,
  machineByteOrder,
  newStoredArray,
  partBytesOf,
  storedView,
  swapBytes,
  type DataType,
} from './dataTypes.ts';

/** Bits of one value, as the name says. */
const bitsOf = (type: DataType): number => Number(/\d+$/.exec(type)?.[0]);

describe('data types', () => {
  it.each(dataTypes)('%s has the size and kind that its name says', (type) => {
    expect(bytesOf(type) * 8).toBe(bitsOf(type));
    expect(isComplexType(type)).toBe(type.startsWith('complex'));
    expect(isIntegerType(type)).toBe(type.includes('int'));
    expect(is64BitInteger(type)).toBe(type.includes('int64'));
    expect(partBytesOf(type)).toBe(isComplexType(type) ? bytesOf(type) / 2 : bytesOf(type));
    const array = newStoredArray(type, 6);
    expect(array.byteLength).toBe(6 * bytesOf(type));
    expect(array.length).toBe(isComplexType(type) ? 12 : 6);
    expect(array.BYTES_PER_ELEMENT).toBe(partBytesOf(type));
  });

  it.each(dataTypes)('%s: the bytes of each part are reversed, twice gives them back', (type) => {
    const part = partBytesOf(type);
    // An offset inside a larger buffer: only the view's own bytes may change.
    const whole = Uint8Array.from({ length: 16 + 3 * bytesOf(type) + 16 }, (_, i) => i);
    const bytes = whole.subarray(16, 16 + 3 * bytesOf(type));
    const before = [...whole];
    const expected = before.map((byte, i) => {
      const at = i - 16;
      if (at < 0 || at >= bytes.length) return byte;
      return before[16 + Math.floor(at / part) * part + (part - 1 - (at % part))];
    });
    swapBytes(bytes, type);
    expect([...whole]).toEqual(expected);
    swapBytes(bytes, type);
    expect([...whole]).toEqual(before);
  });

  it('swaps shared memory too', () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(4));
    bytes.set([1, 2, 3, 4]);
    swapBytes(bytes, 'int32');
    expect([...bytes]).toEqual([4, 3, 2, 1]);
  });

  it('reads numbers as a DataView does', () => {
    const buffer = new ArrayBuffer(16);
    const view = new DataView(buffer);
    const little = machineByteOrder === 'little';
    view.setFloat16(0, -1.5, little);
    view.setInt16(2, -2, little);
    view.setFloat32(4, 0.1, little);
    view.setBigUint64(8, 2n ** 64n - 1n, little);
    expect(storedView('float16', buffer, 0, 1)[0]).toBe(-1.5);
    expect(storedView('int16', buffer, 2, 1)[0]).toBe(-2);
    expect(storedView('float32', buffer, 4, 1)[0]).toBe(Math.fround(0.1));
    expect(storedView('uint64', buffer, 8, 1)[0]).toBe(2n ** 64n - 1n);
    expect(storedView('int64', buffer, 8, 1)[0]).toBe(-1n);
  });

  it('says rightly which types float32 holds', () => {
    const extremes: Partial<Record<DataType, number[]>> = {
      uint8: [255],
      int8: [-128],
      uint16: [65535],
      int16: [-32768, 32767],
      float16: [65504, 2 ** -24],
      uint32: [2 ** 32 - 1],
      int32: [2 ** 31 - 1],
      float64: [0.1],
    };
    for (const [type, values] of Object.entries(extremes)) {
      const exact = values.every((value) => Math.fround(value) === value);
      expect(fitsFloat32(type as DataType), type).toBe(exact);
    }
    expect(fitsFloat32('float32')).toBe(true);
    expect(fitsFloat32('uint64') || fitsFloat32('int64') || fitsFloat32('complex128')).toBe(false);
    // Its number is the magnitude: |1 + i| is the square root of 2.
    expect(fitsFloat32('complex64')).toBe(false);
  });
});
