import { readFileSync } from 'node:fs';

// For tests only.

/** Shape and numbers of an NPY file of float32. */
export function npyFloats(path: string): { shape: number[]; values: Float32Array } {
  const bytes = readFileSync(path);
  const length = bytes.readUInt16LE(8);
  const head = bytes.toString('latin1', 10, 10 + length);
  const shape = (/\(([^)]*)\)/.exec(head)?.[1] ?? '').split(',').filter((one) => one.trim() !== '');
  return {
    shape: shape.map(Number),
    values: new Float32Array(Uint8Array.from(bytes.subarray(10 + length)).buffer),
  };
}
