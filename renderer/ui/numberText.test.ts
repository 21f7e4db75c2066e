import { describe, expect, test } from 'vitest';
import { formatNumber, judge, parseNumber, stepped, usableRepairs } from './numberText.ts';

const any = () => null;
const odd = (n: number) => (n % 2 === 1 && n >= 3 && n <= 9 ? null : 'The window must be odd.');

describe('parseNumber', () => {
  test.each([
    ['679.49', 679.49],
    [' 5 ', 5],
    ['-3', -3],
    ['−3.5', -3.5],
    ['+2', 2],
    ['.5', 0.5],
    ['7.', 7],
    ['1e3', 1000],
    ['3.2E−4', 0.00032],
    ['12\u2009345.6', 12345.6],
    ['12\u202f345', 12345],
    ['12\u00a0345', 12345],
  ])('%j is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  test.each(['', ' ', '-', '.', 'e5', '1,5', '0x10', 'Infinity', 'nan', '1e', '1-2', '12 nm'])(
    '%j is no number',
    (text) => {
      expect(parseNumber(text)).toBeNaN();
    },
  );
});

test('a number is written with a true minus and read back', () => {
  expect(formatNumber(-2.5e-7)).toBe('−2.5e−7');
  expect(parseNumber(formatNumber(-2.5e-7))).toBe(-2.5e-7);
});

test('a text is judged by its form first, then by its number', () => {
  const rules = { parse: parseNumber, check: odd };
  expect(judge('5', rules)).toEqual({ value: 5 });
  expect(judge('4', rules)).toEqual({ problem: 'The window must be odd.', value: 4 });
  expect(judge('four', rules)).toEqual({ problem: 'Enter a number.', value: null });
  expect(judge('1e999', rules)).toEqual({ problem: 'Enter a number.', value: null });
});

describe('stepped', () => {
  test('sums are decimal', () => {
    expect(stepped(0.1, 0.1, 1, 2, any)).toBe(0.3);
    expect(stepped(679.49, 0.1, -1, 1, any)).toBe(679.39);
    expect(stepped(1, 1e-7, 1, 1, any)).toBe(1.0000001);
    expect(stepped(2.5e-20, 1e-20, 1, 1, any)).toBe(3.5e-20);
  });

  test('stops at the last allowed number', () => {
    expect(stepped(3, 2, 1, 10, odd)).toBe(9);
    expect(stepped(3, 2, -1, 1, odd)).toBe(3);
  });

  test('a function says the next number itself', () => {
    expect(stepped(2, (n, direction) => n * 2 ** direction, 1, 3, any)).toBe(16);
    expect(stepped(2, () => Number.NaN, 1, 1, any)).toBe(2);
  });
});

test('repairs are allowed numbers, each once, in order', () => {
  expect(usableRepairs([11, 9, 7, 9, 8, Number.NaN], odd)).toEqual([7, 9]);
});
