import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceRef } from './byteSource.ts';
import { FileSource, fileState, MemorySource, SourceCache } from './fileSource.ts';
import { testFolder } from './testFolder.ts';

let folder: ReturnType<typeof testFolder>;
let path: string;
const content = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);

beforeEach(() => {
  folder = testFolder();
  path = join(folder.path, 'x.dat');
  writeFileSync(path, content);
});
afterEach(() => {
  folder.remove();
});

const refOf = (to = path): SourceRef => ({ kind: 'file', path: to, name: 'x.dat', state: fileState(to) });
const aborted = AbortSignal.abort();

describe('FileSource', () => {
  it('reads exactly the range asked for, in a buffer of its own', async () => {
    const source = new FileSource(path);
    expect([source.name, source.size]).toEqual(['x.dat', 1000]);
    const bytes = await source.read(10, 20);
    expect(bytes).toEqual(content.slice(10, 30));
    expect(bytes.buffer.byteLength).toBe(20);
    expect(await source.read(0, 1000)).toEqual(content);
    expect(await source.read(1000, 0)).toEqual(new Uint8Array(0));
    const whole = new Uint8Array(new SharedArrayBuffer(30));
    await source.readInto(990, whole.subarray(5, 15));
    expect([...whole]).toEqual([...new Uint8Array(5), ...content.slice(990), ...new Uint8Array(15)]);
    source.close();
  });

  it('refuses ranges past the end and impossible ones, before anything is allocated', async () => {
    const source = new FileSource(path);
    await expect(source.read(990, 11)).rejects.toMatchObject({
      code: 'malformed-file',
      message: 'x.dat ends at byte 1000, but byte 1001 is needed.',
      place: { file: 'x.dat', byte: 1000 },
    });
    await expect(source.readInto(1001, new Uint8Array(0))).rejects.toMatchObject({ code: 'malformed-file' });
    const impossible: [number, number][] = [
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, NaN],
      [0, 2 ** 52],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      [2 ** 53, 1],
      [Infinity, 1],
    ];
    for (const [offset, length] of impossible) {
      await expect(source.read(offset, length)).rejects.toMatchObject({ code: 'malformed-file' });
    }
    source.close();
  });

  it('reads nothing once the signal is aborted', async () => {
    const source = new FileSource(path);
    const target = new Uint8Array(4);
    await expect(source.readInto(1, target, { signal: aborted })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(source.read(1, 4, { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    expect([...target]).toEqual([0, 0, 0, 0]);
    source.close();
  });

  it('notices an abort between the system calls of a long read', async () => {
    const piece = 16 * 1024 * 1024;
    truncateSync(path, 3 * piece);
    const source = new FileSource(path);
    let asked = 0;
    const signal = {
      get aborted() {
        asked += 1;
        return asked > 2;
      },
    };
    await expect(source.read(0, 3 * piece, { signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toBe(3);
    source.close();
  });

  it('says so when the file became shorter while it was open', async () => {
    const source = new FileSource(path);
    truncateSync(path, 500);
    await expect(source.read(400, 200)).rejects.toMatchObject({
      code: 'malformed-file',
      message: 'x.dat has changed on disk since it was opened.',
    });
    source.close();
  });

  it('still reads a file that was removed after opening, and closes once', async () => {
    const source = new FileSource(path);
    rmSync(path);
    expect(await source.read(0, 3)).toEqual(content.slice(0, 3));
    expect(() => {
      source.checkUnchanged(source.state);
    }).toThrow(expect.objectContaining({ code: 'not-found' }));
    source.close();
    source.close();
    await expect(source.read(0, 3)).rejects.toMatchObject({ code: 'internal' });
  });

  it('refuses a missing file, a folder, a path through a file and a circle of links', () => {
    const opening = (name: string) => (): FileSource => new FileSource(join(folder.path, name));
    expect(opening('absent')).toThrow(
      expect.objectContaining({ code: 'not-found', message: 'absent does not exist.' }),
    );
    expect(opening('x.dat/y')).toThrow(expect.objectContaining({ code: 'not-found' }));
    mkdirSync(join(folder.path, 'inner'));
    expect(opening('inner')).toThrow(
      expect.objectContaining({ code: 'not-found', message: 'inner is a folder, not a file.' }),
    );
    spawnSync('ln', ['-s', 'round', join(folder.path, 'round')]);
    expect(opening('round')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(opening('n'.repeat(300))).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it('refuses a pipe without waiting for its other end', () => {
    const pipe = join(folder.path, 'pipe');
    if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error('mkfifo is missing');
    expect(() => new FileSource(pipe)).toThrow(
      expect.objectContaining({ code: 'unsupported-format', message: 'pipe is not a regular file.' }),
    );
    expect(() => new FileSource('/dev/zero')).toThrow(
      expect.objectContaining({ code: 'unsupported-format' }),
    );
  });

  it.skipIf(process.getuid?.() === 0)('refuses a file that may not be read', () => {
    spawnSync('chmod', ['000', path]);
    expect(() => new FileSource(path)).toThrow(expect.objectContaining({ code: 'access-denied' }));
  });
});

describe('MemorySource', () => {
  it('keeps the same rules as a file', async () => {
    const buffer = new SharedArrayBuffer(1000);
    new Uint8Array(buffer).set(content);
    const source = new MemorySource('scene', buffer);
    expect(await source.read(10, 20)).toEqual(content.slice(10, 30));
    expect(await source.read(1000, 0)).toEqual(new Uint8Array(0));
    await expect(source.read(990, 11)).rejects.toMatchObject({ code: 'malformed-file' });
    await expect(source.read(-1, 1)).rejects.toMatchObject({ code: 'malformed-file' });
    await expect(source.read(0, 1, { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('SourceCache', () => {
  it('keeps a file open', () => {
    const cache = new SourceCache();
    const ref = refOf();
    expect(cache.open(ref)).toBe(cache.open(ref));
    cache.close();
  });

  it('says that a file has changed, vanished or become a folder since the reference was made', () => {
    const cache = new SourceCache();
    const ref = refOf();
    cache.open(ref);
    const changed = expect.objectContaining({
      code: 'malformed-file',
      message: 'x.dat has changed on disk since it was opened.',
    });
    writeFileSync(path, content.slice(1));
    expect(() => cache.open(ref)).toThrow(changed);
    // The same size, another time.
    writeFileSync(path, content);
    utimesSync(path, 1000, 1000);
    expect(() => cache.open(ref)).toThrow(changed);
    expect(() => new SourceCache().open(ref)).toThrow(changed);
    rmSync(path);
    const missing = expect.objectContaining({ code: 'not-found' });
    expect(() => cache.open(ref)).toThrow(missing);
    mkdirSync(path);
    expect(() => cache.open(ref)).toThrow(missing);
    cache.close();
  });

  it('opens the new file for a new reference, also where the old one is still open', async () => {
    const cache = new SourceCache();
    cache.open(refOf());
    const next = join(folder.path, 'next');
    writeFileSync(next, new Uint8Array([9, 8, 7]));
    renameSync(next, path);
    const source = cache.open(refOf());
    expect([...(await source.read(0, 3))]).toEqual([9, 8, 7]);
    cache.close();
  });

  it('closes the file used longest ago when too many are open', async () => {
    const cache = new SourceCache();
    const refs = Array.from({ length: 33 }, (_, i) => {
      const to = join(folder.path, `f${i}`);
      writeFileSync(to, new Uint8Array([i]));
      return refOf(to);
    });
    const [first, second] = refs.slice(0, 2).map((ref) => cache.open(ref));
    for (const ref of refs.slice(2, 32)) cache.open(ref);
    expect(cache.open(refs[0] as SourceRef)).toBe(first);
    cache.open(refs[32] as SourceRef);
    // The first was used again, so the second had to go; asking for it opens it anew.
    expect([...((await first?.read(0, 1)) ?? [])]).toEqual([0]);
    await expect(second?.read(0, 1)).rejects.toMatchObject({ code: 'internal' });
    expect([...(await cache.open(refs[1] as SourceRef).read(0, 1))]).toEqual([1]);
    cache.close();
  });
});
