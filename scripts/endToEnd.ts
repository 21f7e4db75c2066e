import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findOrInstallBrowser } from './browser.ts';
import { electronHere } from './electronProgram.ts';
import { runReported, type Outcome } from './reported.ts';
import { countEndToEnd } from './summary.ts';

const playwright = fileURLToPath(new URL('cli.js', import.meta.resolve('@playwright/test/package.json')));
const window = fileURLToPath(new URL('../dist/renderer/index.html', import.meta.url));

/** Playwright's specs in a real browser, counted. Without a browser one line says so; with CI set that is a failure. */
export async function runEndToEnd(words: readonly string[]): Promise<Outcome> {
  if (!existsSync(window)) {
    console.error('e2e: nothing is built: run `npm run build` first.');
    return { code: 1, summary: { passed: 0, failed: 1 } };
  }
  const browser = findOrInstallBrowser();
  if ('why' in browser) {
    const isNeeded = (process.env['CI'] ?? '') !== '';
    console.log(`e2e: ${isNeeded ? 'FAILED' : 'SKIPPED'}: ${browser.why}.`);
    return { code: isNeeded ? 1 : 0, summary: { passed: 0, failed: isNeeded ? 1 : 0 } };
  }
  const electron = electronHere();
  if ('why' in electron) console.log(`e2e: SKIPPED in Electron itself: ${electron.why}.`);
  return runReported('e2e', countEndToEnd, (report) => ({
    words: [playwright, 'test', '--reporter=list,json', ...words],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, CUBELENS_BROWSER: browser.path },
  }));
}
