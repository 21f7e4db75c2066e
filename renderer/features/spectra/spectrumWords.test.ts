import { expect, test } from 'vitest';
import type { FilterSettings, OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { quantityOf, segmentsOn } from './spectrumWords.ts';

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

test('values are called by their unit, or by what they are', () => {
  expect(quantityOf(cube, 'reflectance')).toBe('Reflectance');
  expect(quantityOf(cube, '1')).toBe('Stored value');
  expect(quantityOf({ ...cube, info: { ...cube.info, scale: 0.1 } }, '1')).toBe('Value');
});
