import { expect, test } from 'vitest';
import { paletteOf } from './classColours.ts';

const unnamed = (count: number) => Array.from({ length: count }, () => ({ name: '', rgb: null }));

test("a file's own colours stay", () => {
  expect(paletteOf([{ name: 'a', rgb: [1, 2, 3] }])).toEqual([[1, 2, 3]]);
});

test('of 24 classes no two look alike', () => {
  const palette = paletteOf(unnamed(24));
  palette.forEach((a, i) => {
    for (const b of palette.slice(i + 1)) {
      expect(
        Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]),
        `${a.join()} and ${b.join()}`,
      ).toBeGreaterThan(18);
    }
  });
});
