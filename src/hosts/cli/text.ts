import type { Backends } from '../../engine/contract/host.ts';
import type { BandStatistics } from '../../engine/contract/statistics.ts';
import type { CubeInfo, OpenCubeAnswer } from '../../engine/contract/cube.ts';
import type { ExportResult } from '../../engine/contract/exports.ts';
import type { SpectrumResult } from '../../engine/contract/spectra.ts';
import { twoColumns, wrap } from './wrap.ts';

/** What the commands print for people. */

/** A share of things in per cent, a dash for none. Only all of them are 100 %. */
export const percent = (share: number | null): string =>
  share === null ? '-' : `${Math.min(100 * share, share < 1 ? 99.9 : 100).toFixed(1)} %`;

/** A count with its noun, in the plural where it is not 1. */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Columns aligned to the right, two spaces apart. */
export function columnTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map((row) => `${line(row)}\n`).join('');
}

const number = (value: number, digits = 7): string => String(Number(value.toPrecision(digits)));

/** What `info` prints. @param classes of a class map, from 0. */
export function infoText(info: CubeInfo, classes: OpenCubeAnswer['classes'] = null): string {
  const rows: [string, string][] = [
    ['file', info.file],
    ['format', info.format],
    [
      'size',
      [plural(info.lines, 'line'), plural(info.samples, 'sample'), plural(info.bands, 'band')].join(' x '),
    ],
    ['stored as', `${info.dataType}, ${info.interleave}, ${info.byteOrder}-endian`],
    ['header offset', info.headerOffset === null ? none : plural(info.headerOffset, 'byte')],
    ['nodata', oneOrMany(info.noDataValue)],
    ['scale', oneOrMany(info.scale)],
    ['offset', oneOrMany(info.offset)],
    ['wavelengths', wavelengthText(info)],
    ['bad bands', badBandText(info.bandIsGood)],
    ['geotransform', info.geoTransform === null ? none : info.geoTransform.join(', ')],
    ['coordinate system', info.crs === null ? none : crsText(info.crs)],
  ];
  if (classes !== null) rows.push(['classes', classes.map(({ name }, k) => `${k} ${name}`).join(', ')]);
  if (info.images.length > 1) {
    rows.push(['images', info.images.map((image) => `${image.imageId} (${image.name})`).join(', ')]);
  }
  const segments = info.segments.map((segment) => [
    segment.firstBandIndex === segment.lastBandIndex
      ? `${segment.firstBandIndex + 1}`
      : `${segment.firstBandIndex + 1}-${segment.lastBandIndex + 1}`,
    segment.direction,
    segment.stepNm === null ? '-' : `${number(segment.stepNm, 5)} nm`,
  ]);
  const assumptions = info.assumptions.map(
    ({ field, value, why }) => `  ${wrap(`${field}: ${value} (${why})`, 4, 2)}\n`,
  );
  return [
    twoColumns(rows),
    '\nSegments of the spectral axis\n',
    segments.length === 0
      ? '  none: no band is good\n'
      : columnTable(['bands', 'direction', 'step'], segments),
    '\nAssumptions made while opening\n',
    assumptions.length === 0 ? '  none\n' : assumptions.join(''),
  ].join('');
}

const none = 'none';

type Entry = number | string | null;

function oneOrMany(value: Entry | Entry[]): string {
  if (value === null) return none;
  if (!Array.isArray(value)) return String(value);
  const distinct = [...new Set(value)].map((entry) => (entry === null ? none : String(entry)));
  const shown = distinct.slice(0, 3).join(', ');
  return `differs by band: ${shown}${distinct.length > 3 ? ', ...' : ''}`;
}

function wavelengthText(info: CubeInfo): string {
  const known = (info.wavelengthsNm ?? []).filter((value) => value !== null);
  if (known.length === 0) return none;
  const unit = info.wavelengthUnits === null ? '' : ` (in the file: ${info.wavelengthUnits})`;
  return `${number(Math.min(...known))} to ${number(Math.max(...known))} nm${unit}`;
}

function badBandText(bandIsGood: readonly boolean[]): string {
  const ranges: string[] = [];
  for (let band = 0; band < bandIsGood.length; band++) {
    if (bandIsGood[band] === true) continue;
    const first = band;
    while (bandIsGood[band + 1] === false) band++;
    ranges.push(first === band ? `${first + 1}` : `${first + 1}-${band + 1}`);
  }
  return ranges.length === 0 ? none : ranges.join(', ');
}

function crsText(crs: NonNullable<CubeInfo['crs']>): string {
  const name = crs.name ?? (crs.wkt === null ? 'unnamed' : 'given as WKT');
  return crs.epsg === null ? name : `${name} (EPSG:${crs.epsg})`;
}

/** What `spectrum` prints: a table for each pixel, then units and notes. */
export function spectrumText(result: SpectrumResult): string {
  const { filter, units, wavelengthsNm } = result;
  const parts = result.pixels.map((pixel) => {
    const header = ['band'];
    if (wavelengthsNm !== null) header.push('nm');
    header.push('stored', 'value');
    if (filter !== null) header.push('smoothed', `derivative ${filter.derivative}`, 'note');
    const rows = pixel.values.map((value, k) => {
      const row = [`${k + 1}`];
      if (wavelengthsNm !== null) row.push(cell(wavelengthsNm[k]));
      row.push(storedCell(pixel.stored[k] ?? null), cell(value));
      if (filter === null) return row;
      const note = result.bandIsGood[k] === false ? 'bad' : pixel.edge[k] === true ? 'edge' : '';
      return [...row, cell(pixel.smoothed?.[k]), cell(pixel.derivative?.[k]), note];
    });
    return `Line ${pixel.line}, sample ${pixel.sample}\n${columnTable(header, rows)}`;
  });
  const notes = result.notes.map((note) => `${wrap(note)}\n`);
  const unit = filter === null ? '' : `Units: values ${units.values}, derivative ${units.derivative}\n`;
  return [...parts, unit, ...notes].filter((part) => part !== '').join('\n');
}

type StoredEntry = SpectrumResult['pixels'][number]['stored'][number];

const cell = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : number(value);

/** Whole numbers in full, others to the nine digits that tell every float32 from its neighbours. */
function storedCell(stored: StoredEntry): string {
  if (stored === null) return '-';
  if (Array.isArray(stored)) return `${number(stored[0], 9)}${signed(number(stored[1], 9))}i`;
  return typeof stored === 'string' || Number.isInteger(stored) ? String(stored) : number(stored, 9);
}

const signed = (text: string): string => (text.startsWith('-') ? text : `+${text}`);

/** What `stats` prints. */
export function statisticsText(bands: readonly BandStatistics[]): string {
  const rows = bands.map(({ bandIndex, sum, min, max, count }) =>
    [bandIndex + 1, sum, min ?? '-', max ?? '-', count].map(String),
  );
  return columnTable(['band', 'sum', 'min', 'max', 'count'], rows);
}

/** What is printed of a written output. */
export function outputText(result: Pick<ExportResult, 'files' | 'bytes'> & Partial<ExportResult>): string {
  const [file = '', ...others] = result.files;
  const beside = others.length === 0 ? '' : ` with ${others.join(' and ')}`;
  const warnings = (result.warnings ?? []).map((warning) => `${wrap(`Note: ${warning}`, 2)}\n`);
  return `Wrote ${file} (${plural(result.bytes, 'byte')})${beside}\n${warnings.join('')}`;
}

/** What `backends` prints. */
export function backendsText({ kernels, tensorflow, checks = [] }: Backends): string {
  const rows: [string, string][] = [
    ['kernels', `${kernels.name}: ${kernels.why}`],
    ['tensorflow:', `${tensorflow.backend ?? 'none'} (${tensorflow.reason})`],
  ];
  for (const { backend, available, worst, failed } of checks) {
    const good = `every operation as plain JavaScript computes it, to ${number(worst ?? 0, 2)}`;
    rows.push([
      `  ${backend}`,
      !available ? `not here: ${failed.join('; ')}` : failed.length > 0 ? failed.join('; ') : good,
    ]);
  }
  return twoColumns(rows);
}
