import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { unzip } from './zip.ts';

const content = new TextEncoder().encode('Numbers that must not change. '.repeat(20));

it.each([0, 6] as const)('gives entries whole, stored or packed (level %s)', async (level) => {
  const zip = zipSync({ 'a.txt': content, 'b.txt': new Uint8Array(3) }, { level });
  const entries = await unzip(zip, 'x.zip', (name) => name.startsWith('a'));
  expect([...entries]).toEqual([['a.txt', content]]);
});

it('refuses a changed byte, a cut file, and what is no zip', async () => {
  const zip = zipSync({ 'a.txt': content }, { level: 0 });
  const changed = Uint8Array.from(zip);
  const at = 30 + 'a.txt'.length + 4;
  changed[at] = (changed[at] ?? 0) ^ 1;
  const all = (): boolean => true;
  await expect(unzip(changed, 'x.zip', all)).rejects.toMatchObject({
    code: 'malformed-file',
    message: 'x.zip: a.txt is damaged: its checksum is wrong.',
  });
  for (const bytes of [zip.subarray(0, zip.length - 30), content]) {
    await expect(unzip(bytes, 'x.zip', all)).rejects.toMatchObject({ code: 'malformed-file' });
  }
});
