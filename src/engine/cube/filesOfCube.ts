import type { FileState } from '../io/byteSource.ts';
import type { Cube } from './cubes.ts';

/** The files on disk that a cube is read from, with their states: the chosen one first, then its header and others. */
export function filesOfCube({ files, origin }: Cube): { path: string; state: FileState }[] {
  const chosen = origin.kind === 'files' ? origin.path : '';
  const onDisk = files.flatMap((file) => (file.kind === 'file' ? [file] : []));
  return onDisk.sort((a, b) => Number(b.path === chosen) - Number(a.path === chosen));
}
