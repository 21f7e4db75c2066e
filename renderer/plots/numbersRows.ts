import type { SegmentInfo } from '../../src/engine/contract/cube.ts';
import type { PixelSpectrum, StoredEntry } from '../../src/engine/contract/spectra.ts';
import { axisFactor } from './numbers.ts';
import { derivativeDecimals, fixed, valueDecimals } from './plotNumbers.ts';
import { largest } from './spectrumCurves.ts';
import type { SpectrumState, SpectrumUnits } from './spectrumState.ts';

/** The numbers of one pixel, and what says where they belong. */
export interface NumbersData extends Pick<SpectrumState, 'wavelengthsNm' | 'bandIsGood' | 'bandNames'> {
  /** Segments of the filter's axis. */
  segments: readonly SegmentInfo[];
  spectrum: Pick<PixelSpectrum, 'stored' | 'values' | 'smoothed' | 'derivative' | 'edge'>;
  units: SpectrumUnits;
  derivativeOrder: number;
}

/** One band's texts, as people read them. */
export interface NumbersRow {
  bandIndex: number;
  /** The wavelength; the band's own name where the cube has none. */
  place: string;
  stored: string;
  value: string;
  smoothed: string;
  derivative: string;
  segment: string;
  notes: readonly string[];
}

/** Rows of the table, and the power of ten that its derivatives leave out. */
export function numbersRows(data: NumbersData): { rows: NumbersRow[]; power: number } {
  const { spectrum, wavelengthsNm, bandNames, bandIsGood } = data;
  const most = largest([spectrum.derivative ?? []]);
  const { power, factor: tenth } = axisFactor(most);
  const factor = power === 0 ? 1 : tenth;
  const decimals = {
    value: valueDecimals(spectrum.values),
    // A smoothed value is finer than what it was made of.
    smoothed: valueDecimals(spectrum.smoothed ?? []) + 1,
    derivative: derivativeDecimals(most / factor),
  };
  const segments = segmentNumbers(data);
  const rows = bandIsGood.map((_, bandIndex): NumbersRow => {
    const derivative = spectrum.derivative?.[bandIndex] ?? null;
    return {
      bandIndex,
      place: wavelengthsNm === null ? (bandNames?.[bandIndex] ?? '–') : fixed(wavelengthsNm[bandIndex], 2),
      stored: storedText(spectrum.stored[bandIndex] ?? null).replaceAll('-', '−') || '–',
      value: fixed(spectrum.values[bandIndex], decimals.value),
      smoothed: fixed(spectrum.smoothed?.[bandIndex], decimals.smoothed),
      derivative: fixed(derivative === null ? null : derivative / factor, decimals.derivative),
      segment: segments[bandIndex] ?? '–',
      notes: notesAt(data, bandIndex),
    };
  });
  return { rows, power };
}

/** The same table as text for a spreadsheet: tabs, every digit of a double, nothing where there is no number. */
export function numbersText(data: NumbersData): string {
  const { spectrum, units, wavelengthsNm, bandNames, derivativeOrder } = data;
  const segments = segmentNumbers(data);
  const unit = (name: string, text: string) => (text === '' || text === '1' ? name : `${name} (${text})`);
  const head = [
    'Band',
    wavelengthsNm === null ? 'Name' : 'Wavelength (nm)',
    'Stored',
    unit('Value', units.values),
    unit('Smoothed', units.smoothed),
    unit(`d${derivativeOrder > 1 ? `^${derivativeOrder}` : ''}`, units.derivative),
    'Segment',
    'Note',
  ];
  const lines = data.bandIsGood.map((_, bandIndex) => [
    String(bandIndex + 1),
    wavelengthsNm === null ? cellText(bandNames?.[bandIndex] ?? '') : exact(wavelengthsNm[bandIndex]),
    storedText(spectrum.stored[bandIndex] ?? null),
    exact(spectrum.values[bandIndex]),
    exact(spectrum.smoothed?.[bandIndex]),
    exact(spectrum.derivative?.[bandIndex]),
    segments[bandIndex] ?? '',
    notesAt(data, bandIndex).join(', '),
  ]);
  return [head, ...lines].map((line) => `${line.join('\t')}\n`).join('');
}

const exact = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);

/** A name must not end its cell or its line. */
const cellText = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function storedText(stored: StoredEntry): string {
  if (stored === null) return '';
  if (!Array.isArray(stored)) return String(stored);
  const [real, imaginary] = stored;
  return `${real}${imaginary < 0 ? '-' : '+'}${Math.abs(imaginary)}i`;
}

/** Each band's segment from 1; bad bands and bands between segments have none. */
function segmentNumbers({ segments, bandIsGood }: NumbersData): (string | undefined)[] {
  const numbers: (string | undefined)[] = bandIsGood.map(() => undefined);
  segments.forEach(({ firstBandIndex, lastBandIndex }, index) => {
    numbers.fill(String(index + 1), firstBandIndex, lastBandIndex + 1);
  });
  return numbers.map((number, bandIndex) => (bandIsGood[bandIndex] === true ? number : undefined));
}

const notesAt = ({ bandIsGood, spectrum }: NumbersData, bandIndex: number): string[] => [
  ...(bandIsGood[bandIndex] === false ? ['bad band'] : []),
  ...(spectrum.edge[bandIndex] === true ? ['edge of segment'] : []),
];
