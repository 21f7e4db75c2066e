import { describe, expect, it } from 'vitest';
import { extentOf, largest, piecesOf, shownIn } from './spectrumCurves.ts';
import { layOutBands } from './spectrumLayout.ts';
import { segment, testCurve, testState } from './testSpectrum.ts';

const no = (count: number) => Array.from({ length: count }, () => false);

describe('piecesOf', () => {
  it('connects a whole run', () => {
    expect(piecesOf([1, 2, 3], no(3), [[0, 1, 2]])).toEqual([{ edge: false, bands: [0, 1, 2] }]);
  });

  it('connects nothing over a join or a missing value', () => {
    const values = [1, 2, null, 4, 5, 6];
    const runs = [
      [0, 1, 2, 3],
      [4, 5],
    ];
    expect(piecesOf(values, no(6), runs).map((piece) => piece.bands)).toEqual([[0, 1], [3], [4, 5]]);
  });

  it('sets edges apart, sharing the band between', () => {
    const edge = [true, true, false, false, true];
    expect(piecesOf([1, 2, 3, 4, 5], edge, [[0, 1, 2, 3, 4]])).toEqual([
      { edge: true, bands: [0, 1, 2] },
      { edge: false, bands: [2, 3] },
      { edge: true, bands: [3, 4] },
    ]);
  });

  it('has a single band of an edge or of the middle', () => {
    expect(piecesOf([1], [true], [[0]])).toEqual([{ edge: true, bands: [0] }]);
    expect(piecesOf([null], [false], [[0]])).toEqual([]);
  });
});

describe('extents', () => {
  const state = testState({
    wavelengthsNm: [400, 410, 420],
    bandIsGood: [true, false, true],
    segments: [segment(0, 2)],
    curves: [
      testCurve([1, 999, 3], { smoothed: [1.5, null, 2.5] }),
      testCurve([-50, 0, 50], { kind: 'pin', smoothed: [2, 2, 4], derivative: [-7, 0, 6] }),
    ],
  });
  const layout = layOutBands(state);
  const extent = (strip: 'value' | 'derivative', low: number, high: number) =>
    extentOf(shownIn(strip, state), state.bandIsGood, layout, low, high);

  it('leave out bad bands, and raw values of pins', () => {
    expect(extent('value', 0, 1000)).toEqual([1, 4]);
    expect(extent('value', 415, 1000)).toEqual([2.5, 4]);
    expect(extent('value', 500, 1000)).toBeNull();
    expect(extent('derivative', 0, 1000)).toEqual([-7, 6]);
  });

  it('know the largest magnitude', () => {
    expect(largest(shownIn('derivative', state))).toBe(7);
    expect(largest([])).toBe(0);
  });
});
