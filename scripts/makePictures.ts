import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startServe } from '../src/hosts/serve/serve.ts';
import { findBrowser } from './browser.ts';

// `node scripts/makePictures.ts [FOLDER]`: pictures of the window on real cubes, at both sizes and in both themes. The README's
// are docs/pictures/*; a folder may be given to look at all of them.

const root = join(import.meta.dirname, '..');
const data = resolve(process.env['CUBELENS_DATA'] ?? join(root, '../shared/data'));
const out = resolve(process.argv[2] ?? join(root, 'docs/pictures'));
const all = process.argv[2] !== undefined;

interface Scene {
  name: string;
  file: string;
  /** Where to click, as shares of the view, and what to press before the picture is taken. */
  at: readonly [number, number];
  zoom: number;
  keys: readonly string[];
}

const scenes: readonly Scene[] = [
  {
    name: 'enmap',
    file: 'enmap_potsdam/enmap_potsdam_mosaic_int16.tif',
    at: [0.52, 0.62],
    zoom: 4,
    keys: [],
  },
  {
    name: 'enmap-derivative',
    file: 'enmap_potsdam/enmap_potsdam_mosaic_int16.tif',
    at: [0.52, 0.62],
    zoom: 3,
    keys: ['4', ']', ']', ']', ']', ']', ']', ']'],
  },
  { name: 'jasper', file: 'jasper_ridge/jasper_ridge_aviris.hdr', at: [0.6, 0.4], zoom: 2, keys: ['2'] },
];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
/** Those that the README shows. */
const chosen = new Set(['enmap-1280-light', 'enmap-derivative-1280-dark']);

const browser = findBrowser();
if ('why' in browser) throw new Error(browser.why);
mkdirSync(out, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'cubelens-pictures-'));
const chrome = await chromium.launch({
  executablePath: browser.path,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
for (const scene of scenes) {
  const file = join(data, scene.file);
  const serve = await startServe({ file, roots: [data], out: scratch, stateFolder: scratch });
  for (const viewport of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const name = `${scene.name}-${viewport.width}-${colorScheme}`;
      if (!all && !chosen.has(name)) continue;
      const page = await chrome.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await page.goto(serve.url);
      await takePicture(page, scene, join(out, `${name}.png`));
      await page.close();
      console.log(name);
    }
  }
  await serve.close();
}
await chrome.close();
rmSync(scratch, { recursive: true, force: true });

async function takePicture(page: Page, { at, zoom, keys }: Scene, path: string): Promise<void> {
  const drawn = page.locator('.band-view[data-drawn=true]');
  await drawn.waitFor();
  const box = await drawn.boundingBox();
  if (box === null) throw new Error('There is no view.');
  const [x, y] = [box.x + at[0] * box.width, box.y + at[1] * box.height];
  await page.mouse.move(x, y);
  // A notch of the wheel zooms by about a fifth.
  for (let notch = 0; notch < zoom; notch++) await page.mouse.wheel(0, -200);
  await page.mouse.click(x, y);
  for (const key of keys) await page.keyboard.press(key);
  await drawn.waitFor();
  await page.locator('.dock[aria-busy=false]').waitFor();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 180);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path });
}
