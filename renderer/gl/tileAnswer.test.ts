import { describe, expect, it } from 'vitest';
import { missingAt, readTileAnswer } from './tileAnswer.ts';

function answer(type: string, shape: string, numbers: ArrayBufferView, more: Record<string, string> = {}) {
  const headers = new Headers({ 'cubelens-data-type': type, 'cubelens-shape': shape, ...more });
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return readTileAnswer(headers, Uint8Array.from(bytes).buffer);
}

describe('stored numbers', () => {
  it('are exact in every type, 64 bits too', () => {
    const wide = answer('uint64', '1,1,2', BigUint64Array.from([2n ** 64n - 1n, 2n ** 53n + 1n]));
    expect(wide.numbers[0]).toBe(18446744073709551615n);
    expect(wide.numbers[1]).toBe(9007199254740993n);
    expect(answer('int8', '1,1,1', Int8Array.of(-128)).numbers[0]).toBe(-128);
    expect(answer('float64', '1,2,1', Float64Array.of(0, 0.1)).numbers[1]).toBe(0.1);
  });

  it('are pairs where complex', () => {
    const tile = answer('complex64', '1,1,2', Float32Array.of(1, 2, 3, -4));
    expect([tile.isComplex, ...tile.numbers]).toEqual([true, 1, 2, 3, -4]);
  });

  it('of half precision: 1, -2, the smallest, the largest, infinity', () => {
    const tile = answer('float16', '1,1,5', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00));
    expect([...tile.numbers]).toEqual([1, -2, 2 ** -24, 65504, Infinity]);
  });
});

describe('what is missing', () => {
  it('is nodata in the own type of the file', () => {
    const tile = answer('uint64', '1,1,2', BigUint64Array.from([2n ** 53n, 2n ** 53n + 1n]), {
      'cubelens-no-data': '9007199254740993',
    });
    expect([0, 1].map((index) => missingAt(tile, index))).toEqual([null, 'no-data']);
    const nan = answer('float32', '1,1,2', Float32Array.of(NaN, 1), { 'cubelens-no-data': 'NaN' });
    expect([0, 1].map((index) => missingAt(nan, index))).toEqual(['no-data', null]);
  });

  it('of complex numbers only with an imaginary part of 0', () => {
    const tile = answer('complex64', '1,1,2', Float32Array.of(-1, 0, -1, 2), { 'cubelens-no-data': '-1' });
    expect([0, 1].map((index) => missingAt(tile, index))).toEqual(['no-data', null]);
  });

  it('or masked: the first pixel in the highest bit', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0b0111_1111, 0b1000_0000);
    const tile = answer('uint8', '1,3,3', bytes, { 'cubelens-valid-bytes': '2', 'cubelens-no-data': '9' });
    expect([0, 1, 8].map((index) => missingAt(tile, index))).toEqual(['masked', null, 'no-data']);
  });
});

describe('a tile that is not what its headers say', () => {
  it.each([
    ['float32', '1,2,2', {}],
    ['float32', '1,1', {}],
    ['float32', '0,1,1', {}],
    ['float32', '-1,-1,1', {}],
    ['text', '1,1,1', {}],
    ['__proto__', '1,1,1', {}],
    ['uint8', '1,1,3', { 'cubelens-valid-bytes': '2' }],
  ])('is refused: %s %s %o', (type, shape, more) => {
    expect(() => answer(type, shape, Uint8Array.of(0, 0, 0, 0), more)).toThrow('cannot be read');
  });
});
