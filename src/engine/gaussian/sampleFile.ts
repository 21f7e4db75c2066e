import { csvRow, textCell } from '../exports/csv.ts';
import { npyHeader } from '../exports/npy.ts';
import type { GaussianSpec } from '../contract/gaussian.ts';
import { samplerOf } from './sampling.ts';
import { componentNames } from './vectors.ts';

/** Numbers that are drawn for one piece of a file. */
const numbersAtOnce = 65_536;

/** A file of samples in pieces, so that it may be larger than the memory, and what is to be said of it. */
export interface SampleFile {
  notes: string[];
  pieces: () => Generator<Uint8Array<ArrayBuffer>, void, undefined>;
}

/**
 * `count` samples as a file: CSV with a header row of the components' names and digits that give the same double back, or
 * NPY of count x N float64. The same seed gives the same bytes. Throws as `samplerOf`; `pieces` may be called once.
 */
export function sampleFile(
  spec: GaussianSpec,
  count: number,
  seed: number,
  format: 'csv' | 'npy',
): SampleFile {
  const { gaussian, notes, fill } = samplerOf(spec, seed);
  const names = componentNames(gaussian.vectors);
  const n = names.length;
  const header =
    format === 'npy'
      ? npyHeader('float64', [count, n])
      : new TextEncoder().encode(csvRow(names.map(textCell)));
  const rowsAtOnce = Math.max(1, Math.floor(numbersAtOnce / n));
  return {
    notes,
    *pieces() {
      yield header;
      for (let first = 0; first < count; first += rowsAtOnce) {
        const rows = new Float64Array(Math.min(rowsAtOnce, count - first) * n);
        fill(rows);
        yield format === 'npy' ? new Uint8Array(rows.buffer) : textOf(rows, n);
      }
    },
  };
}

function textOf(rows: Float64Array, n: number): Uint8Array<ArrayBuffer> {
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += n) {
    lines.push(csvRow(Array.from(rows.subarray(at, at + n), String)));
  }
  return new TextEncoder().encode(lines.join(''));
}
