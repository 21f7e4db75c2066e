import { describe, expect, it } from 'vitest';
import { layOutBands } from './spectrumLayout.ts';
import { bandAt, fullX, NO_ZOOM, showing, viewOf, zoomedBy, zoomedTo } from './spectrumView.ts';
import type { Curve, PlottedPixel } from './spectrumCurves.ts';

const bandIsGood = [true, true, true, true, true, true];
/** Two detectors with the same three wavelengths. */
const layout = layOutBands({
  axis: 'wavelength',
  wavelengthsNm: [400, 500, 600, 400, 500, 600],
  bandIsGood,
  segments: [
    { firstBand: 1, lastBand: 3, direction: 'rising' },
    { firstBand: 4, lastBand: 6, direction: 'rising' },
  ],
  wavelengthUnit: 'nm',
});
const values = [10, 10, 10, 20, 20, 20];
const pixel: PlottedPixel = {
  key: 'a',
  label: 'a',
  colour: 1,
  line: 0,
  sample: 0,
  values,
  smoothed: null,
  derivative: null,
  edge: [],
};
const curves: Curve[] = [{ pixel, kind: 'value', values, pieces: [] }];
const box = { left: 40, top: 20, width: 206, height: 100 };
const view = viewOf(layout, curves, NO_ZOOM);

describe('viewOf', () => {
  it('shows all bands and all values', () => {
    expect(fullX(layout)).toEqual([397, 603]);
    expect(view.left).toEqual([9.5, 20.5]);
    expect(view.right).toEqual([0, 1]);
  });

  it('keeps what was zoomed to', () => {
    const zoom = { x: [450, 550], left: null, right: [-1, 1] } as const;
    expect(viewOf(layout, curves, zoom)).toMatchObject({ x: [450, 550], right: [-1, 1] });
  });
});

describe('bandAt', () => {
  it('tells detectors apart by height', () => {
    expect(bandAt(layout, curves, view, box, { x: 100, y: 95 })).toBe(1);
    expect(bandAt(layout, curves, view, box, { x: 100, y: 5 })).toBe(4);
    expect(bandAt(layout, curves, view, box, { x: 205, y: 5 })).toBe(5);
  });
});

describe('zoom', () => {
  it('goes to a dragged width, from either side', () => {
    const zoom = zoomedTo(view, NO_ZOOM, box, { x: 103, y: 0 }, { x: 53, y: 0 }, false);
    expect(zoom).toEqual({ x: [450, 500], left: null, right: null });
  });

  it('goes to a dragged height on both axes', () => {
    const zoom = zoomedTo(view, NO_ZOOM, box, { x: 0, y: 50 }, { x: 9, y: 400 }, true);
    expect(zoom).toEqual({ x: null, left: [9.5, 15], right: [0, 0.5] });
  });

  it('doubles around a place and stays within the axis', () => {
    expect(zoomedBy(layout, view, NO_ZOOM, 2, 500).x).toEqual([448.5, 551.5]);
    expect(zoomedBy(layout, view, NO_ZOOM, 2, 400).x).toEqual([397, 500]);
    expect(zoomedBy(layout, view, NO_ZOOM, 0.5, 500).x).toBeNull();
  });

  it('follows a band out of sight', () => {
    const zoom = { ...NO_ZOOM, x: [400, 500] as const };
    expect(showing(zoom, 450)).toBe(zoom);
    expect(showing(zoom, 600).x).toEqual([550, 650]);
    expect(showing(zoom, NaN)).toBe(zoom);
  });
});
