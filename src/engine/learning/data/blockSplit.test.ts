import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { blockSplit } from './blockSplit.ts';
import type { SpectraTable } from './spectraTable.ts';
import { scenePositions, testTable } from './testTables.ts';

const samples = 60;
const rows = 50 * samples;
const positions = scenePositions(rows, samples);

/** Patches of three classes, one of them rare, and pixels without one. */
function scene(seed: number): SpectraTable {
  const random = seededRandom(seed);
  const patches = Array.from({ length: 200 }, () => (random.below(20) === 0 ? 2 : random.below(3) - 1));
  const classOf = Array.from({ length: rows }, (_, row) => {
    const [line = 0, sample = 0] = positions.subarray(2 * row, 2 * row + 2);
    return patches[Math.floor(line / 7) * 12 + Math.floor(sample / 7)] ?? 0;
  });
  return testTable(
    classOf.map((one) => [one]),
    { classOf, classNames: ['a', 'b', 'rare'], positions },
  );
}

const blockOf = (row: number, side: number): string =>
  `${Math.floor((positions[2 * row] ?? 0) / side)} ${Math.floor((positions[2 * row + 1] ?? 0) / side)}`;

describe('a split by blocks', () => {
  it('never has pixels of one block in both parts, takes every row once, and about the share of each class', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const table = scene(seed);
      for (const side of [5, 10]) {
        for (const share of [0.5, 0.8]) {
          const { train, test } = blockSplit(table, { side, share, seed });
          expect([...train, ...test].sort((a, b) => a - b)).toEqual(
            Array.from({ length: rows }, (_, k) => k),
          );
          const blocks = new Set(Array.from(train, (row) => blockOf(row, side)));
          expect(Array.from(test).some((row) => blocks.has(blockOf(row, side)))).toBe(false);
          for (const one of [0, 1, 2]) {
            const inTrain = train.filter((row) => table.classes?.ofRow[row] === one).length;
            const all = table.classes?.ofRow.filter((each) => each === one).length ?? 0;
            if (all === 0) continue;
            expect(inTrain).toBeGreaterThan(0);
            expect(inTrain).toBeLessThan(all);
            if (one < 2) expect(Math.abs(inTrain / all - share)).toBeLessThan(0.2);
          }
        }
      }
    }
  });

  it('gives each part one of two blocks of a class, also for an unequal share', () => {
    const inBlock = (row: number): boolean => [`0 0`, `3 4`].includes(blockOf(row, 10));
    const classOf = Array.from({ length: rows }, (_, row) => (inBlock(row) ? 1 : 0));
    const table = testTable(
      classOf.map((one) => [one]),
      { classOf, classNames: ['a', 'b'], positions },
    );
    for (const share of [0.1, 0.9]) {
      const { train, test, notes } = blockSplit(table, { seed: 1, share });
      expect(notes).toEqual([]);
      for (const part of [train, test]) expect(part.some(inBlock)).toBe(true);
    }
  });

  it('is the same for the seed', () => {
    const table = scene(1);
    expect(blockSplit(table, { seed: 4 })).toEqual(blockSplit(table, { seed: 4 }));
    expect(blockSplit(table, { seed: 4 }).train).not.toEqual(blockSplit(table, { seed: 5 }).train);
  });

  it('says which class is in one part only', () => {
    const classOf = Array.from({ length: rows }, (_, row) => (row === 17 ? 1 : 0));
    const table = testTable(
      classOf.map((one) => [one]),
      { classOf, classNames: ['a', 'alone'], positions },
    );
    const { notes } = blockSplit(table, { seed: 1 });
    expect(notes).toEqual([
      expect.stringMatching(/^Class alone is in the (training|test) part only: its blocks are too few.$/),
    ]);
  });

  it('of rows without positions is random, which is said; each class is in both parts', () => {
    const classOf = Array.from({ length: 103 }, (_, row) => (row < 3 ? 1 : 0));
    const table = testTable(
      classOf.map((one) => [one]),
      { classOf, classNames: ['a', 'b'] },
    );
    for (let seed = 1; seed < 10; seed++) {
      const { train, test, notes } = blockSplit(table, { seed, share: 0.8 });
      expect(notes).toEqual([expect.stringContaining('no positions')]);
      expect(Math.abs(train.length - 82)).toBeLessThan(3);
      for (const part of [train, test]) expect(part.some((row) => row < 3)).toBe(true);
    }
  });
});
