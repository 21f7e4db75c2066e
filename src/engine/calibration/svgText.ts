/** Text made fit for XML and HTML, in elements and in quoted attributes: no control characters, no lone surrogates. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A place in a picture: two decimals without trailing zeros; 0 for what is no number, which no picture may hold. */
export const place = (value: number): string => {
  const rounded = Math.round(value * 100) / 100;
  return Number.isFinite(rounded) ? String(rounded === 0 ? 0 : rounded) : '0';
};

/** What stands where there is no number. */
export const none = '–';

/** Six digits without trailing zeros; a dash for what is no number. */
export const short = (value: number | null | undefined, digits = 6): string =>
  isNumber(value) ? String(Number(value.toPrecision(digits))).replace('-', '−') : none;

/** A number with stated decimals and a true minus sign; a dash for what is no number. */
export const decimals = (value: number | null | undefined, count: number): string =>
  isNumber(value)
    ? value
        .toFixed(count)
        .replace(/^-(?=0(\.0*)?$)/, '')
        .replace('-', '−')
    : none;

/** Whether there is a number that can be drawn and printed. */
export const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/**
 * A value and its standard deviation with the same decimals: three digits of the deviation, up to eight decimals. Without a
 * deviation (held, or unknown) six digits of the value and a null.
 */
export function withDeviation(
  value: number,
  sd: number | null | undefined,
): { value: string; sd: string | null } {
  if (!isNumber(sd) || !(sd > 0)) return { value: short(value), sd: null };
  const count = Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(sd))));
  if (sd < 1e-8) return { value: decimals(value, count), sd: 'less than 1e-8' };
  return { value: decimals(value, count), sd: sd >= 1e9 ? sd.toExponential(2) : decimals(sd, count) };
}

/** "536.073 ± 0.928 px", or the value alone where no deviation is known. */
export function measured(value: number, sd: number | null | undefined, unit = ''): string {
  const both = withDeviation(value, sd);
  return `${both.value}${both.sd === null ? '' : ` ± ${both.sd}`}${unit === '' ? '' : ` ${unit}`}`;
}

/** The middle of sorted values (the mean of the two in the middle), null of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [a, b] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return a === undefined || b === undefined ? null : (a + b) / 2;
}
