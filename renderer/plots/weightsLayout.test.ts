import { expect, test } from 'vitest';
import { weightsLayout } from './weightsLayout.ts';

const width = 248;
const near = (value: number): number => expect.closeTo(value, 9) as number;

test('labels of a second derivative stand beside its outer bar and above its middle', () => {
  const { labels, zero } = weightsLayout([15, 6, -1, -6, -9, -10, -9, -6, -1, 6, 15], width, 56);
  expect(labels).toEqual([
    { index: 10, x: near((10.5 * width) / 11 - 8), y: 12, anchor: 'end' },
    { index: 5, x: near(width / 2), y: zero - 4, anchor: 'middle' },
  ]);
});

test('labels of a first derivative stand across the zero line, inside the plot', () => {
  const { labels, zero } = weightsLayout([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5], width, 56);
  expect(labels).toEqual([
    { index: 10, x: width - 2, y: zero + 12, anchor: 'end' },
    { index: 0, x: 2, y: zero - 4, anchor: 'start' },
  ]);
});

test('a smoothing filter has one label, above its highest bar', () => {
  const { labels } = weightsLayout([1, 2, 3, 2, 1], width, 56);
  expect(labels).toEqual([{ index: 2, x: near(width / 2), y: 10, anchor: 'middle' }]);
});
