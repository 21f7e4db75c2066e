import type { SegmentInfo } from '../../src/engine/contract/cube.ts';
import type { SpectrumCurve, SpectrumState } from './spectrumState.ts';

export const segment = (first: number, last: number, stepNm: number | null = 100): SegmentInfo => ({
  firstBandIndex: first,
  lastBandIndex: last,
  direction: first === last ? 'single' : 'rising',
  stepNm,
});

export function testCurve(values: (number | null)[], change: Partial<SpectrumCurve> = {}): SpectrumCurve {
  return {
    id: 'a',
    kind: 'active',
    label: 'Line 1, sample 2',
    values,
    smoothed: null,
    derivative: null,
    edge: values.map(() => false),
    ...change,
  };
}

/** Two detectors with the same three wavelengths: 400, 500, 600 nm. */
export function testState(change: Partial<SpectrumState> = {}): SpectrumState {
  return {
    axis: 'wavelength',
    wavelengthsNm: [400, 500, 600, 400, 500, 600],
    bandIsGood: [true, true, true, true, true, true],
    bandNames: null,
    segments: [segment(0, 2), segment(3, 5)],
    curves: [testCurve([10, 10, 10, 20, 20, 20])],
    units: { values: '1', smoothed: '1', derivative: '1/nm^2' },
    derivativeOrder: 2,
    bandIndexes: [1],
    quantity: 'Reflectance',
    ...change,
  };
}
