import type {
  Backends,
  BandStatistics,
  CubeInfo,
  ExportResult,
  SpectrumResult,
} from '../../engine/engine.ts';

/** What the commands print for people. */

const pairs = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
};

/** Columns aligned to the right, two spaces apart. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
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

export function infoText(info: CubeInfo): string {
  const rows: [string, string][] = [
    ['file', info.file],
    ['format', info.format],
    ['size', `${info.lines} lines x ${info.samples} samples x ${info.bands} bands`],
    ['stored as', `${info.dataType}, ${info.interleave}, ${info.byteOrder}-endian`],
    ['header offset', info.headerOffset === null ? '-' : `${info.headerOffset} bytes`],
    ['nodata', oneOrMany(info.noDataValue)],
    ['scale', oneOrMany(info.scale)],
    ['offset', oneOrMany(info.offset)],
    ['wavelengths', wavelengthText(info)],
    ['bad bands', badBandText(info.bandIsGood)],
    ['map', info.geoTransform === null ? '-' : info.geoTransform.join(', ')],
    ['coordinates', info.crs === null ? '-' : crsText(info.crs)],
  ];
  if (info.images.length > 1) {
    rows.push(['images', info.images.map((image) => `${image.imageId}: ${image.name}`).join('; ')]);
  }
  const segments = info.segments.map((segment) => [
    segment.firstBand === segment.lastBand
      ? `${segment.firstBand}`
      : `${segment.firstBand}-${segment.lastBand}`,
    segment.direction,
    segment.stepNm === null ? '-' : `${number(segment.stepNm, 5)} nm`,
  ]);
  const assumptions = info.assumptions.map(({ field, value, why }) => `  ${field}: ${value} (${why})\n`);
  return [
    pairs(rows),
    '\nSegments of the spectral axis\n',
    segments.length === 0 ? '  none: no band is good\n' : table(['bands', 'direction', 'step'], segments),
    '\nAssumptions made while opening\n',
    assumptions.length === 0 ? '  none\n' : assumptions.join(''),
  ].join('');
}

type Entry = number | string | null;

function oneOrMany(value: Entry | Entry[]): string {
  if (value === null) return '-';
  if (!Array.isArray(value)) return String(value);
  const distinct = [...new Set(value)].map((entry) => (entry === null ? 'none' : String(entry)));
  const shown = distinct.slice(0, 3).join(', ');
  return `differs by band: ${shown}${distinct.length > 3 ? ', ...' : ''}`;
}

function wavelengthText(info: CubeInfo): string {
  const known = (info.wavelengthsNm ?? []).filter((value) => value !== null);
  if (known.length === 0) return '-';
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
  return ranges.length === 0 ? 'none' : ranges.join(', ');
}

function crsText(crs: NonNullable<CubeInfo['crs']>): string {
  const name = crs.name ?? (crs.wkt === null ? 'unnamed' : 'given as WKT');
  return crs.epsg === null ? name : `${name} (EPSG:${crs.epsg})`;
}

export function spectrumText(result: SpectrumResult): string {
  const { filter, units } = result;
  const cell = (value: number | null | undefined): string =>
    value === null || value === undefined ? '-' : number(value);
  const parts = result.pixels.map((pixel) => {
    const header = ['band', 'nm', 'stored', 'value'];
    if (filter !== null) header.push('smoothed', `derivative ${filter.derivative}`, 'note');
    const rows = pixel.values.map((value, k) => {
      const stored = pixel.stored[k] ?? null;
      const row = [
        `${k + 1}`,
        cell(result.wavelengthsNm?.[k]),
        stored === null ? '-' : Array.isArray(stored) ? `${stored[0]}${signed(stored[1])}i` : String(stored),
        cell(value),
      ];
      if (filter === null) return row;
      const note = result.bandIsGood[k] === false ? 'bad' : pixel.edge[k] === true ? 'edge' : '';
      return [...row, cell(pixel.smoothed?.[k]), cell(pixel.derivative?.[k]), note];
    });
    return `Line ${pixel.line}, sample ${pixel.sample}\n${table(header, rows)}`;
  });
  const notes = result.notes.map((note) => `${note}\n`);
  const unit = filter === null ? '' : `Units: values ${units.values}, derivative ${units.derivative}\n`;
  return [...parts, unit, ...notes].filter((part) => part !== '').join('\n');
}

const signed = (value: number): string => (value < 0 ? String(value) : `+${value}`);

export function statisticsText(bands: readonly BandStatistics[]): string {
  const rows = bands.map(({ band, sum, min, max, count }) =>
    [band, sum, min ?? '-', max ?? '-', count].map(String),
  );
  return table(['band', 'sum', 'min', 'max', 'count'], rows);
}

export function outputText(result: ExportResult): string {
  const [file = '', ...others] = result.files;
  const beside = others.length === 0 ? '' : ` with ${others.join(' and ')}`;
  const warnings = result.warnings.map((warning) => `Note: ${warning}\n`);
  return `Wrote ${file} (${result.bytes} bytes)${beside}\n${warnings.join('')}`;
}

export function backendsText({ kernels, tensorflow }: Backends): string {
  return pairs([
    ['kernels', `${kernels.name}: ${kernels.why}`],
    ['tensorflow', `${tensorflow.name ?? 'none'}: ${tensorflow.why}`],
  ]);
}
