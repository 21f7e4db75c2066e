import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import { keepPlaces, keptPlaces } from './keptPlaces.ts';
import { WindowStore } from './windowStore.ts';

const cube = {
  cubeId: 'x',
  info: {
    bands: 3,
    bandIsGood: [true, true, true],
    segments: [],
    wavelengthsNm: null,
    defaultBandIndexes: null,
  },
} as unknown as OpenCubeAnswer;

class Memory {
  text: string | null = null;
  getItem = (): string | null => this.text;
  setItem = (_: string, text: string): void => {
    this.text = text;
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a reload brings back where the person was', () => {
  const memory = new Memory();
  const store = new WindowStore('light');
  keepPlaces(store, memory, new EventTarget());
  store.addCube(cube, null);
  store.activate('x');
  store.changeView('x', { bandIndex: 2, mode: 'derivative' });
  store.setFilter('x', { window: 15 }, 'Window');
  vi.runAllTimers();
  const again = new WindowStore('light', keptPlaces(memory));
  again.addCube(cube, null);
  expect(again.state.views['x']).toMatchObject({ bandIndex: 2, mode: 'derivative' });
  expect(again.state.document['x']?.filter.window).toBe(15);
  expect([again.state.undoLabel, keptPlaces(memory).activeCubeId]).toEqual([null, 'x']);
});

test('a page that goes away at once keeps what was set last', () => {
  const memory = new Memory();
  const page = new EventTarget();
  const store = new WindowStore('light');
  keepPlaces(store, memory, page);
  store.addCube(cube, null);
  vi.runAllTimers();
  store.changeView('x', { mode: 'derivative' });
  expect(keptPlaces(memory).views['x']).toMatchObject({ mode: 'band' });
  page.dispatchEvent(new Event('pagehide'));
  expect(keptPlaces(memory).views['x']).toMatchObject({ mode: 'derivative' });
  memory.text = null;
  page.dispatchEvent(new Event('pagehide'));
  vi.runAllTimers();
  expect(memory.text).toBeNull();
});

test('what is broken, or of another shape, is left', () => {
  const memory = new Memory();
  for (const text of [null, '{', '{"shape":0,"views":{"x":{}}}', '[]', '1']) {
    memory.text = text;
    expect(keptPlaces(memory)).toEqual({ document: {}, views: {}, activeCubeId: null });
  }
});
