import { expect, test } from 'vitest';
import { ariaKeys } from './keys.ts';

test.each([
  ['P', 'P'],
  ['Ctrl E', 'Control+E'],
  ['Ctrl ⇧ Z', 'Control+Shift+Z'],
  ['⌘ K', 'Meta+K'],
  ['⇧ ←', 'Shift+ArrowLeft'],
  ['+', 'Plus'],
])('%s is said as %s', (keys, said) => {
  expect(ariaKeys(keys)).toBe(said);
});
