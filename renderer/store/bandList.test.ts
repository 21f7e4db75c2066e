import { expect, test } from 'vitest';
import { bandListText, parseBands } from './bandList.ts';

test('band lists', () => {
  expect(parseBands('', 20)).toBeNull();
  expect(parseBands('1-20', 20)).toBeNull();
  expect(parseBands('3,1', 20)).toEqual([2, 0]);
  expect(parseBands('5–7', 20)).toEqual([4, 5, 6]);
  expect(['a', '1-', '21', '7-5', '1,1'].map((text) => typeof parseBands(text, 20))).toEqual(
    Array(5).fill('string'),
  );
});

test('bands as people write them', () => {
  expect(bandListText([4, 0, 1, 2])).toBe('1-3, 5');
  expect(bandListText([])).toBe('');
});
