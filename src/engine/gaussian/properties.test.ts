import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GaussianSpec } from '../contract/gaussian.ts';
import { buildGaussian } from './build.ts';
import { conditionalOf } from './conditional.ts';
import { densityAt } from './density.ts';
import { describeGaussian, marginalOf } from './describe.ts';
import { samplerOf } from './sampling.ts';

const lengths = [1, 2, 2];
const size = 5;
const entry = fc.integer({ min: -8, max: 8 });

/** Three vectors with a lower factor of whole numbers whose diagonal is positive. */
const specs = fc
  .tuple(
    fc.array(entry, { minLength: size, maxLength: size }),
    fc.array(entry, { minLength: size * size, maxLength: size * size }),
  )
  .map(([mean, cells]): GaussianSpec => {
    let start = 0;
    return {
      vectors: lengths.map((length, k) => {
        start += length;
        return { name: 'abc'[k] ?? '', mean: mean.slice(start - length, start) };
      }),
      factor: Array.from({ length: size }, (_row, i) =>
        Array.from({ length: size }, (_cell, j) => {
          const cell = cells[i * size + j] ?? 0;
          return j > i ? 0 : j === i ? Math.abs(cell) + 4 : cell / 4;
        }),
      ),
    };
  });

describe('any Gaussian', () => {
  it('gives its factor back', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const found = samplerOf(spec, 1).factor.to2DArray();
        spec.factor?.forEach((row, i) => {
          row.forEach((cell, j) => expect(found[i]?.[j]).toBeCloseTo(cell, 8));
        });
      }),
      { numRuns: 50 },
    );
  });

  it('has as density that of a part times that of the rest given it', () => {
    fc.assert(
      fc.property(specs, fc.array(entry, { minLength: size, maxLength: size }), (spec, point) => {
        const given = { b: point.slice(1, 3) };
        const { vectors, covariance } = conditionalOf(spec, given);
        const whole = densityAt(spec, [point]).logDensity[0] ?? NaN;
        const part = densityAt(marginalOf(spec, ['b']), [given.b]).logDensity[0] ?? NaN;
        const others = [point[0] ?? 0, ...point.slice(3)];
        const rest = densityAt({ vectors, covariance }, [others]).logDensity[0] ?? NaN;
        expect((part + rest) / whole).toBeCloseTo(1, 8);
      }),
      { numRuns: 50 },
    );
  });

  it('has mutual informations that are the difference of entropies', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const entropy = (names: string[]) => describeGaussian(marginalOf(spec, names)).entropy ?? NaN;
        const found = describeGaussian(spec).mutualInformation['b,c'] ?? NaN;
        expect(found).toBeCloseTo(entropy(['b']) + entropy(['c']) - entropy(['b', 'c']), 8);
        expect(found).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 30 },
    );
  });

  it('that lost its definiteness is nearest to a valid one', () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 0, max: 3 }), (spec, k) => {
        const covariance = buildGaussian(spec).covariance.to2DArray();
        const spoilt = Math.sqrt((covariance[k]?.[k] ?? 0) * (covariance[k + 1]?.[k + 1] ?? 0)) * 1.5;
        (covariance[k] ?? [])[k + 1] = spoilt;
        (covariance[k + 1] ?? [])[k] = spoilt;
        const answer = describeGaussian({ vectors: spec.vectors, covariance });
        expect(answer.valid).toBe(false);
        const repaired = answer.nearest?.covariance ?? [];
        expect(describeGaussian({ vectors: spec.vectors, covariance: repaired }).valid).toBe(true);
        const differences = repaired.flatMap((row, i) =>
          row.map((cell, j) => cell - (covariance[i]?.[j] ?? NaN)),
        );
        expect(Math.hypot(...differences) / (answer.nearest?.distance ?? NaN)).toBeCloseTo(1, 8);
      }),
      { numRuns: 50 },
    );
  });
});
