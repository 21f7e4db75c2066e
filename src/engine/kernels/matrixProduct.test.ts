import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixProduct } from './matrixProduct.ts';

describe('matrix product', () => {
  it('of small matrices, by hand', () => {
    const a = Float32Array.of(1, 2, 3, 4, 5, 6);
    const b = Float32Array.of(1, 0, 0, 1, 1, 1);
    expect([...matrixProduct(a, b, [2, 3, 2])]).toEqual([4, 5, 10, 11]);
    const bias = Float32Array.of(-20, 1);
    expect([...matrixProduct(a, b, [2, 3, 2], { bias })]).toEqual([-16, 6, -10, 12]);
    expect([...matrixProduct(a, b, [2, 3, 2], { bias, relu: true })]).toEqual([0, 6, 0, 12]);
  });

  it('sums up in float64: a small number beside large ones is not lost', () => {
    const a = Float32Array.of(2 ** 30, 1, -(2 ** 30));
    expect([...matrixProduct(a, Float32Array.of(1, 1, 1), [1, 3, 1])]).toEqual([1]);
  });

  it('of any size: as sums of products of whole numbers', () => {
    const size = fc.integer({ min: 1, max: 11 });
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 11 }), size, (rows, inner, columns) => {
        const a = Float32Array.from({ length: rows * inner }, (_, k) => ((k * 7) % 11) - 5);
        const b = Float32Array.from({ length: inner * columns }, (_, k) => ((k * 5) % 13) - 6);
        const expected = Array.from({ length: rows * columns }, (_, place) => {
          const [row, column] = [Math.floor(place / columns), place % columns];
          let sum = 0;
          for (let k = 0; k < inner; k++) sum += (a[row * inner + k] ?? 0) * (b[k * columns + column] ?? 0);
          return sum;
        });
        expect([...matrixProduct(a, b, [rows, inner, columns])]).toEqual(expected);
      }),
    );
  });
});
