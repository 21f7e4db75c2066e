import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.ts';

function tile(
  lines: number,
  samples: number,
  values: readonly number[],
): { pixels: ArrayBuffer; lines: number; samples: number } {
  const pixels = new ArrayBuffer(values.length * 4);
  new Float32Array(pixels).set(values);
  return { pixels, lines, samples };
}

describe('halving an image', () => {
  it('takes the mean of the valid pixels; at an odd edge of those there are', () => {
    const only = tile(3, 3, [1, 3, NaN, 5, 7, 10, 2, NaN, NaN]);
    const half = downsample({ planes: 1, tiles: [only, null, null, null], lines: 2, samples: 2 });
    expect([...new Float32Array(half)]).toEqual([4, 10, 2, NaN]);
  });

  it('joins four tiles, plane by plane', () => {
    const sizes = fc.record({
      top: fc.constant(4),
      left: fc.constant(4),
      bottom: fc.integer({ min: 0, max: 4 }),
      right: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(sizes, ({ top, left, bottom, right }) => {
        const value = (plane: number, line: number, sample: number): number =>
          plane * 1000 + line * 16 + sample;
        const part = (line0: number, sample0: number, lines: number, samples: number) =>
          lines === 0 || samples === 0
            ? null
            : tile(
                lines,
                samples,
                [0, 1].flatMap((plane) =>
                  Array.from({ length: lines * samples }, (_, i) =>
                    value(plane, line0 + Math.floor(i / samples), sample0 + (i % samples)),
                  ),
                ),
              );
        const tiles = [
          part(0, 0, top, left),
          part(0, left, top, right),
          part(top, 0, bottom, left),
          part(top, left, bottom, right),
        ];
        const lines = top + bottom;
        const samples = left + right;
        const size = { lines: Math.ceil(lines / 2), samples: Math.ceil(samples / 2) };
        const half = new Float32Array(downsample({ planes: 2, tiles, ...size }));
        for (let at = 0; at < half.length; at++) {
          const plane = Math.floor(at / (size.lines * size.samples));
          const line = 2 * (Math.floor(at / size.samples) % size.lines);
          const sample = 2 * (at % size.samples);
          // The values lie in a plane, so the mean is the value in the middle of the pixels there are.
          const middle = (first: number, end: number): number => (first + Math.min(first + 1, end - 1)) / 2;
          expect(half[at]).toBe(value(plane, middle(line, lines), middle(sample, samples)));
        }
      }),
    );
  });
});
