import { npyHeader } from '../../exports/npy.ts';
import type { VaeModel } from './model.ts';

/** Decoded spectra, rows x columns each; `sd` null where no deviation is given. */
export interface Spectra {
  rows: number;
  mean: Float32Array;
  sd: Float32Array | null;
}

/**
 * Spectra as the bytes of a file: NPY float32 of rows x columns (deviations follow the means: rows x 2 columns), or CSV
 * with the columns' names, "sd of" before those of deviations, and line and sample where they are known.
 */
export function spectraFile(
  format: 'npy' | 'csv',
  { columns, names }: Pick<VaeModel, 'columns' | 'names'>,
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
    return Buffer.concat([npyHeader('float32', [rows, columns * parts.length]), new Uint8Array(out.buffer)]);
  }
  const title = (index: number): string => names[index] ?? `column ${index + 1}`;
  const all = Array.from({ length: columns }, (_, index) => title(index));
  const heading = [
    ...(positions === null ? [] : ['line', 'sample']),
    ...all,
    ...(sd === null ? [] : all.map((name) => `sd of ${name}`)),
  ].map((text) => (/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
  const lines = [heading.join(',')];
  for (let row = 0; row < rows; row++) {
    const place = positions === null ? [] : [String(positions[2 * row]), String(positions[2 * row + 1])];
    const numbers = parts.flatMap((part) =>
      Array.from(part.subarray(row * columns, (row + 1) * columns), (value) =>
        String(Number(value.toPrecision(9))),
      ),
    );
    lines.push([...place, ...numbers].join(','));
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}
