import { expect, test } from 'vitest';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { cubeTitles } from './cubeTitles.ts';

test('cubes of the same name are numbered, images of one file are named', () => {
  const images = [
    { imageId: '1', name: 'scene', lines: 10, samples: 10, bands: 3 },
    { imageId: '2', name: 'detail', lines: 5, samples: 5, bands: 3 },
  ];
  const cube = (file: string, lines = 10, of: unknown[] = []) =>
    ({ info: { file, lines, images: of } }) as unknown as OpenCubeAnswer;
  const cubes = [
    cube('a.hdr'),
    cube('b.tif', 10, images),
    cube('a.hdr'),
    cube('b.tif', 5, images),
    cube('a.hdr'),
  ];
  expect(cubeTitles(cubes)).toEqual(['a.hdr', 'b.tif · scene', 'a.hdr (2)', 'b.tif · detail', 'a.hdr (3)']);
});
