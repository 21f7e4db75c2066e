import { describe, expect, it } from 'vitest';
import {
  clampView,
  fitScale,
  fitView,
  panBy,
  pinch,
  pixelAt,
  placeAt,
  pointOf,
  projectionOf,
  showing,
  zoomAbout,
  type Stage,
} from './viewGeometry.ts';

const stage: Stage = { lines: 100, samples: 200, aspect: 1, width: 416, height: 316, ratio: 1 };

describe('the whole image', () => {
  it('fits with a margin of 8 pixels', () => {
    // 400 x 300 free pixels for 200 x 100: the width decides.
    expect(fitScale(stage)).toBe(2);
    expect(fitView(stage)).toEqual({ scale: 2, centreLine: 50, centreSample: 100 });
  });

  it('counts lines as high as they are', () => {
    // 100 lines of 4 samples' height: 300 pixels / 400.
    expect(fitScale({ ...stage, aspect: 4 })).toBe(0.75);
  });

  it('stays between a quarter of that and 64 pixels a sample, its centre inside', () => {
    const view = { scale: 0.001, centreLine: -5, centreSample: 900 };
    expect(clampView(view, stage)).toEqual({ scale: 0.5, centreLine: 0, centreSample: 200 });
    expect(clampView({ ...view, scale: 1e9 }, stage).scale).toBe(64);
    expect(clampView({ ...view, scale: NaN }, stage).scale).toBe(0.5);
    // A 2 x 2 image fits at 150 pixels a sample.
    expect(clampView({ ...view, scale: 1e9 }, { ...stage, lines: 2, samples: 2 }).scale).toBe(150);
  });
});

describe('moving', () => {
  const view = { scale: 4, centreLine: 50, centreSample: 100 };

  it('zooms about the place under the pointer', () => {
    const point = { x: 308, y: 58 };
    expect(placeAt(view, point, stage)).toEqual({ line: 25, sample: 125 });
    const near = zoomAbout(view, 2, point, stage);
    expect(near.scale).toBe(8);
    expect(placeAt(near, point, stage)).toEqual({ line: 25, sample: 125 });
  });

  it('keeps that place also where the zoom ends at its limit', () => {
    const point = { x: 308, y: 58 };
    const near = zoomAbout(view, 1e6, point, stage);
    expect(near.scale).toBe(64);
    expect(placeAt(near, point, stage)).toEqual({ line: 25, sample: 125 });
    expect(zoomAbout(near, 2, point, stage)).toEqual(near);
  });

  it('drags the picture with the pointer, lines by their height', () => {
    expect(panBy(view, 40, -20, stage)).toEqual({ scale: 4, centreLine: 55, centreSample: 90 });
    expect(panBy(view, 0, -20, { ...stage, aspect: 5 }).centreLine).toBe(51);
  });

  it('pinches: what is under two fingers stays there', () => {
    const from = [
      { x: 108, y: 158 },
      { x: 208, y: 158 },
    ] as const;
    const to = [
      { x: 58, y: 178 },
      { x: 258, y: 178 },
    ] as const;
    const after = pinch(view, from, to, stage);
    expect(after.scale).toBe(8);
    from.forEach((finger, i) => {
      expect(placeAt(after, to[i] ?? finger, stage)).toEqual(placeAt(view, finger, stage));
    });
  });

  it('fingers on one spot do not zoom', () => {
    const spot = { x: 100, y: 100 };
    expect(pinch(view, [spot, spot], [spot, { x: 300, y: 100 }], stage).scale).toBe(4);
  });

  it('moves no further than shows a pixel, and not at all where it is seen', () => {
    expect(showing(view, { line: 50, sample: 100 }, stage)).toEqual(view);
    // Half of 416 pixels less 40 of room are 42 samples.
    expect(showing(view, { line: 50, sample: 199 }, stage).centreSample).toBe(199.5 - 42);
    expect(showing(view, { line: 0, sample: 100 }, stage).centreLine).toBe(0.5 + (158 - 40) / 4);
  });
});

describe('pixels', () => {
  it('are found where they are drawn, and not beyond the edge', () => {
    const view = fitView(stage);
    // The image's corner is at 8, 58.
    expect(pixelAt(view, { x: 8, y: 58 }, stage)).toEqual({ line: 0, sample: 0 });
    expect(pixelAt(view, { x: 7.9, y: 58 }, stage)).toBeNull();
    expect(pixelAt(view, { x: 407.9, y: 257.9 }, stage)).toEqual({ line: 99, sample: 199 });
    expect(pixelAt(view, { x: 408, y: 257 }, stage)).toBeNull();
  });

  it('start at whole device pixels, whatever the size of the screen', () => {
    const odd = { ...stage, width: 417, ratio: 1.5 };
    const view = { scale: 2 / 3, centreLine: 50.25, centreSample: 99.9 };
    const to = projectionOf(view, odd);
    const corner = pointOf({ line: 0, sample: 0 }, to, odd.ratio);
    expect((corner.x * 1.5) % 1).toBeCloseTo(0, 9);
    expect((corner.y * 1.5) % 1).toBeCloseTo(0, 9);
    // By no more than half a device pixel.
    const place = placeAt(view, corner, odd);
    expect(Math.abs(place.sample * to.perSample)).toBeLessThanOrEqual(0.5 + 1e-9);
  });
});
