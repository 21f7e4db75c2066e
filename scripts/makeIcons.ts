import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findOrInstallBrowser } from './browser.ts';
import { icnsOf, icoOf, type IconPicture } from './icons.ts';

// `node scripts/makeIcons.ts`: renders assets/icon.svg into icon.png, icon.ico and icon.icns beside it, in a browser.

const assets = join(import.meta.dirname, '../assets');
const browserFound = findOrInstallBrowser();
if ('why' in browserFound) throw new Error(browserFound.why);
const browser = await chromium.launch({ executablePath: browserFound.path, args: ['--no-sandbox'] });
const page = await browser.newPage();
const svg = readFileSync(join(assets, 'icon.svg'), 'utf8');
const pictures: IconPicture[] = [];
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
}
await browser.close();
const largest = pictures.find(({ size }) => size === 512);
if (largest === undefined) throw new Error('No picture of 512 pixels was made.');
writeFileSync(join(assets, 'icon.png'), largest.png);
writeFileSync(join(assets, 'icon.ico'), icoOf(pictures.filter(({ size }) => size <= 256)));
writeFileSync(join(assets, 'icon.icns'), icnsOf(pictures));
