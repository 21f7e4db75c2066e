export interface Limits {
  low: number;
  high: number;
}

export type LimitName = keyof Limits;

/**
 * The values an axis shows from end to end: the histogram's range and the limits, with 3 % to spare on both sides. A
 * range without width (one value only) is widened around its value, so that the axis has a length.
 */
export function histogramDomain(low: number, high: number, limits: Limits): Limits {
  const finite = [low, high, limits.low, limits.high].filter(Number.isFinite);
  if (finite.length === 0) return { low: 0, high: 1 };
  const start = Math.min(...finite);
  const end = Math.max(...finite);
  const width = end - start;
  const spare = width > 0 ? width * 0.03 : Math.max(Math.abs(start) * 0.05, 0.5);
  return { low: start - spare, high: end + spare };
}

/**
 * Heights from 0 to 1 of the bars by the square root of the counts, so that rare values stay visible beside common ones;
 * the highest count at 1. Counts that are no number or negative have none.
 */
export function barHeights(counts: ArrayLike<number>): number[] {
  const heights = Array.from(counts, (count) => (count > 0 && Number.isFinite(count) ? Math.sqrt(count) : 0));
  const highest = heights.reduce((most, each) => Math.max(most, each), 0);
  return highest > 0 ? heights.map((each) => each / highest) : heights;
}

/** The outline of bars over `low` to `high`, as the `d` of an SVG path, closed along `baseline`. */
export function barsPath(
  heights: readonly number[],
  xOf: (value: number) => number,
  { low, high }: Limits,
  baseline: number,
): string {
  if (heights.length === 0) return '';
  const step = (high - low) / heights.length;
  const parts = [`M${round(xOf(low))},${baseline}`];
  heights.forEach((height, index) => {
    const y = round(baseline * (1 - height));
    parts.push(`L${round(xOf(low + index * step))},${y}`, `L${round(xOf(low + (index + 1) * step))},${y}`);
  });
  return `${parts.join('')}L${round(xOf(high))},${baseline}Z`;
}

/** How far limits may be moved: one range of the histogram beyond each of its ends, and no less than they are now. */
export function limitBounds(low: number, high: number, limits: Limits): Limits {
  const range = rangeOf(low, high);
  return { low: Math.min(low - range, limits.low), high: Math.max(high + range, limits.high) };
}

/** The histogram's width; where it has none, a width to step by that suits its value. */
export const rangeOf = (low: number, high: number): number =>
  high > low ? high - low : Math.max(Math.abs(low) * 0.1, 1);

/**
 * The limits after one of them went to `value`: kept within `bounds` and at least a thousandth of `range` away from the
 * other, which stays where it is.
 */
export function moveLimit(
  limits: Limits,
  name: LimitName,
  value: number,
  bounds: Limits,
  range: number,
): Limits {
  const apart = range / 1000;
  return name === 'low'
    ? { ...limits, low: Math.min(Math.max(value, bounds.low), limits.high - apart) }
    : { ...limits, high: Math.max(Math.min(value, bounds.high), limits.low + apart) };
}

/**
 * Where a key press takes a limit: arrows 1 % of `range`, with shift or Page Up and Page Down 10 %, Home and End the
 * histogram's ends. Null for keys that mean nothing here.
 */
export function keyTarget(
  key: string,
  shift: boolean,
  value: number,
  histogram: Limits,
  range: number,
): number | null {
  const step = range * (shift ? 0.1 : 0.01);
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return value - step;
    case 'ArrowRight':
    case 'ArrowUp':
      return value + step;
    case 'PageDown':
      return value - range * 0.1;
    case 'PageUp':
      return value + range * 0.1;
    case 'Home':
      return histogram.low;
    case 'End':
      return histogram.high;
    default:
      return null;
  }
}

/**
 * One row of RGBA pixels over `domain`: the colour each value gets between the limits, the outermost colours beyond.
 * `colours` holds entries of 3 bytes (256 of them), first for `limits.low`.
 */
export function rampRow(
  colours: Uint8Array,
  width: number,
  domain: Limits,
  limits: Limits,
): Uint8ClampedArray<ArrayBuffer> {
  const row = new Uint8ClampedArray(width * 4);
  const last = Math.floor(colours.length / 3) - 1;
  for (let x = 0; x < width; x++) {
    const value = domain.low + ((x + 0.5) / width) * (domain.high - domain.low);
    const share = (value - limits.low) / (limits.high - limits.low);
    const entry = Math.round(Math.min(1, Math.max(0, share)) * last);
    for (let channel = 0; channel < 3; channel++) row[x * 4 + channel] = colours[entry * 3 + channel] ?? 0;
    row[x * 4 + 3] = 255;
  }
  return row;
}

const round = (pixels: number): number => Math.round(pixels * 100) / 100;

/** A line over `low` to `high` that goes through the middle of each bin's height, as the `d` of an SVG path. */
export function linePath(
  heights: readonly number[],
  xOf: (value: number) => number,
  { low, high }: Limits,
  baseline: number,
): string {
  const step = (high - low) / heights.length;
  const points = heights.map(
    (height, index) => `${round(xOf(low + (index + 0.5) * step))},${round(baseline * (1 - height))}`,
  );
  return points.length === 0 ? '' : `M${points.join('L')}`;
}
