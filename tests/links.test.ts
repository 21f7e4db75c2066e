import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { variedCube, writeEnvi } from './testCubes.ts';
import { TestEngine } from './testEngine.ts';

const host = new TestEngine();
afterAll(() => host.close());

// As git-annex and DVC keep large files: every name is a link into a store, under a name of the store's own.
it('opens a pair whose two halves are links into a content store, under its own names', async () => {
  writeEnvi(host.folder, 'scene', variedCube('uint16', [4, 5, 6]), { interleave: 'bip' });
  mkdirSync(host.at('store'));
  for (const [name, key] of [
    ['scene.img', 'SHA256-77aa'],
    ['scene.hdr', 'SHA256-01bc'],
  ] as const) {
    renameSync(host.at(name), host.at(`store/${key}`));
    symlinkSync(host.at(`store/${key}`), host.at(name));
  }
  for (const chosen of ['scene.img', 'scene.hdr']) {
    const { info } = await host.open(chosen);
    expect([info.file, info.lines, info.samples, info.bands]).toEqual(['scene.img', 4, 5, 6]);
  }
});
