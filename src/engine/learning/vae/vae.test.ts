import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { VaeRequestedConfig } from '../../contract/vae.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { decode, encode, sample } from './apply.ts';
import { aggregateDensity, aggregatePosterior, describeVae } from './describe.ts';
import { initialParameters, vaeConfig, vaeNetwork, type Layer } from './layers.ts';
import { parametersOf } from './model.ts';
import { multiplier, transposed } from './multiply.ts';
import { divergence, drawn, lossOf, posteriorSlope } from './objective.ts';
import { fold, unfold } from './passes.ts';
import { available, exactSamples, quick, twoGroups } from './testData.ts';
import { trainVae } from './train.ts';

/** Of TensorFlow's, of any rank: its element by element operations keep it, but not in their types. */
type Matrix = ReturnType<TensorFlow['matMul']>;

const backends = await available(['native', 'wasm', 'cpu']);
const fast = backends.filter(({ name }) => name !== 'cpu');

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
    raw[3] = 11;
    expect(posteriorSlope(raw, Float32Array.of(1, 1), eps, 1, 2, 1)[3]).toBe(0);
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

describe.each(fast)('linear on $name', ({ load }) => {
  const rows = 400;
  const linear: VaeRequestedConfig = {
    latent: 2,
    encoder: [],
    decoder: [],
    standardise: 'none',
    batch: rows,
    validationShare: 0,
  } as const;

  it('comes to probabilistic PCA', async () => {
    const tf = await load();
    const table = exactSamples(rows);
    const model = await trainVae({
      tf,
      table,
      config: { ...linear, noise: 0.25, epochs: 1500, learningRate: 0.05, warmUp: 0 },
    });
    const encoding = encode(tf, model, table.values, rows);
    const kl = encoding.klPerDimension.toSorted((a, b) => b - a);
    expect(Math.abs((kl[0] as number) - 1.386294)).toBeLessThan(0.02);
    expect(Math.abs((kl[1] as number) - 0.693147)).toBeLessThan(0.02);
    expect(Math.abs((kl[0] as number) + (kl[1] as number) - 2.079442)).toBeLessThan(0.02);
    // Exact expectation of the reconstruction: bias of the mean plus what the latent noise adds.
    const { network, parameters } = parametersOf(model);
    const [layer] = network.decoder;
    const w = parameters.subarray(layer?.weight, layer?.bias);
    const variances = encoding.sigma.map((value) => value * value);
    const bias = encoding.error.reduce((sum, e) => sum + e * e * 4, 0) / rows;
    const norms = [0, 1].map((k) => [0, 1, 2, 3].reduce((sum, c) => sum + (w[4 * k + c] as number) ** 2, 0));
    const meanVariances = [0, 1].map(
      (k) => variances.reduce((sum, v, i) => sum + (i % 2 === k ? v : 0), 0) / rows,
    );
    const added = norms.reduce((sum, value, k) => sum + value * (meanVariances[k] as number), 0);
    const elbo =
      -((bias + added) / 0.5 + 2 * Math.log(2 * Math.PI * 0.25)) - (kl[0] as number) - (kl[1] as number);
    expect(Math.abs(elbo / -4.982607 - 1)).toBeLessThan(0.001);
    expect(Math.abs(Math.max(...norms) / 3.75 - 1)).toBeLessThan(0.05);
    expect(Math.abs(Math.min(...norms) / 0.75 - 1)).toBeLessThan(0.05);
    const cross = [0, 1, 2, 3].reduce((sum, c) => sum + (w[c] as number) * (w[4 + c] as number), 0);
    expect(Math.abs(cross)).toBeLessThan(0.1);
    expect(Math.min(...meanVariances)).toBeCloseTo(0.0625, 2);
    expect(Math.abs(Math.max(...meanVariances) / 0.25 - 1)).toBeLessThan(0.05);
    const found = describeVae(model, encoding);
    expect([found.activeCount, found.predictedCount]).toEqual([2, 2]);
    expect(found.eigenvalues[0]).toBeCloseTo(4, 4);
    expect(found.eigenvalues[1]).toBeCloseTo(1, 4);
    expect(found.aggregate.kl).toBeLessThan(0.02);
    // First order is exact for a linear decoder.
    const spread = decode(tf, model, Float32Array.of(0.3, -1), 1, Float32Array.of(1, 1)).sd;
    expect((spread[0] as number) ** 2 - 0.25).toBeCloseTo((w[0] as number) ** 2 + (w[4] as number) ** 2, 4);
  });

  it('loses the dimension that PCA predicts', async () => {
    const tf = await load();
    const table = exactSamples(rows);
    const config: VaeRequestedConfig = { ...linear, noise: 2, epochs: 600, learningRate: 0.03, warmUp: 0 };
    const model = await trainVae({ tf, table, config });
    const encoding = encode(tf, model, table.values, rows);
    const kl = encoding.klPerDimension.toSorted((a, b) => b - a);
    expect(Math.abs((kl[0] as number) - 0.346574)).toBeLessThan(0.01);
    const lost = encoding.sigma.filter((_, i) => i % 2 === encoding.klPerDimension.indexOf(kl[1] as number));
    expect(Math.min(...lost)).toBeCloseTo(1, 2);
    expect(kl[1]).toBeLessThan(0.01);
    const found = describeVae(model, encoding);
    expect([found.activeCount, found.predictedCount]).toEqual([1, 1]);
    expect(found.sentences[0]).toMatch('one Gaussian of 2 dimensions; only their mixture');
  });
});

describe.each(fast)('apply on $name', ({ load }) => {
  it('decodes in the data’s units, leaves bad samples out, draws by the seed', async () => {
    const tf = await load();
    const table = twoGroups(300, 30);
    const model = await trainVae({ tf, table, config: { ...quick, epochs: 30, learningRate: 0.01 } });
    const before = tf.memory().numTensors;
    const values = table.values.slice();
    values[30] = NaN;
    const encoding = encode(tf, model, values, 300);
    expect(encoding.mu[2]).toBeNaN();
    expect(encoding.error[1]).toBeNaN();
    expect(encoding.klPerDimension.every(Number.isFinite)).toBe(true);
    expect(encoding.error[0]).toBeLessThan(0.5);
    const decoded = decode(tf, model, encoding.mu.slice(0, 2), 1);
    for (let k = 0; k < 30; k++) {
      const difference = (decoded.mean[k] as number) - (table.values[k] as number);
      expect(Math.abs(difference)).toBeLessThan(6 * (decoded.sd[k] as number));
    }
    const drawn = sample(tf, model, 5, 7);
    expect(sample(tf, model, 5, 7)).toEqual(drawn);
    expect(sample(tf, model, 5, 8).z).not.toEqual(drawn.z);
    expect(tf.memory().numTensors).toBe(before);
    expect(() => encode(tf, model, values, 299)).toThrow('299 rows of 30 columns');
    expect(() => decode(tf, model, Float32Array.of(NaN, 0), 1)).toThrow('finite');
    expect(() => sample(tf, model, 0, 1)).toThrow('cannot be drawn');
  });
});
