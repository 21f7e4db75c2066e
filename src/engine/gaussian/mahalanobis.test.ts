import { describe, expect, it } from 'vitest';
import { completePixels, mergeMoments, momentsOf, squaredDistances, whiteningOf } from './mahalanobis.ts';
import { NormalDeviates } from './normals.ts';

const pixels = 400;
const bands = 5;
const numbers = new Float64Array(bands * pixels);
new NormalDeviates(3).fill(numbers);
// Large and even values, where sums of squares would lose their digits.
for (let k = 0; k < numbers.length; k++) numbers[k] = 1e7 + (numbers[k] ?? 0);
numbers[2 * pixels + 7] = NaN;
const whole = { numbers, bands, pixels };
const cut = (from: number, to: number) => ({
  numbers: Float64Array.from({ length: bands }, (_, band) => band).reduce<number[]>(
    (all, band) => [...all, ...numbers.subarray(band * pixels + from, band * pixels + to)],
    [],
  ),
  bands,
  pixels: to - from,
});

describe('Mahalanobis distances', () => {
  it('leave incomplete pixels out', () => {
    expect(completePixels(whole).length).toBe(pixels - 1);
    const distances = squaredDistances(whole, whiteningOf(momentsOf(whole)));
    expect(distances[7]).toBeNaN();
    // The squared distances of N pixels from their own mean sum to (N-1) x bands.
    const sum = distances.reduce((total, one) => total + (Number.isNaN(one) ? 0 : one), 0);
    expect(sum / ((pixels - 2) * bands)).toBeCloseTo(1, 6);
  });

  it('have the same moments in pieces', () => {
    const joined = momentsOf(cut(0, 30));
    for (const [from, to] of [
      [30, 31],
      [31, 250],
      [250, 400],
    ] as const) {
      mergeMoments(joined, momentsOf(cut(from, to)));
    }
    const once = momentsOf(whole);
    expect(joined.count).toBe(once.count);
    once.mean.forEach((mean, k) => expect(joined.mean[k]).toBeCloseTo(mean, 7));
    once.products.forEach((product, k) => expect(joined.products[k]).toBeCloseTo(product, 5));
  });

  it('refuse a singular covariance with a remedy', () => {
    const code = (run: () => unknown, message: RegExp) => {
      expect(run).toThrow(message);
      expect(run).toThrow(expect.objectContaining({ code: 'degenerate' }));
    };
    code(() => whiteningOf(momentsOf(cut(0, 5))), /Only 5 pixels/);
    const constant = { numbers: Float64Array.from(numbers), bands, pixels };
    constant.numbers.fill(3, pixels, 2 * pixels);
    code(() => whiteningOf(momentsOf(constant)), /the band of index 1 among them is constant/);
    const twice = { numbers: Float64Array.from(numbers), bands, pixels };
    twice.numbers.copyWithin(4 * pixels, 0, pixels);
    code(() => whiteningOf(momentsOf(twice)), /rank 4/);
  });
});
