import type { PixelSpectrum, SpectrumResult, StoredEntry } from '../contract/spectra.ts';

export interface SpectraCsvOptions {
  /** A further column `name` after `band`, one entry a band. */
  bandNames?: readonly (string | null)[] | null;
}

interface Column {
  title: string;
  cell: (bandIndex: number) => string;
}

/**
 * Spectra as RFC 4180 text, one row a band, with CRLF after each row and a plain header row, so that spreadsheets and
 * `pandas.read_csv` take it as it is; filter and units stand in the recipe beside the file. Columns: `band` (from 1),
 * `wavelength_nm`, `good` (true, false), then for each pixel `line12_sample34_stored`, `..._value` and, with a filter,
 * `..._smoothed`, `..._derivative`, `..._edge`; line and sample count from 0. Numbers have the digits that give the same
 * double back, null is an empty cell, complex stored values are `re+imi`. Text that a spreadsheet would take for a
 * formula gets an apostrophe before it.
 */
export function spectraCsv(result: SpectrumResult, options: SpectraCsvOptions = {}): string {
  const columns = [
    ...bandColumns(result, options),
    ...result.pixels.flatMap((pixel) => pixelColumns(pixel, result)),
  ];
  const rows = [columns.map(({ title }) => title)];
  for (let bandIndex = 0; bandIndex < result.bandIsGood.length; bandIndex++) {
    rows.push(columns.map(({ cell }) => cell(bandIndex)));
  }
  return rows.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function bandColumns(result: SpectrumResult, { bandNames }: SpectraCsvOptions): Column[] {
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

function pixelColumns(pixel: PixelSpectrum, { filter }: SpectrumResult): Column[] {
  const prefix = `line${pixel.line}_sample${pixel.sample}`;
  const columns: Column[] = [
    { title: `${prefix}_stored`, cell: (bandIndex) => storedCell(pixel.stored[bandIndex] ?? null) },
    { title: `${prefix}_value`, cell: (bandIndex) => numberCell(pixel.values[bandIndex]) },
  ];
  if (filter === null) return columns;
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

/** Spreadsheets run cells that begin with these (OWASP, CSV injection); a leading apostrophe makes them text. */
function textCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
