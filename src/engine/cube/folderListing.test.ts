import { expect, test } from 'vitest';
import { listCubeFiles } from './folderListing.ts';

const found = (...names: string[]) =>
  names.map((name, at) => ({ name, bytes: 10 ** at, changedAt: 100 - at }));

test('a header and its data file are one entry, with the bytes of both and the later change', () => {
  expect(listCubeFiles(found('b.hdr', 'a.tif', 'b.dat'))).toEqual([
    { name: 'a.tif', type: 'GeoTIFF', parts: ['a.tif'], bytes: 10, changedAt: 99 },
    { name: 'b.hdr', type: 'ENVI', parts: ['b.hdr', 'b.dat'], bytes: 101, changedAt: 100 },
  ]);
});

test('names go in the order that people count, in any case of letters', () => {
  const names = listCubeFiles(found('b10.tif', 'B2.tif', 'a.txt', 'b1.TIF')).map(({ name }) => name);
  expect(names).toEqual(['a.txt', 'b1.TIF', 'B2.tif', 'b10.tif']);
});

test('two headers never share a data file, and a header alone is listed', () => {
  const listed = listCubeFiles(found('x.hdr', 'x.dat.hdr', 'x.dat', 'y.hdr'));
  expect(listed.map(({ name, parts }) => [name, parts.slice(1)])).toEqual([
    ['x.dat.hdr', ['x.dat']],
    ['x.hdr', []],
    ['y.hdr', []],
  ]);
});

test('a TIFF beside its sidecar header stays an entry of its own', () => {
  expect(listCubeFiles(found('scene.tif', 'scene.hdr')).map(({ name, type }) => [name, type])).toEqual([
    ['scene.hdr', 'ENVI'],
    ['scene.tif', 'GeoTIFF'],
  ]);
});

test('ten thousand pairs are listed', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => [`c${n}.hdr`, `c${n}.bil`]).flat();
  const listed = listCubeFiles(names.map((name) => ({ name, bytes: 1, changedAt: 0 })));
  expect(listed).toHaveLength(10_000);
  expect(listed.every(({ parts }) => parts.length === 2)).toBe(true);
});
