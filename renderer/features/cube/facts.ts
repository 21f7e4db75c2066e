import type { CubeInfo } from '../../../src/engine/contract/index.ts';
import { formatNumber } from '../../plots/numbers.ts';
import { mapWords } from './ground.ts';

/** One line of the metadata; null: the file does not say. */
export interface Fact {
  name: string;
  value: string | null;
}

/** What the file says of the cube, in the words of the window. */
export function factsOf(info: CubeInfo): Fact[] {
  const facts: Fact[] = [
    { name: 'Size', value: `${info.lines} × ${info.samples} × ${info.bands}` },
    {
      name: 'Stored as',
      value: `${info.dataType}, ${info.interleave.toUpperCase()}, ${info.byteOrder}-endian`,
    },
    { name: 'Format', value: info.format },
    { name: 'Wavelength', value: wavelengthText(info) },
    { name: 'Scale', value: scaleText(info) },
    { name: 'Nodata', value: valueText(info.noDataValue) },
    {
      name: 'Map',
      value: info.crs === null ? null : (info.crs.name ?? epsgText(info.crs.epsg) ?? 'unnamed'),
    },
  ];
  const pixel = pixelText(info);
  return pixel === null ? facts : [...facts, { name: 'Pixel', value: pixel }];
}

const epsgText = (epsg: number | null): string | null => (epsg === null ? null : `EPSG:${epsg}`);

function wavelengthText({ wavelengthsNm }: CubeInfo): string | null {
  const known = wavelengthsNm?.filter((nm) => nm !== null) ?? [];
  if (known.length === 0) return null;
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return `${low.toFixed(2)} – ${high.toFixed(2)} nm`;
}

function scaleText({ scale, offset }: CubeInfo): string | null {
  if (scale === null && offset === null) return null;
  const offsetText = offset === null ? '' : ` offset ${valueText(offset) ?? '0'}`;
  return `${valueText(scale) ?? '1'}${offsetText}`;
}

/** One value, or that bands differ. */
function valueText(value: CubeInfo['noDataValue'] | CubeInfo['scale']): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return 'differs by band';
  return typeof value === 'number' ? formatNumber(value, 10) : String(value).replace('-', '\u2212');
}

function pixelText(info: CubeInfo): string | null {
  const words = mapWords(info);
  if (info.geoTransform === null || words === null) return null;
  const [, a, b, , d, e] = info.geoTransform;
  const [width, height] = [Math.hypot(a, d), Math.hypot(b, e)].map((length) => formatNumber(length, 6));
  return `${width} × ${height} ${words.unit}`;
}

/** One line of "How it was read". */
export interface Note {
  kind: 'warning' | 'info' | 'ok';
  title: string;
  why: string;
}

/** What a person must know of how the cube was read: segments, bad bands, and everything that was assumed. */
export function notesOf(info: CubeInfo): Note[] {
  const notes: Note[] = [];
  const { segments, bandIsGood } = info;
  if (segments.length > 1) {
    const list = segments
      .map(({ firstBandIndex: a, lastBandIndex: b }) => rangeText(a + 1, b + 1))
      .join(', ');
    notes.push({
      kind: 'warning',
      title: `${segments.length} spectral segments.`,
      why: `Bands ${list}. No fit crosses from one into another.`,
    });
  }
  const bad = rangesOf(bandIsGood.flatMap((isGood, bandIndex) => (isGood ? [] : [bandIndex + 1])));
  if (bad.length > 0) {
    notes.push({
      kind: 'info',
      title: `Bad bands: ${bad.join(', ')}.`,
      why: 'They are shown and take no part in filters.',
    });
  }
  for (const { field, value, why } of info.assumptions) {
    notes.push({ kind: 'warning', title: `Assumed ${field}: ${value}.`, why });
  }
  if (info.assumptions.length === 0) {
    notes.push({ kind: 'ok', title: 'Nothing was assumed.', why: 'What was needed stands in the file.' });
  }
  return notes;
}

/** Whole numbers in rising order as ranges: "130–135", "140". */
export function rangesOf(numbers: readonly number[]): string[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => rangeText(first, last));
}

const rangeText = (first: number, last: number): string =>
  first === last ? String(first) : `${first}–${last}`;
