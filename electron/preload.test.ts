import { expect, test } from 'vitest';
import type { HostBridge } from '../src/engine/contract/index.ts';
import { ipcMain, receive, state, worlds } from './testElectron.ts';

test('the page has named functions only; listeners get values, not events', async () => {
  await import('./preload.ts');
  expect([...worlds.keys()]).toEqual(['cubelensHost']);
  const bridge = worlds.get('cubelensHost') as HostBridge;
  expect(Object.values(bridge).every((value) => typeof value === 'function')).toBe(true);

  const got: unknown[][] = [];
  const end = bridge.onCommand((...args) => got.push(args));
  receive('host:command', 'file.open');
  end();
  receive('host:command', 'file.demo');
  expect(got).toEqual([['file.open']]);
});

test('paths of dropped files are found here, and go to the main process alone', async () => {
  await import('./preload.ts');
  const bridge = worlds.get('cubelensHost') as HostBridge;
  ipcMain.handle('host:dropped', (_event, paths) => ({ ok: true, value: { id: 'x', name: String(paths) } }));
  const file = Object.assign(new File([], 'a.hdr'), { testPath: '/cubes/a.hdr' });
  expect(await bridge.dropped([file])).toEqual({ ok: true, value: { id: 'x', name: '/cubes/a.hdr' } });
  expect(state.calls.has('host:start')).toBe(false);
});
