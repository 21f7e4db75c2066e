import type { FilterSettings } from '../contract/filter.ts';
import { describe, expect, it } from 'vitest';
import { buildAxis } from './axis.ts';
import type { SpectralAxis } from './axis.ts';
import { bandScaling } from './scaling.ts';
import { designOperator, noiseGain, refitWeights } from './operator.ts';
import type { BandedOperator, OperatorRow } from './operator.ts';

const settings = (changes: Partial<FilterSettings> = {}): FilterSettings => ({
  window: 5,
  degree: 2,
  derivative: 0,
  axis: 'band',
  edge: 'fit',
  gap: 'refit',
  ...changes,
});

const bandAxis = (bandIsGood: boolean[]): SpectralAxis =>
  buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood });
const allGood = (bands: number): boolean[] => new Array<boolean>(bands).fill(true);
const evenOperator = (bands: number, changes: Partial<FilterSettings> = {}): BandedOperator =>
  designOperator(bandAxis(allGood(bands)), settings(changes));

function rowOf(operator: BandedOperator, bandIndex: number): OperatorRow {
  const row = operator.rows[bandIndex];
  if (row === null || row === undefined) throw new Error(`band ${bandIndex} has no row`);
  return row;
}

function expectWeights(weights: Float64Array | null | undefined, expected: readonly number[]): void {
  expect(weights).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(weights?.[i]).toBeCloseTo(value, 14));
}

describe('the banded operator', () => {
  it('centres windows inside and keeps them inside at the ends', () => {
    const operator = evenOperator(7);
    const windows = operator.rows.map((row) => (row === null ? null : [...row.bandIndexes]));
    expect(windows[0]).toEqual([0, 1, 2, 3, 4]);
    expect(windows[2]).toEqual([0, 1, 2, 3, 4]);
    expect(windows[3]).toEqual([1, 2, 3, 4, 5]);
    expect(windows[6]).toEqual([2, 3, 4, 5, 6]);
    expect(operator.rows.map((row) => row?.edge)).toEqual([true, true, false, false, false, true, true]);
    expectWeights(rowOf(operator, 3).weights, [-3 / 35, 12 / 35, 17 / 35, 12 / 35, -3 / 35]);
    expectWeights(rowOf(operator, 6).weights, [3 / 35, -5 / 35, -3 / 35, 9 / 35, 31 / 35]);
  });

  it('leaves edge bands out with edge mode nan, and still tells which they are', () => {
    const operator = evenOperator(7, { edge: 'nan' });
    expect(operator.rows.map((row) => row !== null)).toEqual([false, false, true, true, true, false, false]);
    expect(operator.bandIsEdge).toEqual([true, true, false, false, false, true, true]);
  });

  it('counts the window in good bands and fits on their true positions', () => {
    // Band 3 is bad: band 4 has the window 1, 2, 4, 5, 6, at offsets -3, -2, 0, 1, 2.
    const operator = designOperator(
      bandAxis([true, true, true, false, true, true, true, true]),
      settings({ derivative: 1 }),
    );
    expect(operator.rows[3]).toBeNull();
    const row = rowOf(operator, 4);
    expect([...row.bandIndexes]).toEqual([1, 2, 4, 5, 6]);
    // A straight line of slope 2 over the band index.
    const slope = row.weights.reduce(
      (sum, weight, i) => sum + weight * (7 + 2 * (row.bandIndexes[i] ?? NaN)),
      0,
    );
    expect(slope).toBeCloseTo(2, 13);
  });

  it('gives no rows to a segment shorter than the window, and lists it', () => {
    const flags = allGood(14).map((_, band) => band < 3 || band > 5);
    const operator = designOperator(bandAxis(flags), settings());
    expect(operator.shortSegments.map(({ bandIndexes }) => [...bandIndexes])).toEqual([[0, 1, 2]]);
    expect(operator.rows.slice(0, 6)).toEqual([null, null, null, null, null, null]);
    expect(operator.rows.slice(6).every((row) => row !== null)).toBe(true);
    expect(operator.bandIsEdge.slice(0, 6)).toEqual(new Array(6).fill(false));
  });

  it('refuses a window that fits into no segment and names the longest', () => {
    const flags = allGood(14).map((_, band) => band < 3 || band > 5);
    expect(() => designOperator(bandAxis(flags), settings({ window: 9 }))).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message:
          'A window of 9 bands fits into no segment: the longest without a gap, bands 7-14, has 8 good bands.',
        place: { field: 'window', remedy: 'Choose a window of at most 7.' },
      }),
    );
    const wavelengths = buildAxis({
      kind: 'wavelength',
      wavelengthsNm: [500, 500, 500],
      bandIsGood: allGood(3),
    });
    expect(() => designOperator(wavelengths, settings({ axis: 'wavelength' }))).toThrow(
      expect.objectContaining({
        place: { field: 'window', remedy: 'Filter by band number with `--axis band`.' },
      }),
    );
  });

  it('refuses where all bands are bad, where a setting is off, and where the axes differ', () => {
    expect(() => designOperator(bandAxis([false, false]), settings())).toThrow(/no good band/);
    expect(() => evenOperator(9, { window: 4 })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
    expect(() => evenOperator(9, { degree: 1, derivative: 2 })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
    expect(() => evenOperator(9, { axis: 'wavelength' })).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });

  it('stays plain data', () => {
    const scaling = bandScaling(allGood(9).map(() => ({ scale: 0.1, offset: 3 })));
    for (const operator of [evenOperator(9), designOperator(bandAxis(allGood(9)), settings(), scaling)]) {
      expect(structuredClone(operator)).toEqual(operator);
    }
  });

  it('knows the noise gain: sqrt(17/35) for window 5, degree 2; sqrt(2/7) for its second derivative', () => {
    // The sum of squared smoothing weights is the centre weight; (4 + 1 + 4 + 1 + 4) / 49 = 2/7.
    expect(noiseGain(rowOf(evenOperator(9), 4))).toBeCloseTo(Math.sqrt(17 / 35), 14);
    expect(noiseGain(rowOf(evenOperator(9, { derivative: 2 }), 4))).toBeCloseTo(Math.sqrt(2 / 7), 14);
  });
});

describe('refitted weights', () => {
  const refitted = (derivative: number, present: number[]): Float64Array | null =>
    refitWeights(evenOperator(9, { derivative }), 4, present)?.weights ?? null;

  it('interpolate a missing centre', () => {
    expectWeights(refitted(0, [1, 1, 0, 1, 1]), [-1 / 6, 4 / 6, 0, 4 / 6, -1 / 6]);
    expectWeights(refitted(1, [1, 1, 0, 1, 1]), [-0.2, -0.1, 0, 0.1, 0.2]);
    expectWeights(refitted(2, [1, 1, 0, 1, 1]), [1 / 3, -1 / 3, 0, -1 / 3, 1 / 3]);
  });

  it('fit around a missing neighbour', () => {
    expectWeights(refitted(0, [1, 1, 1, 0, 1]), [-9 / 55, 24 / 55, 37 / 55, 0, 3 / 55]);
    expectWeights(refitted(1, [1, 1, 1, 0, 1]), [-49 / 220, -16 / 220, 12 / 220, 0, 53 / 220]);
    expectWeights(refitted(2, [1, 1, 1, 0, 1]), [7 / 22, -4 / 22, -8 / 22, 0, 5 / 22]);
  });

  it('need degree + 2 samples, unless the window is complete', () => {
    expect(refitted(0, [1, 1, 1, 0, 0])).toBeNull();
    const full = evenOperator(9, { window: 3, degree: 2, derivative: 2 });
    expectWeights(refitWeights(full, 4, [1, 1, 1])?.weights, [1, -2, 1]);
    expect(refitWeights(full, 4, [1, 0, 1])).toBeNull();
  });

  it('are refused where all samples lie on one side of the band', () => {
    const line = evenOperator(9, { window: 7, degree: 1 });
    // Three remain, degree + 2 = 3: left, right; with the band itself among them; with one of the other side.
    expect(refitWeights(line, 4, [1, 1, 1, 0, 0, 0, 0])).toBeNull();
    expect(refitWeights(line, 4, [0, 0, 0, 0, 1, 1, 1])).toBeNull();
    expect(refitWeights(line, 4, [0, 1, 1, 1, 0, 0, 0])).not.toBeNull();
    expect(refitWeights(line, 4, [0, 1, 1, 0, 0, 0, 1])).not.toBeNull();
  });

  it('are extrapolated in an edge window', () => {
    // A line through bands 1, 2, 3, evaluated at band 0: mean at 2, slope [-1, 0, 1]/2, two steps back.
    const line = evenOperator(9, { window: 7, degree: 1 });
    expectWeights(refitWeights(line, 0, [0, 1, 1, 1, 0, 0, 0])?.weights, [0, 4 / 3, 1 / 3, -2 / 3, 0, 0, 0]);
  });

  it('are null where the band has no row', () => {
    expect(refitWeights(evenOperator(9, { edge: 'nan' }), 0, [1, 1, 1, 1, 1])).toBeNull();
    expect(refitWeights(evenOperator(9), 9, [1, 1, 1, 1, 1])).toBeNull();
  });

  it('are kept: the same pattern gives the same object, as flags or numbers', () => {
    const operator = evenOperator(9);
    const first = refitWeights(operator, 4, [1, 1, 0, 1, 1]);
    expect(refitWeights(operator, 4, [true, true, false, true, true])).toBe(first);
    expect(refitWeights(operator, 3, [1, 1, 0, 1, 1])).not.toBe(first);
    expect(refitWeights(operator, 4, [1, 1, 1, 1, 1])).toBe(rowOf(operator, 4));
  });
});
