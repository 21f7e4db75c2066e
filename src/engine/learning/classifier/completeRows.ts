import type { LineSampleWindow } from '../../base/window.ts';
import { isFill } from '../data/spectraTable.ts';
import { inputPlaces } from './inputs.ts';
import type { ClassifierModel } from './model.ts';

/** Pixels of a window that can be classified, as rows. */
export interface CompleteRows {
  /** The pixel of each row, from 0 in the window. */
  pixelOf: Int32Array;
  /** Rows x bands. */
  values: Float32Array;
  /** Line and sample of each row in the scene, two numbers a row. */
  positions: Int32Array;
  /** Pixels left out for a value that can only be a fill value, or that is too far from the training's. */
  filled: number;
  /** Of each band, whether a pixel has a value in it: 1 or 0. */
  hasValue: Uint8Array;
}

/** Band planes of a window as rows of the classifier's columns, without pixels that lack a value or have an impossible one. */
export function completeRows(
  planes: ArrayLike<number>,
  window: LineSampleWindow,
  { columns, auxiliary, mean, deviation }: ClassifierModel,
): CompleteRows {
  const pixels = window.lines * window.samples;
  const bands = columns.length;
  const inputOf = inputOfColumn(columns, auxiliary);
  const [whole, missing, impossible] = [0, 1, 2];
  const state = new Uint8Array(pixels);
  const hasValue = new Uint8Array(bands);
  for (let band = 0; band < bands; band++) {
    const [centre, scale] = [mean[inputOf[band] as number], deviation[inputOf[band] as number]];
    for (let pixel = 0; pixel < pixels; pixel++) {
      // As float32, which is what the classifier takes.
      const value = Math.fround(planes[band * pixels + pixel] as number);
      if (!Number.isFinite(value)) {
        state[pixel] = state[pixel] === impossible ? impossible : missing;
        continue;
      }
      const standardised = Math.fround((value - (centre as number)) / (scale as number));
      if (isFill(value) || !Number.isFinite(standardised)) state[pixel] = impossible;
      else hasValue[band] = 1;
    }
  }
  const pixelOf = Int32Array.from(state.keys()).filter((pixel) => state[pixel] === whole);
  const values = new Float32Array(pixelOf.length * bands);
  const positions = new Int32Array(2 * pixelOf.length);
  pixelOf.forEach((pixel, row) => {
    for (let band = 0; band < bands; band++)
      values[row * bands + band] = planes[band * pixels + pixel] as number;
    positions[2 * row] = window.line0 + Math.floor(pixel / window.samples);
    positions[2 * row + 1] = window.sample0 + (pixel % window.samples);
  });
  const filled = state.reduce((count, one) => count + (one === impossible ? 1 : 0), 0);
  return { pixelOf, values, positions, filled, hasValue };
}

/** The network's input that each column is. */
function inputOfColumn(columns: readonly string[], auxiliary: ClassifierModel['auxiliary']): Int32Array {
  const { spectrum, auxiliary: others } = inputPlaces(columns, auxiliary);
  const inputOf = new Int32Array(columns.length);
  const places = [...spectrum, ...(others === 'position' || others === null ? [] : others)];
  places.forEach((column, input) => (inputOf[column] = input));
  return inputOf;
}
