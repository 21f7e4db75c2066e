import { expect, it } from 'vitest';
import { compareRounds, formatComparison, type MeasuredRow } from '../bench/against/compare.ts';
import { missingPackages } from '../bench/against/modules.ts';

const row = (work: string, median: number | null): MeasuredRow => ({
  work,
  ours: median === null ? null : { median },
});

it('rows of the same work are paired in each round, and the ratio is the median of the rounds', () => {
  const { rows } = compareRounds([
    { ours: [row('open', 2), row('image', 1)], other: [row('image', 2), row('open', 1)] },
    { ours: [row('open', 9), row('image', 1)], other: [row('image', 1), row('open', 3)] },
    { ours: [row('open', 1), row('image', 1)], other: [row('image', 4), row('open', 1)] },
  ]);
  expect(rows).toEqual([
    { work: 'open', ours: 2, other: 1, ratios: [2, 3, 1], ratio: 2, slower: true },
    { work: 'image', ours: 1, other: 2, ratios: [0.5, 1, 0.25], ratio: 0.5, slower: false },
  ]);
});

it('15 % slower is not marked yet, more is', () => {
  const of = (ours: number) => compareRounds([{ ours: [row('x', ours)], other: [row('x', 1)] }]).rows[0];
  expect(of(1.15)?.slower).toBe(false);
  expect(of(1.16)?.slower).toBe(true);
});

it('a round in which one build has no time does not count, and a work of one build alone is listed', () => {
  const comparison = compareRounds([
    { ours: [row('a', 1), row('new', 1)], other: [row('a', 2), row('old', 1), row('cube: failed', null)] },
    { ours: [row('a', null)], other: [row('a', 1)] },
    { ours: [row('b', 1)], other: [] },
  ]);
  expect(comparison.rows.map(({ work, ratios }) => ({ work, ratios }))).toEqual([
    { work: 'a', ratios: [0.5] },
  ]);
  expect(comparison.onlyOurs).toEqual(['new', 'b']);
  expect(comparison.onlyOther).toEqual(['old']);
});

it('the table shows medians, ratio, its range and the mark', () => {
  const comparison = compareRounds([
    { ours: [row('open', 0.002), row('new', 1)], other: [row('open', 0.001), row('old', 1)] },
    { ours: [row('open', 0.003)], other: [row('open', 0.001)] },
  ]);
  const [headings, , first, ...rest] = formatComparison(comparison, 'abc123').split('\n');
  expect(headings?.split(/ {2,}/)).toEqual(['work', 'ours', 'abc123', 'ours / other', 'min', 'max']);
  expect(first?.split(/ {2,}/)).toEqual(['open', '2.50 ms', '1.00 ms', '2.50', '2.00', '3.00', 'SLOWER']);
  expect(rest).toEqual(['only measured here: new', 'only measured in abc123: old', '']);
});

it('packages that the other build needs at run time must be here in the same version', () => {
  const theirs = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/hono': { version: '4.13.19' },
      'node_modules/gone': { version: '1.0.0' },
      'node_modules/vite': { version: '7.0.0', dev: true },
    },
  };
  const ours = {
    packages: {
      '': { version: '0.2.0' },
      'node_modules/zod': { version: '4.6.7', dev: true },
      'node_modules/hono': { version: '4.14.0' },
    },
  };
  expect(missingPackages(theirs, ours)).toEqual(['hono 4.13.19 (here: 4.14.0)', 'gone 1.0.0 (here: none)']);
});
