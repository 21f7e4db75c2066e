import type { FilterSettings } from '../contract/filter.ts';
import { describe, expect, it } from 'vitest';
import type { BandRecord } from '../cube/cube.ts';
import { computedRecord, filteredUnit } from './computedBands.ts';
import { recipeKey, type ImageRecipe } from './recipe.ts';

const filter: FilterSettings = {
  window: 11,
  degree: 2,
  derivative: 2,
  axis: 'wavelength',
  edge: 'fit',
  gap: 'refit',
};
const record: BandRecord = {
  name: 'red',
  wavelengthNm: 650,
  fwhmNm: 10,
  good: false,
  noData: -1,
  scale: 0.1,
  offset: 3,
  unit: 'reflectance',
  time: '2022-07-24T10:00:00Z',
};

describe('the record of a computed band', () => {
  it('has NaN for nodata and no scale; name, wavelength and quality stay', () => {
    const computed = { ...record, noData: NaN, scale: null, offset: null };
    expect(computedRecord(record, null)).toEqual(computed);
    expect(computedRecord(record, filter)).toEqual({ ...computed, unit: 'reflectance/nm^2' });
    expect(computedRecord({ ...record, unit: null }, filter).unit).toBe('1/nm^2');
    expect(computedRecord({ ...record, unit: null }, { ...filter, derivative: 0 }).unit).toBeNull();
  });

  it.each([
    [0, 'wavelength', 'DN'],
    [1, 'wavelength', 'DN/nm'],
    [2, 'band', 'DN/band^2'],
    [3, 'wavelength', 'DN/nm^3'],
  ] as const)('derivative %d on the %s axis: %s', (derivative, axis, unit) => {
    expect(filteredUnit('DN', { ...filter, derivative, axis })).toBe(unit);
  });
});

it('recipes of different images have different keys, whatever the order of their fields', () => {
  const recipes: ImageRecipe[] = [
    { kind: 'band', parameters: { bandIndex: 1 } },
    { kind: 'stored', parameters: { bandIndex: 1 } },
    { kind: 'band', parameters: { bandIndex: 11 } },
    { kind: 'composite', parameters: { bandIndexes: [1, 2, 3], filter: null } },
    { kind: 'composite', parameters: { bandIndexes: [1, 2, 3], filter } },
    { kind: 'composite', parameters: { bandIndexes: [12, 3, 1], filter: null } },
    { kind: 'filtered', parameters: { bandIndex: 1, filter } },
    ...(
      [
        { window: 13 },
        { degree: 3 },
        { derivative: 1 },
        { axis: 'band' },
        { edge: 'nan' },
        { gap: 'strict' },
      ] as const
    ).map((change) => ({
      kind: 'filtered' as const,
      parameters: { bandIndex: 1, filter: { ...filter, ...change } },
    })),
  ];
  expect(new Set(recipes.map(recipeKey)).size).toBe(recipes.length);
  const turned = Object.fromEntries(Object.entries(filter).reverse());
  const [one, other] = [
    { kind: 'filtered', parameters: { bandIndex: 1, filter } },
    { parameters: { filter: turned, bandIndex: 1 }, kind: 'filtered' },
  ].map(recipeKey);
  expect(one).toBe(other);
});
