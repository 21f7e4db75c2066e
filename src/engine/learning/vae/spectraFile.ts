import { textCell } from '../../exports/csv.ts';
import { npyHeader } from '../../exports/npy.ts';
import type { VaeModel } from './model.ts';
import { digits } from './digits.ts';

/** Decoded spectra, rows x columns each; `sd` null where no deviation is given. */
export interface Spectra {
  rows: number;
  mean: Float32Array;
  sd: Float32Array | null;
}

/** What the start of a file needs to know. */
export interface SpectraFacts {
  /** Axes of the rows: [rows], or [lines, samples]. */
  shape: number[];
  withDeviation: boolean;
  /** Line and sample of each row; null where the rows are no pixels. */
  positions: Int32Array | null;
}

/**
 * The start of a file of spectra: NPY's header (deviations follow the means: 2 columns numbers a row), or CSV's heading
 * with the columns' names, "sd of" before those of deviations, and line and sample where they are known.
 */
export function spectraHead(
  format: 'npy' | 'csv',
  { columns, names }: Pick<VaeModel, 'columns' | 'names'>,
  { shape, withDeviation, positions }: SpectraFacts,
): Uint8Array {
  if (format === 'npy') return npyHeader('float32', [...shape, columns * (withDeviation ? 2 : 1)]);
  const all = Array.from({ length: columns }, (_, index) => names[index] ?? `column ${index + 1}`);
  const heading = [
    ...(positions === null ? [] : ['line', 'sample']),
    ...all,
    ...(withDeviation ? all.map((name) => `sd of ${name}`) : []),
  ].map(textCell);
  return Buffer.from(`${heading.join(',')}\r\n`);
}

/** Some rows of such a file; numbers that are none are empty cells in a CSV. */
export function spectraBody(
  format: 'npy' | 'csv',
  columns: number,
  { rows, mean, sd }: Spectra,
  positions: Int32Array | null,
): Uint8Array {
  const parts = sd === null ? [mean] : [mean, sd];
  if (format === 'npy') {
    const out = new Float32Array(rows * columns * parts.length);
    for (let row = 0; row < rows; row++) {
      parts.forEach((part, k) => {
        out.set(part.subarray(row * columns, (row + 1) * columns), (row * parts.length + k) * columns);
      });
    }
    return new Uint8Array(out.buffer);
  }
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const place = positions === null ? [] : [String(positions[2 * row]), String(positions[2 * row + 1])];
    const numbers = parts.flatMap((part) =>
      Array.from(part.subarray(row * columns, (row + 1) * columns), (value) =>
        Number.isFinite(value) ? digits(value, 9) : '',
      ),
    );
    lines.push(`${[...place, ...numbers].join(',')}\r\n`);
  }
  return Buffer.from(lines.join(''));
}
