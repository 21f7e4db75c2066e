import { describe, expect, it } from 'vitest';
import { channelSkips, wavelengthsInNames } from './bandNames.ts';

describe('wavelengthsInNames', () => {
  it.each([
    [
      ['band 1 (418.24 Nanometers)', 'band 2 (425.1 Nanometers)'],
      [418.24, 425.1],
      ['Nanometers', 'Nanometers'],
    ],
    [
      ['Band 1 (500.000000)', 'Band 2 (510.000000)'],
      [500, 510],
      [null, null],
    ],
    [
      ['B2 490 nm', 'B3 560 nm'],
      [490, 560],
      ['nm', 'nm'],
    ],
    [
      ['0.45 um', 'swir (1.6 um)'],
      [0.45, 1.6],
      ['um', 'um'],
    ],
    [
      ['a (450 nm)', 'mask'],
      [450, null],
      ['nm', null],
    ],
  ])('%j', (names, values, units) => {
    expect(wavelengthsInNames(names)).toEqual({ values, units });
  });

  it.each([
    [['NDVI (2001)', 'NDVI (2002)']],
    [['B2 (10 m)', 'B3 (10 m)']],
    [['B2 (10 m)', 'B5 (20 m)']],
    [['Band 1 (500.0)', 'Band 2']],
    [['PC 1', 'PC 2']],
    [['Band 1 (500.0)', 'Band 2 (500.0)']],
    [[null, null]],
    [[]],
  ])('none in %j', (names) => {
    expect(wavelengthsInNames(names)).toBeNull();
  });

  it('takes a million long names in linear time', () => {
    const names = new Array<string>(200_000).fill(`${'('.repeat(300)}1${' '.repeat(300)}`);
    expect(wavelengthsInNames(names)).toBeNull();
    expect(channelSkips(names)).toEqual([]);
  });
});

describe('channelSkips', () => {
  it('finds the numbers that are left out', () => {
    const numbers = [4, 5, 6, 12, 13, 14, 15, 17, 18];
    expect(channelSkips(numbers.map((number) => `AVIRIS channel ${number}`))).toEqual([
      { bandIndex: 2, first: 7, last: 11 },
      { bandIndex: 6, first: 16, last: 16 },
    ]);
  });

  it.each([
    [['B1', 'B2', 'B3']],
    [['B2', 'B3', 'C9']],
    [['B3', 'B2', 'B9']],
    [['B1', 'B10', 'B20', 'B30']],
    [['B1', null, 'B9']],
    [['B1 v2', 'B9 v2']],
  ])('none in %j', (names) => {
    expect(channelSkips(names)).toEqual([]);
  });
});
