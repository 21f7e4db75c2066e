import { describe, expect, it } from 'vitest';
import { derivativeUnit, fixed, plainText, valueDecimals, valueFactor } from './plotNumbers.ts';
import { layOutBands } from './spectrumLayout.ts';
import { segment, testCurve, testState } from './testSpectrum.ts';
import {
  axisTag,
  bandCaption,
  bandTag,
  bandWords,
  curveTexts,
  derivativeTitle,
  plotWords,
  valueTitle,
} from './spectrumWords.ts';

const state = testState({
  wavelengthsNm: [418.243, 679.488, null],
  bandIsGood: [true, true, false],
  segments: [segment(0, 1)],
  curves: [
    testCurve([0.0214, 0.0323, null], {
      smoothed: [0.02, 0.0315, null],
      derivative: [-50.12e-6, 120e-6, null],
    }),
    testCurve([0, 0, 0], { kind: 'pin', label: 'Havel' }),
  ],
});
const bare = testState({
  wavelengthsNm: null,
  axis: 'band',
  bandNames: ['AVIRIS channel 4', 'Red edge', null, null, null, null],
});

describe('tags', () => {
  it('are nanometres or band numbers', () => {
    expect(bandTag(state, 1)).toBe('679.49 nm');
    expect(axisTag(state, 1)).toBe('679');
    expect(bandTag(state, 2)).toBe('band 3');
    expect(bandTag(bare, 4)).toBe('band 5');
    expect(axisTag(bare, 4)).toBe('5');
  });

  it('name a band where nm would stand', () => {
    expect([0, 1, 2].map((band) => bandCaption(bare, band))).toEqual(['ch 4', 'Red edge', '']);
    expect(bandCaption(state, 0)).toBe('418.24 nm');
  });
});

describe('words', () => {
  it('say what the band line stands at', () => {
    expect(bandWords(state, 1)).toBe('band 2, 679.49 nm, smoothed 0.0315');
    expect(bandWords(state, 2)).toBe('band 3, bad band, no value');
    expect(bandWords(bare, 0)).toBe('band 1, ch 4, raw 10');
  });

  it('say what the plot shows', () => {
    expect(plotWords(state, layOutBands(state))).toBe(
      'Spectrum of Line 1, sample 2: reflectance from 0.0214 to 0.0323 over 418 to 679 nm, 1 segment, 1 bad band.' +
        ' Below it the 2nd derivative, in 10^−6/nm². Pins: 1 (Havel).',
    );
  });

  it('name axes, with units that say something', () => {
    expect(plainText(valueTitle(state, 0))).toBe('Reflectance');
    const radiance = { values: 'W/m^2', smoothed: 'W/m^2', derivative: 'W/m^2/nm' };
    const other = { ...state, quantity: 'Radiance', derivativeOrder: 1, units: radiance };
    expect(plainText(valueTitle(other, 0))).toBe('Radiance (W/m²)');
    expect(plainText(valueTitle(other, -6))).toBe('Radiance (10^−6 W/m²)');
    expect(plainText(valueTitle(state, 3))).toBe('Reflectance (10³)');
    expect(plainText(derivativeTitle(other))).toBe('d 10^−6 W/m²/nm');
    expect(plainText(derivativeTitle(state))).toBe('d² 10^−6/nm²');
  });
});

describe('numbers', () => {
  it('have units with raised powers', () => {
    expect(plainText(derivativeUnit('1/band^2', 0))).toBe('1/band²');
    expect(plainText(derivativeUnit('reflectance/nm^4', -9))).toBe('10^−9/nm^4');
  });

  it('leave a power of ten out of wide ticks', () => {
    expect(valueFactor([0, 9000]).power).toBe(0);
    expect(valueFactor([-50000, 0])).toEqual({ power: 3, factor: 1000 });
    expect(valueFactor([0, 2e6]).power).toBe(6);
    expect(valueFactor([0, 0.4])).toEqual({ power: 0, factor: 1 });
  });

  it('have a true minus, and a dash where there is none', () => {
    expect(fixed(-1.25, 1)).toMatch(/^−1\.[23]$/);
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect(fixed(null, 2)).toBe('–');
  });

  it('have decimals by their size', () => {
    expect(valueDecimals([1, 2, 3])).toBe(0);
    expect(valueDecimals([0.1, null])).toBe(4);
    expect(valueDecimals([1234.5])).toBe(2);
    expect(valueDecimals([0.00012])).toBe(7);
  });

  it('leave the power of ten out of derivatives', () => {
    const [curve] = state.curves;
    expect(curve && curveTexts(curve, 0, 1e-6)).toEqual({
      raw: '0.0214',
      smoothed: '0.0200',
      derivative: '−50.1',
    });
  });
});
