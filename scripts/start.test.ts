import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cubelens-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('npm start prints the address of a window with the demo scene, and ends when it is told to', async () => {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    cwd: folder,
    env: { ...env, XDG_STATE_HOME: folder },
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /^http:\/\/127\.0\.0\.1:\d+\/\?token=\S+$/m.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('close', () => {
      reject(new Error(said));
    });
  });
  const first = await fetch(url, { redirect: 'manual' });
  expect(first.status).toBe(303);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const start = await fetch(new URL('/host/start', url), { headers: { cookie } });
  expect(await start.json()).toEqual({ file: null, demo: true });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said).toContain('Stopped.');
  await expect(fetch(url)).rejects.toThrow();
});
