import { CubelensError } from '../../base/errors.ts';
import { throwIfAborted } from '../../base/signal.ts';
import type { ByteSource, SourceRef } from '../../io/byteSource.ts';
import type { FileNeighbourhood } from './format.ts';

/** Contents of a folder in memory by name: text (as UTF-8), bytes, or only a size (all zeros) for large files. */
export type TestFiles = Record<string, string | Uint8Array | { size: number }>;

/** A folder in memory with one chosen file, for tests. Names in `denied` may not be opened. */
export function testNeighbourhood(
  name: string,
  files: TestFiles,
  denied: readonly string[] = [],
): FileNeighbourhood {
  return {
    name,
    siblings: () => Promise.resolve(Object.keys(files)),
    open: (wanted) => Promise.resolve().then(() => openInMemory(files, wanted, denied)),
  };
}

function openInMemory(
  files: TestFiles,
  name: string,
  denied: readonly string[],
): { source: ByteSource; ref: SourceRef } {
  const content = files[name];
  if (content === undefined) throw new CubelensError('not-found', `${name} does not exist.`, { file: name });
  if (denied.includes(name))
    throw new CubelensError('access-denied', `${name} was not granted.`, { file: name });
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const size = 'size' in bytes ? bytes.size : bytes.length;
  const source: ByteSource = {
    name,
    size,
    read: async (offset, length, options) => {
      const target = new Uint8Array(length);
      await source.readInto(offset, target, options);
      return target;
    },
    readInto: (offset, target, options) =>
      Promise.resolve().then(() => {
        throwIfAborted(options?.signal);
        if (offset < 0 || offset + target.length > size) {
          throw new CubelensError('malformed-file', `${name} ends before byte ${offset + target.length}.`, {
            file: name,
          });
        }
        if (bytes instanceof Uint8Array) target.set(bytes.subarray(offset, offset + target.length));
      }),
  };
  return { source, ref: { kind: 'file', path: `/memory/${name}`, name, state: { size, modifiedMs: 0 } } };
}
