import { textCell } from '../../exports/csv.ts';
import { npyHeader } from '../../exports/npy.ts';
import { digits } from './digits.ts';

/** How latent coordinates are written. */
export type LatentFormat = 'npy' | 'csv' | 'tsv';

/** Mu then sigma of rows: what `encode` gives. */
export interface LatentRows {
  rows: number;
  latent: number;
  mu: Float32Array;
  sigma: Float32Array;
}

/** Where rows come from: line and sample from 0 in the order of the rows, and class names; null without. */
export interface RowPlaces {
  positions: Int32Array | null;
  classNames: (string | null)[] | null;
}

/** The start of a file: NPY's header for `shape` without the last axis; CSV's heading; of the Projector's TSV nothing. */
export function latentHead(
  format: LatentFormat,
  shape: readonly number[],
  latent: number,
  places: RowPlaces,
): Uint8Array {
  if (format === 'npy') return npyHeader('float32', [...shape, 2 * latent]);
  if (format === 'tsv') return new Uint8Array();
  const numbered = (name: string): string[] => Array.from({ length: latent }, (_, k) => `${name}_${k + 1}`);
  const first = [
    ...(places.positions === null ? [] : ['line', 'sample']),
    ...(places.classNames === null ? [] : ['class']),
  ];
  return new TextEncoder().encode(`${[...first, ...numbered('mu'), ...numbered('sigma')].join(',')}\r\n`);
}

/**
 * Rows as the bytes of a file: NPY float32, mu then sigma; CSV the same with line, sample and class before; the Embedding
 * Projector's TSV mu alone, without a heading. Numbers that are none are empty cells.
 */
export function latentBody(
  format: LatentFormat,
  { rows, latent, mu, sigma }: LatentRows,
  places: RowPlaces,
): Uint8Array {
  if (format === 'npy') {
    const out = new Float32Array(rows * 2 * latent);
    for (let row = 0; row < rows; row++) {
      out.set(mu.subarray(row * latent, (row + 1) * latent), 2 * row * latent);
      out.set(sigma.subarray(row * latent, (row + 1) * latent), (2 * row + 1) * latent);
    }
    return new Uint8Array(out.buffer);
  }
  const { positions, classNames } = places;
  const cell = (value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? '' : digits(value, 9);
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const means = Array.from(mu.subarray(row * latent, (row + 1) * latent), cell);
    if (format === 'tsv') {
      lines.push(`${means.join('\t')}\n`);
      continue;
    }
    const first = [
      ...(positions === null ? [] : [String(positions[2 * row]), String(positions[2 * row + 1])]),
      ...(classNames === null ? [] : [textCell(classNames[row] ?? '')]),
    ];
    const deviations = Array.from(sigma.subarray(row * latent, (row + 1) * latent), cell);
    lines.push(`${[...first, ...means, ...deviations].join(',')}\r\n`);
  }
  return new TextEncoder().encode(lines.join(''));
}

/** The Projector's second file: line, sample and class of each row, tab-separated with a heading; null where none is known. */
export function projectorMetadata(rows: number, { positions, classNames }: RowPlaces): string | null {
  const columns: { name: string; of: (row: number) => string }[] = [];
  if (classNames !== null)
    columns.push({ name: 'class', of: (row) => (classNames[row] ?? '').replaceAll(/\s+/g, ' ') });
  if (positions !== null) {
    columns.push(
      { name: 'line', of: (row) => String(positions[2 * row]) },
      { name: 'sample', of: (row) => String(positions[2 * row + 1]) },
    );
  }
  const [only] = columns;
  if (only === undefined) return null;
  const body = Array.from({ length: rows }, (_, row) => columns.map(({ of }) => of(row)).join('\t'));
  // A single column must not have a heading (Embedding Projector's rule).
  const heading = columns.length > 1 ? [columns.map(({ name }) => name).join('\t')] : [];
  return `${[...heading, ...body].join('\n')}\n`;
}
