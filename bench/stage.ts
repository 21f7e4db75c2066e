import { join } from 'node:path';
import { writeBenchCube, type BenchCube, type BenchCubeOptions } from './cubes.ts';
import type { Interleave } from '../src/engine/base/dataTypes.ts';
import type { Peers } from './peers.ts';
import type { Row } from './row.ts';

export const interleaves: readonly Interleave[] = ['bsq', 'bil', 'bip'];

/** What every group of rows works with. */
export interface Stage {
  quick: boolean;
  /** Folder on a disk, and one on a memory file system where there is room. */
  scratch: string;
  memoryFolder: string | null;
  peers: Peers;
  report: (row: Row) => void;
  /** Says what is going on, for the person who waits. */
  say: (text: string) => void;
  /** The benchmark cube in an interleave; written when it is first asked for. */
  cube: (interleave: Interleave) => Promise<BenchCube>;
  shape: { lines: number; samples: number; bands: number };
}

/** Writes the benchmark cubes into a folder as they are asked for. */
export function cubesIn(
  folder: string,
  shape: Stage['shape'],
  say: Stage['say'],
): (interleave: Interleave) => Promise<BenchCube> {
  const written = new Map<Interleave, Promise<BenchCube>>();
  return (interleave) => {
    const known = written.get(interleave);
    if (known !== undefined) return known;
    say(`writing the ${interleave} cube`);
    const options: BenchCubeOptions = { ...shape, dataType: 'uint16', interleave, seed: 1 };
    const cube = writeBenchCube(join(folder, `cube-${interleave}.dat`), options);
    written.set(interleave, cube);
    return cube;
  };
}
