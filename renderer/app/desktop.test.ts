import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HostBridge, JobSnapshot, MenuCommand } from '../../src/engine/contract/index.ts';
import { ElectronHost } from '../api/electronHost.ts';
import { jobsKey } from '../api/queries.ts';
import type { Command } from '../store/commands.ts';
import { WindowStore } from '../store/windowStore.ts';
import { joinDesktop } from './desktop.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const job = (state: JobSnapshot['state'], done: number, total: number): JobSnapshot =>
  ({ jobId: `${done}`, state, done, total }) as JobSnapshot;

test('menus and the task bar follow the window, and what the system asks reaches it', () => {
  const menus: MenuCommand[][] = [];
  const progress: [number | null, number][] = [];
  const listeners: { command?: (id: string) => void; file?: (file: { id: string; name: string }) => void } =
    {};
  const bridge: Partial<HostBridge> = {
    setMenu: (commands) => {
      menus.push([...commands]);
      return Promise.resolve({ ok: true, value: null });
    },
    setProgress: (...args) => {
      progress.push(args);
      return Promise.resolve({ ok: true, value: null });
    },
    onCommand: (listener) => {
      listeners.command = listener;
      return () => delete listeners.command;
    },
    onOpenFile: (listener) => {
      listeners.file = listener;
      return () => delete listeners.file;
    },
  };
  const store = new WindowStore('light');
  const queries = new QueryClient();
  const run: string[] = [];
  const opened: string[] = [];
  const list: Command[] = [
    { id: 'help.keys', title: 'Keys', group: 'Help', keys: ['?', 'F1'], run: () => undefined },
  ];
  const end = joinDesktop(bridge as HostBridge, {
    commands: {
      list,
      why: () => (store.state.dialog === null ? null : 'Not now.'),
      run: (id) => void run.push(id),
    },
    store,
    session: {
      openNext: (file) => {
        opened.push(file.name);
        return Promise.resolve();
      },
    },
    queries,
  });
  const keys = { id: 'help.keys', title: 'Keys', group: 'Help', keys: '?' };
  expect([menus, progress]).toEqual([[[{ ...keys, enabled: true }]], [[null, 0]]]);
  store.set({ dialog: 'keys' });
  queries.setQueryData(jobsKey, [job('running', 1, 4), job('running', 3, 4), job('done', 5, 5)]);
  vi.runAllTimers();
  expect([menus.at(-1), progress.at(-1)]).toEqual([[{ ...keys, enabled: false }], [0.5, 2]]);
  // Nothing new is not told.
  store.set({ dialog: 'about' });
  vi.runAllTimers();
  expect(menus).toHaveLength(2);
  listeners.command?.('help.keys');
  listeners.command?.('unknown');
  listeners.file?.({ id: 'f', name: 'a.hdr' });
  expect([run, opened]).toEqual([['help.keys'], ['a.hdr']]);
  end();
  expect(listeners).toEqual({});
});

test('errors cross the bridge as data', async () => {
  const error = { code: 'access-denied', message: 'No.', remedy: 'Choose it again.' } as const;
  const bridge = { grantRead: () => Promise.resolve({ ok: false, error }) } as unknown as HostBridge;
  await expect(new ElectronHost(bridge).grantRead({ id: 'x', name: 'x' })).rejects.toMatchObject({
    trouble: { code: 'access-denied', message: 'No.', remedy: 'Choose it again.' },
  });
});
