import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitOutput, createOutput, discardOutput, exists } from './outputFile.ts';
import { PartWriter } from './partWriter.ts';
import { testFolder } from './testFolder.ts';

let folder: ReturnType<typeof testFolder>;
const at = (...names: string[]): string => join(folder.path, ...names);

beforeEach(() => {
  folder = testFolder();
});
afterEach(() => {
  folder.remove();
});

describe('an output', () => {
  it('appears under its name only when it is complete', async () => {
    const output = await createOutput(at('a.tif'), 10);
    expect(await exists(at('a.tif'))).toBe(false);
    expect(statSync(output.part).size).toBe(10);
    const writer = new PartWriter(output);
    writer.write(new Uint8Array([7, 8]), 8);
    writer.write(new Uint8Array([1, 2, 3]), 0);
    writer.close();
    await commitOutput(output);
    expect(readdirSync(folder.path)).toEqual(['a.tif']);
    expect([...readFileSync(at('a.tif'))]).toEqual([1, 2, 3, 0, 0, 0, 0, 0, 7, 8]);
  });

  it('replaces an older file at the end, and leaves it alone when discarded', async () => {
    writeFileSync(at('a.tif'), 'old');
    const first = await createOutput(at('a.tif'), 3);
    await discardOutput(first);
    await discardOutput(first);
    expect(readdirSync(folder.path)).toEqual(['a.tif']);
    const second = await createOutput(at('a.tif'), 3);
    expect(readFileSync(at('a.tif'), 'utf8')).toBe('old');
    await commitOutput(second);
    expect([...readFileSync(at('a.tif'))]).toEqual([0, 0, 0]);
  });

  it('replaces a link, not what the link points to', async () => {
    writeFileSync(at('input.dat'), 'input');
    symlinkSync(at('input.dat'), at('a.tif'));
    await commitOutput(await createOutput(at('a.tif'), 1));
    expect(readFileSync(at('input.dat'), 'utf8')).toBe('input');
    expect(statSync(at('a.tif')).size).toBe(1);
  });

  it('of unknown size is cut to its true length', async () => {
    const output = await createOutput(at('a.csv'), 0);
    const writer = new PartWriter(output);
    writer.write(Buffer.from('1,2,3 and more'), 0);
    writer.finish(5);
    writer.close();
    await commitOutput(output);
    expect(readFileSync(at('a.csv'), 'utf8')).toBe('1,2,3');
  });

  it('for one name can be made twice at once', async () => {
    const [a, b] = await Promise.all([createOutput(at('a.tif'), 1), createOutput(at('a.tif'), 2)]);
    expect(a.part).not.toBe(b.part);
    await Promise.all([commitOutput(a), discardOutput(b)]);
    expect(readdirSync(folder.path)).toEqual(['a.tif']);
  });
});

describe('an output that fails', () => {
  it('in a missing folder or under a file is not found', async () => {
    writeFileSync(at('file'), '');
    await expect(createOutput(at('absent', 'a.tif'), 1)).rejects.toMatchObject({
      code: 'not-found',
      place: { file: 'a.tif' },
    });
    await expect(createOutput(at('file', 'a.tif'), 1)).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(folder.path)).toEqual(['file']);
  });

  it('because its part has gone says so and leaves nothing', async () => {
    const output = await createOutput(at('a.tif'), 1);
    rmSync(output.part);
    expect(() => new PartWriter(output)).toThrow(expect.objectContaining({ code: 'not-found' }));
    await expect(commitOutput(output)).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('because a folder has taken its name leaves that folder and no part', async () => {
    const output = await createOutput(at('a.tif'), 1);
    mkdirSync(at('a.tif'));
    await expect(commitOutput(output)).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(folder.path)).toEqual(['a.tif']);
  });

  it('because it needs more than the disk has free is refused before anything is made', async () => {
    const system = statfsSync(folder.path);
    const bytes = system.blocks * system.bsize + 1;
    await expect(createOutput(at('a.tif'), bytes)).rejects.toMatchObject({
      code: 'resource-exhausted',
      place: { file: 'a.tif' },
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('in a read-only folder is denied', async () => {
    mkdirSync(at('closed'));
    chmodSync(at('closed'), 0o500);
    await expect(createOutput(at('closed', 'a.tif'), 1)).rejects.toMatchObject({ code: 'access-denied' });
    expect(readdirSync(at('closed'))).toEqual([]);
  });

  it('because its name is too long says so', async () => {
    await expect(createOutput(at('n'.repeat(254)), 1)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('fails in words and leaves nothing behind', async (context) => {
    const disk = at('disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    if (mounted.status !== 0) context.skip('no right to mount a small disk');
    try {
      const output = await createOutput(join(disk, 'a.tif'), 2_500_000);
      // Room that was free when the output was made is taken by somebody else.
      writeFileSync(join(disk, 'other'), new Uint8Array(3_500_000));
      const writer = new PartWriter(output);
      expect(() => {
        writer.write(new Uint8Array(2_500_000), 0);
      }).toThrow(
        expect.objectContaining({
          code: 'resource-exhausted',
          message: 'a.tif could not be written: the disk is full.',
        }),
      );
      writer.close();
      await discardOutput(output);
      await expect(createOutput(join(disk, 'b.tif'), 1_000_000)).rejects.toMatchObject({
        code: 'resource-exhausted',
      });
      expect(readdirSync(disk)).toEqual(['other']);
      spawnSync('mount', ['-o', 'remount,ro', disk]);
      await expect(createOutput(join(disk, 'c.tif'), 1)).rejects.toMatchObject({
        // A read-only disk may also report that it has no room.
        code: expect.stringMatching(/^(?:access-denied|resource-exhausted)$/),
      });
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
