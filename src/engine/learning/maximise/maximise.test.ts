import { describe, expect, test } from 'vitest';
import type {
  ActivationName,
  MaximiseAnswer,
  MaximiseExample,
  NetworkModel,
} from '../../contract/maximise.ts';
import { seededRandom } from '../../base/random.ts';
import { examples } from './examples.ts';
import { networkOfModel } from './jsonModel.ts';
import { maximise } from './maximise.ts';
import { denseModel, DenseObjective } from './denseModel.ts';
import type { MaximiseSettings } from './settings.ts';
import { randomModel } from './testNetworks.ts';

const run = (name: MaximiseExample, settings: MaximiseSettings = {}): MaximiseAnswer => {
  const { model, fix, range } = examples[name];
  return maximise(denseModel(networkOfModel(model)), { fix, range, ...settings });
};

const oneInput = (layers: NetworkModel['layers'], size = 1): NetworkModel => ({
  inputs: [{ name: 'y', size }],
  layers,
  output: 'f',
});

describe('the examples', () => {
  test.each([0.5, -3, 7.25])('interior: y* = x = %d', (x) => {
    const { best, fixed, free } = run('interior', { fix: { x: [x] } });
    expect({ fixed, free }).toEqual({ fixed: { x: [x] }, free: 'y' });
    expect(best.verdict).toBe('interior-maximum');
    expect(best.point[0]).toBeCloseTo(x, 9);
    expect(best.value).toBeCloseTo(2 * Math.tanh(1), 12);
    expect(best.curvature[0]).toBeCloseTo(-1.2794, 6);
    expect(best.sensitivity?.[0]?.[0]).toBeCloseTo(1, 9);
    expect(best.newtonStep).toBeLessThan(1e-9);
    expect(best.restarts).toEqual({ tried: 2, returned: 2 });
  });

  test('interior from y = -10, where the slope is 2e-8: the search still comes up', () => {
    const answer = run('interior', { starts: 32 });
    const low = answer.starts.find(({ from }) => from[0] === -10);
    expect(low?.point[0]).toBeCloseTo(0.5, 6);
  });

  test.each([
    [2, 0.0706508, 0.5187],
    [5, 1.81583e-4, 0.50005],
    [10, 8.2446e-9, 0.5],
  ])('asymptote: at y = %d the gradient decays and the Newton step does not', (high, gradient, newton) => {
    const { best } = run('asymptote', { range: [-10, high] });
    expect(best.verdict).toBe('asymptote');
    expect(best.point).toEqual([high]);
    expect((best.gradient[0] ?? 0) / gradient).toBeCloseTo(1, 4);
    expect(best.newtonStep).toBeCloseTo(newton, 4);
    expect(best.value).toBeCloseTo(Math.tanh(high), 15);
  });

  test('asymptote stays one where tanh has rounded to 1', () => {
    for (const range of [
      [-100, 100],
      [-1000, 1000],
    ] as const) {
      const { best } = run('asymptote', { range: [...range] });
      expect(best).toMatchObject({ verdict: 'asymptote', point: [range[1]], value: 1 });
    }
  });

  test('bound: the end of the range with its multiplier; at x = 0 the output is flat', () => {
    expect(run('bound').best).toMatchObject({
      verdict: 'at-bound',
      point: [3],
      value: 4.5,
      multipliers: [1.5],
    });
    const other = run('bound', { fix: { x: [-1.5] } }).best;
    expect(other).toMatchObject({ verdict: 'at-bound', point: [-2], value: 3, multipliers: [1.5] });
    expect(run('bound', { fix: { x: [0] } }).best).toMatchObject({ verdict: 'plateau', value: 0 });
  });

  test.each([0.5, 0.3, -7, 0])('kink: y* = x = %d, and the slope beside it is 1', (x) => {
    const { best } = run('kink', { fix: { x: [x] } });
    expect(best.verdict).toBe('kink');
    expect(best.point[0]).toBeCloseTo(x, 9);
    expect(best.value).toBeCloseTo(0, 9);
    expect(Math.abs(best.gradient[0] ?? 0)).toBe(1);
  });

  test('two peaks: both found, the higher first', () => {
    const { ends, starts, fixed } = run('two-peaks');
    expect(fixed).toEqual({});
    expect(ends.map(({ verdict }) => verdict)).toEqual(['interior-maximum', 'interior-maximum']);
    expect(ends[0]?.point[0]).toBeCloseTo(3, 6);
    expect(ends[1]?.point[0]).toBeCloseTo(-2, 6);
    expect(ends[0]?.value).toBeCloseTo(1.5, 9);
    expect(ends[1]?.value).toBeCloseTo(1, 9);
    expect(starts).toHaveLength(32);
    expect(ends.reduce((sum, { reachedBy }) => sum + reachedBy, 0)).toBe(32);
    const values = starts.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    for (const { from, point, path } of starts) {
      expect(path[0]).toEqual(from);
      expect(path.at(-1)).toEqual(point);
    }
  });

  test('the same request gives the same answer; another seed starts elsewhere', () => {
    expect(run('two-peaks', { seed: 5 })).toEqual(run('two-peaks', { seed: 5 }));
    const from = (seed: number): number[][] => run('two-peaks', { seed }).starts.map((start) => start.from);
    expect(from(5)).not.toEqual(from(6));
  });
});

describe('verdicts', () => {
  test('a network that is dead everywhere is a plateau', () => {
    const dead = oneInput([
      { type: 'dense', name: 'f', from: 'y', units: 1, kernel: [[1]], bias: [-50], activation: 'relu' },
      { type: 'dense', name: 'g', from: 'f', units: 1, kernel: [[1]] },
    ]);
    const { best } = maximise(denseModel(networkOfModel({ ...dead, output: 'g' })), {});
    expect(best).toMatchObject({ verdict: 'plateau', value: 0, gradient: [0] });
  });

  test('a search that begins on a minimum stays there, and the end is called a saddle', () => {
    const network = networkOfModel(
      oneInput([{ type: 'dense', name: 'f', from: 'y', units: 1, kernel: [[1]], activation: 'square' }]),
    );
    const { ends } = maximise(denseModel(network), { range: [-1, 1] });
    expect(ends.find(({ point }) => point[0] === 0)?.verdict).toBe('saddle');
    expect(ends[0]).toMatchObject({ verdict: 'at-bound', value: 1, multipliers: [2] });
  });

  test('softplus and linear outputs end at the bound: their slope does not decay', () => {
    for (const activation of ['softplus', 'linear'] as const) {
      const network = networkOfModel(
        oneInput([{ type: 'dense', name: 'f', from: 'y', units: 1, kernel: [[2]], activation }]),
      );
      const { best } = maximise(denseModel(network), {});
      expect(best).toMatchObject({ verdict: 'at-bound', point: [10] });
      expect(best.multipliers[0]).toBeCloseTo(2, 6);
    }
  });

  test('sigmoid of a hill is climbed by its logit, the value is its own', () => {
    // 40 (1 - (y - 2)^2) lies far above where a sigmoid rounds to 1.
    const network = networkOfModel(
      oneInput([
        { type: 'dense', name: 'd', from: 'y', units: 1, kernel: [[1]], bias: [-2], activation: 'square' },
        { type: 'dense', name: 'f', from: 'd', units: 1, kernel: [[-40]], bias: [40], activation: 'sigmoid' },
      ]),
    );
    const { best } = maximise(denseModel(network), {});
    expect(best.verdict).toBe('interior-maximum');
    expect(best.point[0]).toBeCloseTo(2, 6);
    expect(best.value).toBe(1);
  });

  test('the logit of a softmax component leads to the maximum of that component', () => {
    const network = networkOfModel(
      randomModel(11, { x: 1, y: 1, first: 6, second: 4 }, 'tanh', 'softmax', 3),
    );
    for (const output of [0, 1, 2]) {
      const fix = { x: [0.2] };
      const { best } = maximise(denseModel(network), { fix, output });
      const objective = new DenseObjective(network, { node: network.output, index: output }, 1, [
        Float64Array.of(0.2),
      ]);
      let highest = -Infinity;
      for (let k = 0; k <= 20_000; k++)
        highest = Math.max(highest, objective.value(Float64Array.of(-10 + k / 1000)));
      expect(best.value).toBeGreaterThanOrEqual(highest - 1e-12);
      expect(best.value).toBeLessThan(highest + 1e-5);
    }
  });
});

/** Climbs without derivatives: random moves whose size follows their success, from 400 starts. */
function bruteForce(objective: DenseObjective, size: number): { value: number; point: Float64Array } {
  const random = seededRandom(77);
  let best: { value: number; point: Float64Array } = { value: -Infinity, point: new Float64Array(size) };
  const clip = (y: number): number => Math.max(-10, Math.min(10, y));
  const climb = (from: Float64Array, tries: number): { value: number; point: Float64Array } => {
    let [point, value, reach] = [from, objective.value(from), 4];
    for (let k = 0; k < tries && reach > 1e-10; k++) {
      const moved = point.map((y) => clip(y + reach * random.normal()));
      const there = objective.value(moved);
      if (there > value) [point, value, reach] = [moved, there, reach * 2];
      else reach *= 0.9;
    }
    return { value, point };
  };
  for (let k = 0; k < 400; k++) {
    const found = climb(
      Float64Array.from({ length: size }, () => 20 * random.uniform() - 10),
      300,
    );
    if (found.value > best.value) best = found;
  }
  for (let k = 0; k < 20; k++) {
    const found = climb(best.point, 2000);
    if (found.value > best.value) best = found;
  }
  return best;
}

describe.each(['tanh', 'softplus', 'relu'] as const)('random %s networks', (activation: ActivationName) => {
  test.each([1, 2, 3])('%d free components: no search of 400 starts finds more', (size) => {
    for (let seed = 1; seed <= 3; seed++) {
      const network = networkOfModel(
        randomModel(1000 * size + seed, { x: 2, y: size, first: 10, second: 7 }, activation),
      );
      const fix = { x: [0.3, -0.7] };
      const { best } = maximise(denseModel(network), { fix });
      const fixed = [Float64Array.from(fix.x), new Float64Array()];
      const brute = bruteForce(
        new DenseObjective(network, { node: network.output, index: 0 }, 1, fixed),
        size,
      );
      expect(best.value).toBeGreaterThan(brute.value - 1e-9);
      expect(best.value - brute.value).toBeLessThan(activation === 'relu' && size > 1 ? 0.05 : 1e-5);
      const many = maximise(denseModel(network), { fix, starts: 400, seed: 1 }).best;
      expect(Math.abs(many.value - best.value)).toBeLessThan(1e-7);
      best.point.forEach((y, i) => expect(Math.abs(y - (many.point[i] ?? NaN))).toBeLessThan(1e-3));
      const allowed =
        activation === 'relu' ? ['kink', 'at-bound'] : ['interior-maximum', 'at-bound', 'asymptote'];
      expect(allowed).toContain(best.verdict);
    }
  });
});

test('the fixed input does not move by a bit', () => {
  const network = networkOfModel(randomModel(4, { x: 3, y: 2, first: 8, second: 6 }, 'tanh'));
  const x = [0.1 + 0.2, -0, 1e-320];
  const bits = (values: Iterable<number>): string =>
    Buffer.from(Float64Array.from(values).buffer).toString('hex');
  const before = bits(x);
  const { fixed } = maximise(denseModel(network), { fix: { x } });
  expect(bits(x)).toBe(before);
  expect(bits(fixed.x ?? [])).toBe(before);
  const objective = new DenseObjective(network, { node: network.output, index: 0 }, 1, [
    Float64Array.from(x),
  ]);
  objective.bend(Float64Array.of(1, 2));
  expect(objective.fixedNow().map(bits)).toEqual([before]);
});

test('the sensitivity is how the maximum moves with the fixed input', () => {
  const network = networkOfModel(randomModel(2, { x: 2, y: 2, first: 8, second: 6 }, 'tanh'));
  const hill = (x: number[]): MaximiseAnswer['best'] => {
    const { ends } = maximise(denseModel(network), { fix: { x }, range: [-3, 3], starts: 64 });
    const found = ends.find(({ verdict }) => verdict === 'interior-maximum');
    if (found === undefined) throw new Error('This network has a maximum inside the range.');
    return found;
  };
  const { sensitivity } = hill([0.3, -0.7]);
  for (const fixed of [0, 1]) {
    const h = 1e-5;
    const at = (move: number): number[] =>
      hill([0.3, -0.7].map((x, k) => (k === fixed ? x + move : x))).point;
    const [up, down] = [at(h), at(-h)];
    for (const free of [0, 1]) {
      const moved = ((up[free] ?? NaN) - (down[free] ?? NaN)) / (2 * h);
      expect(moved).toBeCloseTo(sensitivity?.[free]?.[fixed] ?? NaN, 3);
    }
  }
});

test('a cancelled search ends at once', () => {
  let looks = 0;
  const signal = {
    get aborted(): boolean {
      return ++looks > 1100;
    },
  };
  const { model, fix } = examples.interior;
  expect(() => maximise(denseModel(networkOfModel(model)), { fix }, { signal })).toThrow(
    expect.objectContaining({ code: 'cancelled' }),
  );
});

describe('bad input', () => {
  const network = networkOfModel(randomModel(1, { x: 2, y: 2, first: 3, second: 3 }, 'tanh'));
  const x = [1, 2];
  test.each<[string, MaximiseSettings, string]>([
    ['an unknown input', { fix: { z: [1] } }, 'no input "z"'],
    ['nothing fixed', {}, '2 inputs are free (x, y)'],
    ['everything fixed', { fix: { x, y: x } }, 'none is left'],
    ['too few values', { fix: { x: [1] } }, '"x" has 2 components, but 1 values'],
    ['NaN', { fix: { x: [1, NaN] } }, 'Value 2 of "x"'],
    ['an empty range', { fix: { x }, range: [3, 3] }, 'range 3 to 3 of component 1'],
    [
      'a range the wrong way round',
      {
        fix: { x },
        range: {
          y: [
            [0, 1],
            [2, 1],
          ],
        },
      },
      'range 2 to 1 of component 2',
    ],
    ['an infinite range', { fix: { x }, range: [0, Infinity] }, 'beyond 1e+100'],
    [
      'a range of the wrong length',
      {
        fix: { x },
        range: {
          y: [
            [0, 1],
            [0, 1],
            [0, 1],
          ],
        },
      },
      'its range has 3 intervals',
    ],
    ['the range of a fixed input', { fix: { x }, range: { x: [[0, 1]] } }, 'but the free input is "y"'],
    ['an output too far', { fix: { x }, output: 1 }, 'none of index 1'],
  ])('%s', (_, settings, message) => {
    expect(() => maximise(denseModel(network), settings)).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(message) }),
    );
  });

  test('an output that is nowhere finite', () => {
    const model = oneInput([
      {
        type: 'dense',
        name: 'e',
        from: 'y',
        units: 2,
        kernel: [[1, 1]],
        bias: [2000, 3000],
        activation: 'exponential',
      },
      { type: 'dense', name: 'f', from: 'e', units: 1, kernel: [[1], [-1]] },
    ]);
    expect(() => maximise(denseModel(networkOfModel(model)), {})).toThrow(
      expect.objectContaining({ code: 'not-converged' }),
    );
  });
});
