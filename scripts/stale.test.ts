import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isStale } from './stale.ts';

const root = mkdtempSync(join(tmpdir(), 'cubelens-stale-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('what is built is stale where it is missing, or where a source changed or went since', () => {
  const source = join(root, 'source');
  const built = join(root, 'built.js');
  mkdirSync(join(source, 'deep'), { recursive: true });
  for (const name of ['deep/a.ts', 'deep/b.ts']) writeFileSync(join(source, name), '');
  const set = (at: number) => {
    for (const path of ['deep/a.ts', 'deep/b.ts', 'deep', '']) utimesSync(join(source, path), at, at);
  };
  set(1000);
  expect(isStale(built, [source])).toBe(true);
  writeFileSync(built, '');
  utimesSync(built, 2000, 2000);
  expect(isStale(built, [source])).toBe(false);
  utimesSync(join(source, 'deep/a.ts'), 3000, 3000);
  expect(isStale(built, [source])).toBe(true);
  set(1000);
  unlinkSync(join(source, 'deep/b.ts'));
  expect(isStale(built, [source])).toBe(true);
});
