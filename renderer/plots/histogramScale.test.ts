import { describe, expect, it } from 'vitest';
import {
  barHeights,
  barsPath,
  histogramDomain,
  keyTarget,
  limitBounds,
  linePath,
  moveLimit,
  rampRow,
} from './histogramScale.ts';

describe('histogramDomain', () => {
  it('holds the range and the limits, with room at both ends', () => {
    expect(histogramDomain(0, 100, { low: 10, high: 90 })).toEqual({ low: -3, high: 103 });
    expect(histogramDomain(0, 50, { low: -50, high: 50 })).toEqual({ low: -53, high: 53 });
  });

  it('has a length where all values are one', () => {
    expect(histogramDomain(0, 0, { low: 0, high: 0 })).toEqual({ low: -0.5, high: 0.5 });
    expect(histogramDomain(1000, 1000, { low: 1000, high: 1000 })).toEqual({ low: 950, high: 1050 });
  });

  it('leaves out what is no number', () => {
    expect(histogramDomain(NaN, NaN, { low: NaN, high: NaN })).toEqual({ low: 0, high: 1 });
    expect(histogramDomain(0, 100, { low: NaN, high: Infinity })).toEqual({ low: -3, high: 103 });
  });
});

describe('bars', () => {
  it('takes roots of counts', () => {
    expect(barHeights([0, 1, 4])).toEqual([0, 0.5, 1]);
  });

  it('has no height for nothing', () => {
    expect(barHeights([0, NaN, -3])).toEqual([0, 0, 0]);
    expect(barHeights([])).toEqual([]);
  });

  it('draws a line through the middles of bins', () => {
    expect(linePath([1, 0.5], (value) => value * 10, { low: 0, high: 2 }, 10)).toBe('M5,0L15,5');
    expect(linePath([], (value) => value, { low: 0, high: 2 }, 10)).toBe('');
  });

  it('draws steps', () => {
    const path = barsPath([1, 0.5], (value) => value * 10, { low: 0, high: 2 }, 40);
    expect(path).toBe('M0,40L0,0L10,0L10,20L20,20L20,40Z');
  });
});

describe('limits', () => {
  const bounds = { low: -100, high: 200 };

  it('may go one range beyond the histogram', () => {
    expect(limitBounds(0, 100, { low: 10, high: 90 })).toEqual(bounds);
    expect(limitBounds(0, 100, { low: -500, high: 90 })).toEqual({ low: -500, high: 200 });
  });

  it('never pass each other', () => {
    const limits = { low: 10, high: 90 };
    expect(moveLimit(limits, 'low', 95, bounds, 100)).toEqual({ low: 89.9, high: 90 });
    expect(moveLimit(limits, 'high', 0, bounds, 100)).toEqual({ low: 10, high: 10.1 });
    expect(moveLimit(limits, 'high', 900, bounds, 100)).toEqual({ low: 10, high: 200 });
  });

  it('follow the keys', () => {
    const histogram = { low: 0, high: 100 };
    const target = (key: string, shift = false) => keyTarget(key, shift, 50, histogram, 100);
    expect(target('ArrowRight')).toBe(51);
    expect(target('ArrowLeft', true)).toBe(40);
    expect(target('PageUp')).toBe(60);
    expect(target('Home')).toBe(0);
    expect(target('End')).toBe(100);
    expect(target('a')).toBeNull();
  });
});

it('colours a row by the limits', () => {
  const grey = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3));
  const row = rampRow(grey, 4, { low: 0, high: 4 }, { low: 1, high: 3 });
  // Pixel centres lie at 0.5, 1.5, 2.5 and 3.5: below the limits, a quarter, three quarters, above.
  expect([row[0], row[4], row[8], row[12]]).toEqual([0, 64, 191, 255]);
  expect(row[15]).toBe(255);
});
