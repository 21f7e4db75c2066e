import { describe, expect, it } from 'vitest';
import {
  drawnPart,
  parentOf,
  planTiles,
  tileShape,
  tilesSeen,
  wantedLevel,
  type Pyramid,
} from './tileChoice.ts';
import type { Projection } from './viewGeometry.ts';

const image: Pyramid = { lines: 1000, samples: 2000, tileSize: 256, levels: 4 };
const at = (scale: number, line0 = 0, sample0 = 0): Projection => ({
  line0,
  sample0,
  perLine: scale,
  perSample: scale,
  width: 800,
  height: 600,
});

describe('wantedLevel', () => {
  it.each([
    [64, 0],
    [1, 0],
    [0.99, 1],
    [0.5, 1],
    [0.49, 2],
    [0.25, 2],
    [0.01, 3],
  ])('%s pixels a sample: level %s', (scale, level) => {
    expect(wantedLevel(at(scale), 4)).toBe(level);
  });

  it('gives texels of 1 to 2 pixels', () => {
    for (let scale = 1; scale > 0.01; scale *= 0.93) {
      const texel = scale * 2 ** wantedLevel(at(scale), 12);
      expect(texel).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(texel).toBeLessThan(2);
    }
  });
});

describe('tiles', () => {
  it('cover the screen from its middle outward', () => {
    // 800 x 600 pixels from 100, 300: samples 300 to 1100, lines 100 to 700.
    const names = tilesSeen(image, at(1, 100, 300), 0, 0).map(({ row, column }) => `${row},${column}`);
    expect(names).toHaveLength(12);
    expect([...names].sort()).toEqual([
      '0,1',
      '0,2',
      '0,3',
      '0,4',
      '1,1',
      '1,2',
      '1,3',
      '1,4',
      '2,1',
      '2,2',
      '2,3',
      '2,4',
    ]);
    // The screen's middle is line 400, sample 700.
    expect(names[0]).toBe('1,2');
    expect(names.slice(-4).every((name) => /[14]$/.test(name))).toBe(true);
  });

  it('end with the image, and there are none beside it', () => {
    expect(tilesSeen(image, at(0.1), 3, 0)).toEqual([{ level: 3, row: 0, column: 0 }]);
    expect(tilesSeen(image, at(1, 5000, 0), 0, 1)).toEqual([]);
    expect(tilesSeen(image, at(1, -700, 0), 0, 1)).toEqual([]);
  });

  it('come with a coarse picture, at most 3 levels above, and a ring', () => {
    const plan = planTiles(image, at(1));
    expect(plan.level).toBe(0);
    expect(plan.seen).toHaveLength(12);
    expect(plan.coarse).toEqual([{ level: 3, row: 0, column: 0 }]);
    // Rows 0 to 2 and columns 0 to 3 are seen; around them row 3 and column 4.
    expect(plan.ring).toHaveLength(8);
    const huge = { lines: 1_000_000, samples: 1_000_000, tileSize: 256, levels: 13 };
    expect(planTiles(huge, at(1)).coarse.every(({ level }) => level === 3)).toBe(true);
    expect(planTiles(image, at(0.1)).coarse).toEqual([]);
  });

  it('have parents and shapes', () => {
    expect(parentOf({ level: 0, row: 3, column: 5 })).toEqual({ level: 1, row: 1, column: 2 });
    expect(tileShape(image, { level: 0, row: 3, column: 7 })).toEqual({ lines: 232, samples: 208 });
    expect(tileShape(image, { level: 3, row: 0, column: 0 })).toEqual({ lines: 125, samples: 250 });
    expect(tileShape(image, { level: 3, row: 0, column: 1 })).toBeNull();
    expect(tileShape(image, { level: 4, row: 0, column: 0 })).toBeNull();
  });
});

describe('drawnPart', () => {
  it('places a tile and its texels', () => {
    expect(drawnPart(image, at(2, 0, 0), { level: 0, row: 0, column: 1 })).toEqual({
      x0: 512,
      y0: 0,
      x1: 800,
      y1: 512,
      u0: 0,
      v0: 0,
      u1: 144,
      v1: 256,
    });
    expect(drawnPart(image, at(2, 600, 0), { level: 0, row: 0, column: 1 })).toBeNull();
  });

  it('cuts the last texel of a coarse level where the image ends', () => {
    const odd = { lines: 5, samples: 7, tileSize: 256, levels: 2 };
    const part = drawnPart(odd, at(10), { level: 1, row: 0, column: 0 });
    // 4 x 3 texels of 20 pixels, but only 70 x 50 pixels of image.
    expect(part).toMatchObject({ x1: 70, y1: 50, u1: 3.5, v1: 2.5 });
  });

  it('gives numbers that float32 holds, however far down the image and however large a tile', () => {
    const huge = { lines: 1_000_000, samples: 1_000_000, tileSize: 256, levels: 13 };
    const to = at(64, 999_000.25, 999_000.5);
    const part = drawnPart(huge, to, { level: 12, row: 0, column: 0 });
    expect(part).toMatchObject({ x0: 0, y0: 0, x1: 800, y1: 600 });
    expect(part?.v0).toBe(999_000.25 / 4096);
    const neighbours = [1, 2].map((column) =>
      drawnPart(huge, { ...to, sample0: 510 }, { level: 0, row: 3902, column }),
    );
    // They meet in the very same number.
    expect(neighbours[0]?.x1).toBe(128);
    expect(neighbours[1]?.x0).toBe(128);
  });
});
