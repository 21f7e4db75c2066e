import { expect, test } from 'vitest';
import { rankEntries } from './paletteEntries.ts';

const entry = (label: string, group: string, why: string | null = null) => ({
  id: label,
  label,
  group,
  why,
  run: () => undefined,
});
const entries = [
  entry('Zoom in', 'Band view', 'Open a cube first.'),
  entry('Previous band', 'Bands and modes'),
  entry('Band', 'Bands and modes'),
  entry('Open a file', 'Window'),
];

test('what begins with the text comes first, what cannot be run last', () => {
  expect(rankEntries(entries, 'band').map(({ label }) => label)).toEqual([
    'Band',
    'Previous band',
    'Zoom in',
  ]);
  expect(rankEntries(entries, 'file op').map(({ label }) => label)).toEqual(['Open a file']);
  expect(rankEntries(entries, 'nothing')).toEqual([]);
  expect(rankEntries(entries, '')).toHaveLength(4);
});
