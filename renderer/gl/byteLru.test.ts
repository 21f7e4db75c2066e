import { describe, expect, it } from 'vitest';
import { ByteLru } from './byteLru.ts';

function filled() {
  const gone: string[] = [];
  const lru = new ByteLru<string>(10, (_, key) => gone.push(key));
  lru.set('a', 'A', 4);
  lru.set('b', 'B', 4);
  return { lru, gone };
}

describe('ByteLru', () => {
  it('drops what was used longest ago when bytes run out', () => {
    const { lru, gone } = filled();
    expect(lru.get('a')).toBe('A');
    lru.set('c', 'C', 3);
    expect(gone).toEqual(['b']);
    expect([lru.has('a'), lru.has('b'), lru.has('c'), lru.bytes, lru.size]).toEqual([
      true,
      false,
      true,
      7,
      2,
    ]);
  });

  it('keeps what is named even above the budget, and the new value', () => {
    const { lru, gone } = filled();
    lru.set('c', 'C', 100, (key) => key === 'a');
    expect(gone).toEqual(['b']);
    expect(lru.bytes).toBe(104);
  });

  it('tells of replaced, deleted and cleared values', () => {
    const { lru, gone } = filled();
    lru.set('a', 'A2', 1);
    expect(lru.bytes).toBe(5);
    lru.delete('nothing');
    lru.clear();
    expect(gone).toEqual(['a', 'b', 'a']);
    expect(lru.bytes).toBe(0);
  });
});
