import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acceleratorOf } from './menu.ts';
import { placesFor } from './places.ts';
import { Settings } from './settings.ts';
import { isSquirrelStart } from './squirrel.ts';
import { windowOptions } from './windows.ts';

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];

test('a window comes back where it was, unless no screen is there any more', () => {
  const place = { bounds: { x: 100, y: 50, width: 1200, height: 800 }, isMaximised: false };
  expect(windowOptions('p', place, screens, true)).toMatchObject(place.bounds);
  const above = { ...place, bounds: { ...place.bounds, y: -40 } };
  expect(windowOptions('p', above, screens, true)).not.toHaveProperty('y');
  const away = { ...place, bounds: { ...place.bounds, x: 5000 } };
  const options = windowOptions('p', away, screens, true);
  expect(options).toMatchObject({ width: 1440, height: 900, minWidth: 860, minHeight: 640, show: false });
  expect(options).not.toHaveProperty('x');
  expect(windowOptions('p', null, screens, false)).not.toHaveProperty('x');
});

test('settings are written whole and read again; what is broken counts as nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cubelens-settings-'));
  const nothing = { place: null, recent: [], folder: null };
  expect(new Settings(folder).values).toEqual(nothing);
  new Settings(folder).change({ recent: ['/a.hdr'] });
  expect(new Settings(folder).values).toEqual({ ...nothing, recent: ['/a.hdr'] });
  expect(readdirSync(folder)).toEqual(['settings.json']);
  const file = join(folder, 'settings.json');
  const whole = readFileSync(file, 'utf8');
  for (const text of [whole.slice(0, -5), '{"recent":[1]}', '[]', '{"place":{"bounds":{"x":"1"}}}']) {
    writeFileSync(file, text);
    expect(new Settings(folder).values).toEqual(nothing);
  }
  const gone = new Settings(join(folder, 'not/there'));
  gone.change({ folder: '/x' });
  expect(gone.values.folder).toBe('/x');
  rmSync(folder, { recursive: true });
});

test.each([
  ['Ctrl O', 'CommandOrControl+O'],
  ['Ctrl ⇧ Z', 'CommandOrControl+Shift+Z'],
  ['Alt ArrowLeft', 'Alt+ArrowLeft'],
  ['?', null],
  ['[', null],
  [null, null],
])('keys %s are %s in a menu', (keys, accelerator) => {
  expect(acceleratorOf(keys)).toBe(accelerator);
});

test('the main process finds what is beside it, from source and in the bundle', () => {
  const bundle = placesFor('file:///app/.vite/build/main.cjs');
  expect(bundle.workerUrl.href).toBe('file:///app/.vite/build/worker.cjs');
  expect(bundle).toMatchObject({
    preload: '/app/.vite/build/preload.cjs',
    renderer: '/app/.vite/renderer/main_window',
  });
  expect(placesFor('file:///x/electron/places.ts').workerUrl.href).toBe('file:///x/src/engine/worker.ts');
});

test.each([
  ['--squirrel-install', true, ['--createShortcut=cubelens-app.exe']],
  ['--squirrel-updated', true, ['--createShortcut=cubelens-app.exe']],
  ['--squirrel-uninstall', true, ['--removeShortcut=cubelens-app.exe']],
  ['--squirrel-obsolete', true, null],
  ['--squirrel-firstrun', false, null],
  ['cube.hdr', false, null],
])('Squirrel starts the app with %s', (event, ends, words) => {
  const runs: unknown[] = [];
  const run = (program: string, given: readonly string[]): void => void runs.push([program, given]);
  const program = '/apps/Cubelens/app-1/cubelens-app.exe';
  expect(isSquirrelStart(['x', event, '0.1.0'], 'win32', program, run)).toBe(ends);
  expect(runs).toEqual(words === null ? [] : [['/apps/Cubelens/Update.exe', words]]);
  expect(isSquirrelStart(['x', event], 'linux', program, run)).toBe(false);
});

test('settings of a newer version keep what this one knows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cubelens-settings-'));
  writeFileSync(join(folder, 'settings.json'), '{"recent":["/a.hdr"],"colour":"red"}');
  expect(new Settings(folder).values.recent).toEqual(['/a.hdr']);
  rmSync(folder, { recursive: true });
});
