import { describe, expect, it } from 'vitest';
import { twoColumns, wrap } from './wrap.ts';

describe('wrap', () => {
  const text = Array.from({ length: 60 }, (_, k) => `word${k}`).join(' ');

  it('fills lines of 80 columns, loses nothing and indents what follows', () => {
    const lines = wrap(text, 4, 10).split('\n');
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
    expect(lines[0]?.length).toBeLessThanOrEqual(70);
    for (const [k, line] of lines.slice(1).entries()) {
      expect(line).toMatch(/^ {4}\S/);
      expect(line.length).toBeLessThanOrEqual(80);
      // The next line's first word would not have fitted.
      const next = lines[k + 2]?.trim().split(' ')[0];
      if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(80);
    }
  });

  it('keeps a word whole that is longer than a line', () => {
    const long = 'x'.repeat(100);
    expect(wrap(`a ${long} b`)).toBe(`a\n${long}\nb`);
  });

  it('leaves a short text as it is', () => {
    expect(wrap('short')).toBe('short');
  });
});

describe('twoColumns', () => {
  it('aligns the texts and wraps them in their column', () => {
    const page = twoColumns([
      ['a', 'one'],
      ['long', `${'y'.repeat(70)} z`],
    ]);
    expect(page).toBe(`a     one\nlong  ${'y'.repeat(70)} z\n`);
    expect(twoColumns([['long', `${'y'.repeat(70)} ${'z'.repeat(10)}`]], 2)).toBe(
      `  long  ${'y'.repeat(70)}\n        ${'z'.repeat(10)}\n`,
    );
  });
});
