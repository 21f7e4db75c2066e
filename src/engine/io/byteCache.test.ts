import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCache } from './byteCache.ts';

describe('ByteCache', () => {
  it('drops the entry used longest ago when the budget is passed', () => {
    const cache = new ByteCache<string>(10);
    cache.set('a', 'A', 4);
    cache.set('b', 'B', 4);
    expect(cache.get('a')).toBe('A');
    cache.set('c', 'C', 4);
    expect(cache.get('b')).toBeUndefined();
    expect([cache.get('a'), cache.get('c'), cache.bytes, cache.size]).toEqual(['A', 'C', 8, 2]);
  });

  it('never keeps what is larger than the budget, nor the older value under that key', () => {
    const cache = new ByteCache<string>(10);
    cache.set('small', 's', 6);
    cache.set('large', 'l', 5);
    cache.set('large', 'L', 11);
    expect([cache.get('large'), cache.bytes]).toEqual([undefined, 0]);
    cache.set('whole', 'w', 10);
    expect([cache.get('whole'), cache.bytes]).toEqual(['w', 10]);
  });

  it('drops all entries of a prefix and no others', () => {
    const cache = new ByteCache<number>(100);
    cache.set('cube1/image/0', 1, 1);
    cache.set('cube1/mask/0', 2, 2);
    cache.set('cube10/image/0', 3, 4);
    cache.deletePrefix('cube1/');
    expect([cache.size, cache.bytes, cache.get('cube10/image/0')]).toEqual([1, 4, 3]);
    cache.delete('absent');
    expect(cache.bytes).toBe(4);
  });

  it('holds what a list with the same rules holds', () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const steps = fc.oneof(
      fc.record({ does: fc.constant('set' as const), key: keys, bytes: fc.integer({ min: 0, max: 12 }) }),
      fc.record({
        does: fc.constantFrom('get' as const, 'delete' as const),
        key: keys,
        bytes: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (sequence) => {
        const cache = new ByteCache<number>(20);
        // Used longest ago first.
        let list: { key: string; bytes: number; value: number }[] = [];
        sequence.forEach((step, value) => {
          const entry = list.find(({ key }) => key === step.key);
          const others = list.filter(({ key }) => key !== step.key);
          if (step.does === 'get') {
            expect(cache.get(step.key)).toBe(entry?.value);
            list = entry === undefined ? others : [...others, entry];
          } else if (step.does === 'delete') {
            cache.delete(step.key);
            list = others;
          } else {
            cache.set(step.key, value, step.bytes);
            list = step.bytes > 20 ? others : [...others, { key: step.key, bytes: step.bytes, value }];
            while (list.reduce((sum, { bytes }) => sum + bytes, 0) > 20) list.shift();
          }
          expect(cache.bytes).toBe(list.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(cache.size).toBe(list.length);
        });
      }),
    );
  });
});
