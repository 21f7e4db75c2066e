import { describe, expect, it } from 'vitest';
import { blocksFor, blockWindow, isDirect, storedLines } from './blocks.ts';
import { layoutOf, openBytes } from './testFiles.ts';
import type { GeoTiffLayout } from './layout.ts';
import { writeTiff, type TestImage } from './testWriter.ts';

const image: TestImage = {
  lines: 50,
  samples: 40,
  bands: 2,
  dataType: 'uint8',
  pixels: new Uint8Array(50 * 40 * 2),
  planar: 'separate',
  compression: 'deflate',
  predictor: 1,
  tile: { lines: 16, samples: 16 },
};

const layoutFor = async (further: Partial<TestImage>): Promise<GeoTiffLayout> =>
  layoutOf(await openBytes(writeTiff([{ ...image, ...further }])));

describe('blocksFor', () => {
  it('names the tiles of each band: 3 across, 4 down, 12 a band', async () => {
    const layout = await layoutFor({});
    const window = { line0: 15, sample0: 16, lines: 2, samples: 16 };
    expect(blocksFor(layout, layout.image, window, [0])).toEqual([1, 4]);
    expect(blocksFor(layout, layout.image, window, [1, 0, 1])).toEqual([1, 4, 13, 16]);
    expect(blocksFor(layout, layout.image, { line0: 48, sample0: 32, lines: 99, samples: 99 }, [0])).toEqual([
      11,
    ]);
    expect(blocksFor(layout, layout.image, { line0: 50, sample0: 0, lines: 1, samples: 1 }, [0])).toEqual([]);
    expect(blocksFor(layout, layout.image, window, [])).toEqual([]);
  });

  it('names each block of a contiguous image once, whatever the bands', async () => {
    const layout = await layoutFor({ planar: 'contiguous' });
    expect(blocksFor(layout, layout.image, { line0: 0, sample0: 0, lines: 17, samples: 40 }, [1, 0])).toEqual(
      [0, 1, 2, 3, 4, 5],
    );
  });

  it('leaves out sparse blocks and direct images', async () => {
    const layout = await layoutFor({ sparse: [1] });
    const window = { line0: 0, sample0: 0, lines: 1, samples: 40 };
    expect(blocksFor(layout, layout.image, window, [0])).toEqual([0, 2]);
    const direct = await layoutFor({ compression: 'none' });
    expect(isDirect(direct)).toBe(true);
    expect(blocksFor(direct, direct.image, window, [0])).toEqual([]);
  });
});

it('cuts blocks off at the edge; tiles store all lines, the last strip what is left', async () => {
  const tiles = (await layoutFor({})).image;
  expect(blockWindow(tiles, 11)).toEqual({ line0: 48, sample0: 32, lines: 2, samples: 8 });
  expect(blockWindow(tiles, 12)).toEqual({ line0: 0, sample0: 0, lines: 16, samples: 16 });
  expect(storedLines(tiles, 11)).toBe(16);
  const { tile: _, ...striped } = image;
  const strips = layoutOf(await openBytes(writeTiff([{ ...striped, stripLines: 16 }]))).image;
  expect(blockWindow(strips, 3)).toEqual({ line0: 48, sample0: 0, lines: 2, samples: 40 });
  expect(storedLines(strips, 3)).toBe(2);
});
