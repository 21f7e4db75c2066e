import { describe, expect, it } from 'vitest';
import { readTileAnswer } from './tileAnswer.ts';
import { nothing, packPixels } from './tilePixels.ts';

function packed(type: string, numbers: ArrayBufferView<ArrayBuffer>, more: Record<string, string> = {}) {
  const bytes = numbers.byteLength;
  const samples = type.startsWith('complex')
    ? 2
    : type === 'float32'
      ? bytes / 4
      : Number(more['n'] ?? bytes);
  const headers = new Headers({ 'cubelens-data-type': type, 'cubelens-shape': `1,1,${samples}`, ...more });
  return packPixels(readTileAnswer(headers, numbers.buffer));
}

describe('packPixels', () => {
  it('has the bits that the shader compares for no value', () => {
    expect(new Uint32Array(Float32Array.of(nothing).buffer)[0]).toBe(0xff7fffff);
  });

  it('leaves numbers, and turns NaN and infinities into numbers of their own', () => {
    const numbers = Float32Array.of(0, -1.5, NaN, Infinity, -Infinity, nothing, 3.4028234663852886e38);
    const { data } = packed('float32', numbers);
    expect(data.buffer).toBe(numbers.buffer);
    expect([...data.subarray(0, 2)]).toEqual([0, -1.5]);
    expect(data[2]).toBe(nothing);
    expect(data[3]).toBe(3.4028234663852886e38);
    // The lowest number there is gives way to "nothing" by one step.
    expect(data[4]).toBe(-3.4028232635611926e38);
    expect(data[5]).toBe(-3.4028232635611926e38);
    expect(data[6]).toBe(3.4028234663852886e38);
  });

  it('takes stored numbers, without those that are nodata', () => {
    const { data } = packed('uint8', Uint8Array.of(0, 7, 255), { 'cubelens-no-data': '0' });
    expect([...data]).toEqual([nothing, 7, 255]);
    expect([...packed('complex64', Float32Array.of(3, 4, 0, -2)).data]).toEqual([5, 2]);
  });
});
