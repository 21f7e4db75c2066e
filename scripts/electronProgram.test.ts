import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronProgram, type ElectronParts } from './electronProgram.ts';
import { chooseHost } from './chooseHost.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cubelens-electron-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(): void {
  mkdirSync(join(folder, 'electron/dist'), { recursive: true });
  writeFileSync(join(folder, 'electron/path.txt'), 'electron\n');
  writeFileSync(join(folder, 'electron/dist/electron'), '');
}

function parts(tries: number[], works: boolean, now = Date.now()): ElectronParts {
  return {
    packageFolder: join(folder, 'electron'),
    memory: join(folder, 'cache/no-electron'),
    install: (patience) => {
      tries.push(patience);
      if (works) put();
      return works;
    },
    now: () => now,
  };
}

test('what is there is taken as it is', () => {
  put();
  const tries: number[] = [];
  expect(electronProgram(parts(tries, false))).toEqual({ path: join(folder, 'electron/dist/electron') });
  expect(tries).toEqual([]);
});

test('what is missing is fetched, for half a minute at most', () => {
  const tries: number[] = [];
  expect(electronProgram(parts(tries, true))).toEqual({ path: join(folder, 'electron/dist/electron') });
  expect(tries).toEqual([30_000]);
});

test('a failure is believed for a week', () => {
  const tries: number[] = [];
  const day = 24 * 3600 * 1000;
  expect(electronProgram(parts(tries, false))).toHaveProperty('why');
  const file = join(folder, 'cache/no-electron');
  utimesSync(file, new Date(), new Date());
  expect(electronProgram(parts(tries, true, Date.now() + 6 * day))).toHaveProperty('why');
  expect(tries).toHaveLength(1);
  expect(electronProgram(parts(tries, true, Date.now() + 8 * day))).toHaveProperty('path');
  expect(tries).toHaveLength(2);
});

test('npm start takes the app where it can be shown and had, else the browser, and says why', () => {
  const here = { path: '/e' };
  const none = { why: 'Electron cannot be fetched here' };
  const never = () => {
    throw new Error('Nobody asked for Electron.');
  };
  expect(chooseHost('start', [], { hasScreen: true, electron: () => here })).toEqual({
    host: 'app',
    program: '/e',
    why: 'Starting the desktop app.',
  });
  expect(chooseHost('start', [], { hasScreen: true, electron: () => none })).toMatchObject({
    host: 'serve',
    why: 'Starting in the browser: Electron cannot be fetched here.',
  });
  expect(chooseHost('start', [], { hasScreen: false, electron: never })).toMatchObject({
    host: 'serve',
    why: 'Starting for a browser: there is no screen for the desktop app.',
  });
  expect(chooseHost('start', ['--port', '80'], { hasScreen: true, electron: never })).toMatchObject({
    host: 'serve',
    why: 'Starting in the browser: --port is an option of serve.',
  });
  expect(chooseHost('serve', [], { hasScreen: true, electron: never })).toMatchObject({ host: 'serve' });
  expect(chooseHost('app', [], { hasScreen: false, electron: () => here })).toMatchObject({ host: 'none' });
  expect(chooseHost('app', [], { hasScreen: true, electron: () => none })).toMatchObject({
    host: 'none',
    why: 'The desktop app cannot start: Electron cannot be fetched here. `npm run serve` works without it.',
  });
});
