import { format } from 'd3-format';

/** The true minus sign, as wide as a plus; what people read. Text for programs keeps the hyphen. */
const MINUS = '\u2212';
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '.': '·',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};

/**
 * A number for people, with this many significant digits (1 to 17) and no trailing zeros: 0.34210 is "0.3421",
 * 1.2e-7 is "1.2×10⁻⁷". What is no number (null, NaN) is "no value"; infinity is "∞".
 */
export function formatNumber(value: number | null | undefined, significant = 5): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'no value';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const digits = Math.min(17, Math.max(1, Math.round(significant)));
  const [mantissa = '0', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < Math.max(7, digits)) {
    const decimals = Math.min(100, Math.max(0, digits - 1 - exponent));
    return withMinus(trimZeros(value.toFixed(decimals)));
  }
  return `${withMinus(trimZeros(mantissa))}×10${superscript(exponent)}`;
}

/** A unit as it is printed: "reflectance/nm^2" is "reflectance/nm²", "nm^-2" is "nm⁻²", "W*sr" is "W·sr". */
export function formatUnit(unit: string): string {
  return unit
    .trim()
    .replaceAll(/\^\(?(-?\d+)\)?/g, (_, power: string) => superscript(power))
    .replaceAll(/\s*\*\s*/g, '·');
}

/** True where a unit says nothing: null, empty, or the "1" of numbers whose unit the file does not tell. */
export const isUnitless = (unit: string | null): boolean => unit === null || /^1?$/.test(unit.trim());

/** A number with its unit, if it has one: "0.3421 reflectance". */
export function withUnit(number: string, unit: string | null): string {
  return unit === null || isUnitless(unit) ? number : `${number} ${formatUnit(unit)}`;
}

export interface AxisFactor {
  /** Ticks show values divided by 10 to this power; a multiple of 3. */
  power: number;
  /** 10 to that power. */
  factor: number;
  /** "×10⁻⁶", or "" where ticks show the values as they are. */
  label: string;
}

/**
 * The power of ten to take out of an axis whose largest magnitude is `max`, so that its ticks stay short. None is taken
 * out from 0.01 up to 100 000, nor where there is no magnitude (0, not finite).
 */
export function axisFactor(max: number): AxisFactor {
  const size = Math.abs(max);
  if (!Number.isFinite(size) || size === 0 || (size >= 0.01 && size < 1e5)) {
    return { power: 0, factor: 1, label: '' };
  }
  // Not below 10^-306: the factor itself must stay a normal number.
  const power = Math.max(-306, Math.floor(exponentOf(size) / 3) * 3);
  return { power, factor: Number(`1e${power}`), label: `×10${superscript(power)}` };
}

/** Texts of evenly spaced ticks, after division by `factor`, with the decimals their step needs. */
export function formatTicks(ticks: readonly number[], factor = 1): string[] {
  const shown = ticks.map((tick) => tick / factor);
  const step = smallestStep(shown);
  const decimals = step === null ? 6 : Math.min(12, Math.max(0, -exponentOf(step * 1.0000001)));
  // A step such as 0.25 needs one decimal more than its first digit says.
  const enough = step === null || isWhole(step * 10 ** decimals) ? decimals : decimals + 1;
  const write = format(step === null ? '.6~g' : `.${enough}f`);
  return shown.map((tick) => write(tick));
}

/** Whole numbers as superscript digits. */
export function superscript(power: number | string): string {
  return [...String(power)].map((sign) => SUPERSCRIPTS[sign] ?? sign).join('');
}

/** "1st", "2nd", "3rd", "4th": how a derivative is named. */
export function ordinal(order: number): string {
  return `${order}${['th', 'st', 'nd', 'rd'][order] ?? 'th'}`;
}

const exponentOf = (value: number): number => Number(value.toExponential().split('e')[1]);

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6 * Math.max(1, value);

function smallestStep(ticks: readonly number[]): number | null {
  let smallest = Infinity;
  for (let index = 1; index < ticks.length; index++) {
    const step = Math.abs((ticks[index] ?? 0) - (ticks[index - 1] ?? 0));
    if (step > 0) smallest = Math.min(smallest, step);
  }
  return Number.isFinite(smallest) ? smallest : null;
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

const withMinus = (text: string): string => text.replace('-', MINUS);
