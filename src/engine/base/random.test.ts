import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, splitmix64, xoshiro128, type Random } from './random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, () => next());

function moments(values: readonly number[]): { mean: number; variance: number; kurtosis: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number): number =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 };
}

describe('xoshiro128**', () => {
  it('gives the numbers of the authors’ C code for the state 1, 2, 3, 4', () => {
    const random = xoshiro128([1, 2, 3, 4]);
    expect(draw(10, random.uint32)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('is filled by splitmix64 as in its C code', () => {
    const next = splitmix64(1234567n);
    expect([next(), next(), next(), next()]).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
    ]);
  });
});

describe('seededRandom', () => {
  const numbers = (random: Random): number[] => draw(8, random.uint32);

  it('repeats for the same seed and stream, and differs for another seed or stream', () => {
    expect(numbers(seededRandom(7, 3))).toEqual(numbers(seededRandom(7, 3)));
    expect(numbers(seededRandom(7, 3))).not.toEqual(numbers(seededRandom(8, 3)));
    expect(numbers(seededRandom(7, 3))).not.toEqual(numbers(seededRandom(7, 4)));
    // Seed 7's stream 4 is not seed 8's stream 3: the two are not simply added.
    expect(numbers(seededRandom(7, 4))).not.toEqual(numbers(seededRandom(8, 3)));
  });

  it('takes any safe integer as a seed', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(), (seed, stream) => {
        const value = seededRandom(seed, stream).uniform();
        return value >= 0 && value < 1;
      }),
    );
  });

  it('gives uniform deviates of mean 1/2 and variance 1/12', () => {
    const { mean, variance } = moments(draw(200_000, seededRandom(1).uniform));
    // Standard errors: 0.00065 and 0.00017.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.0026);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0007);
  });

  it('gives normal deviates of mean 0, variance 1, kurtosis 3 and the right tails', () => {
    const values = draw(200_000, seededRandom(2).normal);
    const { mean, variance, kurtosis } = moments(values);
    // Standard errors: 0.0022, 0.0032 and 0.011; tails: 0.0010 and 0.0001.
    expect(Math.abs(mean)).toBeLessThan(0.009);
    expect(Math.abs(variance - 1)).toBeLessThan(0.013);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.044);
    const share = (limit: number): number => values.filter((v) => Math.abs(v) < limit).length / values.length;
    expect(Math.abs(share(1) - 0.682689)).toBeLessThan(0.0042);
    expect(Math.abs(share(3) - 0.9973)).toBeLessThan(0.0005);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('draws whole numbers below a count, all about equally often', () => {
    const random = seededRandom(3);
    const seen = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i += 1) {
      const k = random.below(7);
      seen[k] = (seen[k] ?? 0) + 1;
    }
    // Standard error of each count: 93.
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });
});
