import { CubelensError } from '../../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { VaeFigureParameters } from '../../contract/vaeSpectra.ts';
import { csvRow, textCell } from '../../exports/csv.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { PartWriter } from '../../io/partWriter.ts';
import { digits } from './digits.ts';
import { unpackVae } from './packedModel.ts';
import { spectrumAtStep, traversalOf, type PixelGaussian, type Traversal } from './spectra.ts';
import { spectrumSvg, traversalSvg } from './spectraSvg.ts';
import { firstDimensions } from './traversed.ts';

/**
 * The text of a figure, piece by piece. A picture is computed of the dimensions that it draws, a CSV of all.
 * @param spectrum - of the pixel; null without one.
 */
export function drawFigure(
  packed: SharedArrayBuffer,
  spectrum: PixelGaussian | null,
  { figure, format }: VaeFigureParameters,
  options: CancelOptions = {},
): Iterable<string> {
  if (figure.kind === 'spectrum') {
    if (spectrum === null) throw new CubelensError('internal', 'A figure without a spectrum.');
    return format === 'svg' ? [spectrumSvg(spectrum)] : figureCsv(spectrum);
  }
  const { latent } = unpackVae(packed).ready.network;
  const { reach, steps } = figure;
  const dimensionIndexes = firstDimensions(latent, format === 'svg' ? undefined : latent);
  const asked = { dimensionIndexes, reach, steps };
  const traversal = traversalOf(packed, spectrum?.mu ?? null, asked, options);
  return format === 'svg' ? [traversalSvg(traversal)] : figureCsv(traversal);
}

/**
 * A row a column of the data, its name and wavelength first; of a spectrum then measured, decoded and deviation; of a traversal one
 * column a step, named by dimension and coordinate, and the noise's deviation.
 */
export function* figureCsv(figure: PixelGaussian | Traversal): Generator<string> {
  const { names, wavelengthsNm } = figure;
  const columns = 'mu' in figure ? spectrumColumns(figure) : traversalColumns(figure);
  yield csvRow(['column', 'wavelength_nm', ...columns.map(({ name }) => textCell(name))]);
  for (const [k, name] of names.entries()) {
    yield csvRow([textCell(name), cell(wavelengthsNm?.[k]), ...columns.map(({ values }) => cell(values[k]))]);
  }
}

/** Makes a text the whole content of a temporary file. Throws `cancelled`. */
export function writeText(output: OutputFile, pieces: Iterable<string>, { signal }: CancelOptions): void {
  const writer = new PartWriter(output);
  let written = 0;
  try {
    for (const piece of pieces) {
      throwIfAborted(signal);
      const bytes = Buffer.from(piece);
      writer.write(bytes, written);
      written += bytes.length;
    }
    writer.finish(written);
  } finally {
    writer.close();
  }
}

interface Column {
  name: string;
  values: ArrayLike<number>;
}

const spectrumColumns = ({ measured, decoded, sd }: PixelGaussian): Column[] => [
  { name: 'measured', values: measured },
  { name: 'decoded', values: decoded },
  { name: 'sd', values: sd },
];

const traversalColumns = (traversal: Traversal): Column[] => [
  ...traversal.dimensionIndexes.flatMap((dimension, place) =>
    traversal.offsets.map((offset, step) => ({
      name: `z${dimension + 1}=${digits((traversal.from[dimension] ?? 0) + offset, 4)}`,
      values: spectrumAtStep(traversal, place, step),
    })),
  ),
  { name: 'sd', values: traversal.sd },
];

const cell = (value: number | undefined): string => (value === undefined ? '' : digits(value, 9));
