import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { SavedFacts } from '../classifier/savedFacts.ts';
import { Evaluator } from './evaluate.ts';
import { maximiseInHull, mixtureOf } from './hull.ts';
import { networkOfModel } from './jsonModel.ts';
import type { Network } from './network.ts';
import { denseModel } from './denseModel.ts';

type Means = number[][];
const facts = (meanSpectra: Means): SavedFacts => ({
  kind: 'classifier',
  version: 1,
  classes: meanSpectra.map((_, k) => `class ${k}`),
  columns: (meanSpectra[0] ?? []).map((_, k) => `band ${k + 1}`),
  wavelengthsNm: null,
  auxiliary: null,
  mean: [],
  deviation: [],
  range: { spectrum: [], auxiliary: [] },
  meanSpectra,
  accuracy: 1,
});

/** A random classifier of three classes in four bands, with ReLU. */
function classifier(seed: number): { network: Network; means: Means } {
  const random = seededRandom(seed);
  const numbers = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
  const network = networkOfModel({
    inputs: [{ name: 'spectrum', size: 4 }],
    layers: [
      { type: 'dense', name: 'h', from: 'spectrum', units: 12, kernel: numbers(4, 12), activation: 'relu' },
      { type: 'dense', name: 'out', from: 'h', units: 3, kernel: numbers(12, 3), activation: 'softmax' },
    ],
    output: 'out',
  });
  return { network, means: numbers(3, 4).map((mean) => mean.map((value) => 2 * value)) };
}

describe('the search over mixtures of class means', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds the highest of a grid over all of them, seed %i', (seed) => {
    const { network, means } = classifier(seed);
    for (const output of [0, 1, 2]) {
      const { best, ends, starts, free } = maximiseInHull(denseModel(network), { output }, facts(means));
      const evaluator = new Evaluator(network, { node: network.output, index: output });
      let highest = 0;
      for (let a = 0; a <= 60; a++) {
        for (let b = 0; a + b <= 60; b++) {
          const spectrum = mixtureOf([a / 60, b / 60, (60 - a - b) / 60], means);
          highest = Math.max(highest, evaluator.value([spectrum]));
        }
      }
      expect(best.value).toBeGreaterThan(highest - 1e-9);
      expect(best.value).toBe(evaluator.value([mixtureOf(best.point, means)]));
      expect(best.point.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(best.point.every((share) => share >= 0)).toBe(true);
      expect([free, starts.length, ends[0]]).toEqual(['shares', 16, best]);
      expect(maximiseInHull(denseModel(network), { output }, facts(means)).best).toEqual(best);
    }
  });

  it('ends inside where the top lies inside, and says where it does not', () => {
    // -(x - 0.2)^2 - (y - 0.3)^2 over the triangle of (0, 0), (1, 0), (0, 1), then with the top at (-1, 0.5).
    const hill = (x: number, y: number): Network =>
      networkOfModel({
        inputs: [{ name: 'spectrum', size: 2 }],
        layers: [
          {
            type: 'dense',
            name: 'squares',
            from: 'spectrum',
            units: 2,
            kernel: [
              [1, 0],
              [0, 1],
            ],
            bias: [-x, -y],
            activation: 'square',
          },
          { type: 'dense', name: 'out', from: 'squares', units: 1, kernel: [[-1], [-1]] },
        ],
        output: 'out',
      });
    const corners = [
      [0, 0],
      [1, 0],
      [0, 1],
    ];
    const inside = maximiseInHull(denseModel(hill(0.2, 0.3)), {}, facts(corners)).best;
    expect(inside.verdict).toBe('interior-maximum');
    expect(inside.reachedBy).toBe(16);
    [0.5, 0.2, 0.3].forEach((share, k) => {
      expect(inside.point[k]).toBeCloseTo(share, 5);
    });
    const edge = maximiseInHull(denseModel(hill(-1, 0.5)), {}, facts(corners)).best;
    expect(edge.verdict).toBe('at-bound');
    expect(edge.point[1]).toBe(0);
    expect(edge.point[2]).toBeCloseTo(0.5, 5);
    // The slope along x is -2 there, of the edge itself 0.
    expect(edge.multipliers[1]).toBeCloseTo(2, 4);
  });

  it('is refused where the spectrum is fixed, and ends when it is cancelled', () => {
    const { network, means } = classifier(1);
    expect(() =>
      maximiseInHull(denseModel(network), { fix: { spectrum: [1, 2, 3, 4] } }, facts(means)),
    ).toThrow('are fixed');
    expect(() =>
      maximiseInHull(denseModel(network), {}, facts(means), { signal: { aborted: true } }),
    ).toThrow();
  });
});
