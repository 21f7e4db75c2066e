import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { buildAxis, defaultAxis } from './axis.ts';
import type { SpectralAxis } from './axis.ts';

const good = (count: number): boolean[] => new Array<boolean>(count).fill(true);
const wavelengthAxis = (
  wavelengthsNm: (number | null)[],
  bandIsGood = good(wavelengthsNm.length),
): SpectralAxis => buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood });
/** Band indexes of each segment. */
const runs = (axis: SpectralAxis): number[][] => axis.segments.map((segment) => [...segment.bandIndexes]);
const directions = (axis: SpectralAxis): string[] => axis.segments.map((segment) => segment.direction);

describe('segments of the wavelength axis', () => {
  it('keeps an even rising axis whole', () => {
    const axis = wavelengthAxis([400, 410, 420, 430]);
    expect(runs(axis)).toEqual([[0, 1, 2, 3]]);
    expect(axis.segments[0]).toMatchObject({ direction: 'rising', medianStep: 10 });
    expect([...axis.coordinates]).toEqual([400, 410, 420, 430]);
    expect(axis.excluded).toEqual([]);
  });

  it('keeps a falling axis whole; the median step is a size', () => {
    const axis = wavelengthAxis([430, 420, 408, 400, 390]);
    expect(runs(axis)).toEqual([[0, 1, 2, 3, 4]]);
    // Sizes 10, 12, 8, 10.
    expect(axis.segments[0]).toMatchObject({ direction: 'falling', medianStep: 10 });
  });

  it('takes the mean of the two middle steps of an even count', () => {
    // Steps 1, 2, 3, 2.5: the middle ones are 2 and 2.5.
    expect(wavelengthAxis([0, 1, 3, 6, 8.5]).segments[0]?.medianStep).toBe(2.25);
  });

  it('splits at a duplicate', () => {
    expect(runs(wavelengthAxis([400, 410, 420, 420, 430, 440]))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  it('splits at a step back and goes on in the old direction', () => {
    const axis = wavelengthAxis([400, 410, 420, 405, 415, 425]);
    expect(runs(axis)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(directions(axis)).toEqual(['rising', 'rising']);
  });

  it('splits at a turn: the band at the turn belongs to the first run, the next step sets a new direction', () => {
    const axis = wavelengthAxis([400, 410, 420, 411, 401, 391]);
    expect(runs(axis)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(directions(axis)).toEqual(['rising', 'falling']);
  });

  it('bridges one or two missing bands, splits at three', () => {
    const even = Array.from({ length: 20 }, (_, band) => 400 + 10 * band);
    const without = (...missing: number[]): SpectralAxis =>
      wavelengthAxis(
        even,
        even.map((_, band) => !missing.includes(band)),
      );
    expect(runs(without(9))).toHaveLength(1);
    expect(runs(without(9, 10))).toHaveLength(1);
    const split = without(9, 10, 11);
    expect(runs(split)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [12, 13, 14, 15, 16, 17, 18, 19],
    ]);
    expect(split.excluded).toEqual([9, 10, 11].map((bandIndex) => ({ bandIndex, why: 'bad' })));
    expect(split.coordinates[9]).toBeNaN();
  });

  it('a step of exactly 3.5 medians is no gap, one above is', () => {
    expect(runs(wavelengthAxis([0, 2, 4, 6, 13, 15, 17]))).toHaveLength(1);
    expect(runs(wavelengthAxis([0, 2, 4, 6, 13.01, 15.01, 17.01]))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('compares a step with five steps on each side, no more', () => {
    // The step of 4 stands among five steps of 1 on each side: median 1, limit 3.5. With ten on each side the median
    // would be (1 + 10) / 2 and 4 no gap. The outermost 10s have five 1s and five 10s around them: limit 19.25.
    const tens = new Array<number>(10).fill(10);
    const steps = [...tens, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, ...tens];
    const wavelengths = steps.reduce((list, step) => [...list, (list.at(-1) ?? 0) + step], [0]);
    expect(runs(wavelengthAxis(wavelengths)).map((run) => run.length)).toEqual([16, 16]);
  });

  it('counts a join among the neighbours of a step, by its size', () => {
    // Steps 10, -30, 10. For the first: neighbours 30 and 10, median 20. For the join: 10 and 10, so 30 < 35, but back.
    const axis = wavelengthAxis([400, 410, 380, 390]);
    expect(runs(axis)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('makes single bands where every step is a break', () => {
    const axis = wavelengthAxis([500, 500, 500]);
    expect(runs(axis)).toEqual([[0], [1], [2]]);
    expect(directions(axis)).toEqual(['single', 'single', 'single']);
    expect(axis.segments[0]?.medianStep).toBeNull();
  });

  it('has no limit for the only step, whatever its size', () => {
    expect(runs(wavelengthAxis([400, 2400]))).toEqual([[0, 1]]);
    expect(runs(wavelengthAxis([400]))).toEqual([[0]]);
  });

  it('leaves out bands without a finite wavelength, and says so; bad comes before', () => {
    const axis = wavelengthAxis(
      [400, null, 420, NaN, 440, Infinity, null],
      [true, true, true, true, true, true, false],
    );
    expect(runs(axis)).toEqual([[0, 2, 4]]);
    expect(axis.excluded).toEqual([
      { bandIndex: 1, why: 'no wavelength' },
      { bandIndex: 3, why: 'no wavelength' },
      { bandIndex: 5, why: 'no wavelength' },
      { bandIndex: 6, why: 'bad' },
    ]);
  });

  it('has no segment where all bands are bad', () => {
    const axis = wavelengthAxis([400, 410], [false, false]);
    expect(axis.segments).toEqual([]);
    expect(axis.excluded).toHaveLength(2);
  });

  it('refuses a cube without wavelengths and names the way out', () => {
    for (const wavelengthsNm of [null, [null, null, null], [NaN, Infinity, null]]) {
      const build = (): SpectralAxis => buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood: good(3) });
      expect(build).toThrow(CubelensError);
      try {
        build();
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'invalid-request', place: { field: 'axis' } });
        expect((thrown as CubelensError).place.remedy).toContain('--axis band');
      }
    }
  });

  it('refuses a list of another length', () => {
    expect(() => buildAxis({ kind: 'band', wavelengthsNm: [400], bandIsGood: good(2) })).toThrow(
      /1 wavelengths for 2/,
    );
  });

  it('gives EnMAP Potsdam its four segments', () => {
    const fixture = JSON.parse(
      readFileSync(new URL('fixtures/enmap_potsdam_axis.json', import.meta.url), 'utf8'),
    ) as { wavelengthsNm: number[]; bbl: number[] };
    const axis = wavelengthAxis(
      fixture.wavelengthsNm,
      fixture.bbl.map((flag) => flag === 1),
    );
    const spans = runs(axis).map((run) => [(run[0] ?? NaN) + 1, (run.at(-1) ?? NaN) + 1]);
    expect(spans).toEqual([
      [1, 91],
      [92, 129],
      [136, 163],
      [164, 224],
    ]);
    expect(directions(axis)).toEqual(['rising', 'rising', 'rising', 'rising']);
    expect(axis.excluded.map(({ bandIndex }) => bandIndex + 1)).toEqual([130, 131, 132, 133, 134, 135]);
  });

  it('puts every good band into exactly one segment, in file order, monotonic inside', () => {
    const bands = fc.array(fc.record({ nm: fc.integer({ min: 400, max: 430 }), isGood: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(bands, (list) => {
        const axis = wavelengthAxis(
          list.map(({ nm }) => nm),
          list.map(({ isGood }) => isGood),
        );
        expect(runs(axis).flat()).toEqual(list.flatMap(({ isGood }, band) => (isGood ? [band] : [])));
        for (const { bandIndexes, direction } of axis.segments) {
          for (let i = 1; i < bandIndexes.length; i++) {
            const step =
              (list[bandIndexes[i] ?? -1]?.nm ?? NaN) - (list[bandIndexes[i - 1] ?? -1]?.nm ?? NaN);
            expect(Math.sign(step)).toBe(direction === 'rising' ? 1 : -1);
          }
        }
      }),
    );
  });
});

describe('the band axis', () => {
  const bandAxis = (flags: boolean[], wavelengthsNm: (number | null)[] | null = null): SpectralAxis =>
    buildAxis({ kind: 'band', wavelengthsNm, bandIsGood: flags });

  it('has the band index as its coordinate and no joins of wavelengths', () => {
    const axis = bandAxis(good(4), [400, 410, 405, null]);
    expect([...axis.coordinates]).toEqual([0, 1, 2, 3]);
    expect(runs(axis)).toEqual([[0, 1, 2, 3]]);
    expect(axis.segments[0]).toMatchObject({ direction: 'rising', medianStep: 1 });
    expect(axis.excluded).toEqual([]);
  });

  it('follows the same rule on index steps: two bad bands bridged, three not', () => {
    const without = (...bad: number[]): number[][] =>
      runs(bandAxis(Array.from({ length: 14 }, (_, band) => !bad.includes(band))));
    expect(without(6, 7)).toHaveLength(1);
    expect(without(6, 7, 8)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [9, 10, 11, 12, 13],
    ]);
  });
});

describe('the default axis', () => {
  it('is the wavelength where there is any', () => {
    expect(defaultAxis(null)).toBe('band');
    expect(defaultAxis([])).toBe('band');
    expect(defaultAxis([null, NaN])).toBe('band');
    expect(defaultAxis([null, 500])).toBe('wavelength');
  });
});

describe('joins', () => {
  it.each([
    ['band', null],
    ['wavelength', [400, 410, 420, 430, 440, 450]],
  ] as const)('end segments on the %s axis', (kind, wavelengthsNm) => {
    const axis = buildAxis({ kind, wavelengthsNm, bandIsGood: good(6), joinIndexes: [3, 1] });
    expect(runs(axis)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it('count also where the band before is bad', () => {
    const bandIsGood = [true, true, false, false, true, true];
    expect(runs(buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood, joinIndexes: [2] }))).toEqual([
      [0, 1],
      [4, 5],
    ]);
    expect(runs(buildAxis({ kind: 'band', wavelengthsNm: null, bandIsGood, joinIndexes: [4] }))).toEqual([
      [0, 1, 4],
      [5],
    ]);
  });
});
