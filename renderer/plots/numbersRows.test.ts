import { expect, it } from 'vitest';
import { numbersRows, numbersText, type NumbersData } from './numbersRows.ts';
import { segment } from './testSpectrum.ts';
import { weightsLayout } from './weightsLayout.ts';

const data: NumbersData = {
  wavelengthsNm: [418.243, 423.8741, null],
  bandIsGood: [true, true, false],
  bandNames: null,
  segments: [segment(0, 1)],
  spectrum: {
    stored: [-373, [1, -2], '9007199254740993'],
    values: [0.1 + 0.2, 0.0346, null],
    smoothed: [0.0361, 0.0349, null],
    derivative: [-2.80123e-6, 113.91e-6, null],
    edge: [true, false, false],
  },
  units: { values: '1', smoothed: '1', derivative: '1/nm^2' },
  derivativeOrder: 2,
};

it('writes rows as people read them', () => {
  const { rows, power } = numbersRows(data);
  expect(power).toBe(-6);
  expect(rows[0]).toEqual({
    bandIndex: 0,
    place: '418.24',
    stored: '−373',
    value: '0.3000',
    smoothed: '0.03610',
    derivative: '−2.80',
    segment: '1',
    notes: ['edge of segment'],
  });
  expect(rows[1]).toMatchObject({ stored: '1−2i', derivative: '113.91' });
  expect(rows[2]).toMatchObject({
    place: '–',
    value: '–',
    derivative: '–',
    segment: '–',
    notes: ['bad band'],
  });
});

it('writes text with every digit', () => {
  expect(numbersText(data)).toBe(
    'Band\tWavelength (nm)\tStored\tValue\tSmoothed\td^2 (1/nm^2)\tSegment\tNote\n' +
      '1\t418.243\t-373\t0.30000000000000004\t0.0361\t-0.00000280123\t1\tedge of segment\n' +
      '2\t423.8741\t1-2i\t0.0346\t0.0349\t0.00011391\t1\t\n' +
      '3\t\t9007199254740993\t\t\t\t\tbad band\n',
  );
});

it('lays weights out around zero and names the extremes', () => {
  const { bars, zero, labels } = weightsLayout([2, -1, -1, -1, 2], 100, 64);
  expect(zero).toBeCloseTo(44, 9);
  expect(bars[0]).toMatchObject({ x: 5, y: 4, isPositive: true });
  expect(bars[1]).toMatchObject({ y: zero, isPositive: false });
  expect(labels.map(({ index }) => index)).toEqual([4, 2]);
  expect(weightsLayout([0.2, 0.6, 0.2], 100, 64).labels.map(({ index }) => index)).toEqual([1]);
  expect(weightsLayout([], 100, 64).bars).toEqual([]);
});
