import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { tiffHeader } from '../cube/formats/geotiff/directory.ts';
import { malformed, tooLarge, unsupported, type Photo } from './photo.ts';
import { readJpeg } from './readJpeg.ts';
import { readPng } from './readPng.ts';
import { readTiff } from './readTiff.ts';

const mostBytes = 2 ** 30;

/**
 * Decodes a photo: JPEG (baseline, progressive), PNG or TIFF, told apart by their first bytes. It computes for a second or
 * so: run it in a worker.
 * Throws `not-found`, `access-denied`, `unsupported-format` (another kind, CMYK, no regular file), `malformed-file` (cut
 * off or damaged, never part of a picture), `resource-exhausted` (above 200 megapixels or the decoder's memory).
 */
export async function readPhoto(path: string): Promise<Photo> {
  const file = basename(path);
  try {
    const state = await stat(path);
    if (state.isDirectory()) {
      throw new CubelensError('not-found', `${file} is a folder, not a file.`, {
        file,
        remedy: 'Choose a photo inside it.',
      });
    }
    // A pipe or device would never end.
    if (!state.isFile()) throw unsupported(file, 'is not a regular file', 'Save the photo to a file first.');
    if (state.size > mostBytes) throw tooLarge(file, 'is larger than 1 GiB');
    if (await isTiff(path)) return await readTiff(path, file);
    return await decodePhoto(await readFile(path), file);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

async function isTiff(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return tiffHeader(buffer.subarray(0, bytesRead)) !== null;
  } finally {
    await handle.close();
  }
}

/** As `readPhoto`, of the bytes of a JPEG or PNG. @param file - its name in errors. */
export async function decodePhoto(bytes: Uint8Array, file: string): Promise<Photo> {
  if (bytes.length === 0) throw malformed(file, 'is empty');
  const starts = (...first: number[]): boolean =>
    bytes.length >= first.length && first.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8)) return readJpeg(bytes, file);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return readPng(bytes, file);
  throw unsupported(file, 'is not a JPEG, PNG or TIFF photo');
}
