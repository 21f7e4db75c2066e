import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { calibrate } from './calibrate.ts';
import { corners, k1Camera, k2Poses, seen } from './testBoards.ts';

/** Root mean square. */
const size = (list: readonly number[]): number =>
  Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / list.length);

describe('stated standard deviations', () => {
  it('match the spread over 200 seeds of noisy points', () => {
    const camera = { ...k1Camera, k1: -0.2, k2: 0.1 };
    const truth = { fx: 900, fy: 800, cx: 360, cy: 240, k1: -0.2, k2: 0.1 };
    const names = Object.keys(truth) as (keyof typeof truth)[];
    const errors = new Map<string, number[]>(names.map((name) => [name, []]));
    const stated = new Map<string, number[]>(names.map((name) => [name, []]));
    const errorsOfSingle: number[] = [];
    const statedOfSingle: number[] = [];
    const probabilities: number[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const points = seen(camera, k2Poses, corners(8, 6, 30), () => [
        0.2 * random.normal(),
        0.2 * random.normal(),
      ]);
      const { models, test } = calibrate({ points, density: [112.5, 100], distortion: ['k1', 'k2'] });
      const [free, single] = models;
      errorsOfSingle.push((single?.fy ?? NaN) - truth.fy);
      statedOfSingle.push(single?.sd['fy'] ?? NaN);
      for (const name of names) {
        const value = name === 'k1' || name === 'k2' ? free?.distortion[name] : free?.[name];
        errors.get(name)?.push((value ?? NaN) - truth[name]);
        stated.get(name)?.push(free?.sd[name] ?? NaN);
      }
      probabilities.push(test?.p ?? NaN);
    }
    for (const name of names) {
      const ratio = size(stated.get(name) ?? []) / size(errors.get(name) ?? []);
      expect(ratio, name).toBeGreaterThan(0.8);
      expect(ratio, name).toBeLessThan(1.2);
    }
    expect(size(statedOfSingle) / size(errorsOfSingle)).toBeGreaterThan(0.8);
    expect(size(statedOfSingle) / size(errorsOfSingle)).toBeLessThan(1.2);
    // One focal length is true: p is uniform, so about 10 of 200 fall below 0.05.
    const below = probabilities.filter((p) => p < 0.05).length;
    expect(below).toBeGreaterThan(1);
    expect(below).toBeLessThan(22);
  });
});
