import { expect, test } from 'vitest';
import { menuGroups, type MenuAction, type MenuEntry } from './menuGroups.ts';

const action = (id: string): MenuAction => ({ id, label: id, run: () => undefined });
const shape = (entries: readonly MenuEntry[]) =>
  menuGroups(entries).map(({ head, rule, actions }) => [head, rule, actions.map(({ id }) => id).join('')]);

test('a list is cut at heads and rules', () => {
  expect(shape([{ head: 'Line 1' }, action('a'), action('b'), 'rule', action('c')])).toEqual([
    ['Line 1', false, 'ab'],
    [null, true, 'c'],
  ]);
  expect(shape([action('a'), { head: 'More' }, action('b')])).toEqual([
    [null, false, 'a'],
    ['More', false, 'b'],
  ]);
});

test('rules at an end and doubled ones draw no line', () => {
  expect(shape(['rule', action('a'), 'rule', 'rule', action('b'), 'rule'])).toEqual([
    [null, false, 'a'],
    [null, true, 'b'],
  ]);
  expect(shape([])).toEqual([]);
});
