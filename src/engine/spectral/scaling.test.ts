import type { FilterSettings } from '../contract/filter.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAxis } from './axis.ts';
import { filterSpectrum } from './filterSpectrum.ts';
import { designOperator, refitWeights } from './operator.ts';
import { bandScaling, foldScaling } from './scaling.ts';

describe('the scaling of bands', () => {
  it('takes null as scale 1 and offset 0', () => {
    const bands = [
      { scale: null, offset: 2 },
      { scale: 3, offset: null },
    ];
    expect(bandScaling(bands)).toEqual({ scales: Float64Array.of(1, 3), offsets: Float64Array.of(2, 0) });
  });

  it('is null where it changes nothing', () => {
    expect(
      bandScaling([
        { scale: null, offset: null },
        { scale: 1, offset: 0 },
      ]),
    ).toBeNull();
  });
});

describe('a row with scale and offset in it', () => {
  const bandIndexes = Int32Array.of(1, 2, 4);
  const scaling = { scales: Float64Array.of(9, 2, 10, 9, -4), offsets: Float64Array.of(99, 5, 7, 99, 3) };

  it('is the row itself without a scaling', () => {
    const weights = Float64Array.of(1, -2, 1);
    const row = foldScaling(weights, { bandIndexes, bandIndex: 2, derivative: 2 }, null);
    expect(row.weights).toBe(weights);
    expect(row.constant).toBe(0);
  });

  it('has weights x scales, and the offsets in the constant', () => {
    // 0.25 (2 a + 5) + 0.5 (10 b + 7) + 0.25 (3 - 4 c) = 0.5 a + 5 b - c + 5.5
    const place = { bandIndexes, bandIndex: 2, derivative: 0 };
    const row = foldScaling(Float64Array.of(0.25, 0.5, 0.25), place, scaling);
    expect([...row.weights]).toEqual([0.5, 5, -1]);
    expect(row.constant).toBe(5.5);
  });

  it('of a derivative: only differences of offsets count', () => {
    // (2 a + 5) - 2 (10 b + 7) + (3 - 4 c) = 2 a - 20 b - 4 c - 6
    const row = foldScaling(Float64Array.of(1, -2, 1), { bandIndexes, bandIndex: 2, derivative: 2 }, scaling);
    expect([...row.weights]).toEqual([2, -20, -4]);
    expect(row.constant).toBe(-6);
  });

  it('one offset for all bands is exact: itself when smoothing, nothing in a derivative', () => {
    const bands = Array.from({ length: 40 }, () => ({ scale: 0.001, offset: 273.15 }));
    const axis = buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood: bands.map(() => true) });
    for (let derivative = 0; derivative <= 3; derivative++) {
      const filter = { window: 11, degree: 3, derivative, axis: 'band', edge: 'fit', gap: 'refit' } as const;
      const operator = designOperator(axis, filter, bandScaling(bands));
      const constants = operator.rows.map((row) => row?.constant);
      expect(new Set(constants)).toEqual(new Set([derivative === 0 ? 273.15 : 0]));
      const refitted = refitWeights(operator, 20, [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
      expect(refitted?.constant).toBe(derivative === 0 ? 273.15 : 0);
    }
  });

  it('gives what the plain filter gives of the scaled values, gaps included', () => {
    const bands = 16;
    const wavelengthsNm = [400, 405, 411, 416, 423, 428, 434, 440, 447, 453, 459, 464, 470, 477, 483, 488];
    const bandIsGood = wavelengthsNm.map(() => true);
    const axis = buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood });
    const perBand = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(one, { minLength: bands, maxLength: bands });
    const finite = (size: number): fc.Arbitrary<number> => fc.double({ min: -size, max: size, noNaN: true });
    const problem = fc.record({
      numbers: perBand(
        fc.oneof(
          { weight: 8, arbitrary: finite(1e4) },
          { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity) },
        ),
      ),
      scales: perBand(fc.option(finite(10))),
      offsets: perBand(fc.option(finite(1e3))),
      half: fc.integer({ min: 1, max: 5 }),
      degree: fc.integer({ min: 0, max: 4 }),
      derivative: fc.integer({ min: 0, max: 3 }),
      edge: fc.constantFrom('fit' as const, 'nan' as const),
      gap: fc.constantFrom('refit' as const, 'strict' as const),
    });
    fc.assert(
      fc.property(problem, ({ numbers, scales, offsets, half, edge, gap, ...orders }) => {
        const degree = Math.min(orders.degree, 2 * half);
        const derivative = Math.min(orders.derivative, degree);
        const filter: FilterSettings = {
          window: 2 * half + 1,
          degree,
          derivative,
          axis: 'wavelength',
          edge,
          gap,
        };
        const records = scales.map((scale, band) => ({ scale, offset: offsets[band] ?? null }));
        const folded = filterSpectrum(designOperator(axis, filter, bandScaling(records)), numbers);
        const plain = designOperator(axis, filter);
        // A gap stays one whatever it is scaled by.
        const values = numbers.map((number, band) =>
          Number.isFinite(number) ? number * (scales[band] ?? 1) + (offsets[band] ?? 0) : NaN,
        );
        const wanted = filterSpectrum(plain, values);
        expect(folded.edge).toEqual(wanted.edge);
        wanted.result.forEach((value, band) => {
          const result = folded.result[band] ?? NaN;
          if (Number.isNaN(value)) {
            expect(result).toBeNaN();
            return;
          }
          // The weights that were used, refitted where there are gaps.
          const row = plain.rows[band];
          const window = [...(row?.bandIndexes ?? [])];
          const present = window.map((index) => Number.isFinite(values[index]));
          const used = refitWeights(plain, band, present)?.weights ?? new Float64Array(0);
          const size = used.reduce((sum, weight) => sum + Math.abs(weight), 0) * 1.02e5;
          expect(Math.abs(result - value)).toBeLessThanOrEqual(1e-14 * size);
        });
      }),
      { numRuns: 300 },
    );
  });
});
