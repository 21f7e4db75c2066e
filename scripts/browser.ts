import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const windowsPaths = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
  join(process.env[name] ?? '', 'Google/Chrome/Application/chrome.exe'),
);

/** A browser of the Chromium family, or why there is none. */
export type FoundBrowser = { path: string } | { why: string };

/** The browser that the end-to-end tests drive: CUBELENS_BROWSER, else one that is installed. */
export function findBrowser(): FoundBrowser {
  const given = process.env['CUBELENS_BROWSER'];
  if (given !== undefined && given !== '') {
    return isProgram(given) ? { path: given } : { why: `CUBELENS_BROWSER is ${given}, which is no program` };
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    macPath,
    ...windowsPaths,
  ];
  const path = candidates.find(isProgram);
  return path === undefined ? { why: 'no Chromium and no Chrome is installed' } : { path };
}

/** As `findBrowser`; where there is none and this may install (Debian, root), Debian's Chromium is installed first. */
export function findOrInstallBrowser(): FoundBrowser {
  const found = findBrowser();
  if ('path' in found || process.env['CUBELENS_BROWSER'] !== undefined) return found;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return found;
  console.log('end-to-end: installing Chromium with apt-get ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  for (const words of [install, ['update'], install]) {
    const { status } = spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (words === install && status === 0) return findBrowser();
  }
  return { why: `${found.why}, and apt-get could not install one` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
