import type { FilterSettings } from '../contract/filter.ts';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRow } from '../kernels/bandedOperator.ts';
import { buildAxis } from './axis.ts';
import { filterSpectrum } from './filterSpectrum.ts';
import type { FilteredSpectrum } from './filterSpectrum.ts';
import { designOperator, refitWeights } from './operator.ts';
import type { BandedOperator } from './operator.ts';

const settings = (changes: Partial<FilterSettings> = {}): FilterSettings => ({
  window: 5,
  degree: 2,
  derivative: 0,
  axis: 'band',
  edge: 'fit',
  gap: 'refit',
  ...changes,
});

const evenOperator = (bands: number, changes: Partial<FilterSettings> = {}): BandedOperator =>
  designOperator(
    buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood: new Array<boolean>(bands).fill(true) }),
    settings(changes),
  );

const readFixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'));

const golden = [2, 2, 5, 2, 1, 0, 1, 4, 9];
const filterGolden = (values: readonly number[], changes: Partial<FilterSettings> = {}): FilteredSpectrum =>
  filterSpectrum(evenOperator(values.length, changes), values);

describe('a spectrum of nine bands, window 5, degree 2', () => {
  it("is smoothed to SciPy's numbers: 58/35, 111/35, 124/35, 100/35, 23/35, 6/35, 1, 4, 9", () => {
    const { result, edge } = filterGolden(golden);
    const expected = [58 / 35, 111 / 35, 124 / 35, 100 / 35, 23 / 35, 6 / 35, 1, 4, 9];
    expected.forEach((value, band) => expect(result[band]).toBeCloseTo(value, 13));
    expect(edge).toEqual([true, true, false, false, false, false, false, true, true]);
  });

  it('has its second derivative per nm^2 at steps of 2 nm', () => {
    const axis = buildAxis({
      kind: 'wavelength',
      wavelengthsNm: golden.map((_, band) => 400 + 2 * band),
      bandIsGood: golden.map(() => true),
    });
    const operator = designOperator(axis, settings({ derivative: 2, axis: 'wavelength' }));
    const { result } = filterSpectrum(operator, golden);
    const expected = [-2 / 7, -2 / 7, -2 / 7, -3 / 14, 2 / 7, 5 / 14, 0.5, 0.5, 0.5];
    expected.forEach((value, band) => expect(result[band]).toBeCloseTo(value, 13));
  });

  it('has no value at edge bands with edge mode nan, which stay flagged', () => {
    const { result, edge } = filterGolden(golden, { edge: 'nan' });
    expect([...result].map(Number.isNaN)).toEqual(edge);
    expect(result[2]).toBeCloseTo(124 / 35, 13);
  });

  it('skips a gap and refits: NaN, infinity and minus infinity alike', () => {
    for (const gap of [NaN, Infinity, -Infinity]) {
      const values = golden.with(4, gap);
      const { result } = filterGolden(values);
      // Band 4 itself: (-5 + 4 x 2 + 4 x 0 - 1) / 6. Band 3 misses its right neighbour: (-9 x 2 + 24 x 5 + 37 x 2 + 3 x 0) / 55.
      expect(result[4]).toBeCloseTo(1 / 3, 13);
      expect(result[3]).toBeCloseTo((-18 + 120 + 74) / 55, 13);
      expect([...result].every(Number.isFinite)).toBe(true);
    }
  });

  it('gives nothing where a window has a gap, with gap mode strict', () => {
    const { result } = filterGolden(golden.with(4, NaN), { gap: 'strict' });
    // The edge windows are bands 0-4 and 4-8: no window goes without band 4.
    expect([...result].every(Number.isNaN)).toBe(true);
    const ten = filterGolden([...golden, 3].with(4, NaN), { gap: 'strict' });
    expect([...ten.result].map(Number.isFinite)).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 1, 1, 1].map((flag) => flag === 1),
    );
  });

  it('refuses a spectrum of another length', () => {
    expect(() => filterSpectrum(evenOperator(9), [1, 2, 3])).toThrow(/3 values met a filter for 9 bands/);
  });
});

describe('the band axis with all bands good', () => {
  const fixture = readFixture('scipy_savgol.json') as {
    scipy: string;
    x: number[];
    cases: { window: number; degree: number; derivative: number; scipyError: number; y: number[] }[];
  };

  // SciPy's own error, against exact arithmetic, is in the fixture: above 1e-12 only in wide windows of high degree.
  it.each(fixture.cases)(
    'equals SciPy savgol_filter(mode="interp"): window $window, degree $degree, derivative $derivative, to 1e-12 or its $scipyError',
    ({ window, degree, derivative, scipyError, y }) => {
      const operator = evenOperator(fixture.x.length, { window, degree, derivative });
      const { result } = filterSpectrum(operator, fixture.x);
      const tolerance = Math.max(1e-12, 1.1 * scipyError);
      operator.rows.forEach((row, band) => {
        if (row === null) throw new Error(`band ${band} has no row`);
        const weight = row.weights.reduce((sum, each) => sum + Math.abs(each), 0);
        const value = Math.max(...Array.from(row.bandIndexes, (each) => Math.abs(fixture.x[each] ?? NaN)));
        const difference = Math.abs((result[band] ?? NaN) - (y[band] ?? NaN));
        expect(difference).toBeLessThanOrEqual(tolerance * weight * value);
      });
    },
  );
});

describe('EnMAP Potsdam, real band centres', () => {
  const { wavelengthsNm, bbl } = readFixture('enmap_potsdam_axis.json') as {
    wavelengthsNm: number[];
    bbl: number[];
  };
  const axis = buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood: bbl.map((flag) => flag === 1) });

  it('finds no curvature in a straight line and 2a in a parabola, at every good band', () => {
    const operator = designOperator(axis, settings({ window: 7, derivative: 2, axis: 'wavelength' }));
    const line = filterSpectrum(
      operator,
      wavelengthsNm.map((nm) => 0.1 + 1e-3 * nm),
    ).result;
    const parabola = filterSpectrum(
      operator,
      wavelengthsNm.map((nm) => 1e-6 * (nm - 1000) ** 2),
    ).result;
    bbl.forEach((flag, band) => {
      if (flag === 1) {
        expect(Math.abs(line[band] ?? NaN)).toBeLessThan(1e-15);
        expect(parabola[band]).toBeCloseTo(2e-6, 15);
      } else expect(line[band]).toBeNaN();
    });
  });

  it('has the six bad bands without a value and half a window of edges at both ends of four segments', () => {
    const { result, edge } = filterSpectrum(
      designOperator(axis, settings({ window: 11, axis: 'wavelength' })),
      wavelengthsNm,
    );
    expect([...result].flatMap((value, band) => (Number.isNaN(value) ? [band + 1] : []))).toEqual([
      130, 131, 132, 133, 134, 135,
    ]);
    expect(edge.filter((flag) => flag)).toHaveLength(4 * 10);
  });

  const mosaic = resolve(
    process.env['CUBELENS_DATA'] ?? '../shared/data',
    'enmap_potsdam/enmap_potsdam_mosaic_int16.tif',
  );
  it.skipIf(!existsSync(mosaic))('is the axis of the file itself, where the file is at hand', () => {
    const text = readFileSync(mosaic).toString('latin1');
    // GDAL keeps band metadata as XML in a tag of the file: <Item name="wavelength" sample="0">418.24</Item>.
    const items = [...text.matchAll(/<Item name="wavelength" sample="(\d+)"[^>]*>([^<]+)<\/Item>/g)];
    expect(items).toHaveLength(wavelengthsNm.length);
    for (const [, band, value] of items) expect(Number(value)).toBe(wavelengthsNm[Number(band)]);
  });
});

describe('a row applied to whole planes', () => {
  it("equals the filter of each pixel's spectrum, with gaps at random", () => {
    const bands = 14;
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: -1e4, max: 1e4, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
    );
    const problem = fc.record({
      spectra: fc.array(fc.array(value, { minLength: bands, maxLength: bands }), {
        minLength: 1,
        maxLength: 20,
      }),
      half: fc.integer({ min: 1, max: 5 }),
      degree: fc.integer({ min: 0, max: 4 }),
      derivative: fc.integer({ min: 0, max: 3 }),
      edge: fc.constantFrom('fit' as const, 'nan' as const),
      gap: fc.constantFrom('refit' as const, 'strict' as const),
      isFloat32: fc.boolean(),
    });
    const wavelengthsNm = [400, 405, 411, 416, 423, 428, 434, 450, 456, 461, 468, 473, 479, 485];
    fc.assert(
      fc.property(problem, ({ spectra, half, edge, gap, isFloat32, ...orders }) => {
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
        const bandIsGood = wavelengthsNm.map(() => true);
        const operator = designOperator(buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood }), filter);
        const ofType = isFloat32 ? Float32Array : Float64Array;
        const planes = wavelengthsNm.map((_, band) =>
          ofType.from(spectra.map((spectrum) => spectrum[band] ?? NaN)),
        );
        const expected = spectra.map(
          (_, p) =>
            filterSpectrum(
              operator,
              planes.map((plane) => plane[p] ?? NaN),
            ).result,
        );
        operator.rows.forEach((row, bandIndex) => {
          if (row === null) return;
          const out = new Float64Array(spectra.length);
          applyRow({
            planes: [...row.bandIndexes].map((band) => planes[band] ?? new Float32Array(0)),
            weights: row.weights,
            constant: row.constant,
            refit: gap === 'strict' ? null : (present) => refitWeights(operator, bandIndex, present),
            out,
            pixels: spectra.length,
          });
          // Both add the same products in the same order.
          expect([...out]).toEqual(expected.map((result) => result[bandIndex]));
        });
      }),
      { numRuns: 300 },
    );
  });
});
