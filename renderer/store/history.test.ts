import { expect, test } from 'vitest';
import { History } from './history.ts';

function made() {
  let state = { window: 11 };
  let changes = 0;
  const history = new History<{ window: number }>(
    () => state,
    (next) => (state = next),
    () => changes++,
  );
  const set = (window: number) => {
    history.do(`Window ${window}`, (before) => (before.window === window ? before : { window }));
  };
  return { history, set, window: () => state.window, changes: () => changes };
}

test('a drag is one step, whatever lies between', () => {
  const { history, set, window } = made();
  history.begin('Window');
  for (const size of [13, 15, 17]) set(size);
  history.end();
  expect([window(), history.undoLabel]).toEqual([17, 'Window']);
  history.undo();
  expect([window(), history.undoLabel, history.redoLabel]).toEqual([11, null, 'Window']);
  history.redo();
  expect(window()).toBe(17);
});

test('a change after undo forgets what could have been redone; a change to the same is none', () => {
  const { history, set, window, changes } = made();
  set(13);
  set(13);
  expect(changes()).toBe(1);
  history.undo();
  set(15);
  expect(history.redoLabel).toBeNull();
  history.undo();
  expect(window()).toBe(11);
  history.undo();
  expect(window()).toBe(11);
});

test('a drag that ends where it began is no step; undo in the middle of one ends it', () => {
  const { history, set, window } = made();
  history.begin('Window');
  history.end();
  expect(history.undoLabel).toBeNull();
  history.begin('Window');
  set(13);
  history.undo();
  expect(window()).toBe(11);
});

test('a hundred steps are kept', () => {
  const { history, set, window } = made();
  for (let step = 1; step <= 150; step++) set(step * 2 + 11);
  for (let step = 0; step < 200; step++) history.undo();
  expect(window()).toBe(50 * 2 + 11);
});
