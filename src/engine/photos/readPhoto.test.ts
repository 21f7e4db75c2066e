import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeArrayBuffer } from 'geotiff';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { testFolder } from '../io/testFolder.ts';
import { greyOf } from './grey.ts';
import { encodePng, photoPicture } from './picture.ts';
import { decodePhoto, readPhoto } from './readPhoto.ts';

const [width, height] = [21, 13];
const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + (i % 3) * 40) % 251);
const smooth = new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : (i >> 2) % width) * 9);
const jpegBytes = (): Uint8Array => new Uint8Array(jpeg.encode({ width, height, data: smooth }, 95).data);
const pngBytes = (): Uint8Array => encodePng({ width, height, channels: 3, data: rgb });
const tiffBytes = (): Uint8Array =>
  new Uint8Array(
    writeArrayBuffer(rgb, {
      width,
      height,
      SamplesPerPixel: [3],
      BitsPerSample: [8, 8, 8],
      PhotometricInterpretation: 2,
      SampleFormat: [1, 1, 1],
    }),
  );

const folder = testFolder();
beforeAll(() => mkdirSync(path.join(folder.path, 'a folder')));
afterAll(() => folder.remove());
/** From a file: a TIFF is read from there. */
const decode = (bytes: Uint8Array): ReturnType<typeof readPhoto> => {
  if (bytes[0] !== 0x49 && bytes[0] !== 0x4d) return decodePhoto(bytes, 'x');
  const file = path.join(folder.path, 'x');
  writeFileSync(file, bytes);
  return readPhoto(file);
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (thrown: unknown) => (thrown instanceof CubelensError ? thrown.code : `crash: ${String(thrown)}`),
  );

describe('photos', () => {
  it('are read as they were written', async () => {
    const file = path.join(folder.path, 'wrong ending.jpg');
    writeFileSync(file, pngBytes());
    expect(await readPhoto(file)).toEqual({
      width,
      height,
      channels: 3,
      data: rgb,
      maxValue: 255,
      orientation: 1,
      kind: 'png',
    });
    const grey = encodePng({ width: 3, height: 1, channels: 1, data: Uint8Array.of(0, 128, 255) });
    expect(greyOf(await decodePhoto(grey, 'g'))).toEqual({
      width: 3,
      height: 1,
      data: Float32Array.of(0, 128, 255),
    });
    const tiff = await decode(tiffBytes());
    expect([tiff.kind, tiff.channels, tiff.data]).toEqual(['tiff', 3, rgb]);
    const photo = await decodePhoto(jpegBytes(), 'j');
    expect([photo.kind, photo.width, photo.height]).toEqual(['jpeg', width, height]);
    const decoded = greyOf(photo);
    decoded.data.forEach((one, i) => expect(Math.abs(one - (smooth[4 * i] ?? 0))).toBeLessThan(6));
  });

  it.each([
    ['jpeg', jpegBytes],
    ['png', pngBytes],
    ['tiff', tiffBytes],
  ] as const)('cut off at any byte are an error: %s', async (kind, make) => {
    const whole = make();
    const full = await decode(whole);
    for (let length = 0; length < whole.length; length++) {
      const got = await decode(whole.slice(0, length)).catch((thrown: unknown) => thrown);
      if (got instanceof CubelensError) expect(['malformed-file', 'unsupported-format']).toContain(got.code);
      else expect([kind, length, got]).toEqual([kind, length, full]);
    }
  });

  it.each([
    ['jpeg', jpegBytes],
    ['png', pngBytes],
    ['tiff', tiffBytes],
  ] as const)('with any byte changed are an error or a picture: %s', async (_, make) => {
    const whole = make();
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      const code = await codeOf(decode(bytes));
      expect(['none', 'malformed-file', 'unsupported-format', 'resource-exhausted']).toContain(code);
    }
  });

  it('that are none are refused by name', async () => {
    expect(await codeOf(readPhoto(path.join(folder.path, 'missing.jpg')))).toBe('not-found');
    expect(await codeOf(readPhoto(path.join(folder.path, 'a folder')))).toBe('not-found');
    expect(await codeOf(readPhoto('/dev/null'))).toBe('unsupported-format');
    expect(await codeOf(decodePhoto(new Uint8Array(0), 'x'))).toBe('malformed-file');
    expect(await codeOf(decodePhoto(Buffer.from('GIF89a'), 'x'))).toBe('unsupported-format');
    const huge = jpegBytes();
    const at = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0);
    huge.set([0xff, 0xff, 0xff, 0xff], at + 5);
    await expect(decodePhoto(huge, 'huge.jpg')).rejects.toMatchObject({
      code: 'resource-exhausted',
      place: { file: 'huge.jpg', remedy: expect.any(String) },
    });
  });

  it('say how they are to be turned', async () => {
    const plain = jpegBytes();
    // APP1 of 32 bytes: Exif, big-endian TIFF, one entry: tag 274, SHORT, 1, value 6.
    const exif = Uint8Array.of(
      ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
      ...[1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
    );
    const turned = Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]);
    expect((await decodePhoto(turned, 't')).orientation).toBe(6);
    expect((await decodePhoto(plain, 't')).orientation).toBe(1);
  });

  it('in CMYK are refused', async () => {
    const head = [0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4];
    const parts = [1, 2, 3, 4].flatMap((name) => [name, 0x11, 0]);
    await expect(decodePhoto(Uint8Array.of(...head, ...parts, 0xff, 0xd9), 'c.jpg')).rejects.toMatchObject({
      code: 'unsupported-format',
      message: 'c.jpg is a CMYK JPEG.',
    });
  });

  it('become small pictures', async () => {
    const photo = await decodePhoto(pngBytes(), 'p');
    const picture = await photoPicture(photo, 10);
    expect([picture.width, picture.height]).toEqual([width, height]);
    const small = await decodePhoto(Buffer.from(picture.dataUrl.split(',')[1] ?? '', 'base64'), 's');
    expect([small.width, small.height]).toEqual([10, 6]);
  });
});

const real = path.join(process.env['CUBELENS_DATA'] ?? '../shared/data', 'calibration_opencv/left01.jpg');
describe.skipIf(!existsSync(real))('a real photo', () => {
  it('is read and made into a picture of at most 80 kB', async () => {
    const photo = await readPhoto(real);
    expect([photo.width, photo.height]).toEqual([640, 480]);
    expect((await photoPicture(photo)).dataUrl.length).toBeLessThan(80_000);
  });
});
