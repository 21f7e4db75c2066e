import { isUnitless, ordinal } from './numbers.ts';
import {
  derivativeDecimals,
  derivativeFactor,
  derivativeSymbol,
  derivativeUnit,
  fixed,
  plainText,
  valueDecimals,
  valueUnit,
  type TextPart,
} from './plotNumbers.ts';
import { extentOf, largest } from './spectrumCurves.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';
import type { SpectrumCurve, SpectrumState } from './spectrumState.ts';

type Bands = Pick<SpectrumState, 'axis' | 'wavelengthsNm' | 'bandNames'>;

const wavelengthOf = ({ axis, wavelengthsNm }: Bands, bandIndex: number): number | null =>
  axis === 'wavelength' ? (wavelengthsNm?.[bandIndex] ?? null) : null;

/** The tag of the current band: "679.49 nm", or "band 45". */
export function bandTag(bands: Bands, bandIndex: number): string {
  const nm = wavelengthOf(bands, bandIndex);
  return nm === null ? `band ${bandIndex + 1}` : `${fixed(nm, 2)} nm`;
}

/** The tag on the axis under the pointer: "771", or the band's number. */
export function axisTag(bands: Bands, bandIndex: number): string {
  const nm = wavelengthOf(bands, bandIndex);
  return nm === null ? String(bandIndex + 1) : fixed(nm, 0);
}

/** Beside the band's number: its wavelength, else its own name (channels short), else nothing. */
export function bandCaption({ wavelengthsNm, bandNames }: Omit<Bands, 'axis'>, bandIndex: number): string {
  const nm = wavelengthsNm?.[bandIndex] ?? null;
  if (nm !== null) return `${fixed(nm, 2)} nm`;
  const name = bandNames?.[bandIndex] ?? '';
  const channel = /\bchannel\s+(\d+)$/i.exec(name);
  return channel === null ? name : `ch ${channel[1]}`;
}

export const xTitle = (layout: SpectrumLayout): string =>
  layout.axis === 'wavelength' ? 'Wavelength (nm)' : 'Band number';

/** "Reflectance"; what the axis leaves out, and a unit that the quantity does not say, in parentheses. */
export function valueTitle({ quantity, units }: SpectrumState, power: number): TextPart[] {
  const isSaid = isUnitless(units.values) || units.values.toLowerCase() === quantity.toLowerCase();
  const inside = valueUnit(isSaid ? '' : units.values, power);
  return inside.length === 0 ? [{ text: quantity }] : [{ text: `${quantity} (` }, ...inside, { text: ')' }];
}

/** "d² 10⁻⁶/nm²". */
export const derivativeTitle = (state: SpectrumState): TextPart[] => [
  ...derivativeSymbol(state.derivativeOrder),
  { text: ' ' },
  ...derivativeUnit(state.units.derivative, derivativeFactor(state).power),
];

/** "2nd derivative". */
export const derivativeName = (order: number): string => `${ordinal(order)} derivative`;

export interface CurveTexts {
  raw: string;
  smoothed: string | null;
  /** After the power of ten. */
  derivative: string | null;
}

/** A curve's numbers at a band, as the legend shows them. */
export function curveTexts(curve: SpectrumCurve, bandIndex: number, factor: number): CurveTexts {
  const { values, smoothed, derivative } = curve;
  const most = derivative === null ? 0 : largest([derivative]) / factor;
  const scaled = derivative?.[bandIndex] ?? null;
  return {
    raw: fixed(values[bandIndex], valueDecimals(values)),
    smoothed: smoothed && fixed(smoothed[bandIndex], valueDecimals(smoothed, 5)),
    derivative:
      derivative &&
      fixed(scaled === null ? null : scaled / factor, Math.max(0, derivativeDecimals(most) - 1)),
  };
}

/** What the band line says: "band 50, 679.49 nm, smoothed 0.0315". */
export function bandWords(state: SpectrumState, bandIndex: number): string {
  const active = state.curves.find(({ kind }) => kind === 'active');
  const texts = active && curveTexts(active, bandIndex, 1);
  const value =
    texts &&
    (texts.smoothed !== null && texts.smoothed !== '–' ? `smoothed ${texts.smoothed}` : `raw ${texts.raw}`);
  const parts = [
    `band ${bandIndex + 1}`,
    bandCaption(state, bandIndex),
    state.bandIsGood[bandIndex] === false ? 'bad band' : '',
    value === 'raw –' ? 'no value' : (value ?? ''),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The plot in a sentence or three. */
export function plotWords(state: SpectrumState, layout: SpectrumLayout): string {
  const active = state.curves.find(({ kind }) => kind === 'active');
  if (active === undefined) return 'Spectrum: no pixel chosen.';
  const whole = extentOf([active.values], state.bandIsGood, layout, -Infinity, Infinity);
  const decimals = valueDecimals(active.values);
  const range =
    whole === null
      ? 'no value'
      : `${state.quantity.toLowerCase()} from ${fixed(whole[0], decimals)} to ${fixed(whole[1], decimals)}`;
  const bad = state.bandIsGood.filter((good) => !good).length;
  const facts = [
    `Spectrum of ${active.label}: ${range} over ${spanWords(layout)}`,
    count(layout.runs.length, 'segment'),
    ...(bad > 0 ? [count(bad, 'bad band')] : []),
  ];
  const pins = state.curves
    .filter(({ kind }) => kind === 'pin')
    .map(({ label, pinNumber = 1 }) => `${pinNumber} (${label})`);
  const below =
    active.derivative === null
      ? ''
      : ` Below it the ${derivativeName(state.derivativeOrder)}, in ${plainText(
          derivativeUnit(state.units.derivative, derivativeFactor(state).power),
        )}.`;
  return `${facts.join(', ')}.${below}${pins.length > 0 ? ` Pins: ${pins.join(', ')}.` : ''}`;
}

function spanWords({ axis, order, places }: SpectrumLayout): string {
  const [first, last] = [places[order[0] ?? -1] ?? NaN, places[order.at(-1) ?? -1] ?? NaN];
  return axis === 'wavelength' ? `${fixed(first, 0)} to ${fixed(last, 0)} nm` : `bands ${first} to ${last}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
