import { describe, expect, it } from 'vitest';
import type { VaeRequestedConfig } from '../../contract/vae.ts';
import { decode, encode, sample } from './apply.ts';
import { describeVae } from './describe.ts';
import { parametersOf } from './model.ts';
import { available, exactSamples, quick, twoGroups } from './testData.ts';
import { trainVae } from './train.ts';

const backends = await available(['native', 'wasm']);

describe.each(backends)('linear on $name', ({ load }) => {
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
      config: { ...linear, noise: 0.25, epochs: 1000, learningRate: 0.05, warmUp: 0 },
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
    const config: VaeRequestedConfig = { ...linear, noise: 2, epochs: 400, learningRate: 0.03, warmUp: 0 };
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

describe.each(backends)('apply on $name', ({ load }) => {
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
