import type { ValueArray } from '../base/dataTypes.ts';

/** Sum, extremes and number of finite values. */
export interface Summary {
  sum: number;
  /** Compensation of the sum (Neumaier): the exact sum is nearer to sum + correction. */
  correction: number;
  min: number;
  max: number;
  count: number;
}

/** A summary of nothing: min is Infinity, max -Infinity. */
export const emptySummary = (): Summary => ({
  sum: 0,
  correction: 0,
  min: Infinity,
  max: -Infinity,
  count: 0,
});

/** Adds the finite values of a stretch, with Neumaier's compensated summation in float64. */
export function addToSummary(summary: Summary, values: ArrayLike<number>): void {
  let { sum, correction, min, max, count } = summary;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const next = sum + value;
    correction += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    if (value < min) min = value;
    if (value > max) max = value;
    count += 1;
  }
  Object.assign(summary, { sum, correction, min, max, count });
}

/** Adds one summary to another; the order matters in the last digit, so callers keep it fixed. */
export function mergeSummary(into: Summary, from: Summary): void {
  const next = into.sum + from.sum;
  into.correction +=
    from.correction +
    (Math.abs(into.sum) >= Math.abs(from.sum) ? into.sum - next + from.sum : from.sum - next + into.sum);
  into.sum = next;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  into.count += from.count;
}

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** A float32 as a uint32 that sorts as the number does (sign bit flipped, negative numbers inverted). */
export function floatKey(bits: number): number {
  return (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

/** The float32 of a key made by `floatKey`. */
export function floatOfKey(key: number): number {
  scratchBits[0] = (key & 0x80000000) !== 0 ? (key & 0x7fffffff) >>> 0 : ~key >>> 0;
  return scratchFloat[0] ?? NaN;
}

/** How often keys occur: the places that occur, ascending, and their counts. Of most tiles few places do. */
export interface KeyCounts {
  places: Uint16Array;
  counts: Uint32Array;
}

/** Counts by place, all 0 between two calls. */
const scratchCounts = new Uint32Array(65_536);

/** Counts the upper 16 bits of the keys of all finite values: the first pass of an exact selection. */
export function countHighKeys(values: Float32Array): KeyCounts {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0;
    if ((word & 0x7f800000) === 0x7f800000) continue;
    const place = floatKey(word) >>> 16;
    scratchCounts[place] = (scratchCounts[place] ?? 0) + 1;
  }
  return takeScratchCounts();
}

/** Counts the lower 16 bits of the keys whose upper 16 bits are `high`: the second pass. */
export function countLowKeys(values: Float32Array, high: number): KeyCounts {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0;
    const key = floatKey(word);
    if (key >>> 16 !== high || (word & 0x7f800000) === 0x7f800000) continue;
    scratchCounts[key & 0xffff] = (scratchCounts[key & 0xffff] ?? 0) + 1;
  }
  return takeScratchCounts();
}

function takeScratchCounts(): KeyCounts {
  let found = 0;
  for (let place = 0; place < scratchCounts.length; place++) if (scratchCounts[place] !== 0) found += 1;
  const taken = { places: new Uint16Array(found), counts: new Uint32Array(found) };
  for (let place = 0, at = 0; at < found; place++) {
    const count = scratchCounts[place] ?? 0;
    if (count === 0) continue;
    taken.places[at] = place;
    taken.counts[at++] = count;
    scratchCounts[place] = 0;
  }
  return taken;
}

/**
 * Counts finite values in equal bins from low to high; each bin includes its lower edge, the last its upper one too.
 * Others are left out.
 */
export function countBins(values: ValueArray, low: number, high: number, counts: Uint32Array): void {
  const bins = counts.length;
  const last = bins - 1;
  // Multiplied first and divided once, so that whole numbers on an edge land in the bin above it. The range of the
  // largest doubles passes what a double holds: it is then halved.
  const unit = (high - low) * bins < Infinity ? 1 : 0.5 / bins;
  const range = high > low ? high * unit - low * unit : 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(last, Math.floor(((value * unit - low * unit) * bins) / range));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
}
