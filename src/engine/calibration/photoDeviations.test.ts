import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { boardPoints } from './boardPoints.ts';
import { calibrate } from './calibrate.ts';
import { pinhole } from './camera.ts';
import { detectBoard } from './detect/detectBoard.ts';
import { renderBoard, tiltedPoses } from './testPhotos.ts';

const size = (list: readonly number[]): number =>
  Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / list.length);

describe('photos rendered from a known camera', () => {
  it('give it back within three deviations, and the stated deviations match the spread over 50 seeds', () => {
    const camera = { ...pinhole(228, 230, 118, 93), k1: -0.2, k2: 0.05 };
    const imageSize = [240, 180] as const;
    const board = [9, 6] as const;
    const errors = new Map<string, number[]>();
    const stated = new Map<string, number[]>();
    let outside = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const views = tiltedPoses(8, random, { camera, imageSize, board }).map((pose, k) => {
        const image = renderBoard({ camera, pose, imageSize, board, blur: 0.7, noise: 4, random });
        const found = detectBoard(image, board);
        expect(found.found, `seed ${seed}, view ${k}`).toBe(true);
        return { name: String(k), object: boardPoints(board), image: found.found ? found.corners : [] };
      });
      const points = { imageSize: [...imageSize] as [number, number], views };
      const [model] = calibrate({ points, focal: 'free', distortion: ['k1', 'k2'] }).models;
      for (const name of ['fx', 'fy', 'cx', 'cy', 'k1', 'k2'] as const) {
        const value = name === 'k1' || name === 'k2' ? model?.distortion[name] : model?.[name];
        const error = (value ?? NaN) - camera[name];
        const sd = model?.sd[name] ?? NaN;
        errors.set(name, [...(errors.get(name) ?? []), error]);
        stated.set(name, [...(stated.get(name) ?? []), sd]);
        if (!(Math.abs(error) <= 3 * sd)) outside += 1;
      }
    }
    for (const [name, list] of errors) {
      const ratio = size(stated.get(name) ?? []) / size(list);
      expect(ratio, name).toBeGreaterThan(0.65);
      expect(ratio, name).toBeLessThan(1.35);
    }
    // Of 300 numbers one is expected beyond three deviations.
    expect(outside).toBeLessThanOrEqual(4);
  });
});
