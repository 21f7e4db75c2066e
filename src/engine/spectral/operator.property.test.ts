import type { FilterSettings } from '../contract/filter.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAxis } from './axis.ts';
import type { SpectralAxis } from './axis.ts';
import { designOperator } from './operator.ts';
import type { BandedOperator } from './operator.ts';

/** One segment on any strictly monotonic coordinates, whatever the segment rule would say of its steps. */
const oneSegment = (coordinates: number[]): SpectralAxis => ({
  kind: 'wavelength',
  bands: coordinates.length,
  coordinates: Float64Array.from(coordinates),
  segments: [
    {
      bandIndexes: Int32Array.from(coordinates, (_, band) => band),
      direction: (coordinates[1] ?? 0) > (coordinates[0] ?? 0) ? 'rising' : 'falling',
      medianStep: null,
    },
  ],
  excluded: [],
});

/** Windows 3 to 101, degrees 0 to 6 below them, derivatives 0 to 3 up to the degree. */
const filters = fc.integer({ min: 1, max: 50 }).chain((half) =>
  fc.integer({ min: 0, max: Math.min(6, 2 * half) }).chain((degree) =>
    fc.integer({ min: 0, max: Math.min(3, degree) }).map((derivative): FilterSettings => ({
      window: 2 * half + 1,
      degree,
      derivative,
      axis: 'wavelength',
      edge: 'fit',
      gap: 'refit',
    })),
  ),
);

/** A filter with strictly monotonic coordinates for it: steps from 0.1 to 10, a few bands more than the window. */
const problems = filters.chain((filter) =>
  fc.record({
    filter: fc.constant(filter),
    coordinates: fc
      .record({
        start: fc.double({ min: -100, max: 2500, noNaN: true }),
        falls: fc.boolean(),
        steps: fc.integer({ min: 0, max: 6 }).chain((more) =>
          fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
            minLength: filter.window - 1 + more,
            maxLength: filter.window - 1 + more,
          }),
        ),
      })
      .map(({ start, falls, steps }) => {
        const coordinates = [start];
        let last = start;
        for (const exponent of steps) coordinates.push((last += (falls ? -1 : 1) * 10 ** exponent));
        return coordinates;
      }),
  }),
);

/**
 * Rounding of weights and sums, relative to (sum of |weights|) x (largest |value|): the weights are within 2e-14 of the
 * largest one on the hard grids of exact_weights.json, and a window of 101 adds at most 101 roundings of 1.1e-16.
 */
const tolerance = 5e-14;

describe('for any strictly monotonic coordinates (step ratio to 100) and any band, edges too, the operator', () => {
  it('reproduces polynomials up to the degree and their derivatives', () => {
    const coefficient = fc.integer({ min: -1000, max: 1000 });
    const coefficients = fc.array(coefficient, { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(problems, coefficients, ({ filter, coordinates }, all) => {
        const operator = designOperator(oneSegment(coordinates), filter);
        operator.rows.forEach((row, bandIndex) => {
          if (row === null) throw new Error(`band ${bandIndex} has no row`);
          const offsets = Array.from(
            row.bandIndexes,
            (band) => (coordinates[band] ?? NaN) - (coordinates[bandIndex] ?? NaN),
          );
          const scale = Math.max(...offsets.map(Math.abs));
          // The polynomial sum of c_k (offset / scale)^k: its m-th derivative at the band is c_m m! / scale^m.
          const factorial = [1, 1, 2, 6][filter.derivative] ?? NaN;
          const expected = ((all[filter.derivative] ?? NaN) * factorial) / scale ** filter.derivative;
          let sum = 0;
          let weightSize = 0;
          let valueSize = 0;
          offsets.forEach((offset, i) => {
            const weight = row.weights[i] ?? NaN;
            const terms = all.slice(0, filter.degree + 1).map((each, k) => each * (offset / scale) ** k);
            sum += weight * terms.reduce((total, term) => total + term, 0);
            weightSize += Math.abs(weight);
            valueSize = Math.max(
              valueSize,
              terms.reduce((total, term) => total + Math.abs(term), 0),
            );
          });
          expect(Math.abs(sum - expected)).toBeLessThanOrEqual(tolerance * weightSize * valueSize);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('has smoothing weights that sum to 1 and derivative weights that sum to 0', () => {
    fc.assert(
      fc.property(problems, ({ filter, coordinates }) => {
        for (const row of designOperator(oneSegment(coordinates), filter).rows) {
          const weights = row?.weights ?? new Float64Array([NaN]);
          const size = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const expected = filter.derivative === 0 ? 1 : 0;
          expect(Math.abs(total - expected)).toBeLessThanOrEqual(tolerance * size);
        }
      }),
      { numRuns: 100 },
    );
  });

  /**
   * Two designs of the same weights, relative to the largest: the worst of 20 000 random grids differed by 5e-14, where
   * few coordinates lie far from a cluster of the others.
   */
  const designTolerance = 1e-12;

  /** The rows of the second operator are those of the first, band by band as told, times `sign`. */
  const expectSame = (
    first: BandedOperator,
    second: BandedOperator,
    bandOf: (band: number) => number,
    sign: number,
  ): void => {
    first.rows.forEach((row, band) => {
      const other = second.rows[bandOf(band)] ?? null;
      const largest = Math.max(...(row?.weights ?? [NaN]).map(Math.abs));
      row?.bandIndexes.forEach((windowBand, i) => {
        const j = other?.bandIndexes.indexOf(bandOf(windowBand)) ?? -1;
        const difference = sign * (other?.weights[j] ?? NaN) - (row.weights[i] ?? NaN);
        expect(Math.abs(difference)).toBeLessThanOrEqual(designTolerance * largest);
      });
      expect(other?.edge).toBe(row?.edge);
    });
  };

  it('gives the same results when bands and wavelengths are reversed together', () => {
    fc.assert(
      fc.property(problems, ({ filter, coordinates }) => {
        const forth = designOperator(oneSegment(coordinates), filter);
        const back = designOperator(oneSegment([...coordinates].reverse()), filter);
        expectSame(forth, back, (band) => coordinates.length - 1 - band, 1);
      }),
      { numRuns: 50 },
    );
  });

  it('changes the sign of odd derivatives only when the coordinate is negated', () => {
    fc.assert(
      fc.property(problems, ({ filter, coordinates }) => {
        const forth = designOperator(oneSegment(coordinates), filter);
        const negated = designOperator(oneSegment(coordinates.map((coordinate) => -coordinate)), filter);
        expectSame(forth, negated, (band) => band, filter.derivative % 2 === 0 ? 1 : -1);
      }),
      { numRuns: 50 },
    );
  });

  it('changes the sign of odd derivatives only when bands are reversed on the band axis', () => {
    fc.assert(
      fc.property(filters, fc.integer({ min: 0, max: 6 }), (filter, more) => {
        const bands = filter.window + more;
        const bandIsGood = new Array<boolean>(bands).fill(true);
        const axis = buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood });
        const operator = designOperator(axis, { ...filter, axis: 'band' });
        const sign = filter.derivative % 2 === 0 ? 1 : -1;
        expectSame(operator, operator, (band) => bands - 1 - band, sign);
      }),
      { numRuns: 50 },
    );
  });
});
