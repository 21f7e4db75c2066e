import { defineConfig } from '@playwright/test';
import type { HostOption } from './e2e/test.ts';
import { findBrowser } from './scripts/browser.ts';
import { electronHere } from './scripts/electronProgram.ts';

const browser = findBrowser();

// `npm run e2e`. Sandboxes do not work for root; without a graphics card Chromium draws with SwiftShader.
export default defineConfig<HostOption>({
  testDir: 'e2e/specs',
  outputDir: 'test-results',
  // Two processors: the window, its engine and the test share them.
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  // A machine of continuous integration may stand still for a while; what needed it is listed as flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  projects: [
    { name: 'serve', testIgnore: /(desktop|electron)\.spec/, use: { host: 'serve' } },
    // The desktop app's own main process without Electron: what needs the folders of `serve` is left out.
    {
      name: 'desktop',
      testMatch: /(desktop|export|image|shell|spectrum)\.spec/,
      // One real cube is enough there: the numbers are the engine's.
      grepInvert: /@serve|jasper_ridge/,
      use: { host: 'desktop' },
    },
    ...('path' in electronHere() ? [{ name: 'electron', testMatch: /electron\.spec/ }] : []),
  ],
  use: {
    ...('path' in browser
      ? { launchOptions: { executablePath: browser.path, args: launchArguments() } }
      : {}),
    viewport: { width: 1280, height: 800 },
    // Fades would be caught half way.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});

function launchArguments(): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...asRoot, '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'];
}
