import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { belongsTo, GrantedFiles } from './neighbourhood.ts';
import { testFolder } from './testFolder.ts';

describe('belongsTo', () => {
  it.each([
    ['x.hdr', 'x.dat', true],
    ['x.hdr', 'x', true],
    ['x.hdr', 'X.DAT', true],
    ['X.HDR', 'x.img', true],
    ['x.dat', 'x.dat.hdr', true],
    ['x.dat', 'x.hdr', true],
    ['x', 'x.hdr', true],
    ['x', 'x', true],
    ['x.dat.hdr', 'x.dat', true],
    ['x.tif', 'x.tif.aux.xml', true],
    ['x.tif', 'x.tif', true],
    ['x.hdr', 'y.dat', false],
    ['x.hdr', 'xy.dat', false],
    ['x.hdr', 'x_2.dat', false],
    ['x.dat.hdr', 'x.img', false],
    ['x.y.hdr', 'x.dat', false],
    ['x.hdr', '..', false],
    ['x.hdr', '.', false],
    ['x.hdr', '', false],
    ['.hdr', 'secret', false],
    ['.hdr', '.hdr.dat', true],
  ])('%s and %s: %s', (chosen, other, together) => {
    expect(belongsTo(chosen, other)).toBe(together);
  });
});

describe('GrantedFiles', () => {
  let folder: ReturnType<typeof testFolder>;
  const at = (...names: string[]): string => join(folder.path, ...names);

  beforeEach(() => {
    folder = testFolder();
    mkdirSync(at('root'));
    for (const name of ['x.hdr', 'x.dat', 'y.dat']) writeFileSync(at('root', name), name);
    writeFileSync(at('x.dat'), 'outside');
  });
  afterEach(() => {
    folder.remove();
  });

  it('lists and opens the file and what belongs to it, each once', async () => {
    const files = new GrantedFiles(at('root', 'x.hdr'), null);
    expect([...(await files.siblings())].sort()).toEqual(['x.dat', 'x.hdr']);
    const { source, ref } = await files.open('x.dat');
    expect(Buffer.from(await source.read(0, 5)).toString()).toBe('x.dat');
    expect(ref).toMatchObject({ kind: 'file', path: at('root', 'x.dat'), name: 'x.dat', state: { size: 5 } });
    expect((await files.open('x.dat')).source).toBe(source);
    files.close();
    await expect(source.read(0, 5)).rejects.toMatchObject({ code: 'internal' });
  });

  it('opens nothing else', async () => {
    const files = new GrantedFiles(at('root', 'x.hdr'), null);
    const denied = ['y.dat', '../x.dat', './x.dat', at('x.dat'), '..', '.', '', 'inner/x.dat', 'x.dat/'];
    for (const name of denied) {
      await expect(files.open(name), name).rejects.toMatchObject({ code: 'access-denied' });
    }
    await expect(files.open('x.img')).rejects.toMatchObject({ code: 'not-found', place: { file: 'x.img' } });
    files.close();
  });

  it('follows a link out of the folder only where no folder is set', async () => {
    symlinkSync(at('x.dat'), at('root', 'x.img'));
    symlinkSync(at('root', 'y.dat'), at('root', 'x.raw'));
    const bound = new GrantedFiles(at('root', 'x.hdr'), at('root'));
    await expect(bound.open('x.img')).rejects.toMatchObject({ code: 'access-denied' });
    await expect(bound.open('x.bil')).rejects.toMatchObject({ code: 'not-found', place: { file: 'x.bil' } });
    const inside = await bound.open('x.raw');
    expect(Buffer.from(await inside.source.read(0, 5)).toString()).toBe('y.dat');
    bound.close();
    const free = new GrantedFiles(at('root', 'x.hdr'), null);
    const { source } = await free.open('x.img');
    expect(Buffer.from(await source.read(0, 7)).toString()).toBe('outside');
    free.close();
  });

  it('refuses a sibling that is a folder, and lists nothing where the folder has gone', async () => {
    mkdirSync(at('root', 'x.img'));
    const files = new GrantedFiles(at('root', 'x.hdr'), null);
    await expect(files.open('x.img')).rejects.toMatchObject({ code: 'not-found' });
    files.close();
    expect(await new GrantedFiles(at('absent', 'x.hdr'), null).siblings()).toEqual([]);
  });
});
