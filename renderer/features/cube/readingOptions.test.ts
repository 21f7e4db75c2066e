import { expect, test } from 'vitest';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { draftOf, optionsOf } from './readingOptions.ts';

const cube = {
  info: {
    bands: 4,
    scale: 0.0001,
    offset: null,
    noDataValue: -32768,
    bandIsGood: [true, false, true, true],
  },
  options: { imageId: 'second' },
} as unknown as OpenCubeAnswer;
const draft = draftOf(cube);

test('what was not changed stays as the file says', () => {
  expect(draft).toEqual({
    scale: '0.0001',
    offset: '',
    noData: '-32768',
    badBands: '2',
    joins: '',
    wavelengths: '',
  });
  expect(optionsOf(cube, draft)).toEqual({ options: { imageId: 'second' } });
});

test('what was changed becomes an option; an emptied field means none', () => {
  const changed = {
    scale: '2',
    offset: '',
    noData: '',
    badBands: '',
    joins: '2',
    wavelengths: '400 410, 420;430',
  };
  expect(optionsOf(cube, changed)).toEqual({
    options: {
      imageId: 'second',
      scale: 2,
      noData: null,
      bandIsGood: [true, true, true, true],
      joinIndexes: [1],
      wavelengthsNm: [400, 410, 420, 430],
    },
  });
  expect(optionsOf(cube, { ...draft, noData: 'nan' })).toMatchObject({ options: { noData: 'NaN' } });
});

test('what is wrong is said field by field', () => {
  const wrong = {
    scale: '0',
    offset: 'x',
    noData: 'none',
    badBands: '1-4',
    joins: '4',
    wavelengths: '400, 410',
  };
  expect(optionsOf(cube, wrong)).toEqual({
    problems: {
      scale: 'A scale of 0 makes every value 0.',
      offset: 'This is no number.',
      noData: 'This is no number; NaN is one too.',
      badBands: 'At least one band must be good.',
      joins: 'Band 4 is the last one.',
      wavelengths: 'There are 2 wavelengths for 4 bands.',
    },
  });
  expect(optionsOf(cube, { ...draft, wavelengths: '400 x 3 4' })).toMatchObject({
    problems: { wavelengths: '“x” is no wavelength in nanometres.' },
  });
});
