import { describe, expect, it } from 'vitest';
import type { ValueArray } from '../base/dataTypes.ts';
import { applyRow, type RowApplication } from './bandedOperator.ts';

const planesOf = (...planes: number[][]): Float64Array[] => planes.map((plane) => Float64Array.from(plane));
const applied = (
  planes: readonly ValueArray[],
  weights: number[],
  refit: RowApplication['refit'] = null,
  constant = 0,
): number[] => {
  const pixels = planes[0]?.length ?? 0;
  const out = new Float64Array(pixels);
  applyRow({ planes, weights: Float64Array.from(weights), constant, refit, out, pixels });
  return [...out];
};

describe('applying a row to planes', () => {
  it('sums weight x value over any number of planes', () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 11, 101]) {
      const planes = Array.from({ length: count }, (_, k) => Float64Array.of(1, k, 10 * k));
      const weights = Array.from({ length: count }, (_, k) => k + 1);
      // Sums of k + 1, k (k + 1) and ten times that over k = 0 ... n - 1.
      const first = (count * (count + 1)) / 2;
      const second = ((count - 1) * count * (count + 1)) / 3;
      expect(applied(planes, weights)).toEqual([first, second, 10 * second]);
    }
  });

  it('accumulates in float64 what float32 would lose', () => {
    const planes = [Float32Array.of(2 ** 24), Float32Array.of(1), Float32Array.of(-(2 ** 24))];
    const out = new Float32Array(1);
    applyRow({ planes, weights: Float64Array.of(1, 1, 1), constant: 0, refit: null, out, pixels: 1 });
    expect(out[0]).toBe(1);
  });

  it('adds the constant before it rounds', () => {
    const planes = [Float32Array.of(2 ** 24), Float32Array.of(1)];
    const out = new Float32Array(1);
    const row = { planes, weights: Float64Array.of(1, 1), constant: -(2 ** 24), refit: null };
    applyRow({ ...row, out, pixels: 1 });
    expect(out[0]).toBe(1);
  });

  it('adds the constant of the row to complete pixels, that of the refit to the others, none where there is no result', () => {
    const refit: RowApplication['refit'] = (present) =>
      present[0] === 1 ? { weights: Float64Array.of(3, 0), constant: 500 } : null;
    const planes = planesOf([1, 1, NaN, 2], [2, NaN, 2, Infinity]);
    expect(applied(planes, [1, 10], refit, 1000)).toEqual([1021, 503, NaN, 506]);
    expect(applied(planes, [1, 10], null, 1000)).toEqual([1021, NaN, NaN, NaN]);
  });

  it('makes any gap NaN without refit, also an infinity that no NaN follows from', () => {
    const result = applied(planesOf([1, NaN, Infinity, 1, 1], [2, 2, 2, -Infinity, Infinity]), [1, 0]);
    expect(result).toEqual([1, NaN, NaN, NaN, NaN]);
  });

  it('skips missing values with refit', () => {
    const patterns: number[][] = [];
    const refit: RowApplication['refit'] = (present) => {
      patterns.push([...present]);
      return { weights: Float64Array.from(present, (flag) => 10 * flag), constant: 0 };
    };
    const planes = planesOf([1, NaN, 1, Infinity], [2, 2, 2, 2], [3, 3, -Infinity, 3]);
    expect(applied(planes, [1, 1, 1], refit)).toEqual([6, 50, 30, 50]);
    expect(patterns).toEqual([
      [0, 1, 1],
      [1, 1, 0],
      [0, 1, 1],
    ]);
  });

  it('gives NaN where refit refuses', () => {
    expect(applied(planesOf([1, NaN], [2, 2]), [1, 1], () => null)).toEqual([3, NaN]);
  });

  it('keeps a sum of finite values that overflows', () => {
    const refuse = (): never => {
      throw new Error('no gap here');
    };
    expect(applied(planesOf([1e308], [1e308]), [1, 1], refuse)).toEqual([Infinity]);
  });

  it('goes over block borders and leaves what is beyond the pixels alone', () => {
    const pixels = 10_000;
    const plane = Float32Array.from({ length: pixels + 5 }, (_, p) => (p % 4097 === 5 ? NaN : p));
    const out = new Float32Array(pixels + 5).fill(-1);
    const rest = { constant: 0, refit: null, out };
    applyRow({ ...rest, planes: [plane, plane], weights: Float64Array.of(0.5, 1.5), pixels });
    for (let p = 0; p < pixels; p++) expect(out[p]).toBe(p % 4097 === 5 ? NaN : 2 * p);
    expect([...out.subarray(pixels)]).toEqual([-1, -1, -1, -1, -1]);
    applyRow({ ...rest, planes: [plane], weights: Float64Array.of(1), pixels: 0 });
    expect(out[1]).toBe(2);
  });

  it('refuses planes, weights and pixels that do not fit together', () => {
    const plane = new Float32Array(4);
    const row = {
      planes: [plane],
      weights: Float64Array.of(1),
      constant: 0,
      refit: null,
      out: new Float32Array(4),
      pixels: 4,
    };
    expect(() => applyRow({ ...row, pixels: 5 })).toThrow(/do not all hold 5 pixels/);
    expect(() => applyRow({ ...row, planes: [plane, plane] })).toThrow(/1 weights met 2 planes/);
    expect(() =>
      applyRow({ ...row, planes: [plane, new Float32Array(3)], weights: Float64Array.of(1, 1) }),
    ).toThrow();
    expect(() => applyRow({ ...row, out: new Float32Array(3) })).toThrow();
    expect(() => applyRow({ ...row, planes: [], weights: new Float64Array(0) })).toThrow();
  });
});
