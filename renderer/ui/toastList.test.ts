import { expect, test } from 'vitest';
import { createToasts, type Toast } from './toastList.ts';

const titles = (list: readonly Toast[]) => list.map(({ title }) => title);

test('listeners hear of each change and read the same list until the next', () => {
  const toasts = createToasts();
  let heard = 0;
  const stop = toasts.subscribe(() => heard++);
  toasts.show({ kind: 'done', title: 'Exported' });
  expect(toasts.list()).toBe(toasts.list());
  expect(titles(toasts.list())).toEqual(['Exported']);
  toasts.dismiss(toasts.list()[0]?.id ?? 0);
  expect(toasts.list()).toEqual([]);
  stop();
  toasts.show({ kind: 'info', title: 'Unheard' });
  expect(heard).toBe(2);
});

test('with more than four the oldest goes that is no error', () => {
  const toasts = createToasts();
  toasts.show({ kind: 'error', title: 'a' });
  for (const title of ['b', 'c', 'd', 'e']) toasts.show({ kind: 'info', title });
  expect(titles(toasts.list())).toEqual(['a', 'c', 'd', 'e']);
});

test('among errors the oldest goes, and the newest message is always shown', () => {
  const toasts = createToasts();
  for (const title of ['a', 'b', 'c', 'd']) toasts.show({ kind: 'error', title });
  toasts.show({ kind: 'info', title: 'e' });
  expect(titles(toasts.list())).toEqual(['b', 'c', 'd', 'e']);
});
