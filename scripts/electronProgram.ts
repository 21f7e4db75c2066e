import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { browserCommand } from './openInBrowser.ts';

const day = 24 * 60 * 60 * 1000;

/** A failure is believed for so long. */
const believedMs = 7 * day;
/** Networks that swallow packets would hold the start up for minutes. */
const patienceMs = 30_000;

export interface ElectronParts {
  /** Folder of the npm package `electron`. */
  packageFolder: string;
  /** Remembers that it could not be had. */
  memory: string;
  /** Tries to have it; true where it says that it worked. */
  install: (patienceMs: number) => boolean;
  now: () => number;
}

/** Electron's program: its path, or why there is none. Where it is missing it is fetched, once a week at most. */
export function electronProgram(parts: ElectronParts): { path: string } | { why: string } {
  const there = installed(parts.packageFolder);
  if (there !== null) return { path: there };
  const failedAt = timeOf(parts.memory);
  if (failedAt !== null && parts.now() - failedAt < believedMs) {
    return { why: 'Electron could not be fetched lately (npx install-electron tries again)' };
  }
  const worked = parts.install(patienceMs);
  const fetched = worked ? installed(parts.packageFolder) : null;
  if (fetched !== null) return { path: fetched };
  mkdirSync(dirname(parts.memory), { recursive: true });
  writeFileSync(parts.memory, '');
  return { why: 'Electron cannot be fetched here' };
}

/** The program that is there, without the package's own look, which would fetch it. */
export function installed(packageFolder: string): string | null {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined) {
    const path = join(override, process.platform === 'win32' ? 'electron.exe' : 'electron');
    return existsSync(path) ? path : null;
  }
  try {
    const path = join(packageFolder, 'dist', readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Electron's program of this checkout where it can also be shown, or why not. Nothing is fetched. */
export function electronHere(): { path: string } | { why: string } {
  const path = installed(join(import.meta.dirname, '../node_modules/electron'));
  if (path === null) return { why: "Electron's program is not installed" };
  if (browserCommand('', process.platform, process.env) === null) return { why: 'there is no screen' };
  return { path };
}

const timeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;

/** The parts of a checkout. */
export function electronParts(root: string): ElectronParts {
  const packageFolder = join(root, 'node_modules/electron');
  return {
    packageFolder,
    memory: join(root, 'node_modules/.cache/cubelens/no-electron'),
    install: (timeout) => {
      console.log('Fetching Electron for the desktop app ...');
      const words = [join(packageFolder, 'install.js')];
      return spawnSync(process.execPath, words, { timeout, stdio: 'ignore' }).status === 0;
    },
    now: Date.now,
  };
}
