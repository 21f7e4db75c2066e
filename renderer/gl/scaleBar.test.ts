import { describe, expect, it } from 'vitest';
import { scaleBar } from './scaleBar.ts';

describe('scaleBar', () => {
  it.each([
    // metres a sample, pixels a sample, label, width
    [30, 1, '2 km', 2000 / 30],
    [30, 0.5, '5 km', 5000 / 60],
    [30, 8, '500 m', (500 * 8) / 30],
    [1, 1, '100 m', 100],
    [10, 1, '1 km', 100],
    [0.0002, 1, '20 mm', 100],
    [1e-7, 1, '10 µm', 100],
  ])('%s m at %s pixels: %s', (metres, pixels, label, width) => {
    const bar = scaleBar(metres, pixels, 140);
    expect(bar?.label).toBe(label);
    expect(bar?.width).toBeCloseTo(width, 6);
  });

  it('is never longer than allowed and never shorter than two fifths of it', () => {
    for (let metres = 1e-5; metres < 1e5; metres *= 1.37) {
      const width = scaleBar(metres, 1, 140)?.width ?? 0;
      expect(width).toBeLessThanOrEqual(140 + 1e-9);
      expect(width).toBeGreaterThanOrEqual(140 * 0.4 - 1e-9);
    }
  });

  it('writes other units as they are', () => {
    expect(scaleBar(30, 1, 140, 'ft')).toEqual({ width: 2000 / 30, label: '2000 ft' });
  });

  it('is not there where the size is not known', () => {
    for (const size of [null, 0, -1, NaN, Infinity]) expect(scaleBar(size, 1, 140)).toBeNull();
    expect(scaleBar(1, 0, 140)).toBeNull();
  });
});
