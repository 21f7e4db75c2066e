import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { version } from '../src/engine/engine.ts';
import type { ImageStatistics, PlaneStatistics } from '../src/engine/contract/statistics.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, TestEngine } from './testEngine.ts';
import { writeEnvi, type TestCube } from './testCubes.ts';

/** Tiles at every level and exact statistics of images, against plain loops. */

const host = new TestEngine();
afterAll(() => host.close());

type Grid = { lines: number; samples: number; at: (line: number, sample: number) => number };

/** The mean of the valid pixels of each 2 x 2, as float32 at every level. */
function halved({ lines, samples, at }: Grid): Grid {
  const half = { lines: Math.ceil(lines / 2), samples: Math.ceil(samples / 2) };
  const values = new Float32Array(half.lines * half.samples);
  for (let line = 0; line < half.lines; line++) {
    for (let sample = 0; sample < half.samples; sample++) {
      const valid: number[] = [];
      for (const l of [2 * line, 2 * line + 1]) {
        for (const s of [2 * sample, 2 * sample + 1]) {
          if (l < lines && s < samples && !Number.isNaN(at(l, s))) valid.push(at(l, s));
        }
      }
      const mean = valid.reduce((sum, value) => sum + value, 0) / valid.length;
      values[line * half.samples + sample] = valid.length === 0 ? NaN : mean;
    }
  }
  return { ...half, at: (line, sample) => values[line * half.samples + sample] ?? NaN };
}

const window = (grid: Grid, line0: number, sample0: number): number[] => {
  const out: number[] = [];
  for (let line = line0; line < Math.min(grid.lines, line0 + 256); line++) {
    for (let sample = sample0; sample < Math.min(grid.samples, sample0 + 256); sample++)
      out.push(grid.at(line, sample));
  }
  return out;
};

describe('an image of several tiles', () => {
  const noData = -9999;
  const lines = 601;
  const samples = 517;
  const stored = (line: number, sample: number, band: number): number =>
    (line + sample) % 7 === 0 || (line < 9 && sample < 9)
      ? noData
      : Math.fround(((line * 31 + sample * 17) % 1009) / 8 + 1000 * band);
  const cube: TestCube = { lines, samples, bands: 3, dataType: 'float32', stored };
  const level0 = (band: number): Grid => ({
    lines,
    samples,
    at: (line, sample) => (stored(line, sample, band) === noData ? NaN : stored(line, sample, band)),
  });
  let opened: OpenCubeAnswer;
  beforeAll(async () => {
    writeEnvi(host.folder, 'large', cube, { interleave: 'bil', byteOrder: 'big' }, [
      `data ignore value = ${noData}`,
    ]);
    opened = await host.open('large.img');
  });

  it('has as many levels as it takes for one tile', () => {
    expect(opened.tiles).toEqual({ size: 256, levels: 3, version });
  });

  it('level 0 is the values, edge tiles are smaller', async () => {
    for (const [row, column, shape] of [
      [0, 0, [1, 256, 256]],
      [1, 1, [1, 256, 256]],
      [2, 2, [1, 89, 5]],
    ] as const) {
      const tile = await host.tile(opened.cubeId, { image: 'band', bands: 1 }, [0, row, column]);
      expect(tile.shape).toEqual(shape);
      expect([...tile.pixels]).toEqual(window(level0(1), row * 256, column * 256));
    }
  });

  it('further levels are means of valid pixels', async () => {
    const level1 = halved(level0(0));
    const level2 = halved(level1);
    expect([level2.lines, level2.samples]).toEqual([151, 130]);
    for (const [grid, address] of [
      [level2, [2, 0, 0]],
      [level1, [1, 0, 0]],
      [level1, [1, 1, 1]],
      [level1, [1, 1, 0]],
    ] as const) {
      const tile = await host.tile(opened.cubeId, { image: 'band', bands: 0 }, address);
      expect([...tile.pixels]).toEqual(window(grid, address[1] * 256, address[2] * 256));
    }
  });

  it('further levels of stored numbers are some of them: nodata is never averaged', async () => {
    const tile = await host.tile(opened.cubeId, { image: 'stored', bands: 2 }, [2, 0, 0]);
    expect(tile.headers.get('cubelens-no-data')).toBe('-9999');
    const wanted: number[] = [];
    for (let line = 0; line < lines; line += 4) {
      for (let sample = 0; sample < samples; sample += 4) wanted.push(stored(line, sample, 2));
    }
    expect([...tile.pixels]).toEqual(wanted);
  });

  it('a composite has three planes', async () => {
    const tile = await host.tile(opened.cubeId, { image: 'composite', bands: '2,0,1' }, [2, 0, 0]);
    expect(tile.shape).toEqual([3, 151, 130]);
    const planes = [2, 0, 1].flatMap((band) => window(halved(halved(level0(band))), 0, 0));
    expect([...tile.pixels]).toEqual(planes);
  });

  it.each([
    [0, 3, 0],
    [0, 0, 3],
    [1, 2, 0],
    [2, 0, 1],
    [3, 0, 0],
    [60, 0, 0],
    [999_999_999, 0, 0],
  ])('there is no tile %d/%d/%d', async (level, row, column) => {
    const query = { image: 'band', bands: 0 };
    const problem = await refusalOf(host.tile(opened.cubeId, query, [level, row, column]));
    expect(problem).toMatchObject({ code: 'out-of-range', status: 416 });
  });

  it.each([
    [-1, 0, 0, 'level'],
    [0.5, 0, 0, 'level'],
    [0, -1, 0, 'row'],
    [0, 0.5, 0, 'row'],
    [0, 0, 1e21, 'column'],
  ])('%d/%d/%d is no address', async (level, row, column, field) => {
    const query = { image: 'band', bands: 0 };
    const problem = await refusalOf(host.tile(opened.cubeId, query, [level, row, column]));
    expect(problem).toMatchObject({ code: 'invalid-request', field });
  });

  it('there is no band 4', async () => {
    for (const image of ['band', 'stored']) {
      expect(await refusalOf(host.tile(opened.cubeId, { image, bands: 3 }))).toMatchObject({
        code: 'out-of-range',
        field: 'band',
      });
    }
    const far = { image: 'band', bands: '99999999999999999999' };
    expect(await refusalOf(host.tile(opened.cubeId, far))).toMatchObject({
      code: 'invalid-request',
      field: 'image.parameters.bandIndex',
    });
  });

  it('asked for many times at once, a tile is the same', async () => {
    const address = [0, 0, 1] as const;
    const tiles = await Promise.all(
      Array.from({ length: 20 }, () =>
        host.tile(opened.cubeId, { image: 'filtered', bands: 1, window: 3, degree: 1 }, address),
      ),
    );
    for (const tile of tiles) expect(tile.pixels).toEqual(tiles[0]?.pixels);
  });
});

const percentiles = [0, 2, 25, 50, 75, 98, 99.9, 100];

/** NumPy's linear rule: position p/100 (n - 1) among the sorted values, straight between neighbours. */
function percentileOf(sorted: readonly number[], percent: number): number {
  const position = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

describe('statistics of an image', () => {
  const images: Record<string, (line: number, sample: number) => number> = {
    varied: (line, sample) => Math.sin(line * 12.9898 + sample * 78.233) * 1e4,
    negative: (line, sample) => -1 - ((line * 37 + sample * 11) % 257),
    'with gaps': (line, sample) =>
      sample % 3 === 0 ? NaN : sample % 5 === 0 ? -Infinity : line - sample / 4,
    tiny: (line, sample) => (line - sample) * 1e-40,
    'one valid pixel': (line, sample) => (line === 200 && sample === 299 ? 42.5 : NaN),
  };
  const bands = Object.keys(images);

  beforeAll(() => {
    const stored = (line: number, sample: number, band: number): number =>
      images[bands[band] ?? '']?.(line, sample) ?? NaN;
    // Two tiles across, so that counts of several tiles are joined.
    writeEnvi(host.folder, 'images', {
      lines: 201,
      samples: 300,
      bands: bands.length,
      dataType: 'float32',
      stored,
    });
  });

  const statistics = async (file: string, bandIndex: number, bins = 16): Promise<PlaneStatistics> => {
    const { cubeId } = await host.open(file);
    const image = { kind: 'band', parameters: { bandIndex } };
    const result = await host.job<ImageStatistics>('image-statistics', { cubeId, image, percentiles, bins });
    expect(result.level).toBe(0);
    const [plane] = result.planes;
    if (plane === undefined) throw new Error('no plane');
    return plane;
  };

  it.each(bands)('%s', async (name) => {
    const finite: number[] = [];
    for (let line = 0; line < 201; line++) {
      for (let sample = 0; sample < 300; sample++) {
        const value = Math.fround(images[name]?.(line, sample) ?? NaN);
        if (Number.isFinite(value)) finite.push(value);
      }
    }
    finite.sort((a, b) => a - b);
    const result = await statistics('images.img', bands.indexOf(name));
    const low = finite[0] ?? NaN;
    const high = finite.at(-1) ?? NaN;
    expect(result).toMatchObject({ count: finite.length, min: low, max: high });
    const scale = Math.max(Math.abs(low), Math.abs(high));
    const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
    expect(Math.abs((result.mean ?? NaN) - mean)).toBeLessThanOrEqual(1e-12 * scale);
    expect(result.percentiles.map(({ percent }) => percent)).toEqual(percentiles);
    for (const { percent, value } of result.percentiles) {
      expect(Math.abs((value ?? NaN) - percentileOf(finite, percent))).toBeLessThanOrEqual(1e-15 * scale);
    }
    const { counts = [], ...ends } = result.histogram ?? {};
    expect(ends).toEqual({ low, high });
    expect(counts).toHaveLength(16);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
    // Away from the edges of a bin, where the last digit decides, every value is in its own bin.
    counts.forEach((_, bin) => {
      const below = low + ((high - low) * bin) / 16;
      const above = low + ((high - low) * (bin + 1)) / 16;
      const nudge = (high - low) * 1e-9;
      const surely = finite.filter((value) => value > below + nudge && value < above - nudge).length;
      const perhaps = finite.filter((value) => value >= below - nudge && value <= above + nudge).length;
      expect(counts[bin]).toBeGreaterThanOrEqual(surely);
      expect(counts[bin]).toBeLessThanOrEqual(perhaps);
    });
  });

  it('whole numbers in bins of width 1: each has its own', async () => {
    // Values 0 to 16, value k 17 - k times in each line of 153 samples.
    const line = Array.from({ length: 17 }, (_, k) => new Array<number>(17 - k).fill(k)).flat();
    const stored = (_line: number, sample: number): number => line[sample] ?? 0;
    writeEnvi(host.folder, 'whole', { lines: 3, samples: 153, bands: 1, dataType: 'uint8', stored });
    const { histogram } = await statistics('whole.img', 0);
    // The last bin holds its upper edge, 16, too.
    const wanted = Array.from({ length: 16 }, (_, k) => 3 * (17 - k) + (k === 15 ? 3 : 0));
    expect(histogram).toEqual({ low: 0, high: 16, counts: wanted });
  });

  it('a constant image: every percentile is the constant', async () => {
    writeEnvi(host.folder, 'constant', {
      lines: 7,
      samples: 11,
      bands: 1,
      dataType: 'int32',
      stored: () => -17,
    });
    const result = await statistics('constant.img', 0, 4);
    expect(result).toMatchObject({ count: 77, min: -17, max: -17, mean: -17 });
    expect(result.percentiles.map(({ value }) => value)).toEqual(percentiles.map(() => -17));
    expect(result.histogram).toMatchObject({ low: -17, high: -17 });
    expect(result.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(77);
  });

  it('an image without a valid pixel: nothing', async () => {
    writeEnvi(host.folder, 'nothing', {
      lines: 7,
      samples: 11,
      bands: 1,
      dataType: 'float64',
      stored: () => NaN,
    });
    expect(await statistics('nothing.img', 0)).toEqual({
      count: 0,
      min: null,
      max: null,
      mean: null,
      percentiles: percentiles.map((percent) => ({ percent, value: null })),
      histogram: null,
    });
  });

  it('for another version are refused before anything is read', async () => {
    const { cubeId } = await host.open('images.img', { scale: 3 });
    const tileBytes = async (): Promise<unknown> =>
      ((await (await host.fetch('/diagnostics')).json()) as { tileBytes: number }).tileBytes;
    const before = await tileBytes();
    const image = encodeURIComponent('{"kind":"band","parameters":{"bandIndex":0}}');
    const answer = await host.fetch(`/cubes/${cubeId}/statistics?image=${image}&version=0.0.0`);
    expect(answer.status).toBe(400);
    expect(await tileBytes()).toBe(before);
  });

  it('of many tiles: no counts are kept of those that are done', async () => {
    const tiles = 1200;
    const samples = tiles * 256;
    writeFileSync(
      host.at('wide.hdr'),
      `ENVI\nsamples = ${samples}\nlines = 1\nbands = 1\ndata type = 1\ninterleave = bsq\nbyte order = 0\nheader offset = 0\n`,
    );
    const file = openSync(host.at('wide.img'), 'w');
    ftruncateSync(file, samples);
    closeSync(file);
    const { cubeId } = await host.open('wide.img');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const bytes = (): number => {
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const before = bytes();
    let most = 0;
    let isDone = false;
    const image = { kind: 'band', parameters: { bandIndex: 0 } };
    const job = host
      .job<ImageStatistics>('image-statistics', { cubeId, image })
      .finally(() => (isDone = true));
    while (!isDone) {
      most = Math.max(most, bytes() - before);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await job).planes[0]).toMatchObject({ count: samples, max: 0 });
    // The counts of one tile take 256 KiB: of all they would be 300 MiB.
    expect(most).toBeLessThan(64 * 1024 * 1024);
  });

  it('stored numbers have none; a composite has those of each of its bands', async () => {
    const { cubeId } = await host.open('images.img');
    const stored = { cubeId, image: { kind: 'stored', parameters: { bandIndex: 0 } } };
    expect(await refusalOf(host.job('image-statistics', stored))).toMatchObject({
      code: 'invalid-request',
      field: 'image.kind',
    });
    const image = { kind: 'composite', parameters: { bandIndexes: [2, 0, 1] } };
    const { planes } = await host.job<ImageStatistics>('image-statistics', { cubeId, image, percentiles });
    const alone = await Promise.all([2, 0, 1].map((bandIndex) => statistics('images.img', bandIndex, 256)));
    expect(planes).toEqual(alone);
  });
});
