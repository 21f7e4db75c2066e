import { describe, expect, it } from 'vitest';
import { curvesOf, extentOf, paddedRange, piecesOf, type PlottedPixel } from './spectrumCurves.ts';
import { layOutBands } from './spectrumLayout.ts';

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

describe('curves', () => {
  const bandIsGood = [true, false, true];
  const layout = layOutBands({
    axis: 'wavelength',
    wavelengthsNm: [400, 410, 420],
    bandIsGood,
    segments: [{ firstBand: 1, lastBand: 3, direction: 'rising' }],
    wavelengthUnit: 'nm',
  });
  const pixel: PlottedPixel = {
    key: 'a',
    label: 'Pixel 1, 2',
    colour: 1,
    line: 1,
    sample: 2,
    values: [1, 999, 3],
    smoothed: [1.5, null, 2.5],
    derivative: null,
    edge: no(3),
  };
  const show = { points: true, smoothed: true, derivative: true };

  it('leaves bad bands out and what is not there', () => {
    const curves = curvesOf([pixel], layout, bandIsGood, show);
    expect(curves.map(({ kind }) => kind)).toEqual(['value', 'smoothed']);
    expect(curves[0]?.values).toEqual([1, null, 3]);
    expect(extentOf(curves, layout, 0, 1000)).toEqual([1, 3]);
    expect(extentOf(curves, layout, 415, 1000)).toEqual([2.5, 3]);
    expect(extentOf(curves, layout, 500, 1000)).toBeNull();
  });

  it('draws the first pixel last', () => {
    const curves = curvesOf([pixel, { ...pixel, key: 'b' }], layout, bandIsGood, show);
    expect(curves.map((curve) => curve.pixel.key)).toEqual(['b', 'b', 'a', 'a']);
  });
});

it('pads ranges and keeps zero in them', () => {
  expect(paddedRange([0, 10])).toEqual([-0.5, 10.5]);
  expect(paddedRange([10, 20], 0)).toEqual([-1, 21]);
  expect(paddedRange([4, 4])).toEqual([3.8, 4.2]);
  expect(paddedRange([0, 0])).toEqual([-0.5, 0.5]);
  expect(paddedRange(null)).toEqual([0, 1]);
});
