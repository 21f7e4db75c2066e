import { expect, test } from 'vitest';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { quantityOf } from './spectrumWords.ts';

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
test('values are called by their unit, or by what they are', () => {
  expect(quantityOf(cube, 'reflectance')).toBe('Reflectance');
  expect(quantityOf(cube, '1')).toBe('Stored value');
  expect(quantityOf({ ...cube, info: { ...cube.info, scale: 0.1 } }, '1')).toBe('Value');
});
