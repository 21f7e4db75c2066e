import type { LineSampleWindow } from '../../base/window.ts';
import { seededRandom } from '../../base/random.ts';
import { readNumbers, readValues } from '../../cube/read.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { defineTask, type AnyTask, type TaskContext } from '../../workers/task.ts';
import { isFill } from './spectraTable.ts';

/** A class map for the workers: its cube, and the class of each of its codes (-1: none). */
export interface MapArgs extends CubeArgs {
  ofCode: number[];
}

/** Pixels of one window as rows. */
export interface WindowRows {
  values: Float32Array;
  /** Line and sample of each row, two numbers a row. */
  positions: Int32Array;
  classes: Int32Array | null;
  /** Wanted pixels that were left out: without a value in some band. */
  skipped: number;
  /** Wanted pixels that were left out for a value that can only be a fill value. */
  filled: number;
}

/** Pixels of a class map's window. */
export interface MapCounts {
  /** With a class. */
  classed: number;
  /** Whose code the map does not name. */
  unnamed: number;
  /** Of each code that the map names. */
  ofCode: number[];
}

/** How many pixels of a window have a class, and each code. */
export const countClassedTask = defineTask(
  'learning.countClassed',
  async ({ map, window }: { map: MapArgs; window: LineSampleWindow }, context): Promise<MapCounts> => {
    const codes = await codesOf(map, window, context);
    const counts: MapCounts = { classed: 0, unnamed: 0, ofCode: map.ofCode.map(() => 0) };
    for (const code of codes) {
      const found = map.ofCode[code];
      if (found !== undefined) counts.ofCode[code] = (counts.ofCode[code] ?? 0) + 1;
      if (found !== undefined && found >= 0) counts.classed += 1;
      if (found === undefined && !Number.isNaN(code)) counts.unnamed += 1;
    }
    return counts;
  },
);

/**
 * `count` pixels of a window, spread evenly over it (all where there are no more), as rows of the values of some bands;
 * those that lack a value in one of them are left out. With `onlyClassed`, of the pixels that have a class.
 */
export const windowRowsTask = defineTask(
  'learning.windowRows',
  async (
    args: CubeArgs & {
      window: LineSampleWindow;
      bands: number[];
      map: MapArgs | null;
      onlyClassed: boolean;
      count: number;
      seed: number;
      stream: number;
    },
    context,
  ): Promise<WindowRows> => {
    const { window, bands, map, onlyClassed, count, seed, stream } = args;
    const classes =
      map === null
        ? null
        : Int32Array.from(await codesOf(map, window, context), (code) => map.ofCode[code] ?? -1);
    const pixels = window.lines * window.samples;
    const candidates = Int32Array.from({ length: pixels }, (_, p) => p).filter(
      (p) => !onlyClassed || (classes?.[p] ?? -1) >= 0,
    );
    const chosen = evenSample(candidates, count, seed, stream);
    const numbers = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    const values = new Float32Array(chosen.length * bands.length);
    const kept: number[] = [];
    let filled = 0;
    for (const pixel of chosen) {
      const start = kept.length * bands.length;
      let isComplete = true;
      let isFilled = false;
      for (let k = 0; k < bands.length; k++) {
        values[start + k] = numbers[k * pixels + pixel] ?? NaN;
        // Of the array: a float64 may be infinite in float32.
        const value = values[start + k] as number;
        isComplete &&= Number.isFinite(value);
        isFilled ||= isFill(value);
      }
      if (isComplete && !isFilled) kept.push(pixel);
      else if (isFilled) filled += 1;
    }
    const positions = new Int32Array(2 * kept.length);
    kept.forEach((pixel, row) => {
      positions[2 * row] = window.line0 + Math.floor(pixel / window.samples);
      positions[2 * row + 1] = window.sample0 + (pixel % window.samples);
    });
    const whole = values.slice(0, kept.length * bands.length);
    context.transfer(whole.buffer);
    return {
      values: whole,
      positions,
      classes: classes === null ? null : Int32Array.from(kept, (pixel) => classes[pixel] ?? -1),
      skipped: chosen.length - kept.length - filled,
      filled,
    };
  },
);

const codesOf = (
  map: MapArgs,
  window: LineSampleWindow,
  context: TaskContext,
): ReturnType<typeof readNumbers> =>
  readNumbers(cubeOf(map, context), window, [0], readContext(map, context));

/** One of each of `count` equal stretches of the candidates, at random within it. */
function evenSample(candidates: Int32Array, count: number, seed: number, stream: number): Int32Array {
  const all = candidates.length;
  if (count >= all) return candidates;
  const random = seededRandom(seed, stream);
  return Int32Array.from({ length: count }, (_, k) => {
    const from = Math.floor((k * all) / count);
    const to = Math.floor(((k + 1) * all) / count);
    return candidates[from + random.below(to - from)] ?? 0;
  });
}

/** The pixel of a window that is nearest to a spectrum of some bands (of equally near ones the first); null where none has all values. */
export const nearestInWindowTask = defineTask(
  'learning.nearestInWindow',
  async (
    args: CubeArgs & { window: LineSampleWindow; bands: number[]; spectrum: number[] },
    context,
  ): Promise<{ line: number; sample: number; square: number } | null> => {
    const { window, bands, spectrum } = args;
    const numbers = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    const squares = new Float64Array(window.lines * window.samples);
    for (let k = 0; k < bands.length; k++) {
      for (let p = 0; p < squares.length; p++) {
        squares[p] =
          (squares[p] as number) +
          ((numbers[k * squares.length + p] as number) - (spectrum[k] as number)) ** 2;
      }
    }
    let nearest = -1;
    squares.forEach((square, p) => {
      if (Number.isFinite(square) && square < (squares[nearest] ?? Infinity)) nearest = p;
    });
    if (nearest < 0) return null;
    return {
      line: window.line0 + Math.floor(nearest / window.samples),
      sample: window.sample0 + (nearest % window.samples),
      square: squares[nearest] as number,
    };
  },
);

/** Tasks of this folder. */
export const tableTasks: readonly AnyTask[] = [countClassedTask, windowRowsTask, nearestInWindowTask];
