import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCubelensError } from '../base/errors.ts';
import { levelCount, levelSize, tilesOf, tileSize, tileWindow } from './images.ts';

const sizes = fc.record({
  lines: fc.integer({ min: 1, max: 3000 }),
  samples: fc.integer({ min: 1, max: 3000 }),
});

describe('levels and tiles', () => {
  it('each level is half the one before, rounded up; the last is one tile', () => {
    fc.assert(
      fc.property(sizes, (image) => {
        let size = image;
        const count = levelCount(image);
        for (let level = 1; level < count; level++) {
          expect(Math.max(size.lines, size.samples)).toBeGreaterThan(tileSize);
          size = { lines: Math.ceil(size.lines / 2), samples: Math.ceil(size.samples / 2) };
          expect(levelSize(image, level)).toEqual(size);
        }
        expect(Math.max(size.lines, size.samples)).toBeLessThanOrEqual(tileSize);
      }),
    );
  });

  it('the tiles of level 0 cover the image once', () => {
    fc.assert(
      fc.property(sizes, (image) => {
        const windows = tilesOf(image, 0).map((address) => tileWindow(image, address));
        const pixels = windows.reduce((sum, { lines, samples }) => sum + lines * samples, 0);
        expect(pixels).toBe(image.lines * image.samples);
        expect(new Set(windows.map(({ line0, sample0 }) => `${line0},${sample0}`)).size).toBe(windows.length);
        for (const { line0, sample0 } of windows)
          expect([line0 % tileSize, sample0 % tileSize]).toEqual([0, 0]);
      }),
    );
  });

  it.each([
    [0, 2, 0],
    [0, 0, 2],
    [2, 0, 0],
    [-1, 0, 0],
    [0.5, 0, 0],
    [0, 0.5, 0],
    [0, 0, NaN],
  ])('there is no tile %d/%d/%d of 400 x 300', (level, row, column) => {
    let code = 'none';
    try {
      tileWindow({ lines: 400, samples: 300 }, { level, row, column });
    } catch (thrown) {
      code = asCubelensError(thrown).code;
    }
    expect(code).toBe('out-of-range');
  });
});
