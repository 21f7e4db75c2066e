import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SourceCache } from '../io/fileSource.ts';
import { Grants } from '../io/grants.ts';
import { testFolder } from '../io/testFolder.ts';
import { ThreadPool } from '../workers/pool.ts';
import { Cubes, type Cube } from './cubes.ts';
import { writeTiff, type TestImage } from './formats/geotiff/testWriter.ts';
import { readStored, readValidity, readValues } from './read.ts';
import { decodeBlocksTask } from './tasks.ts';

const plain = { priority: 'visible' } as const;

const lines = 40;
const samples = 48;
const bands = 3;
const pixels = new Uint16Array(lines * samples * bands);
pixels.forEach((_, i) => {
  pixels[i] = (i * 40_503) & 0xffff;
});
const valueAt = (line: number, sample: number, band: number): number =>
  pixels[(line * samples + sample) * bands + band] ?? NaN;

/** 9 tiles a band, 3 down and 3 across. */
const tiled: TestImage = {
  lines,
  samples,
  bands,
  dataType: 'uint16',
  pixels,
  planar: 'separate',
  compression: 'deflate',
  predictor: 2,
  tile: { lines: 16, samples: 16 },
};
const whole = { line0: 0, sample0: 0, lines, samples };

let folder: ReturnType<typeof testFolder>;
let pool: ThreadPool;

beforeAll(() => {
  pool = new ThreadPool({ workerUrl: new URL('./testCubeWorker.ts', import.meta.url), threads: 2 });
});
afterAll(() => pool.close());
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

async function opened(images: TestImage[], budgetBytes = 2 ** 24): Promise<{ cubes: Cubes; cube: Cube }> {
  const path = join(folder.path, 'x.tif');
  writeFileSync(path, writeTiff(images));
  const cubes = new Cubes(pool, budgetBytes);
  const cube = await cubes.open(new Grants().grantRead(path), {}, 'me');
  return { cubes, cube };
}

/** Indexes of all blocks that were sent to be decoded. */
function decodings(): number[] {
  const indexes: number[] = [];
  const run = pool.run.bind(pool);
  vi.spyOn(pool, 'run').mockImplementation((task, args, options) => {
    if (task.name === decodeBlocksTask.name) indexes.push(...(args as { indexes: number[] }).indexes);
    return run(task, args, options);
  });
  return indexes;
}

describe('BlockStore', () => {
  it('decodes on the pool what a window needs, from which the pixels come out right', async () => {
    const { cubes, cube } = await opened([tiled]);
    const window = { line0: 10, sample0: 12, lines: 20, samples: 30 };
    const blocks = await cubes.blocks.fetch(cube, window, [2, 0], plain);
    // Rows 0 and 1 of the tiles, columns 0, 1 and 2, in the planes 0 and 2.
    expect([...blocks.image.keys()].sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23,
    ]);
    const sources = new SourceCache();
    const stored = await readStored(cube, window, [2, 0], { sources, blocks });
    const expected: number[] = [];
    for (const band of [2, 0]) {
      for (let line = 10; line < 30; line++) {
        for (let sample = 12; sample < 42; sample++) expected.push(valueAt(line, sample, band));
      }
    }
    expect([...stored]).toEqual(expected);
    sources.close();
  });

  it('decodes once for two who read at once, and not again afterwards', async () => {
    const { cubes, cube } = await opened([tiled]);
    const indexes = decodings();
    const [a, b] = await Promise.all([
      cubes.blocks.fetch(cube, whole, [1], plain),
      cubes.blocks.fetch(cube, whole, [1], { ...plain, signal: new AbortController().signal }),
    ]);
    expect(indexes.sort((x, y) => x - y)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(a.image.get(9)).toBe(b.image.get(9));
    const again = await cubes.blocks.fetch(cube, { ...whole, lines: 1 }, [1, 1], plain);
    expect(again.image.get(9)).toBe(a.image.get(9));
    expect(indexes.length).toBe(9);
    expect(cubes.blocks.bytes).toBe(9 * 16 * 16 * 2);
    cubes.close(cube.cubeId, 'me');
    expect(cubes.blocks.bytes).toBe(0);
  });

  it("one reader's abort leaves the other the blocks; where all have gone, the next reader still gets them", async () => {
    const { cubes, cube } = await opened([tiled]);
    const leaving = new AbortController();
    const left = cubes.blocks.fetch(cube, whole, [0], { ...plain, signal: leaving.signal });
    const stays = cubes.blocks.fetch(cube, whole, [0], plain);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect((await stays).image.size).toBe(9);
    const alone = new AbortController();
    const gone = cubes.blocks.fetch(cube, whole, [1], { ...plain, signal: alone.signal });
    alone.abort();
    await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
    expect((await cubes.blocks.fetch(cube, whole, [1], plain)).image.size).toBe(9);
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
  });

  it('stays within its budget, and gives all blocks of a read that is larger', async () => {
    const { cubes, cube } = await opened([tiled], 4 * 512);
    const blocks = await cubes.blocks.fetch(cube, whole, [0, 1, 2], plain);
    expect(blocks.image.size).toBe(27);
    expect(cubes.blocks.bytes).toBe(4 * 512);
  });

  it('cuts much work into tasks of about half a megabyte, so that several threads share it', async () => {
    const noise = new Uint16Array(randomBytes(512 * 1024 * 2).buffer.slice(0, 512 * 1024 * 2));
    const large = { ...tiled, lines: 512, samples: 1024, bands: 1, pixels: noise, predictor: 1 as const };
    const { cubes, cube } = await opened([{ ...large, tile: { lines: 128, samples: 128 } }]);
    const run = vi.spyOn(pool, 'run');
    const blocks = await cubes.blocks.fetch(
      cube,
      { line0: 0, sample0: 0, lines: 512, samples: 1024 },
      [0],
      plain,
    );
    expect(blocks.image.size).toBe(32);
    // 1 MB of noise in 32 tiles of 32 KB: 16 tiles and a few bytes more pass half a megabyte.
    expect(run.mock.calls.length).toBe(2);
  });

  it('has nothing to decode for uncompressed files', async () => {
    const { cubes, cube } = await opened([{ ...tiled, compression: 'none', predictor: 1 }]);
    const indexes = decodings();
    const blocks = await cubes.blocks.fetch(cube, whole, [0], plain);
    expect([blocks.image.size, indexes.length]).toEqual([0, 0]);
  });

  it('reports a broken block to all who need it and to nobody else, and keeps none of it', async () => {
    const path = join(folder.path, 'x.tif');
    const bytes = writeTiff([tiled]);
    writeFileSync(path, bytes);
    const cubes = new Cubes(pool, 2 ** 24);
    const first = await cubes.open(new Grants().grantRead(path), {}, 'me');
    if (first.layout.kind !== 'geotiff') throw new Error('a GeoTIFF is expected');
    bytes.fill(0xff, first.layout.image.offsets[0], (first.layout.image.offsets[0] ?? 0) + 8);
    writeFileSync(path, bytes);
    const cube = await cubes.open(new Grants().grantRead(path), {}, 'me');
    const corner = { line0: 0, sample0: 0, lines: 4, samples: 4 };
    const both = [1, 2].map(() => cubes.blocks.fetch(cube, corner, [0], plain));
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'malformed-file' });
    expect(cubes.blocks.bytes).toBe(0);
    expect((await cubes.blocks.fetch(cube, corner, [1], plain)).image.size).toBe(1);
  });
});

describe('reading through the store', () => {
  it('applies a mask directory: pixels outside are NaN as values, untouched as stored', async () => {
    const mask: TestImage = {
      lines,
      samples,
      bands: 1,
      dataType: 'uint8',
      pixels: Uint8Array.from({ length: lines * samples }, (_, i) => (i % 3 === 0 ? 0 : 255)),
      planar: 'contiguous',
      compression: 'deflate',
      predictor: 1,
      stripLines: 7,
      tags: [{ tag: 254, type: 4, values: [4] }],
    };
    const { cubes, cube } = await opened([tiled, mask]);
    const window = { line0: 5, sample0: 6, lines: 4, samples: 5 };
    const blocks = await cubes.blocks.fetch(cube, window, [1], plain);
    const sources = new SourceCache();
    const context = { sources, blocks };
    const valid = await readValidity(cube, window, context);
    const values = await readValues(cube, window, [1], context);
    const stored = await readStored(cube, window, [1], context);
    let at = 0;
    for (let line = 5; line < 9; line++) {
      for (let sample = 6; sample < 11; sample++, at++) {
        const isValid = (line * samples + sample) % 3 !== 0;
        expect(valid?.[at]).toBe(isValid ? 1 : 0);
        expect(stored[at]).toBe(valueAt(line, sample, 1));
        expect(values[at]).toBe(isValid ? valueAt(line, sample, 1) : NaN);
      }
    }
    sources.close();
  });

  it('refuses windows and bands outside the cube, in the words of people', async () => {
    const { cube } = await opened([tiled]);
    const context = { sources: new SourceCache(), blocks: { image: new Map(), mask: new Map() } };
    const outside = [
      { ...whole, line0: 1 },
      { ...whole, sample0: -1 },
      { ...whole, lines: 0 },
      { ...whole, samples: 1.5 },
      { ...whole, line0: NaN },
    ];
    for (const window of outside) {
      await expect(readStored(cube, window, [0], context)).rejects.toMatchObject({ code: 'out-of-range' });
    }
    for (const band of [-1, 3, 0.5, NaN]) {
      await expect(readStored(cube, whole, [band], context)).rejects.toMatchObject({ code: 'out-of-range' });
    }
    await expect(readStored(cube, whole, [3], context)).rejects.toThrow(
      'There is no band 4: bands go from 1 to 3.',
    );
    const many = new Array<number>(2 ** 20).fill(0);
    await expect(readStored(cube, whole, many, context)).rejects.toMatchObject({
      code: 'resource-exhausted',
    });
  });
});
