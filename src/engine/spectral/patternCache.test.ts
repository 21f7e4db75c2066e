import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternCache, patternKey } from './patternCache.ts';

describe('the cache of gap patterns', () => {
  it('designs once, then keeps', () => {
    const cache = new PatternCache(2);
    const weights = new Float64Array([1]);
    expect(cache.obtain('a', () => weights)).toBe(weights);
    expect(cache.obtain('a', () => new Float64Array([2]))).toBe(weights);
  });

  it('never holds more than its limit and drops what was used longest ago', () => {
    const cache = new PatternCache(2);
    const [a, b, c] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];
    cache.obtain('a', () => a);
    cache.obtain('b', () => b);
    cache.obtain('a', () => a);
    cache.obtain('c', () => c);
    expect(cache.size).toBe(2);
    expect(cache.obtain('a', () => new Float64Array(1))).toBe(a);
    expect(cache.obtain('b', () => c)).toBe(c);
  });

  it('tells any two bands or patterns apart', () => {
    const pattern = fc.array(fc.boolean(), { minLength: 101, maxLength: 101 });
    fc.assert(
      fc.property(pattern, fc.nat(100), fc.nat(2000), (present, place, bandIndex) => {
        const other = present.map((flag, i) => (i === place ? !flag : flag));
        expect(patternKey(bandIndex, other)).not.toBe(patternKey(bandIndex, present));
        expect(patternKey(bandIndex + 1, present)).not.toBe(patternKey(bandIndex, present));
        expect(patternKey(bandIndex, Uint8Array.from(present, Number))).toBe(patternKey(bandIndex, present));
      }),
    );
  });
});
