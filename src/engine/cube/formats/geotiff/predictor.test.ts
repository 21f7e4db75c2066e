import { describe, expect, it } from 'vitest';
import { machineByteOrder } from '../../../base/dataTypes.ts';
import { undoFloatingPoint, undoHorizontal } from './predictor.ts';

function sharedBytes(values: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return bytes;
}

describe('undoHorizontal', () => {
  it('sums along each row and wraps at the width of the type', () => {
    const bytes = sharedBytes(Uint16Array.of(65535, 2, 10, 1, 1, 1));
    undoHorizontal(bytes, 2, { rows: 2, rowSamples: 3, stride: 1 });
    expect([...new Uint16Array(bytes.buffer)]).toEqual([65535, 1, 11, 1, 2, 3]);
  });

  it('sums each band on its own where bands alternate', () => {
    const bytes = sharedBytes(Uint8Array.of(1, 100, 1, 1, 1, 200));
    undoHorizontal(bytes, 1, { rows: 1, rowSamples: 3, stride: 2 });
    expect([...bytes]).toEqual([1, 100, 2, 101, 3, 45]);
  });

  it('sums 32-bit values beyond 2^31', () => {
    const bytes = sharedBytes(Uint32Array.of(0xf0000000, 0x0fffffff, 2));
    undoHorizontal(bytes, 4, { rows: 1, rowSamples: 3, stride: 1 });
    expect([...new Uint32Array(bytes.buffer)]).toEqual([0xf0000000, 0xffffffff, 1]);
  });

  it('carries between the halves of 64-bit values', () => {
    const bytes = sharedBytes(BigUint64Array.of(0xffffffffn, 1n, 2n ** 64n - 1n, 2n ** 63n));
    undoHorizontal(bytes, 8, { rows: 1, rowSamples: 4, stride: 1 });
    expect([...new BigUint64Array(bytes.buffer)]).toEqual([
      0xffffffffn,
      2n ** 32n,
      2n ** 32n - 1n,
      2n ** 63n + 2n ** 32n - 1n,
    ]);
  });
});

describe('undoFloatingPoint', () => {
  it('puts the byte planes of 1 and 2 (3f800000, 40000000) together', () => {
    // Planes, most significant first: 3f 40 | 80 00 | 00 00 | 00 00; differences of neighbours modulo 256.
    const bytes = sharedBytes(Uint8Array.of(0x3f, 0x01, 0x40, 0x80, 0x00, 0x00, 0x00, 0x00));
    undoFloatingPoint(bytes, 4, { rows: 1, rowSamples: 2, stride: 1 });
    expect([...new Float32Array(bytes.buffer)]).toEqual([1, 2]);
  });

  it('orders the bytes of a half for this machine', () => {
    const bytes = sharedBytes(Uint8Array.of(0x3c, 0xc4));
    undoFloatingPoint(bytes, 2, { rows: 1, rowSamples: 1, stride: 1 });
    expect([...bytes]).toEqual(machineByteOrder === 'little' ? [0x00, 0x3c] : [0x3c, 0x00]);
    expect([...new Float16Array(bytes.buffer)]).toEqual([1]);
  });
});
