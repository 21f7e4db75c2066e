import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The icons as scripts/makeIcons.ts has made them, read by the descriptions of their formats.

const read = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../assets', name));

/** Width of a PNG; NaN where it is none. */
const widthOf = (png: Buffer): number =>
  png.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' ? png.readUInt32BE(16) : NaN;

test('the .ico has a picture of every size up to 256', () => {
  const ico = read('icon.ico');
  const count = ico.readUInt16LE(4);
  const sizes = Array.from({ length: count }, (_, k) => {
    const at = 6 + 16 * k;
    const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
    expect(ico.readUInt8(at)).toBe(widthOf(ico.subarray(offset, offset + length)) % 256);
    return widthOf(ico.subarray(offset, offset + length));
  });
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
});

test('the .icns has its pictures under the names of their sizes', () => {
  const icns = read('icon.icns');
  expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
  const found: Record<string, number> = {};
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    found[icns.toString('latin1', at, at + 4)] = widthOf(icns.subarray(at + 8));
  }
  expect(found).toEqual({ ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 });
});

test('the .png is of 512 pixels', () => {
  expect(widthOf(read('icon.png'))).toBe(512);
});
