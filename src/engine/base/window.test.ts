import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersect, type LineSampleWindow } from './window.ts';

const windows = fc.record({
  line0: fc.integer({ min: 0, max: 6 }),
  sample0: fc.integer({ min: 0, max: 6 }),
  lines: fc.integer({ min: 1, max: 6 }),
  samples: fc.integer({ min: 1, max: 6 }),
});

const pixels = (window: LineSampleWindow | null): Set<string> => {
  const all = new Set<string>();
  if (window === null) return all;
  for (let line = window.line0; line < window.line0 + window.lines; line++) {
    for (let sample = window.sample0; sample < window.sample0 + window.samples; sample++) {
      all.add(`${line},${sample}`);
    }
  }
  return all;
};

describe('intersect', () => {
  it('holds exactly the pixels that lie in both', () => {
    fc.assert(
      fc.property(windows, windows, (a, b) => {
        const inB = pixels(b);
        const common = new Set([...pixels(a)].filter((pixel) => inB.has(pixel)));
        const shared = intersect(a, b);
        expect(pixels(shared)).toEqual(common);
        if (common.size === 0) expect(shared).toBeNull();
        expect(intersect(b, a)).toEqual(shared);
      }),
    );
  });
});
