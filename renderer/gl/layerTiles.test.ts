import { describe, expect, it } from 'vitest';
import { layerTiles } from './layerTiles.ts';
import { tileName } from './tileChoice.ts';

const image = { lines: 1024, samples: 1024, tileSize: 256, levels: 3 };
/** 512 x 512 pixels at 0.5 pixels a sample: the whole image in four tiles of level 1. */
const to = { line0: 0, sample0: 0, perLine: 0.5, perSample: 0.5, width: 512, height: 512 };

function drawn(have: string[], { failed = [] as string[], onlySharp = false } = {}) {
  const { tiles, failed: hatched } = layerTiles(image, to, {
    get: (tile) => (have.includes(tileName(tile)) ? tileName(tile) : undefined),
    isFailed: (tile) => failed.includes(tileName(tile)),
    onlySharp,
  });
  return { tiles: tiles.map(({ tile }) => tile), hatched };
}

const sharp = ['1/0/0', '1/0/1', '1/1/0', '1/1/1'];

describe('layerTiles', () => {
  it('draws the wanted level alone when it is complete', () => {
    expect(drawn([...sharp, '2/0/0', '0/0/0']).tiles.sort()).toEqual(sharp);
  });

  it('draws coarse below sharp, and finer tiles only where a sharp one is missing', () => {
    const { tiles } = drawn(['2/0/0', '1/0/0', '0/0/0', '0/3/3']);
    expect(tiles).toEqual(['2/0/0', '0/3/3', '1/0/0']);
  });

  it('draws no other level over another sharp picture', () => {
    expect(drawn(['2/0/0', '1/0/0', '0/3/3'], { onlySharp: true }).tiles).toEqual(['1/0/0']);
  });

  it('gives the places of failed tiles', () => {
    const { tiles, hatched } = drawn(['1/0/0'], { failed: ['1/1/1'] });
    expect(tiles).toEqual(['1/0/0']);
    expect(hatched).toMatchObject([{ x0: 256, y0: 256, x1: 512, y1: 512 }]);
  });
});
