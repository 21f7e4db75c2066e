import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { storedView } from '../src/engine/base/dataTypes.ts';
import type { PixelsAnswer } from '../src/engine/contract/readings.ts';
import { answerOf, realData, refusalOf, root, TestEngine } from './testEngine.ts';

const host = new TestEngine();
afterAll(() => host.close());

const image = { kind: 'mahalanobis', parameters: {} };
const query = encodeURIComponent(JSON.stringify(image));

/** What Spectral Python gives: fixtures/salton_sea_rx.py beside it makes it. */
interface Expected {
  goodBands: number;
  completePixels: number;
  scores: [line: number, sample: number, score: number | null][];
}
const expected = JSON.parse(
  readFileSync(path.join(root, 'src/engine/gaussian/fixtures/salton_sea_rx.json'), 'utf8'),
) as Expected;

const scene = path.join(realData, 'salton_sea/salton_sea_aviris_int16.hdr');

describe.skipIf(!existsSync(scene))('RX of salton_sea', () => {
  it('equals that of Spectral Python, as tile and as pixel', async () => {
    const { cubeId } = await host.open(scene);
    const response = await host.fetch(`/cubes/${cubeId}/tiles/0/0/0?exact&image=${query}`);
    expect(response.status).toBe(200);
    const [, lines = 0, samples = 0] = (response.headers.get('cubelens-shape') ?? '').split(',').map(Number);
    const pixels = storedView('float32', await response.arrayBuffer(), 0, lines * samples);
    const sure = expected.scores.filter(([, , score]) => score !== null);
    expect(sure.length).toBeGreaterThan(100);
    for (const [line, sample, score] of sure) {
      const found = Number(pixels[line * samples + sample]);
      expect(Math.abs(found / (score ?? NaN) - 1), `${line},${sample}`).toBeLessThan(1e-6);
    }
    const at = sure.slice(0, 3).map(([line, sample]) => ({ line, sample }));
    const read = await answerOf<PixelsAnswer>(
      await host.post(`/cubes/${cubeId}/pixels`, { at, bandIndex: 0, image }),
    );
    read.pixels.forEach((pixel) => {
      expect(pixel.image).toEqual([pixels[pixel.line * samples + pixel.sample]]);
    });
  });
});

describe('RX of a cube with fewer pixels than bands', () => {
  it('is refused with a remedy', async () => {
    const { cubeId } = await host.demo({ lines: 4, samples: 4 });
    const refusal = await refusalOf(
      host.fetch(`/cubes/${cubeId}/tiles/0/0/0?image=${query}`).then((response) => answerOf(response)),
    );
    expect(refusal.code).toBe('degenerate');
    expect(refusal.remedy).toBeTruthy();
  });
});
