import { describe, expect, it } from 'vitest';
import { mapInOrder } from './mapInOrder.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('mapInOrder', () => {
  it('gives results in the order of the items, whichever ends first', async () => {
    const items = [5, 1, 4, 2, 3, 0];
    const work = async (item: number): Promise<string> => {
      for (let i = 0; i < item; i++) await turn();
      return `${item}`;
    };
    for (const atOnce of [1, 2, 3, 100]) {
      expect(await mapInOrder(items, atOnce, work)).toEqual(['5', '1', '4', '2', '3', '0']);
    }
  });

  it('has no more under way than asked, and as many as asked', async () => {
    let underWay = 0;
    let most = 0;
    await mapInOrder(Array.from({ length: 20 }), 3, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
    });
    expect({ most, underWay }).toEqual({ most: 3, underWay: 0 });
  });

  it('begins nothing after a failure and throws it when those under way have ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const done = mapInOrder([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error('zero');
      await turn();
      await turn();
      ended.push(item);
      return item;
    });
    await expect(done).rejects.toThrow('zero');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });

  it('takes work that throws at once, items that are undefined, and no items', async () => {
    const refuse = (): Promise<void> => {
      throw new Error('at once');
    };
    await expect(mapInOrder([1, 2], 2, refuse)).rejects.toThrow('at once');
    const indexes = await mapInOrder([undefined, 'a', undefined], 2, async (_item, index) => index);
    expect(indexes).toEqual([0, 1, 2]);
    expect(await mapInOrder([], 4, refuse)).toEqual([]);
  });
});
