import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { aggregateDensity, aggregatePosterior } from './describe.ts';
import { initialParameters, vaeConfig, vaeNetwork, type Layer } from './layers.ts';
import { multiplier, transposed } from './multiply.ts';
import { divergence, drawn, lossOf, posteriorSlope } from './objective.ts';
import { fold, unfold } from './passes.ts';
import { available } from './testData.ts';

/** Of TensorFlow's, of any rank: its element by element operations keep it, but not in their types. */
type Matrix = ReturnType<TensorFlow['matMul']>;

const backends = await available(['native', 'wasm', 'cpu']);

describe('divergence', () => {
  it('is that of log variances, summed over the dimensions', () => {
    expect(divergence(1, 0)).toBeCloseTo(0.5, 14);
    expect(divergence(-2, Math.log(4))).toBeCloseTo(2.806853, 6);
    expect(divergence(1, 0) + divergence(-2, Math.log(4))).toBeCloseTo(4 - Math.LN2, 12);
    expect(divergence(0, 0)).toBe(0);
  });

  it('comes with draws whose derivatives are 1 and e^(l/2) eps / 2', () => {
    const [mu, logVariance] = [Float32Array.of(1, -2), Float32Array.of(0, Math.log(4))];
    const eps = Float32Array.of(0.5, -1);
    expect([...drawn({ mu, logVariance }, eps)]).toEqual([1.5, -4]);
    const raw = Float32Array.of(...mu, ...logVariance);
    expect([...posteriorSlope(raw, Float32Array.of(1, 1), eps, 1, 2, 0)]).toEqual([1, 1, 0.25, -1]);
    // Beyond a limit: what leads back is kept, what leads further away is not.
    for (const [l, dz, expected] of [
      [-25, 0, -0.5],
      [-25, 1e6, 0],
      [25, -1e9, 0],
    ] as const) {
      raw[3] = l;
      eps[1] = 1;
      expect(posteriorSlope(raw, Float32Array.of(1, dz), eps, 1, 2, 1)[3]).toBeCloseTo(expected, 6);
    }
    raw[3] = 25;
    expect(posteriorSlope(raw, Float32Array.of(1, 0), eps, 1, 2, 1)[3]).toBeCloseTo(Math.expm1(20) / 2, -3);
  });

  it('of two samples at +-1 is that of each, the mixture has their moments', () => {
    expect(divergence(1, Math.log(0.25))).toBeCloseTo(0.818147, 6);
    const mu = Float32Array.of(1, -1, NaN);
    const sigma = Float32Array.of(0.5, 0.5, NaN);
    const { mean, covariance, kl } = aggregatePosterior(mu, sigma, 1);
    expect(aggregateDensity({ mu, sigma, latent: 1 }, [0])).toBeCloseTo(0.107982, 6);
    expect(mean).toEqual([0]);
    expect(covariance).toEqual([[1.25]]);
    expect(kl).toBeCloseTo((0.25 - Math.log(1.25)) / 2, 12);
  });
});

describe('unfold', () => {
  it('takes the neighbourhoods with zeros beyond the ends; fold is its adjoint', () => {
    expect([...unfold(Float32Array.of(1, 2, 3, 4, 5), 1, 5, 1, 3)]).toEqual([0, 1, 2, 2, 3, 4, 4, 5, 0]);
    const random = seededRandom(1);
    const x = Float32Array.from({ length: 2 * 7 * 3 }, () => random.normal());
    const y = Float32Array.from({ length: 2 * 4 * 5 * 3 }, () => random.normal());
    const dot = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, v, k) => sum + v * (b[k] as number), 0);
    expect(dot(unfold(x, 2, 7, 3, 5), y)).toBeCloseTo(dot(x, fold(y, 2, 7, 3, 5)), 4);
  });
});

describe.each(backends)('on $name', ({ load }) => {
  it('multiplies with every option', async () => {
    const multiply = multiplier(await load());
    const a = Float32Array.of(1, 2, 3, 4, 5, 6);
    const b = Float32Array.of(1, -1, 2, 0, 1, 1);
    const expected = [8, 2, 20, 2];
    expect([...multiply(a, b, [2, 3, 2])]).toEqual(expected);
    expect([...multiply(transposed(a, 2, 3), b, [2, 3, 2], { transposeA: true })]).toEqual(expected);
    expect([...multiply(a, transposed(b, 3, 2), [2, 3, 2], { transposeB: true })]).toEqual(expected);
    const bias = Float32Array.of(-10, 1);
    expect([...multiply(a, b, [2, 3, 2], { bias, relu: true })]).toEqual([0, 3, 10, 3]);
  });

  const networks = [
    { kind: 'dense', encoder: [6, 5], decoder: [7] },
    { kind: 'dense', encoder: [], decoder: [] },
    { kind: 'conv', encoder: [3, 4], decoder: [4, 3] },
  ] as const;
  it.each(networks)('has the derivatives of $kind $encoder', async ({ kind, encoder, decoder }) => {
    const multiply = multiplier(await load());
    const config = vaeConfig({ latent: 2, kind, encoder: [...encoder], decoder: [...decoder], kernel: 3 });
    const network = vaeNetwork(config, 9);
    const random = seededRandom(4);
    const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
    const parameters = initialParameters(network, random, 0.7).map((value) => value + 0.1 * random.normal());
    const [x, eps] = [numbers(5 * 9), numbers(5 * 2)];
    const gradient = new Float32Array(parameters.length);
    lossOf(multiply, network, parameters, x, eps, 5, 1.5, gradient);
    // Along random directions, whose derivatives gather every parameter's.
    for (let trial = 0; trial < 5; trial++) {
      const any = numbers(parameters.length);
      const length = Math.sqrt(any.reduce((sum, value) => sum + value * value, 0));
      const direction = any.map((value) => value / length);
      const at = (h: number): number =>
        lossOf(
          multiply,
          network,
          parameters.map((p, k) => p + h * (direction[k] as number)),
          x,
          eps,
          5,
          1.5,
          null,
        ).loss;
      const slope = gradient.reduce((sum, g, k) => sum + g * (direction[k] as number), 0);
      const h = 1e-3;
      expect(Math.abs((at(h) - at(-h)) / (2 * h) - slope)).toBeLessThan(0.01 * Math.max(3, Math.abs(slope)));
    }
  });

  it('agrees with automatic derivatives', async () => {
    const tf = await load();
    const network = vaeNetwork(vaeConfig({ latent: 2, encoder: [4], decoder: [3] }), 5);
    const random = seededRandom(6);
    const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
    const parameters = numbers(network.parameters);
    const [x, eps] = [numbers(6 * 5), numbers(6 * 2)];
    const gradient = new Float32Array(parameters.length);
    const { loss } = lossOf(multiplier(tf), network, parameters, x, eps, 6, 0.8, gradient);
    const [expected, expectedLoss] = tf.tidy(() => {
      const input = tf.tensor2d(x, [6, 5]);
      const found = tf.valueAndGrad((flat) => {
        const dense = (at: Matrix, layer: Layer): Matrix => {
          const w = flat.slice([layer.weight], [layer.bias - layer.weight]).reshape([...layer.shape]);
          const sum = tf.matMul(at, w).add(flat.slice([layer.bias], [layer.biasLength]));
          return layer.relu ? tf.relu(sum) : sum;
        };
        const head = network.encoder.reduce<Matrix>(dense, input);
        const [mu, l] = [head.slice([0, 0], [6, 2]), head.slice([0, 2], [6, 2]).clipByValue(-10, 10)];
        const z = mu.add(
          l
            .mul(0.5)
            .exp()
            .mul(tf.tensor2d(eps, [6, 2])),
        );
        const noise = flat.slice([network.parameters - 1], [1]);
        const squares = network.decoder.reduce<Matrix>(dense, z).sub(input).square();
        const fit = squares
          .div(noise.exp())
          .add(noise)
          .add(Math.log(2 * Math.PI))
          .sum()
          .mul(0.5);
        const kl = mu.square().add(l.exp()).sub(1).sub(l).sum().mul(0.5);
        return fit.add(kl.mul(0.8)).div(6).asScalar();
      })(tf.tensor1d(parameters));
      return [Float32Array.from(found.grad.dataSync()), found.value.dataSync()[0] as number];
    });
    expect(loss / expectedLoss).toBeCloseTo(1, 5);
    const size = Math.max(...expected.map(Math.abs));
    for (const [k, value] of expected.entries()) {
      expect(Math.abs(value - (gradient[k] as number)) / size).toBeLessThan(2e-5);
    }
  });
});
