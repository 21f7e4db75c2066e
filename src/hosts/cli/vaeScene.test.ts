import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaeSpectrum } from '../../engine/contract/vaeSpectra.ts';
import { npyFloats } from './testNpy.ts';
import { TestRun } from './testRun.ts';

const data = join(
  process.env['CUBELENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'jasper_ridge',
);
const cube = join(data, 'jasper_ridge_aviris.img');
const latent = 3;

describe.skipIf(!existsSync(cube))('vae on a real scene', () => {
  const test = new TestRun();
  let z: Float32Array = new Float32Array();
  beforeAll(async () => {
    const settings = ['--latent', String(latent), '--epochs', '40', '--seed', '1'];
    const trained = await test.run(['vae', 'train', cube, ...settings, '--out', '@model']);
    expect(trained.code).toBe(0);
    expect((await test.run(['vae', 'encode', '@model', cube, '--out', '@z.npy'])).code).toBe(0);
    z = npyFloats(test.at('z.npy')).values;
  }, 240_000);
  afterAll(() => test.close());

  it('means of the classes lie apart, for all pairs but one at most', () => {
    const classes = readFileSync(join(data, 'jasper_ridge_classes.img'));
    const ofClass = (one: number): { mean: number[]; variance: number } => {
      const rows = [...classes.keys()].filter((pixel) => classes[pixel] === one);
      const at = (row: number, k: number): number => z[row * 2 * latent + k] ?? NaN;
      const mean = Array.from(
        { length: latent },
        (_, k) => rows.reduce((sum, row) => sum + at(row, k), 0) / rows.length,
      );
      const squares = rows.reduce(
        (sum, row) => sum + mean.reduce((own, one, k) => own + (at(row, k) - one) ** 2, 0),
        0,
      );
      return { mean, variance: squares / rows.length };
    };
    const all = [1, 2, 3, 4].map(ofClass);
    const near = all.flatMap((a, i) =>
      all.slice(i + 1).filter((b) => {
        const distance = Math.hypot(...a.mean.map((one, k) => one - (b.mean[k] ?? NaN)));
        return !(distance > 2 * Math.sqrt((a.variance + b.variance) / 2));
      }),
    );
    expect(near.length).toBeLessThanOrEqual(1);
  });

  it('deviations are about those of theory, and none is stuck at its limit', async () => {
    const { noiseVariance } = JSON.parse(readFileSync(test.at('model/vae.json'), 'utf8')) as {
      noiseVariance: number;
    };
    const weights = readFileSync(test.at('model/vae.bin'));
    const deviation = new Float32Array(Uint8Array.from(weights.subarray(4 * 198, 8 * 198)).buffer);
    const ratios: number[] = [];
    for (const at of ['10,10', '50,30', '80,70', '20,90', '60,60']) {
      const { mu, sigma } = await test.json<VaeSpectrum>(['vae', 'spectrum', '@model', cube, '--at', at]);
      const order = ['vae', 'traverse', '@model', cube, '--at', at, '--reach', '0.05', '--steps', '2'];
      expect((await test.run([...order, '--out', '@t.csv'])).code).toBe(0);
      const rows = readFileSync(test.at('t.csv'), 'utf8').trim().split('\r\n').slice(1);
      for (let k = 0; k < mu.length; k++) {
        // Squared slope of the decoder in standardised units, by its secant.
        const squares = rows.reduce((sum, row, column) => {
          const [low, high] = [2 + 2 * k, 3 + 2 * k].map((cell) => Number(row.split(',')[cell]));
          return sum + (((high ?? NaN) - (low ?? NaN)) / 0.1 / (deviation[column] ?? NaN)) ** 2;
        }, 0);
        ratios.push((sigma[k] ?? NaN) * Math.sqrt(1 + squares / noiseVariance));
      }
    }
    const sorted = ratios.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)];
    expect(middle).toBeGreaterThan(0.5);
    expect(middle).toBeLessThan(1.5);
    const deviations = [...z].filter((_, place) => place % (2 * latent) >= latent);
    const stuck = deviations.filter((value) => value <= 1.001 * Math.exp(-10));
    expect(stuck.length / deviations.length).toBeLessThan(0.05);
  });
});
