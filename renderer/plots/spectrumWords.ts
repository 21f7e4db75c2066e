import { formatNumber, formatUnit, isUnitless, ordinal, withUnit } from './numbers.ts';
import type { PlottedPixel } from './spectrumCurves.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';

/** Units of the three kinds of numbers; null is none. */
export interface SpectrumUnits {
  values: string | null;
  smoothed: string | null;
  derivative: string | null;
}

/** "Band 48 · 842.3 nm": how a band is named wherever it is shown. */
export function bandTitle(
  layout: SpectrumLayout,
  bandIndex: number,
  bandNames: readonly (string | null)[] | null,
): string {
  const place = layout.places[bandIndex] ?? NaN;
  const wavelength =
    layout.axis === 'wavelength'
      ? Number.isFinite(place)
        ? withUnit(formatNumber(place, 6), layout.unit)
        : 'no wavelength'
      : null;
  const name = wavelength === null ? (bandNames?.[bandIndex] ?? null) : null;
  return [`Band ${bandIndex + 1}`, wavelength, name]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

/** Titles of the bottom axis, longest first. */
export const xTitles = ({ axis, unit }: SpectrumLayout): string[] =>
  axis === 'wavelength' ? [`Wavelength (${unit ?? 'nm'})`] : ['Band number'];

/** Titles of the left axis, longest first. */
export const valueTitles = (units: SpectrumUnits, factor: string): string[] =>
  titles('Value', 'Value', units.values, factor);

/** Titles of the right axis, longest first. */
export const derivativeTitles = (units: SpectrumUnits, order: number, factor: string): string[] =>
  titles(derivativeName(order), `d${order > 1 ? ('²³'[order - 2] ?? '') : ''}`, units.derivative, factor);

/** "2nd derivative"; order 0 is the smoothed value itself. */
export const derivativeName = (order: number): string =>
  order === 0 ? 'Derivative of order 0' : `${ordinal(order)} derivative`;

function titles(long: string, short: string, unit: string | null, factor: string): string[] {
  const inUnit = unit === null || isUnitless(unit) ? 'unit not stated' : formatUnit(unit);
  const inside = factor === '' ? inUnit : `${factor} ${inUnit}`;
  return [`${long} (${inside})`, `${short} (${inside})`, inside];
}

/** What a pixel has at a band, as words for a screen reader. */
export function pixelWords(pixel: PlottedPixel, bandIndex: number, units: SpectrumUnits): string {
  const word = (name: string, numbers: readonly (number | null)[] | null, unit: string | null) => {
    const value = numbers?.[bandIndex] ?? null;
    return value === null ? null : `${name} ${withUnit(formatNumber(value), unit)}`;
  };
  const parts = [
    word('value', pixel.values, units.values) ?? 'no value',
    word('smoothed', pixel.smoothed, units.smoothed),
    word('derivative', pixel.derivative, units.derivative),
  ].filter((part) => part !== null);
  return `${pixel.label}: ${parts.join(', ')}`;
}
