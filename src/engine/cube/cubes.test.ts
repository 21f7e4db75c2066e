import type { OpenOptions } from '../contract/cube.ts';
import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Grants, type Grant } from '../io/grants.ts';
import { testFolder } from '../io/testFolder.ts';
import { ThreadPool } from '../workers/pool.ts';
import { Cubes } from './cubes.ts';
import { headerText } from './formats/envi/testHeader.ts';
import { cubeKey, readStored, type ReadableCube } from './read.ts';
import { SourceCache } from '../io/fileSource.ts';

let folder: ReturnType<typeof testFolder>;
let pool: ThreadPool;
let grant: Grant;
const at = (name: string): string => join(folder.path, name);

beforeAll(() => {
  pool = new ThreadPool({ workerUrl: new URL('./testCubeWorker.ts', import.meta.url), threads: 1 });
});
afterAll(() => pool.close());
beforeEach(() => {
  folder = testFolder();
  writeFileSync(at('x.hdr'), headerText());
  writeFileSync(
    at('x.dat'),
    Uint8Array.from({ length: 24 }, (_, i) => i),
  );
  grant = new Grants().grantRead(at('x.hdr'));
});
afterEach(() => {
  folder.remove();
});

const idOf = async (options: OpenOptions = {}, chosen = grant): Promise<string> =>
  (await new Cubes(pool, 0).open(chosen, options, 'me')).cubeId;

describe('the revision of a cube', () => {
  it('is the same for the same state and options, whoever opens it and in whatever order options are given', async () => {
    const cubeId = await idOf();
    expect(cubeId).toMatch(/^[0-9a-f]{20}$/);
    expect(await idOf()).toBe(cubeId);
    expect(await idOf({}, new Grants().grantRead(at('x.hdr')))).toBe(cubeId);
    expect(await idOf({ scale: 2, offset: 1 })).toBe(await idOf({ offset: 1, scale: 2 }));
  });

  it('differs for other options', async () => {
    const ids = [
      await idOf(),
      await idOf({ scale: 2 }),
      await idOf({ offset: 2 }),
      await idOf({ noData: 2 }),
      await idOf({ noData: null }),
      await idOf({ bandIsGood: [true, true, true, false] }),
      await idOf({ wavelengthsNm: [1, 2, 3, 4] }),
      await idOf({ wavelengthsNm: [1, 2, 3, null] }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('differs when the data or the header has been touched, and for another file of the same content', async () => {
    const first = await idOf();
    utimesSync(at('x.dat'), 1000, 1000);
    const touched = await idOf();
    utimesSync(at('x.hdr'), 1000, 1000);
    const headerTouched = await idOf();
    mkdirSync(at('other'));
    for (const name of ['x.hdr', 'x.dat']) renameSync(at(name), at(`other/${name}`));
    const moved = await idOf({}, new Grants().grantRead(at('other/x.hdr')));
    expect(new Set([first, touched, headerTouched, moved]).size).toBe(4);
  });
});

describe('Cubes', () => {
  it('holds a cube under its id until it is closed', async () => {
    const cubes = new Cubes(pool, 0);
    const cube = await cubes.open(grant, { scale: 0.5 }, 'me');
    expect(cubes.get(cube.cubeId)).toBe(cube);
    expect(cubes.list()).toEqual([cube]);
    expect(cube.origin).toEqual({ kind: 'files', path: at('x.hdr') });
    expect(cube.files.map(({ name }) => name)).toEqual(['x.dat', 'x.hdr']);
    expect(cube.description.bandRecords.map(({ scale }) => scale)).toEqual([0.5, 0.5, 0.5, 0.5]);
    await cubes.open(grant, { scale: 0.5 }, 'me');
    expect(cubes.list().length).toBe(1);
    cubes.close(cube.cubeId, 'me');
    for (const ask of [
      () => cubes.get(cube.cubeId),
      () => {
        cubes.close(cube.cubeId, 'me');
      },
    ]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
  });

  it('takes an image by name for the one of that id', async () => {
    const cubes = new Cubes(pool, 0);
    const byName = await cubes.open(grant, { imageId: 'x' }, 'me');
    expect(byName.options).toEqual({ imageId: '0' });
    expect((await cubes.open(grant, { imageId: '0' }, 'me')).cubeId).toBe(byName.cubeId);
  });

  it('adds nothing where opening or an option fails', async () => {
    const cubes = new Cubes(pool, 0);
    await expect(cubes.open(grant, { scale: 2, bandIsGood: [true] }, 'me')).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(cubes.open(grant, { imageId: 'other' }, 'me')).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(cubes.open(grant, {}, 'me', AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(cubes.list()).toEqual([]);
  });

  it('notices when a read comes after the file has changed', async () => {
    const cube = await new Cubes(pool, 0).open(grant, {}, 'me');
    const readable: ReadableCube = {
      cubeId: cube.cubeId,
      description: cube.description,
      layout: cube.layout,
    };
    expect(cubeKey(cube.cubeId)).toBe(`cube:${cube.cubeId}`);
    const sources = new SourceCache();
    const context = { sources, blocks: { image: new Map(), mask: new Map() } };
    const window = { line0: 1, sample0: 0, lines: 1, samples: 3 };
    // BSQ, 2 lines x 3 samples: the second line of band 3 starts at 2 x 6 + 3.
    expect([...(await readStored(readable, window, [2], context))]).toEqual([15, 16, 17]);
    writeFileSync(at('x.dat'), new Uint8Array(25));
    await expect(readStored(readable, window, [2], context)).rejects.toMatchObject({
      code: 'malformed-file',
    });
    sources.close();
  });
});

describe('holders', () => {
  it('give back their own hold only: the cube is open while anybody holds it', async () => {
    const gone: string[] = [];
    const cubes = new Cubes(pool, 0, (cubeId) => gone.push(cubeId));
    const cube = await cubes.open(grant, {}, 'one');
    expect(await cubes.open(grant, {}, 'two')).toBe(cube);
    expect([cubes.list('one'), cubes.list('two'), cubes.list('three')]).toEqual([[cube], [cube], []]);
    cubes.close(cube.cubeId, 'one');
    expect(cubes.list('one')).toEqual([]);
    expect(cubes.get(cube.cubeId)).toBe(cube);
    // What one has given back, it cannot give back again for the other.
    expect(() => {
      cubes.close(cube.cubeId, 'one');
    }).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(gone).toEqual([]);
    cubes.closeAll('two');
    expect(gone).toEqual([cube.cubeId]);
    expect(() => cubes.get(cube.cubeId)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('opening again while work of a closed one ends loses nothing', async () => {
    const gone: string[] = [];
    const cubes = new Cubes(pool, 0, (cubeId) => gone.push(cubeId));
    const cube = await cubes.open(grant, {}, 'one');
    let end = (): void => undefined;
    const work = cubes.using(cube, () => new Promise<void>((resolve) => (end = resolve)));
    cubes.close(cube.cubeId, 'one');
    const again = await cubes.open(grant, {}, 'two');
    expect(again.cubeId).toBe(cube.cubeId);
    end();
    await work;
    expect(gone).toEqual([]);
    expect(cubes.get(cube.cubeId)).toBe(again);
    cubes.close(cube.cubeId, 'two');
    expect(gone).toEqual([cube.cubeId]);
  });
});
