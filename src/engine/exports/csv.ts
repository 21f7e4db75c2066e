import type { PixelSpectrum, SpectrumResult, StoredEntry } from '../contract/spectra.ts';

export interface SpectraCsvOptions {
  /** A further column `name` after `band`, one entry a band. */
  bandNames?: readonly (string | null)[] | null;
}

/** What the first columns show. */
type Frame = Pick<SpectrumResult, 'wavelengthsNm' | 'bandIsGood'>;

interface Column {
  title: string;
  cell: (bandIndex: number) => string;
}

/**
 * One row of spectra as RFC 4180 text, from its pieces. There is a row a band, with CRLF after each and a plain header row
 * before them, so that spreadsheets and `pandas.read_csv` take it as it is; filter and units stand in the recipe beside the file. Columns: `band` (from 1),
 * `wavelength_nm`, `good` (true, false), then for each pixel `line12_sample34_stored`, `..._value` and, with a filter,
 * `..._smoothed`, `..._derivative`, `..._edge`; line and sample count from 0. Numbers have the digits that give the same
 * double back, null is an empty cell, complex stored values are `re+imi`. Text that a spreadsheet would take for a
 * formula gets an apostrophe before it.
 */
export const csvRow = (pieces: readonly string[]): string => `${pieces.join(',')}\r\n`;

/** Each row's piece of the first columns, the header row first. */
export const bandPieces = (frame: Frame, options: SpectraCsvOptions = {}): string[] =>
  piecesOf(bandColumns(frame, options), frame.bandIsGood.length);

/** Each row's piece of the columns of some pixels, the header row first. */
export const pixelPieces = (pixels: readonly PixelSpectrum[], filtered: boolean): string[] =>
  piecesOf(
    pixels.flatMap((pixel) => pixelColumns(pixel, filtered)),
    pixels[0]?.values.length ?? 0,
  );

function piecesOf(columns: readonly Column[], bands: number): string[] {
  const pieces = [columns.map(({ title }) => title).join(',')];
  for (let bandIndex = 0; bandIndex < bands; bandIndex++) {
    pieces.push(columns.map(({ cell }) => cell(bandIndex)).join(','));
  }
  return pieces;
}

function bandColumns(result: Frame, { bandNames }: SpectraCsvOptions): Column[] {
  const columns: Column[] = [{ title: 'band', cell: (bandIndex) => String(bandIndex + 1) }];
  if (bandNames !== undefined && bandNames !== null) {
    columns.push({ title: 'name', cell: (bandIndex) => textCell(bandNames[bandIndex] ?? '') });
  }
  columns.push(
    { title: 'wavelength_nm', cell: (bandIndex) => numberCell(result.wavelengthsNm?.[bandIndex]) },
    { title: 'good', cell: (bandIndex) => String(result.bandIsGood[bandIndex]) },
  );
  return columns;
}

function pixelColumns(pixel: PixelSpectrum, filtered: boolean): Column[] {
  const prefix = `line${pixel.line}_sample${pixel.sample}`;
  const columns: Column[] = [
    { title: `${prefix}_stored`, cell: (bandIndex) => storedCell(pixel.stored[bandIndex] ?? null) },
    { title: `${prefix}_value`, cell: (bandIndex) => numberCell(pixel.values[bandIndex]) },
  ];
  if (!filtered) return columns;
  columns.push(
    { title: `${prefix}_smoothed`, cell: (bandIndex) => numberCell(pixel.smoothed?.[bandIndex]) },
    { title: `${prefix}_derivative`, cell: (bandIndex) => numberCell(pixel.derivative?.[bandIndex]) },
    { title: `${prefix}_edge`, cell: (bandIndex) => String(pixel.edge[bandIndex] ?? false) },
  );
  return columns;
}

/** JavaScript's shortest digits give the same double back; -0 is the one number they lose. */
function numberCell(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}

function storedCell(entry: StoredEntry): string {
  if (Array.isArray(entry)) {
    const [real, imaginary] = entry;
    const sign = imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+';
    return `${numberCell(real)}${sign}${numberCell(Math.abs(imaginary))}i`;
  }
  // A 64-bit integer beyond 2^53 is a decimal string already; anything else in its place is text.
  if (typeof entry === 'string') return /^-?\d+$/.test(entry) ? entry : textCell(entry);
  return numberCell(entry);
}

/** Text as a cell. Spreadsheets run cells that begin with these (OWASP, CSV injection); a leading apostrophe makes them text. */
export function textCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
