import type { SummandArray, ValueArray } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';

/** What a row makes of its window: sum of weights x numbers, plus the constant. */
export interface RowWeights {
  /** One weight a band of the window. */
  weights: Float64Array;
  /** 0 where the numbers are the values; else the offsets' share (see `spectral/scaling.ts`). */
  constant: number;
}

/** One row of a banded operator and the planes it is applied to. */
export interface RowApplication extends RowWeights {
  /** The window's bands: one plane of at least `pixels` values each, NaN or infinite where there is no value. */
  planes: readonly SummandArray[];
  /**
   * Weights and constant for a pixel of which only the planes flagged 1 in `present` have a value; null: no result. The
   * flags are reused after the call. Without it (null) every gap in a window gives NaN.
   */
  refit: ((present: Uint8Array) => RowWeights | null) | null;
  /** Takes `pixels` results: NaN where there is none. May not share memory with a plane. */
  out: ValueArray;
  pixels: number;
}

/** Pixels worked on at once: their sums (32 KB) stay in the processor's nearest cache. */
const blockPixels = 4096;

/**
 * out[p] = sum over the planes of weight x plane[p], accumulated in float64 in the planes' order, plus the constant, for
 * `pixels` pixels; rounded once, to the type of `out`. Only pixels whose sum is not finite are looked at again: those
 * with a gap get the refitted weights over the values they have (or NaN), those without (an overflow) keep what they
 * have.
 *
 * Throws `internal` where the number of planes, of weights or of pixels do not fit together.
 */
export function applyRow(application: RowApplication): void {
  const { planes, weights, constant, out, pixels } = application;
  if (
    planes.length === 0 ||
    weights.length !== planes.length ||
    out.length < pixels ||
    planes.some((plane) => plane.length < pixels)
  ) {
    throw new CubelensError(
      'internal',
      `A filter row of ${weights.length} weights met ${planes.length} planes that do not all hold ${pixels} pixels.`,
    );
  }
  let gaps: GapRepair | null = null;
  for (let from = 0; from < pixels; from += blockPixels) {
    const count = Math.min(blockPixels, pixels - from);
    sumBlock(planes, weights, from, count);
    const gapCount = store(out, constant, from, count);
    if (gapCount === 0) continue;
    gaps ??= new GapRepair(application, Math.min(blockPixels, pixels));
    listGaps(gaps.pixels, from, count);
    gaps.repair(gapCount);
  }
}

/** Sums of the block at hand: one thread works on one block at a time, and rows are too short to allocate for each. */
const sums = new Float64Array(blockPixels);

/** Writes a block's sums plus the constant out; gives the number of sums that are not finite. */
function store(out: ValueArray, constant: number, from: number, count: number): number {
  let found = 0;
  for (let i = 0; i < count; i++) {
    const sum = sums[i] ?? 0;
    out[from + i] = sum + constant;
    // A value that is not finite leaves no sum finite, and only what is not finite differs from itself in this way.
    if (sum - sum !== 0) found++;
  }
  return found;
}

/** Lists the pixels of a block whose sum is not finite. */
function listGaps(pixels: Int32Array, from: number, count: number): void {
  let found = 0;
  for (let i = 0; i < count; i++) {
    const sum = sums[i] ?? 0;
    if (sum - sum !== 0) pixels[found++] = from + i;
  }
}

/**
 * sums[i] = sum over the planes of weight x plane[from + i], in the planes' order: up to four planes in each pass over
 * the block (eight are no faster).
 */
function sumBlock(planes: readonly SummandArray[], weights: Float64Array, from: number, count: number): void {
  sums.fill(0, 0, count);
  for (let k = 0; k < planes.length; k += 4) {
    const a = planes[k];
    const b = planes[k + 1];
    const c = planes[k + 2];
    const d = planes[k + 3];
    if (a === undefined) return;
    if (b === undefined) addOne(a, weights, k, from, count);
    else if (c === undefined) addTwo(a, b, weights, k, from, count);
    else if (d === undefined) addThree(a, b, c, weights, k, from, count);
    else addFour(a, b, c, d, weights, k, from, count);
  }
}

function addFour(
  a: SummandArray,
  b: SummandArray,
  c: SummandArray,
  d: SummandArray,
  weights: Float64Array,
  k: number,
  from: number,
  count: number,
): void {
  const wa = weights[k] ?? 0;
  const wb = weights[k + 1] ?? 0;
  const wc = weights[k + 2] ?? 0;
  const wd = weights[k + 3] ?? 0;
  for (let i = 0; i < count; i++) {
    const p = from + i;
    sums[i] = (sums[i] ?? 0) + wa * (a[p] ?? 0) + wb * (b[p] ?? 0) + wc * (c[p] ?? 0) + wd * (d[p] ?? 0);
  }
}

function addThree(
  a: SummandArray,
  b: SummandArray,
  c: SummandArray,
  weights: Float64Array,
  k: number,
  from: number,
  count: number,
): void {
  const wa = weights[k] ?? 0;
  const wb = weights[k + 1] ?? 0;
  const wc = weights[k + 2] ?? 0;
  for (let i = 0; i < count; i++) {
    const p = from + i;
    sums[i] = (sums[i] ?? 0) + wa * (a[p] ?? 0) + wb * (b[p] ?? 0) + wc * (c[p] ?? 0);
  }
}

function addTwo(
  a: SummandArray,
  b: SummandArray,
  weights: Float64Array,
  k: number,
  from: number,
  count: number,
): void {
  const wa = weights[k] ?? 0;
  const wb = weights[k + 1] ?? 0;
  for (let i = 0; i < count; i++) {
    const p = from + i;
    sums[i] = (sums[i] ?? 0) + wa * (a[p] ?? 0) + wb * (b[p] ?? 0);
  }
}

function addOne(plane: SummandArray, weights: Float64Array, k: number, from: number, count: number): void {
  const weight = weights[k] ?? 0;
  for (let i = 0; i < count; i++) sums[i] = (sums[i] ?? 0) + weight * (plane[from + i] ?? 0);
}

/** Gives the pixels of one row that have a gap their value. */
class GapRepair {
  /** The pixels of a block to be looked at, rising; filled by the caller. */
  readonly pixels: Int32Array;
  readonly #row: RowApplication;
  /** One byte a pixel and plane, pixel by pixel: 1 where there is a value. */
  readonly #presence: Uint8Array;
  readonly #pattern: Uint8Array;
  readonly #sums: Float64Array;

  constructor(row: RowApplication, blockLength: number) {
    this.#row = row;
    this.pixels = new Int32Array(blockLength);
    this.#presence = new Uint8Array(blockLength * row.planes.length);
    this.#pattern = new Uint8Array(row.planes.length);
    this.#sums = new Float64Array(blockLength);
  }

  /** Looks at the first `count` pixels, in runs of one gap pattern: neighbours mostly have the same gaps. */
  repair(count: number): void {
    const { planes } = this.#row;
    const width = planes.length;
    planes.forEach((plane, k) => notePresence(plane, this.pixels, count, this.#presence, k, width));
    for (let first = 0; first < count;) {
      for (let k = 0; k < width; k++) this.#pattern[k] = this.#presence[first * width + k] ?? 0;
      let end = first + 1;
      while (end < count && isAt(this.#presence, end * width, this.#pattern)) end++;
      this.#repairRun(first, end);
      first = end;
    }
  }

  #repairRun(first: number, end: number): void {
    const { planes, refit, out } = this.#row;
    // All there: the sum itself went beyond the largest number, and stays.
    if (!this.#pattern.includes(0)) return;
    const row = refit === null ? null : refit(this.#pattern);
    this.#sums.fill(0, first, end);
    for (let k = 0; row !== null && k < planes.length; k++) {
      const plane = planes[k];
      // Missing values are skipped, for 0 times NaN is NaN.
      if (plane === undefined || this.#pattern[k] !== 1) continue;
      addGathered(this.#sums, plane, row.weights[k] ?? 0, this.pixels, first, end);
    }
    const constant = row?.constant ?? NaN;
    for (let j = first; j < end; j++) out[this.pixels[j] ?? 0] = (this.#sums[j] ?? NaN) + constant;
  }
}

function notePresence(
  plane: SummandArray,
  pixels: Int32Array,
  count: number,
  presence: Uint8Array,
  k: number,
  width: number,
): void {
  for (let j = 0; j < count; j++) {
    const value = plane[pixels[j] ?? 0] ?? NaN;
    presence[j * width + k] = value - value === 0 ? 1 : 0;
  }
}

/** True where `pattern` stands in `presence` at `from`. */
function isAt(presence: Uint8Array, from: number, pattern: Uint8Array): boolean {
  for (let k = 0; k < pattern.length; k++) if (presence[from + k] !== pattern[k]) return false;
  return true;
}

function addGathered(
  totals: Float64Array,
  plane: SummandArray,
  weight: number,
  pixels: Int32Array,
  first: number,
  end: number,
): void {
  for (let j = first; j < end; j++) totals[j] = (totals[j] ?? 0) + weight * (plane[pixels[j] ?? 0] ?? 0);
}
