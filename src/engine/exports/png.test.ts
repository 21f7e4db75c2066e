import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPngEncoder, type PngOptions } from './png.ts';

function encode(options: PngOptions, pixels: Uint8Array, rowsAtOnce: number): Buffer {
  const rowBytes = pixels.length / options.lines;
  const encoder = createPngEncoder(options);
  const parts: Uint8Array[] = [];
  for (let row = 0; row < options.lines; row += rowsAtOnce) {
    const rows = pixels.slice(row * rowBytes, (row + rowsAtOnce) * rowBytes);
    parts.push(...encoder.push(rows));
    // The encoder must not depend on a buffer that the caller uses again.
    rows.fill(0xee);
  }
  return Buffer.concat([...parts, ...encoder.end()]);
}

/** Chunks by the PNG specification, each CRC checked. */
function chunksOf(file: Buffer) {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.subarray(0, 4).toString('latin1'), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

function decode(file: Buffer) {
  const chunks = chunksOf(file);
  const header = chunks[0]?.data ?? Buffer.alloc(0);
  expect(chunks[0]?.type).toBe('IHDR');
  expect(chunks.at(-1)).toMatchObject({ type: 'IEND' });
  const samples = header.readUInt32BE(0);
  const lines = header.readUInt32BE(4);
  const channels = header[9] === 2 ? 3 : 4;
  // inflateSync checks the Adler-32 of the whole stream.
  const raw = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  );
  const rowBytes = samples * channels;
  expect(raw.length).toBe(lines * (rowBytes + 1));
  const pixels = new Uint8Array(lines * rowBytes);
  for (let line = 0; line < lines; line++) {
    const start = line * (rowBytes + 1);
    // Filter type 0: the bytes as they are.
    expect(raw[start]).toBe(0);
    pixels.set(raw.subarray(start + 1, start + 1 + rowBytes), line * rowBytes);
  }
  return { lines, samples, channels, bitDepth: header[8], rest: Array.from(header.subarray(10)), pixels };
}

const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 5) * 31) & 0xff);

describe('createPngEncoder', () => {
  it('a 2 x 1 image, by the specification', () => {
    const pixels = Uint8Array.of(255, 0, 0, 0, 128, 255);
    expect(decode(encode({ lines: 1, samples: 2, colour: 'rgb' }, pixels, 1))).toEqual({
      lines: 1,
      samples: 2,
      channels: 3,
      bitDepth: 8,
      rest: [0, 0, 0],
      pixels,
    });
  });

  it('any size and any portions: pixels come back, and portions do not change the file', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const colours = fc.constantFrom('rgb' as const, 'rgba' as const);
    fc.assert(
      fc.property(side, side, colours, side, (lines, samples, colour, rowsAtOnce) => {
        const pixels = pattern(lines * samples * (colour === 'rgb' ? 3 : 4));
        const file = encode({ lines, samples, colour }, pixels, rowsAtOnce);
        expect(decode(file)).toMatchObject({ lines, samples, pixels });
        expect(file.equals(encode({ lines, samples, colour }, pixels, lines))).toBe(true);
      }),
    );
  });

  it('many pieces: 1500 x 1000 RGBA, in portions of 1, 100 and all lines', () => {
    const options = { lines: 1500, samples: 1000, colour: 'rgba' } as const;
    const pixels = pattern(1500 * 1000 * 4);
    const file = encode(options, pixels, 100);
    const data = chunksOf(file).filter(({ type }) => type === 'IDAT');
    // Header, six pieces of about 1 MiB, checksum.
    expect(data).toHaveLength(8);
    expect(Buffer.from(decode(file).pixels).equals(Buffer.from(pixels))).toBe(true);
    expect(file.equals(encode(options, pixels, 1))).toBe(true);
    expect(file.equals(encode(options, pixels, 1500))).toBe(true);
  });

  it('refuses parts of rows, too many rows and too few', () => {
    const encoder = createPngEncoder({ lines: 2, samples: 2, colour: 'rgb' });
    const refused: unknown = expect.objectContaining({ code: 'invalid-request' });
    expect(() => encoder.push(new Uint8Array(5))).toThrow(refused);
    expect(() => encoder.push(new Uint8Array(18))).toThrow(refused);
    encoder.push(new Uint8Array(6));
    expect(() => encoder.end()).toThrow(refused);
    encoder.push(new Uint8Array(6));
    encoder.end();
    expect(() => encoder.end()).toThrow(refused);
  });

  it.each([
    { lines: 0, samples: 1 },
    { lines: 1, samples: 2 ** 31 },
    { lines: 1.5, samples: 1 },
    { lines: 1, samples: 2 ** 28 },
  ])('refuses %j', (size) => {
    expect(() => createPngEncoder({ ...size, colour: 'rgb' })).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    );
  });
});
