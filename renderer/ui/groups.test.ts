import { expect, test } from 'vitest';
import { bytesText, grouped } from './groups.ts';

test('numbers above 9999 are grouped by threes', () => {
  expect(['9999', '10000', '-367050.5', '5806140', '0.12345'].map(grouped)).toEqual([
    '9999',
    '10\u2009000',
    '\u2212367\u2009050.5',
    '5\u2009806\u2009140',
    '0.12345',
  ]);
});

test('sizes in bytes', () => {
  expect([0, 999, 1500, 6.4e6, 24e9, 3e15].map(bytesText)).toEqual([
    '0\u00a0bytes',
    '999\u00a0bytes',
    '1.5\u00a0kB',
    '6.4\u00a0MB',
    '24\u00a0GB',
    '3000\u00a0TB',
  ]);
});
