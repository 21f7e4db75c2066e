import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { installed } from '../../scripts/electronProgram.ts';
import { Workbench } from '../pages/workbench.ts';

// What only a real Electron shows: its loader of the scheme, the sandboxed preload, isolation, the end of the app. Run where its
// program is and a screen exists (playwright.config.ts); elsewhere one line says SKIPPED.

const root = join(import.meta.dirname, '../..');

test('the app starts, shows the demo scene in an isolated page, and ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cubelens-electron-'));
  // With this variable Electron would be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env as Record<string, string>;
  const app = await _electron.launch({
    executablePath: installed(join(root, 'node_modules/electron')) ?? '',
    args: [
      root,
      '--demo',
      `--user-data-dir=${folder}`,
      ...(process.platform === 'linux' ? ['--ozone-platform=x11'] : []),
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
    chromiumSandbox: process.getuid?.() !== 0,
    env,
  });
  const page = await app.firstWindow();
  const work = new Workbench(page);
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await work.drawn();
  expect(page.url()).toBe('cubelens://app/');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await page.evaluate(() => typeof (window as { require?: unknown }).require)).toBe('undefined');
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});
