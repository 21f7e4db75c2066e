import { expect, test } from 'vitest';
import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { cubeTitles } from './cubeTitles.ts';

test('cubes of the same name are numbered, images of one file are named', () => {
  const images = [
    { imageId: '1', name: 'scene' },
    { imageId: '2', name: 'detail' },
    { imageId: '3', name: '' },
  ];
  const cube = (file: string, imageId?: string) =>
    ({
      info: { file, images: file === 'b.tif' ? images : [] },
      options: { imageId },
    }) as unknown as OpenCubeAnswer;
  const cubes = [
    cube('a.hdr'),
    cube('b.tif'),
    cube('a.hdr'),
    cube('b.tif', '2'),
    cube('b.tif', '3'),
    cube('a.hdr'),
  ];
  expect(cubeTitles(cubes)).toEqual([
    'a.hdr',
    'b.tif · scene',
    'a.hdr (2)',
    'b.tif · detail',
    'b.tif · 3',
    'a.hdr (3)',
  ]);
});
