import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePackBits } from './packBits.ts';
import { encodePackBits } from './testCodecs.ts';

it('decodes the example of Apple Technical Note 1023', () => {
  const packed = Buffer.from('FEAA0280002AFDAA0380002A22F7AA', 'hex');
  const out = new Uint8Array(24);
  expect(decodePackBits(packed, out)).toBe(24);
  expect(Buffer.from(out).toString('hex')).toBe('aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa');
});

it('gives back what was encoded', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 600 }), (list) => {
      const out = new Uint8Array(list.length);
      expect(decodePackBits(encodePackBits(Uint8Array.from(list)), out)).toBe(list.length);
      expect([...out]).toEqual(list);
    }),
  );
});

it('stops at the end of its input and its output, and passes over 128', () => {
  expect(decodePackBits(Uint8Array.of(5, 1, 2), new Uint8Array(9))).toBe(2);
  expect(decodePackBits(Uint8Array.of(200), new Uint8Array(9))).toBe(0);
  expect(decodePackBits(Uint8Array.of(129, 7), new Uint8Array(9))).toBe(9);
  expect(decodePackBits(Uint8Array.of(128, 0, 3), new Uint8Array(9))).toBe(1);
});
