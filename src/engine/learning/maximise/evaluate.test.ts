import { expect, test } from 'vitest';
import { activationNames } from '../../contract/maximise.ts';
import { elementwise, normalDistribution } from './activations.ts';
import { networkOfModel } from './jsonModel.ts';
import { climbed } from './network.ts';
import { DenseObjective } from './denseModel.ts';
import { randomModel } from './testNetworks.ts';

const elementwiseNames = activationNames.filter((name) => name !== 'softmax');

test.each(elementwiseNames)('%s: slope and bend are the derivatives of value and slope', (name) => {
  for (const approximate of [false, true]) {
    const f = elementwise(name, { approximate });
    for (const z of [-6.3, -2.9, -1.1, -0.2, 0.3, 1.7, 3.4]) {
      const h = 1e-5;
      expect(f.slope(z)).toBeCloseTo((f.value(z + h) - f.value(z - h)) / (2 * h), 6);
      expect(f.bend(z)).toBeCloseTo((f.slope(z + h) - f.slope(z - h)) / (2 * h), 6);
    }
  }
});

test('values a person can look up', () => {
  expect(elementwise('gelu').value(1)).toBeCloseTo(0.8413447460685429, 14);
  expect(elementwise('gelu', { approximate: true }).value(1)).toBeCloseTo(0.8411919906082768, 14);
  expect(elementwise('selu').value(-1)).toBeCloseTo(-1.1113307378125625, 14);
  expect(elementwise('softplus').value(0)).toBeCloseTo(Math.LN2, 15);
  expect(elementwise('leaky_relu').value(-1)).toBe(-0.2);
  expect(elementwise('softsign').value(-3)).toBe(-0.75);
  expect(elementwise('swish').value(2)).toBeCloseTo(1.7615941559557646, 14);
  expect(normalDistribution(-5)).toBeCloseTo(2.866515718791933e-7, 20);
  expect(normalDistribution(2.5)).toBeCloseTo(0.9937903346742238, 14);
});

test('the slope of tanh does not vanish where tanh rounds to 1', () => {
  expect(Math.tanh(30)).toBe(1);
  expect(elementwise('tanh').slope(30)).toBeCloseTo(4 * Math.exp(-60), 40);
});

test.each([
  ['tanh', 'linear', 1],
  ['softplus', 'sigmoid', 1],
  ['gelu', 'softmax', 3],
  ['swish', 'softmax', 4],
  ['elu', 'exponential', 2],
] as const)(
  '%s network with %s output: gradient and Hessian against differences',
  (hidden, last, outputs) => {
    const network = networkOfModel(
      randomModel(3, { x: 2, y: 3, first: 6, second: 5 }, hidden, last, outputs),
    );
    const fixed = [Float64Array.of(0.4, -0.9), new Float64Array()];
    const upward = climbed(network, outputs - 1);
    const objectives = [
      new DenseObjective(network, { node: network.output, index: outputs - 1 }, 1, fixed),
      new DenseObjective(upward.network, upward.output, 1, fixed),
    ];
    const at = (point: Float64Array, i: number, move: number): Float64Array =>
      point.map((y, k) => (k === i ? y + move : y));
    for (const objective of objectives) {
      const point = Float64Array.of(0.3, -0.8, 1.1);
      const { gradient, hessian } = objective.bend(point);
      const h = 1e-5;
      for (let i = 0; i < 3; i++) {
        const difference = (objective.value(at(point, i, h)) - objective.value(at(point, i, -h))) / (2 * h);
        expect(gradient[i]).toBeCloseTo(difference, 7);
        const up = objective.slope(at(point, i, h)).gradient;
        const down = objective.slope(at(point, i, -h)).gradient;
        for (let j = 0; j < 3; j++) {
          expect(hessian.get(i, j)).toBeCloseTo(((up[j] ?? NaN) - (down[j] ?? NaN)) / (2 * h), 7);
        }
      }
    }
  },
);

test('the mixed derivatives are those of the gradient by the fixed inputs', () => {
  const network = networkOfModel(randomModel(5, { x: 2, y: 2, first: 6, second: 5 }, 'tanh'));
  const of = (x: number[]): DenseObjective =>
    new DenseObjective(network, { node: network.output, index: 0 }, 1, [
      Float64Array.from(x),
      new Float64Array(),
    ]);
  const point = Float64Array.of(0.3, -0.8);
  const { cross } = of([0.4, -0.9]).bend(point);
  const h = 1e-5;
  const up = of([0.4, -0.9 + h]).slope(point).gradient;
  const down = of([0.4, -0.9 - h]).slope(point).gradient;
  for (let i = 0; i < 2; i++) {
    expect(cross.get(i, 1)).toBeCloseTo(((up[i] ?? NaN) - (down[i] ?? NaN)) / (2 * h), 7);
  }
});

test('what is climbed keeps the order of values and does not saturate', () => {
  const network = networkOfModel({
    inputs: [{ name: 'y', size: 1 }],
    layers: [
      { type: 'dense', name: 'f', from: 'y', units: 3, kernel: [[40, -40, 0]], activation: 'softmax' },
    ],
    output: 'f',
  });
  const upward = climbed(network, 0);
  const own = new DenseObjective(network, { node: network.output, index: 0 }, 0, []);
  const climb = new DenseObjective(upward.network, upward.output, 0, []);
  const y = Float64Array.of(2);
  // p = e^80 / (e^80 + e^-80 + 1): its logit is 80 less a rounding.
  expect(climb.value(y)).toBeCloseTo(80, 12);
  expect(own.value(y)).toBe(1);
  // dp/dy = p1 p3 40 + ... = 40 e^-80, although p1 is 1 here.
  expect((own.slope(y).gradient[0] ?? 0) / (40 * Math.exp(-80))).toBeCloseTo(1, 10);
});
