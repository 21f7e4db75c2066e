import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../bin/cubelens.cjs');

/** Runs the built command line; gives what it printed. */
export const cubelens = (...words: string[]): string =>
  execFileSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Numbers of a float32 NPY file of two dimensions, line after line. */
export function readNpy(file: string): { lines: number; samples: number; values: Float32Array } {
  const bytes = readFileSync(file);
  const headerBytes = bytes.readUInt16LE(8);
  const header = bytes.subarray(10, 10 + headerBytes).toString('latin1');
  const [, lines, samples] = /'shape': \((\d+), (\d+)\)/.exec(header) ?? [];
  if (!header.includes("'<f4'")) throw new Error(`Not float32: ${header}`);
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + 10 + headerBytes, bytes.byteOffset + bytes.length),
  );
  return { lines: Number(lines), samples: Number(samples), values };
}

/** A percentile of the finite values, interpolated as NumPy does. */
export function percentile(values: Float32Array, percent: number): number {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (percent / 100) * (sorted.length - 1);
  const [low = NaN, high = NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
