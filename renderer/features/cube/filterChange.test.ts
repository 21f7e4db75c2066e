import { expect, test } from 'vitest';
import type { CubeInfo, FilterSettings } from '../../../src/engine/contract/index.ts';
import {
  degreeProblem,
  derivativeProblem,
  filterChange,
  widestWindow,
  windowProblem,
} from './filterChange.ts';

const filter: FilterSettings = {
  window: 11,
  degree: 2,
  derivative: 2,
  axis: 'wavelength',
  edge: 'fit',
  gap: 'refit',
};
const segment = (firstBandIndex: number, lastBandIndex: number) => ({
  firstBandIndex,
  lastBandIndex,
  direction: 'rising' as const,
  stepNm: 5,
});
const info = {
  segments: [segment(0, 19), segment(20, 32)],
  bandIsGood: Array(40).fill(true),
} as unknown as CubeInfo;

test('a window is odd, above the degree and no longer than the longest segment of its axis', () => {
  expect(windowProblem(info, filter, 10)).toBe('The window must be odd.');
  expect(windowProblem(info, filter, 21)).toBe('The longest segment has 20 bands.');
  expect(windowProblem(info, { ...filter, axis: 'band' }, 21)).toBeNull();
  expect(windowProblem(info, { ...filter, degree: 4 }, 3)).toBe('Degree 4 needs a window of 5 or more.');
  expect(windowProblem(info, { ...filter, degree: 3 }, 3)).toBe('Degree 3 needs a window of 5 or more.');
  expect([1, 103, 5.5].map((size) => windowProblem(info, filter, size) !== null)).toEqual([true, true, true]);
  expect([widestWindow(info, 'wavelength'), widestWindow(info, 'band')]).toEqual([19, 39]);
});

test('degrees and derivatives', () => {
  expect([0, 6, 7, -1, 1.5].map((degree) => degreeProblem(filter, degree) === null)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(degreeProblem({ ...filter, window: 5 }, 5)).toContain('needs a degree of 4');
  expect(derivativeProblem(filter, 3)).toBe('3 needs degree 3 or more.');
  expect(derivativeProblem(filter, 2)).toBeNull();
});

test('a change keeps the filter valid, or is none', () => {
  expect(filterChange(info, filter, { degree: 1 })).toMatchObject({ degree: 1, derivative: 1 });
  expect(filterChange(info, { ...filter, degree: 0, derivative: 0 }, { degree: 3 })).toMatchObject({
    derivative: 2,
  });
  // Derivative 0 that was chosen stays.
  expect(filterChange(info, { ...filter, derivative: 0 }, { degree: 3 })).toMatchObject({ derivative: 0 });
  expect(filterChange(info, filter, { window: 12 })).toBeNull();
  expect(filterChange(info, { ...filter, axis: 'band', window: 31 }, { axis: 'wavelength' })).toMatchObject({
    window: 19,
  });
});
