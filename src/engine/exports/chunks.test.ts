import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Layout } from '../cube/cube.ts';
import type { GeoTiffLayout } from '../cube/formats/geotiff/layout.ts';
import { chunkBytes, planChunks } from './chunks.ts';

const raw = { kind: 'raw' } as Layout;
const blocks = (blockLines: number, blockSamples: number): Layout =>
  ({ kind: 'geotiff', image: { blockLines, blockSamples } }) as GeoTiffLayout;

const cases = fc.record({
  lines: fc.integer({ min: 1, max: 60 }),
  samples: fc.integer({ min: 1, max: 60 }),
  pixelBytes: fc.integer({ min: 1, max: 5000 }),
  budget: fc.integer({ min: 1, max: 100_000 }),
  layout: fc.oneof(
    fc.constant(raw),
    fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 80 }))
      .map(([lines, samples]) => blocks(lines, samples)),
  ),
});

describe('windows of an export', () => {
  it('cover every pixel once, whatever the budget and the blocks', () => {
    fc.assert(
      fc.property(cases, ({ lines, samples, pixelBytes, budget, layout }) => {
        const seen = new Uint8Array(lines * samples);
        for (const window of planChunks(layout, { lines, samples }, pixelBytes, budget)) {
          for (let line = window.line0; line < window.line0 + window.lines; line++) {
            for (let sample = window.sample0; sample < window.sample0 + window.samples; sample++) {
              expect(line < lines && sample < samples).toBe(true);
              const place = line * samples + sample;
              seen[place] = (seen[place] ?? 0) + 1;
            }
          }
        }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('fit the budget, or are a single pixel', () => {
    fc.assert(
      fc.property(cases, ({ lines, samples, pixelBytes, budget, layout }) => {
        for (const window of planChunks(layout, { lines, samples }, pixelBytes, budget)) {
          const pixels = window.lines * window.samples;
          expect(pixels === 1 || pixels * pixelBytes <= budget).toBe(true);
        }
      }),
    );
  });

  it('start at whole blocks where a block fits', () => {
    const windows = planChunks(blocks(16, 16), { lines: 100, samples: 100 }, 1, 5000);
    // 50 lines of 100 pixels fit: 48 of them are whole blocks.
    expect(windows.map(({ line0, lines }) => [line0, lines])).toEqual([
      [0, 48],
      [48, 48],
      [96, 4],
    ]);
    expect(planChunks(blocks(4, 16), { lines: 8, samples: 100 }, 1, 80)[0]).toEqual({
      line0: 0,
      sample0: 0,
      lines: 1,
      samples: 80,
    });
  });

  it('one window holds a small image', () => {
    expect(planChunks(raw, { lines: 10, samples: 20 }, chunkBytes / 200)).toEqual([
      { line0: 0, sample0: 0, lines: 10, samples: 20 },
    ]);
  });
});
