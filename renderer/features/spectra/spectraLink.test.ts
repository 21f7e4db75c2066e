import { expect, test, vi } from 'vitest';
import type { OpenCubeAnswer, SpectrumResult } from '../../../src/engine/contract/index.ts';
import type { Client } from '../../api/client.ts';
import { WindowStore } from '../../store/windowStore.ts';
import { SpectraLink } from './spectraLink.ts';
import { createSpectraState } from './spectraState.ts';
import { plotOf } from './spectrumWords.ts';

const cube = {
  cubeId: 'x',
  classes: null,
  options: {},
  info: {
    bands: 20,
    lines: 10,
    samples: 10,
    bandIsGood: Array(20).fill(true),
    bandNames: null,
    segments: [{ firstBandIndex: 0, lastBandIndex: 19, direction: 'single', stepNm: null }],
    wavelengthsNm: null,
    defaultBandIndexes: null,
    scale: null,
  },
} as unknown as OpenCubeAnswer;

interface Asked {
  at: string[];
  window: number;
  answer: () => void;
  fail: () => void;
}

/** A window of one cube whose engine answers when it is told to. */
function start() {
  const asked: Asked[] = [];
  const client = {
    call: (url: string) =>
      new Promise<Response>((resolve, reject) => {
        const { searchParams } = new URL(url, 'http://x');
        const at = searchParams.getAll('at');
        const window = Number(searchParams.get('window'));
        const numbers = Array<number>(20).fill(window);
        const pixels = at.map((place) => {
          const [line = 0, sample = 0] = place.split(',').map(Number);
          return {
            line,
            sample,
            stored: numbers,
            values: numbers,
            smoothed: numbers,
            derivative: numbers,
            edge: [],
          };
        });
        const filter = { window, degree: 2, derivative: 2, axis: 'band', edge: 'fit', gap: 'refit' };
        const units = { values: '1', smoothed: '1', derivative: '1' };
        const result = { filter, units, pixels } as unknown as SpectrumResult;
        asked.push({
          at,
          window,
          answer: () => {
            resolve(Response.json(result));
          },
          fail: () => {
            reject(new Error('The disk is gone.'));
          },
        });
      }),
  } as unknown as Client;
  const store = new WindowStore('light');
  store.addCube(cube, null);
  const state = createSpectraState();
  const link = new SpectraLink(client, cube, store, state);
  const kinds = (): string[] => {
    const { result, pinned } = state.getState();
    return result === null ? [] : plotOf(cube, result, pinned).curves.map(({ id }) => id);
  };
  return { asked, store, state, link, kinds };
}

test('pins are read by themselves, and stand only beside a spectrum of the same filter', async () => {
  const { asked, store, state, kinds } = start();
  store.changeView('x', { pixel: { line: 1, sample: 2 } });
  store.setPins('x', [{ number: 1, line: 3, sample: 4 }], 'Pin');
  expect(asked.map(({ at }) => at)).toEqual([['1,2'], ['3,4']]);
  asked[0]?.answer();
  await vi.waitFor(() => expect(kinds()).toEqual(['active']));
  expect(state.getState().settled).toBe(false);
  asked[1]?.answer();
  await vi.waitFor(() => expect(kinds()).toEqual(['active', 'pin 1']));
  expect(state.getState().settled).toBe(true);
  // Another pixel does not read the pins again; another filter does, and until then they are not shown.
  store.changeView('x', { pixel: { line: 5, sample: 6 } });
  expect(asked.slice(2).map(({ at }) => at)).toEqual([['5,6']]);
  store.setFilter('x', { window: 15 }, 'Window');
  expect(asked.slice(3).map(({ at, window }) => [at, window])).toEqual([
    [['5,6'], 15],
    [['3,4'], 15],
  ]);
  asked[3]?.answer();
  await vi.waitFor(() => expect(kinds()).toEqual(['active']));
  asked[4]?.answer();
  await vi.waitFor(() => expect(kinds()).toEqual(['active', 'pin 1']));
});

test('pins that cannot be read are said for themselves, until they are read or gone', async () => {
  const { asked, store, state, link } = start();
  store.changeView('x', { pixel: { line: 1, sample: 2 } });
  store.setPins('x', [{ number: 1, line: 3, sample: 4 }], 'Pin');
  asked[1]?.fail();
  await vi.waitFor(() => expect(state.getState().pinTrouble).not.toBeNull());
  asked[0]?.answer();
  await vi.waitFor(() => expect(state.getState().result).not.toBeNull());
  expect(state.getState()).toMatchObject({ trouble: null, pinned: null, settled: true });
  link.retry();
  asked[3]?.answer();
  await vi.waitFor(() => expect(state.getState().pinTrouble).toBeNull());
  store.setPins('x', [], 'Remove all pins');
  expect(state.getState()).toMatchObject({ pinned: null, pinTrouble: null });
  const before = asked.length;
  link.retry();
  expect(asked.slice(before).map(({ at }) => at)).toEqual([['1,2']]);
});
