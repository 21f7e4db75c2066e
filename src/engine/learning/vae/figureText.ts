import { csvRow, textCell } from '../../exports/csv.ts';
import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { spectrumSvg, traversalSvg } from './spectraSvg.ts';

/**
 * A spectrum or a traversal as text. CSV: a row a column of the data, its name and wavelength first; of a spectrum then measured,
 * decoded and deviation; of a traversal one column a step, named by dimension and coordinate, and the noise's deviation.
 */
export function figureText(figure: VaeSpectrum | VaeTraversal, format: 'csv' | 'svg'): string {
  if (format === 'svg') return 'mu' in figure ? spectrumSvg(figure) : traversalSvg(figure);
  const { names, wavelengthsNm } = figure;
  const columns = 'mu' in figure ? spectrumColumns(figure) : traversalColumns(figure);
  const heading = ['column', 'wavelength_nm', ...columns.map(({ name }) => textCell(name))];
  const rows = names.map((name, k) => [
    textCell(name),
    cell(wavelengthsNm?.[k]),
    ...columns.map(({ values }) => cell(values[k])),
  ]);
  return [heading, ...rows].map(csvRow).join('');
}

interface Column {
  name: string;
  values: readonly number[];
}

const spectrumColumns = ({ measured, decoded, sd }: VaeSpectrum): Column[] => [
  { name: 'measured', values: measured },
  { name: 'decoded', values: decoded },
  { name: 'sd', values: sd },
];

const traversalColumns = ({ from, offsets, spectra, sd }: VaeTraversal): Column[] => [
  ...spectra.flatMap((steps, dimension) =>
    steps.map((values, step) => ({
      name: `z${dimension + 1}=${digits((from[dimension] ?? 0) + (offsets[step] ?? 0), 4)}`,
      values,
    })),
  ),
  { name: 'sd', values: sd },
];

const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)));

/** Float32 has nine digits at most. */
const cell = (value: number | undefined): string => (value === undefined ? '' : digits(value, 9));
