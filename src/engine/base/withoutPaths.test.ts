import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastName, withoutPaths } from './withoutPaths.ts';

it.each([
  ["EBUSY: busy, read '/home/x/a b/c.dat'", "EBUSY: busy, read 'c.dat'"],
  ["rename '/home/x/.c.part' -> '/home/x/c.dat'", "rename '.c.part' -> 'c.dat'"],
  ["open 'C:\\Users\\A B\\c.dat'", "open 'c.dat'"],
  ["open '\\\\server\\share\\c.dat'", "open 'c.dat'"],
  ['Cannot find module "/opt/x y/node_modules/z"', 'Cannot find module "z"'],
  ['at file:///home/x/worker.js:3:7', 'at worker.js:3:7'],
  ['at (/home/x/worker.js:3:7)', 'at (worker.js:3:7)'],
  ['path=/home/x/c.dat, D:/data/d.dat; \\\\?\\C:\\e.dat', 'path=c.dat, d.dat; e.dat'],
  ['W/m^2/sr, 3 / 4, and/or, ../c.dat, a\\b', 'W/m^2/sr, 3 / 4, and/or, ../c.dat, a\\b'],
  ['', ''],
])('%s', (text, expected) => {
  expect(withoutPaths(text)).toBe(expected);
});

it('the last name of a path', () => {
  expect(['/a/b.dat', 'C:\\a\\b.dat', '/a/b/', 'b.dat', '/'].map(lastName)).toEqual([
    'b.dat',
    'b.dat',
    'b',
    'b.dat',
    '/',
  ]);
});

it('leaves no path of any names behind, in quotes or not', () => {
  const name = fc.stringMatching(/^[a-z]{3,8}$/);
  fc.assert(
    fc.property(fc.array(name, { minLength: 2, maxLength: 5 }), name, (folders, file) => {
      const paths = [`/${folders.join('/')}/`, `C:\\${folders.join('\\')}\\`, `//${folders.join('/')}/`];
      for (const path of paths.map((folder) => folder + file)) {
        expect(withoutPaths(`read ${path}: '${path}' (${path})`)).toBe(`read ${file}: '${file}' (${file})`);
      }
    }),
  );
});

it('takes time in proportion to the text', () => {
  const text = "'/a".repeat(100_000);
  const begin = performance.now();
  withoutPaths(text);
  expect(performance.now() - begin).toBeLessThan(2000);
});
