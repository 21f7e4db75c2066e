import type { scaleLinear } from 'd3-scale';

// The paper, axes and letters that the room's pictures share.

/** Of a whole picture of one plot. */
const size = { width: 720, height: 440 };
/** The largest plot. */
export const frame = { left: 78, right: 560, top: 52, bottom: 384 };
/** Colours of what is no data. */
export const ink = { text: '#1b1f24', line: '#c4c9d0', faint: '#5b6470', paper: '#ffffff' };
/** Of curves and classes; told apart by those who see colours otherwise (M. Okabe, K. Ito, 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#7a5195'];
/** The colour of the k-th class or curve. */
export const colourOf = (k: number): string => colours[k % colours.length] ?? ink.text;

/** From numbers to places. */
export type Scale = ReturnType<typeof scaleLinear<number, number>>;
/** Where a plot stands in the picture. */
export type Frame = typeof frame;

/**
 * Lines and numbers of both scales around a plot.
 * @param isCounted whether the horizontal scale counts something, in whole numbers.
 */
export function axes(
  across: Scale,
  up: Scale,
  place: Frame,
  yLabel: string,
  xLabel: string | null,
  isCounted = false,
): string {
  const middle = (place.top + place.bottom) / 2;
  const [first = 0, last = 0] = across.domain();
  const ticksAcross = isCounted ? Math.min(8, Math.floor(last - first)) : 8;
  const largest = most(up.domain().map(Math.abs), 1);
  // Plain digits of such numbers are wider than the room beside the plot.
  const upText = largest >= 1e7 || largest < 1e-5 ? up.tickFormat(5, '~e') : up.tickFormat(5);
  return [
    ...up
      .ticks(5)
      .map(
        (tick) =>
          `<line x1="${place.left}" x2="${place.right}" y1="${at(up(tick))}" y2="${at(up(tick))}" stroke="${ink.line}" stroke-width="0.6"/>` +
          `<text x="${place.left - 8}" y="${at(up(tick) + 4)}" text-anchor="end" fill="${ink.faint}">${upText(tick)}</text>`,
      ),
    ...across
      .ticks(ticksAcross)
      .map(
        (tick) =>
          `<text x="${at(across(tick))}" y="${place.bottom + 18}" text-anchor="middle" fill="${ink.faint}">${across.tickFormat(ticksAcross)(tick)}</text>`,
      ),
    `<rect x="${place.left}" y="${place.top}" width="${place.right - place.left}" height="${at(place.bottom - place.top)}" fill="none" stroke="${ink.faint}"/>`,
    `<text transform="translate(20 ${at(middle)}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    xLabel === null
      ? ''
      : `<text x="${(place.left + place.right) / 2}" y="${place.bottom + 38}" text-anchor="middle">${escaped(xLabel)}</text>`,
  ].join('\n');
}

interface LegendEntry {
  name: string;
  colour: string;
  dashed?: boolean;
}

/** The first entries, and how many more there are. */
export const firstEntries = (entries: readonly LegendEntry[], most: number): LegendEntry[] =>
  entries.length <= most
    ? [...entries]
    : [...entries.slice(0, most), { name: `and ${entries.length - most} more`, colour: 'none' }];

/** Names beside a plot, each with its colour. */
export const legend = (entries: readonly LegendEntry[], top: number): string =>
  entries
    .map(
      ({ name, colour, dashed }, k) =>
        `<line x1="${frame.right + 14}" x2="${frame.right + 32}" y1="${top + 10 + 18 * k}" y2="${top + 10 + 18 * k}" stroke="${colour}" stroke-width="3"${dashed === true ? ' stroke-dasharray="5 3"' : ''}/>` +
        `<text x="${frame.right + 38}" y="${top + 14 + 18 * k}">${escaped(name.length > 16 ? `${name.slice(0, 15)}…` : name)}</text>`,
    )
    .join('\n');

/** A whole picture: title, a line below it, and what is drawn. */
export const page = (title: string, below: string, body: string, height = size.height): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" role="img" font-family="sans-serif" font-size="12" fill="${ink.text}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(below)}</desc>`,
    `<rect width="${size.width}" height="${height}" fill="${ink.paper}"/>`,
    `<text x="${frame.left}" y="22" font-size="15" font-weight="600">${escaped(title)}</text>`,
    `<text x="${frame.left}" y="40" fill="${ink.faint}">${escaped(below)}</text>`,
    body,
    '</svg>',
    '',
  ].join('\n');

/** The smallest number; `otherwise` where there is none. */
export const least = (values: readonly number[], otherwise: number): number =>
  values.reduce((low, value) => Math.min(low, value), values[0] ?? otherwise);
/** The largest number; `otherwise` where there is none. */
export const most = (values: readonly number[], otherwise: number): number =>
  values.reduce((high, value) => Math.max(high, value), values[0] ?? otherwise);

/** The span of numbers with a little room on both sides. */
export function padded(values: readonly number[]): [number, number] {
  const [low, high] = [least(values, 0), most(values, 1)];
  const margin = high > low ? 0.05 * (high - low) : Math.max(1e-6, 0.5 * Math.abs(low));
  return [low - margin, high + margin];
}

/** A place in the picture, to a tenth. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
