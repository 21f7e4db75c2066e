import { axisFactor, isUnitless, type AxisFactor } from './numbers.ts';
import { largest } from './spectrumCurves.ts';
import type { Numbers, SpectrumState } from './spectrumState.ts';

const MINUS = '−';
const NONE = '–';

/** A part of a line of text; raised for powers, because the fonts have no superscripts but ² and ³. */
export interface TextPart {
  text: string;
  raised?: true;
}

/** A number with so many decimals and a true minus; "–" where there is none. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = value.toFixed(Math.min(20, Math.max(0, decimals)));
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace('-', MINUS);
}

/** Decimals for a column of values: none for whole numbers, 4 for reflectances and the like, else 6 digits in all. */
export function valueDecimals(values: Numbers, significant = 6): number {
  if (values.every((value) => value === null || Number.isInteger(value))) return 0;
  const most = largest([values]);
  if (most >= 10) return Math.max(0, significant - wholeDigits(most));
  // Values far below 1, such as radiances in W, would all read 0.0000.
  return most >= 0.001 || most === 0 ? 4 : Math.min(20, 4 - wholeDigits(most));
}

/** Decimals of a derivative's column after its power of ten is taken out: the largest number has five digits. */
export const derivativeDecimals = (most: number): number =>
  most > 0 ? Math.max(0, 5 - wholeDigits(most)) : 0;

/** Digits before the point; 0 for 0.3, negative for what is smaller than 0.1. */
const wholeDigits = (value: number): number => Math.floor(Math.log10(value)) + 1;

/** The power of ten that is taken out of all derivatives of a spectrum. */
export const derivativeFactor = ({ curves }: Pick<SpectrumState, 'curves'>): AxisFactor =>
  axisFactor(largest(curves.map(({ derivative }) => derivative ?? [])));

/** The power of ten to take out of the value axis: ticks have room for five characters. */
export function valueFactor([low, high]: readonly [number, number]): { power: number; factor: number } {
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (most >= 1e4 && most < 1e5) return { power: 3, factor: 1000 };
  const { power, factor } = axisFactor(most);
  return power === 0 ? { power, factor: 1 } : { power, factor };
}

/** "10" with a raised power; nothing for the power 0. */
const tenTo = (exponent: number): TextPart[] => (exponent === 0 ? [] : [{ text: '10' }, ...power(exponent)]);

/** What stands in the parentheses of the value axis: a power of ten and a unit, where there are such. */
export function valueUnit(unit: string, exponent: number): TextPart[] {
  const factor = tenTo(exponent);
  const space: TextPart[] = factor.length > 0 && unit !== '' ? [{ text: ' ' }] : [];
  return [...factor, ...space, ...unitParts(unit)];
}

/** "d", "d²", "d" with a raised 4. */
export const derivativeSymbol = (order: number): TextPart[] => [{ text: 'd' }, ...power(order)];

/** "10⁻⁶/nm²": what a derivative's numbers are in; "1/nm²" without a power of ten. */
export function derivativeUnit(unit: string, tenth: number): TextPart[] {
  const [, whole = '', per = ''] = /^(.*?)((?:\/(?:nm|band)(?:\^\d+)?)?)$/.exec(unit) ?? [];
  // Reflectance has no unit: its name would say nothing here.
  const own = isUnitless(whole) || /^[a-z ]+$/.test(whole) ? '' : whole;
  const factor: TextPart[] = tenth === 0 ? [] : [{ text: '10' }, { text: minus(tenth), raised: true }];
  if (factor.length === 0 && own === '' && per !== '') factor.push({ text: '1' });
  const space: TextPart[] = factor.length > 0 && own !== '' ? [{ text: ' ' }] : [];
  return [...factor, ...space, ...unitParts(own + per)];
}

/** A unit with its powers raised: "W/m^2" is "W/m²". */
export function unitParts(unit: string): TextPart[] {
  return unit
    .split(/(\^\(?-?\d+\)?)/)
    .filter((part) => part !== '')
    .flatMap((part) =>
      part.startsWith('^') ? power(Number(part.replaceAll(/[^-\d]/g, ''))) : [{ text: part }],
    );
}

function power(exponent: number): TextPart[] {
  if (exponent === 1) return [];
  const inFont = ['²', '³'][exponent - 2];
  return [inFont === undefined ? { text: minus(exponent), raised: true } : { text: inFont }];
}

const minus = (whole: number): string => String(whole).replace('-', MINUS);

/** Parts in one line, as a screen reader gets them: "10^−6/nm²". */
export const plainText = (parts: readonly TextPart[]): string =>
  parts.map(({ text, raised }) => (raised ? `^${text}` : text)).join('');

/** Shows parts of text within an element. */
export function showParts(element: Element, parts: readonly TextPart[]): void {
  element.replaceChildren(
    ...parts.map(({ text, raised }) => {
      if (!raised) return document.createTextNode(text);
      const sup = document.createElement('sup');
      sup.textContent = text;
      return sup;
    }),
  );
}
