import { describe, expect, it } from 'vitest';
import {
  axisFactor,
  formatNumber,
  formatTicks,
  formatUnit,
  ordinal,
  superscript,
  withUnit,
} from './numbers.ts';

describe('formatNumber', () => {
  it('keeps the asked-for digits and drops trailing zeros', () => {
    expect(formatNumber(0.342156, 4)).toBe('0.3422');
    expect(formatNumber(842.3, 6)).toBe('842.3');
    expect(formatNumber(12500)).toBe('12500');
    expect(formatNumber(100)).toBe('100');
    expect(formatNumber(0.0001234)).toBe('0.0001234');
  });

  it('writes the true minus', () => {
    expect(formatNumber(-0.5)).toBe('−0.5');
    expect(formatNumber(-1.5e-9)).toBe('−1.5×10⁻⁹');
  });

  it('writes powers of ten where zeros would be many', () => {
    expect(formatNumber(1.2e-7)).toBe('1.2×10⁻⁷');
    expect(formatNumber(6.02214e23, 3)).toBe('6.02×10²³');
    expect(formatNumber(5e-324, 3)).toBe('4.94×10⁻³²⁴');
  });

  it('carries a rounding over to the next power', () => {
    expect(formatNumber(9.9999, 3)).toBe('10');
    expect(formatNumber(9999999.9, 3)).toBe('1×10⁷');
  });

  it('names what is no number', () => {
    expect(formatNumber(null)).toBe('no value');
    expect(formatNumber(NaN)).toBe('no value');
    expect(formatNumber(-Infinity)).toBe('−∞');
    expect(formatNumber(-0)).toBe('0');
  });

  it('rounds large numbers no further than to whole ones', () => {
    expect(formatNumber(1234567, 4)).toBe('1234567');
  });
});

describe('formatUnit', () => {
  it('raises powers', () => {
    expect(formatUnit('reflectance/nm^2')).toBe('reflectance/nm²');
    expect(formatUnit('nm^-2')).toBe('nm⁻²');
    expect(formatUnit('W*m^(-2)*sr^-1')).toBe('W·m⁻²·sr⁻¹');
    expect(formatUnit(' counts ')).toBe('counts');
  });
});

it('adds a unit where there is one', () => {
  expect(withUnit('0.34', 'reflectance/nm^2')).toBe('0.34 reflectance/nm²');
  for (const none of [null, '', ' ', '1']) expect(withUnit('0.34', none)).toBe('0.34');
});

describe('axisFactor', () => {
  it('takes nothing out of plain magnitudes', () => {
    for (const max of [0.01, 0.6, 1, 99_999, 0, NaN, Infinity]) {
      expect(axisFactor(max)).toEqual({ power: 0, factor: 1, label: '' });
    }
  });

  it('takes out powers of a thousand', () => {
    expect(axisFactor(3e-7)).toEqual({ power: -9, factor: 1e-9, label: '×10⁻⁹' });
    expect(axisFactor(-0.0012)).toEqual({ power: -3, factor: 1e-3, label: '×10⁻³' });
    expect(axisFactor(2.5e5)).toEqual({ power: 3, factor: 1e3, label: '×10³' });
    expect(axisFactor(5e-324).factor).toBeGreaterThan(0);
  });
});

describe('formatTicks', () => {
  it('gives all ticks the decimals of their step', () => {
    expect(formatTicks([0, 0.25, 0.5])).toEqual(['0.00', '0.25', '0.50']);
    expect(formatTicks([-0.2, 0, 0.2])).toEqual(['−0.2', '0.0', '0.2']);
    expect(formatTicks([400, 600, 800])).toEqual(['400', '600', '800']);
    expect(formatTicks([0.1 + 0.2, 0.4, 0.5])).toEqual(['0.3', '0.4', '0.5']);
  });

  it('divides by the factor of the axis', () => {
    expect(formatTicks([-2e-7, 0, 2e-7], 1e-9)).toEqual(['−200', '0', '200']);
    expect(formatTicks([2.5e-6, 5e-6], 1e-6)).toEqual(['2.5', '5.0']);
  });

  it('writes a single tick in full', () => {
    expect(formatTicks([1.5])).toEqual(['1.5']);
    expect(formatTicks([])).toEqual([]);
  });
});

it('writes powers and ordinals', () => {
  expect(superscript(-12)).toBe('⁻¹²');
  expect([1, 2, 3, 4].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th']);
});
