import { expect, test } from 'vitest';
import type { FilterSettings, OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import { filterProblem, segmentsOn } from './segments.ts';

const segments = [{ firstBandIndex: 0, lastBandIndex: 4, direction: 'rising', stepNm: 5 }];
const cube = {
  info: {
    segments,
    wavelengthsNm: [1, 2, 3, 4, 5, 6, 7],
    bandIsGood: [false, true, true, true, true, true, false],
    scale: null,
  },
  options: {},
} as unknown as OpenCubeAnswer;
const filter = (axis: FilterSettings['axis']): FilterSettings => ({
  window: 3,
  degree: 2,
  derivative: 2,
  axis,
  edge: 'fit',
  gap: 'refit',
});

test('over band numbers all good bands are one segment, unless the person gave joins', () => {
  expect(segmentsOn(cube, filter('wavelength'))).toBe(segments);
  const ends = (one: OpenCubeAnswer) =>
    segmentsOn(one, filter('band')).map(({ firstBandIndex, lastBandIndex }) => [
      firstBandIndex,
      lastBandIndex,
    ]);
  expect(ends(cube)).toEqual([[1, 5]]);
  expect(ends({ ...cube, options: { joinIndexes: [2] } })).toEqual([
    [1, 2],
    [3, 5],
  ]);
});

test('a band has a filtered value inside a segment that is long enough', () => {
  const asked = filter('wavelength');
  expect([0, 1, 4, 6].map((bandIndex) => filterProblem(cube, asked, bandIndex))).toEqual([
    'Band 1 has no filtered image: it is marked bad.',
    null,
    null,
    'Band 7 has no filtered image: it is marked bad.',
  ]);
  expect(filterProblem(cube, { ...asked, window: 5 }, 2)).toContain('its segment has 4 bands');
  expect(filterProblem(cube, asked, 5)).toContain('no segment');
  const left = { ...asked, edge: 'nan' as const };
  expect([1, 2, 3, 4].map((bandIndex) => filterProblem(cube, left, bandIndex) === null)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
