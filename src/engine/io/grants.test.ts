import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkInside, Grants } from './grants.ts';
import { testFolder } from './testFolder.ts';

let folder: ReturnType<typeof testFolder>;
let root: string;
let outside: string;
const at = (...names: string[]): string => join(folder.path, ...names);
const withCode = (code: string): unknown => expect.objectContaining({ code });

beforeEach(() => {
  folder = testFolder();
  root = at('root');
  outside = at('outside');
  mkdirSync(root);
  mkdirSync(outside);
  mkdirSync(at('root', 'inner'));
  writeFileSync(at('root', 'a.dat'), 'a');
  writeFileSync(at('outside', 'secret.dat'), 's');
});
afterEach(() => {
  folder.remove();
});

describe('Grants for reading', () => {
  it('keep the name as given, absolute and with links unresolved', () => {
    const grants = new Grants();
    symlinkSync(at('outside', 'secret.dat'), at('root', 'link.dat'));
    expect(grants.grantRead(at('root', 'link.dat')).path).toBe(at('root', 'link.dat'));
    expect(grants.grantRead(at('root', 'inner', '..', 'a.dat'), root).path).toBe(at('root', 'a.dat'));
  });

  it('stay inside the allowed folder, whatever the way out', () => {
    const grants = new Grants();
    symlinkSync(at('outside', 'secret.dat'), at('root', 'link.dat'));
    symlinkSync(outside, at('root', 'door'));
    mkdirSync(at('rooted'));
    writeFileSync(at('rooted', 'b.dat'), 'b');
    const ways = [
      at('outside', 'secret.dat'),
      `${root}/../outside/secret.dat`,
      at('root', 'link.dat'),
      at('root', 'door', 'secret.dat'),
      // Only its name begins like the folder's.
      at('rooted', 'b.dat'),
      folder.path,
    ];
    for (const way of ways) {
      expect(() => grants.grantRead(way, root), way).toThrow(withCode('access-denied'));
    }
  });

  it('follow the allowed folder when it is a link itself', () => {
    symlinkSync(root, at('alias'));
    const grant = new Grants().grantRead(at('alias', 'a.dat'), at('alias'));
    expect([grant.path, grant.within]).toEqual([at('alias', 'a.dat'), root]);
  });

  it('refuse what does not exist', () => {
    const grants = new Grants();
    expect(() => grants.grantRead(at('absent.dat'))).toThrow(withCode('not-found'));
    expect(() => grants.grantRead(at('root', 'a.dat', 'b'))).toThrow(withCode('not-found'));
    expect(() => grants.grantRead(at('root', 'a.dat'), at('absent'))).toThrow(withCode('not-found'));
    symlinkSync('round', at('round'));
    expect(() => grants.grantRead(at('round'))).toThrow(withCode('not-found'));
  });
});

describe('Grants for writing', () => {
  it('name a file that need not exist in a folder that must', () => {
    const grants = new Grants();
    expect(grants.grantWrite(at('root', 'new.tif'))).toMatchObject({
      mode: 'write',
      path: at('root', 'new.tif'),
      within: null,
    });
    expect(grants.grantWrite(at('root', 'a.dat')).path).toBe(at('root', 'a.dat'));
    expect(() => grants.grantWrite(at('absent', 'new.tif'))).toThrow(withCode('not-found'));
    expect(() => grants.grantWrite(at('root', 'a.dat', 'new.tif'))).toThrow(withCode('not-found'));
  });

  it('refuse a folder', () => {
    const grants = new Grants();
    for (const target of [root, `${root}/`, `${root}/inner/..`, '/']) {
      expect(() => grants.grantWrite(target), target).toThrow(withCode('invalid-request'));
    }
  });

  it('stay inside the allowed folder, and never write through a link', () => {
    const grants = new Grants();
    expect(grants.grantWrite(at('root', 'inner', 'new.tif'), root).path).toBe(at('root', 'inner', 'new.tif'));
    symlinkSync(outside, at('root', 'door'));
    for (const target of [at('outside', 'n.tif'), `${root}/../n.tif`, at('root', 'door', 'n.tif')]) {
      expect(() => grants.grantWrite(target, root), target).toThrow(withCode('access-denied'));
    }
    // The link itself is the target: renaming over it leaves what it pointed to alone.
    symlinkSync(at('outside', 'secret.dat'), at('root', 'link.tif'));
    expect(grants.grantWrite(at('root', 'link.tif'), root).path).toBe(at('root', 'link.tif'));
  });

  it('say so in words when the name is too long or goes in a circle', () => {
    const grants = new Grants();
    expect(() => grants.grantWrite(at('root', 'n'.repeat(300)))).toThrow(withCode('invalid-request'));
    symlinkSync('round', at('round'));
    expect(() => grants.grantWrite(at('round', 'n.tif'))).toThrow(withCode('not-found'));
  });
});

describe('Grants by id', () => {
  it('are found under their own id and mode until taken back', () => {
    const grants = new Grants();
    const read = grants.grantRead(at('root', 'a.dat'));
    const write = grants.grantWrite(at('root', 'a.dat'));
    expect(read.grantId).not.toBe(write.grantId);
    expect(grants.resolve(read.grantId, 'read')).toEqual(read);
    expect(() => grants.resolve(read.grantId, 'write')).toThrow(withCode('access-denied'));
    expect(() => grants.resolve(write.grantId, 'read')).toThrow(withCode('access-denied'));
    for (const id of ['', 'constructor', '__proto__', at('root', 'a.dat')]) {
      expect(() => grants.resolve(id, 'read'), id).toThrow(withCode('access-denied'));
    }
    grants.revoke(read.grantId);
    expect(() => grants.resolve(read.grantId, 'read')).toThrow(withCode('access-denied'));
  });
});

describe('checkInside', () => {
  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/a/..b', '/a', true],
    ['/a/b/c', '/a/b', true],
    ['/ab', '/a', false],
    ['/', '/a', false],
    ['/a', '/a/b', false],
    ['/b/a', '/a', false],
  ])('%s in %s: %s', (path, inside, allowed) => {
    const check = (): void => {
      checkInside(path, inside);
    };
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(withCode('access-denied'));
  });
});
