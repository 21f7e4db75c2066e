import { describe, expect, it } from 'vitest';
import { layOutBands } from './spectrumLayout.ts';
import {
  bandAt,
  boxOf,
  derivativeRange,
  fullX,
  panned,
  pixelY,
  scaleRange,
  showing,
  stripsOf,
  valueRange,
  viewOf,
  zoomedBy,
  zoomedTo,
} from './spectrumView.ts';
import { testCurve, testState } from './testSpectrum.ts';

const state = testState();
const layout = layOutBands(state);
const box = { left: 52, top: 22, width: 203.2, height: 100 };
const view = viewOf(layout, state, null);
const full = fullX(layout);

describe('strips', () => {
  it('share the height 62 to 38, with a space between', () => {
    const strips = stripsOf(box, true);
    expect(strips).toEqual({ value: [0, 55], derivative: [69, 100] });
    expect(stripsOf(box, false).value).toEqual([0, 100]);
  });

  it('get scales over the whole box that put their range into them', () => {
    const strip = [69, 100] as const;
    const scale = scaleRange([-1, 1], strip, box);
    for (const value of [-1, 0, 1])
      expect(pixelY(scale, [0, 100], value)).toBeCloseTo(pixelY([-1, 1], strip, value), 9);
  });

  it('leave room for axes', () => {
    expect(boxOf(560, 248)).toEqual({ left: 52, top: 22, width: 486, height: 192 });
    expect(boxOf(10, 10)).toMatchObject({ width: 1, height: 1 });
  });
});

describe('ranges', () => {
  it('of values go from round number to round number', () => {
    expect(valueRange([0.01, 0.38])).toEqual([0, 0.4]);
    expect(valueRange([-0.0005, 0.38])).toEqual([0, 0.4]);
    expect(valueRange([-0.05, 0.38])[0]).toBeCloseTo(-0.1, 12);
    expect(valueRange([0, 2950])).toEqual([0, 3000]);
    expect(valueRange(null)).toEqual([0, 1]);
    const [low, high] = valueRange([5, 5]);
    expect(low < 5 && high > 5).toBe(true);
  });

  it('of derivatives hold zero', () => {
    expect(derivativeRange([10, 20])).toEqual([-1.2, 21.2]);
    expect(derivativeRange([0, 0])).toEqual([-0.5, 0.5]);
    expect(derivativeRange(null)).toEqual([-1, 1]);
  });

  it('follow the zoom', () => {
    const rising = testState({ curves: [testCurve([1, 2, 300, 1, 2, 300])] });
    expect(viewOf(layout, rising, [390, 510]).value).toEqual([1, 2]);
    expect(viewOf(layout, rising, null).derivative).toBeNull();
  });
});

describe('bandAt', () => {
  it('tells detectors apart by height', () => {
    expect(bandAt(layout, state, view, box, { x: 100, y: 95 })).toBe(1);
    expect(bandAt(layout, state, view, box, { x: 100, y: 5 })).toBe(4);
    expect(bandAt(layout, state, view, box, { x: 203, y: 5 })).toBe(5);
  });
});

describe('zoom', () => {
  const fine = layOutBands(
    testState({
      wavelengthsNm: Array.from({ length: 101 }, (_, index) => index),
      bandIsGood: Array.from({ length: 101 }, () => true),
      segments: [],
    }),
  );
  const wide = { x: fullX(fine), value: [0, 1] as const, derivative: null };

  it('goes to a dragged width, from either side', () => {
    expect(full).toEqual([398.4, 601.6]);
    const zoom = zoomedTo(fine, wide, { ...box, width: 101.6 }, 50.8, 20.8);
    expect(zoom[0]).toBeCloseTo(20, 9);
    expect(zoom[1]).toBeCloseTo(50, 9);
  });

  it('is never nearer than some three bands', () => {
    const [low, high] = zoomedTo(fine, wide, box, 50, 51);
    expect(high - low).toBeCloseTo((3 * 101.6) / 101, 9);
  });

  it('keeps the place under the pointer and stays within the axis', () => {
    const zoom = zoomedBy(fine, wide, 2, 25);
    expect(zoom?.[1]).toBeCloseTo(25 + (100.8 - 25) / 2, 9);
    expect(zoomedBy(fine, wide, 2, -0.8)?.[0]).toBeCloseTo(-0.8, 9);
    expect(zoomedBy(fine, wide, 0.5, 50)).toBeNull();
  });

  it('pans up to the ends', () => {
    expect(panned(fine, [10, 20], 0.5)).toEqual([15, 25]);
    expect(panned(fine, [10, 20], -5)?.[0]).toBeCloseTo(-0.8, 9);
    expect(panned(fine, null, 1)).toBeNull();
  });

  it('follows a band out of sight', () => {
    const zoom = [40, 50] as const;
    expect(showing(fine, zoom, 45)).toBe(zoom);
    expect(showing(fine, zoom, 70)).toEqual([65, 75]);
    expect(showing(fine, zoom, NaN)).toBe(zoom);
  });
});
