import { expect, test } from 'vitest';
import { keyName } from './keys.ts';

const press = (key: string, ...held: string[]) =>
  keyName({
    key,
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  });

test('keys are named as the commands name them', () => {
  expect(press('k', 'ctrl')).toBe('Ctrl K');
  expect(press('K', 'meta')).toBe('Ctrl K');
  expect(press('Z', 'ctrl', 'shift')).toBe('Ctrl ⇧ Z');
  expect(press('?', 'shift')).toBe('?');
  expect(press('{', 'shift')).toBe('{');
  expect([press('-'), press('='), press('+', 'shift')]).toEqual(['−', '+', '+']);
  expect(press('F6', 'shift')).toBe('⇧ F6');
  expect(press('d')).toBe('D');
});
