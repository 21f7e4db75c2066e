import { describe, expect, it } from 'vitest';
import { testTable } from '../data/testTables.ts';
import { withAllClassed } from './withAllClassed.ts';

const table = (rows: number[][], classOf: number[], note: string): Parameters<typeof withAllClassed>[0] => ({
  ...testTable(rows, {
    classOf,
    classNames: ['a', 'b'],
    positions: Int32Array.from(rows.flatMap(([value = 0]) => [value, 0])),
  }),
  notes: [note],
});

describe('the samples of a scene with all of its labelled pixels', () => {
  const classed = table([[1], [2], [3]], [0, 1, 1], 'labelled');

  it('are the scene itself where it was read whole', () => {
    const scene = table([[1], [2], [3], [4]], [0, 1, 1, -1], 'whole');
    expect(withAllClassed(scene, classed)).toBe(scene);
  });

  it('have the labelled ones in front where it was not, and the others count for the range alone', () => {
    const scene = table([[0], [2], [9]], [-1, 1, -1], 'a part');
    const found = withAllClassed(scene, classed);
    expect([...found.values]).toEqual([1, 2, 3, 0, 2, 9]);
    expect([...(found.classes?.ofRow ?? [])]).toEqual([0, 1, 1, -1, -1, -1]);
    expect([...(found.positions ?? [])].filter((_, k) => k % 2 === 0)).toEqual([1, 2, 3, 0, 2, 9]);
    expect(found.rows).toBe(6);
    expect(found.rangeOnly).toBe(3);
    expect(found.notes).toEqual([
      'labelled',
      expect.stringContaining('the 3 with a class and all values are samples'),
    ]);
    const more = withAllClassed(scene, { ...classed, sampledOf: 70 });
    expect(more.notes[1]).toContain('3 of 70 with a class are samples');
  });
});
