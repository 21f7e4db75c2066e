import { bytesOf, storedView, type StoredArray } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import { throwIfAborted } from '../../../base/signal.ts';
import type { ByteSource, SourceRef } from '../../../io/byteSource.ts';
import type { OpenedCube } from '../../cube.ts';
import type { FileNeighbourhood } from '../format.ts';
import { blocksFor } from './blocks.ts';
import { decodeBlock } from './decode.ts';
import type { GeoTiffLayout, TiffBlocks } from './layout.ts';
import { geotiffFormat } from './open.ts';
import { readTiffWindow } from './read.ts';

// For tests only: a source in memory, and reading a window as the engine does.

/** A byte source in memory that refuses to read past its end, as the file source does. */
export function memorySource(bytes: Uint8Array, name = 'test.tif'): ByteSource {
  const source: ByteSource = {
    name,
    size: bytes.length,
    async read(offset, length, options) {
      const target = new Uint8Array(length);
      await source.readInto(offset, target, options);
      return target;
    },
    readInto(offset, target, options) {
      throwIfAborted(options?.signal);
      if (offset < 0 || offset + target.length > bytes.length) {
        return Promise.reject(
          new CubelensError('malformed-file', `${name} ends before byte ${offset + target.length}.`),
        );
      }
      target.set(bytes.subarray(offset, offset + target.length));
      return Promise.resolve();
    },
  };
  return source;
}

/** A folder with one file. */
export function folderOf(source: ByteSource): FileNeighbourhood {
  const ref: SourceRef = { kind: 'memory', name: source.name, buffer: new SharedArrayBuffer(0) };
  return {
    name: source.name,
    siblings: () => Promise.resolve([source.name]),
    open: () => Promise.resolve({ source, ref }),
  };
}

export const openBytes = (bytes: Uint8Array, imageId?: string): Promise<OpenedCube> =>
  geotiffFormat.open(folderOf(memorySource(bytes)), imageId === undefined ? {} : { imageId });

export function layoutOf(cube: OpenedCube): GeoTiffLayout {
  if (cube.layout.kind !== 'geotiff') throw new CubelensError('internal', 'Not a GeoTIFF.');
  return cube.layout;
}

/** Decodes what a window needs and reads it, as the engine does over several threads. */
export async function readStored(
  bytes: Uint8Array | ByteSource,
  layout: GeoTiffLayout,
  window: { line0: number; sample0: number; lines: number; samples: number },
  bandIndexes: readonly number[],
  fill: number | bigint | null = null,
  image: TiffBlocks = layout.image,
): Promise<StoredArray> {
  const source = bytes instanceof Uint8Array ? memorySource(bytes) : bytes;
  const blocks = new Map<number, SharedArrayBuffer>();
  for (const index of blocksFor(layout, image, window, bandIndexes)) {
    blocks.set(index, await decodeBlock(layout, image, index, source));
  }
  const count = window.lines * window.samples * bandIndexes.length;
  const out = storedView(image.dataType, new ArrayBuffer(count * bytesOf(image.dataType)), 0, count);
  await readTiffWindow(layout, image, window, bandIndexes, { source, blocks, fill, out });
  return out;
}
