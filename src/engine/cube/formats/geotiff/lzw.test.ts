import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLzw, isOldStyleLzw } from './lzw.ts';
import { encodeLzw } from './testCodecs.ts';

/** 9-bit codes, most significant bit first. */
function pack(codes: readonly number[]): Uint8Array {
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => parseInt(byte.padEnd(8, '0'), 2));
}

describe('decodeLzw', () => {
  it('decodes the example of TIFF 6.0, section 13', () => {
    const out = new Uint8Array(9);
    expect(decodeLzw(pack([256, 7, 258, 8, 8, 258, 6, 6, 257]), out)).toBe(9);
    expect([...out]).toEqual([7, 7, 7, 8, 8, 7, 7, 6, 6]);
  });

  it('decodes a string that uses itself: 1, 258 is 1 1 1', () => {
    const out = new Uint8Array(3);
    expect(decodeLzw(pack([256, 1, 258, 257]), out)).toBe(3);
    expect([...out]).toEqual([1, 1, 1]);
  });

  it('gives back what was encoded, in both bit orders', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 9000 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), (data, old) => {
        const out = new Uint8Array(data.length);
        const packed = encodeLzw(data, old);
        expect(isOldStyleLzw(packed)).toBe(old);
        expect(decodeLzw(packed, out)).toBe(data.length);
        expect(out).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it('grows codes to 12 bits and starts over: 200 000 bytes of a long pattern', () => {
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);
    for (const old of [false, true]) {
      const out = new Uint8Array(data.length);
      expect(decodeLzw(encodeLzw(data, old), out)).toBe(data.length);
      expect(Buffer.compare(out, data)).toBe(0);
    }
  });

  it('says how far it came, and refuses a code from the future', () => {
    expect(decodeLzw(pack([256, 5]), new Uint8Array(4))).toBe(1);
    expect(decodeLzw(new Uint8Array(0), new Uint8Array(4))).toBe(0);
    expect(() => decodeLzw(pack([256, 5, 300]), new Uint8Array(4))).toThrow(RangeError);
    expect(() => decodeLzw(pack([256, 258]), new Uint8Array(4))).toThrow(RangeError);
  });

  it('never writes past its output', () => {
    const out = new Uint8Array(10).fill(9);
    expect(decodeLzw(encodeLzw(new Uint8Array(500)), out.subarray(0, 7))).toBe(7);
    expect([...out]).toEqual([0, 0, 0, 0, 0, 0, 0, 9, 9, 9]);
  });
});
