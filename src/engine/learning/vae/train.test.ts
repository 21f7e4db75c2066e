import { describe, expect, it } from 'vitest';
import { encode } from './apply.ts';
import { modelFromFiles, modelToFiles } from './modelFiles.ts';
import { legsOf, type VaeState } from './state.ts';
import { available, quick, twoGroups } from './testData.ts';
import { trainVae } from './train.ts';

const backends = await available(['native', 'wasm']);
const table = twoGroups(200, 20);

describe.each(backends)('training on $name', ({ load }) => {
  it('is the same by seed, and the same to the bit when resumed', async () => {
    const tf = await load();
    const before = tf.memory().numTensors;
    for (const config of [quick, { ...quick, kind: 'conv', noise: 'learned' } as const]) {
      const states: VaeState[] = [];
      const whole = await trainVae({ tf, table, config, checkpoint: (state) => states.push(state) });
      expect(states.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
      expect(await trainVae({ tf, table, config })).toEqual(whole);
      for (const resume of [states[0], states[2], states[4]]) {
        expect(await trainVae({ tf, table, config, resume })).toEqual(whole);
      }
      const other = await trainVae({ tf, table, config: { ...config, seed: 2 } });
      expect(other.weights).not.toEqual(whole.weights);
      const foreign = trainVae({ tf, table, config: { ...config, beta: 2 }, resume: states[1] });
      await expect(foreign).rejects.toMatchObject({ code: 'invalid-request' });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on with more epochs as its earlier orders tell a training from the start to', async () => {
    const tf = await load();
    const states: VaeState[] = [];
    await trainVae({ tf, table, config: { ...quick, epochs: 3 }, checkpoint: (state) => states.push(state) });
    const longer = { ...quick, epochs: 6 };
    for (const at of [1, 3]) {
      const legs = [{ until: at, epochs: 3 }];
      const resumed = await trainVae({ tf, table, config: longer, resume: states[at] });
      expect(await trainVae({ tf, table, config: longer, legs })).toEqual(resumed);
      expect(legsOf(states[at] as VaeState, 6)).toEqual(legs);
      expect(resumed).not.toEqual(await trainVae({ tf, table, config: longer }));
    }
    // Nothing was ordered otherwise, or nothing was done before it was.
    expect(legsOf(states[3] as VaeState, 3)).toEqual([]);
    expect(legsOf(states[0] as VaeState, 6)).toEqual([]);
    const foreign = { ...(states[1] as VaeState), backends: ['other'] };
    const { training } = await trainVae({ tf, table, config: { ...quick, epochs: 3 }, resume: foreign });
    expect(training.backends).toHaveLength(2);
    expect(training.notes.join(' ')).toContain('It ran on other, then ');
  });

  it('stops between steps when cancelled and leaves the last checkpoint', async () => {
    const tf = await load();
    const controller = new AbortController();
    let epochs = 0;
    let cancelled = 0;
    const run = trainVae({
      ...{ tf, table, config: { ...quick, epochs: 100_000, patience: 0 }, signal: controller.signal },
      checkpoint: ({ epoch }) => (epochs = epoch),
    });
    setTimeout(() => {
      cancelled = performance.now();
      controller.abort();
    }, 150);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - cancelled).toBeLessThan(100);
    expect(epochs).toBeGreaterThan(0);
  });

  it('keeps the last good weights when the loss explodes', async () => {
    const tf = await load();
    const model = await trainVae({ tf, table, config: { ...quick, epochs: 20, learningRate: 1e4 } });
    expect(model.training.stop).toBe('diverged');
    expect(model.training.notes.join(' ')).toMatch('exploded');
    expect(model.weights.every(({ values }) => values.every(Number.isFinite))).toBe(true);
    expect(encode(tf, model, table.values, 200).kl.every(Number.isFinite)).toBe(true);
    // The last step of an epoch can be the one that breaks it: what is kept was judged after it.
    for (const validationShare of [0, 0.1]) {
      for (const learningRate of [0.3, 1, 3, 100]) {
        const config = { ...quick, epochs: 8, learningRate, validationShare };
        const { training, ...kept } = await trainVae({ tf, table, config });
        const { kl } = encode(tf, { training, ...kept }, table.values, 200);
        const mean = kl.reduce((sum, one) => sum + one / 200, 0);
        expect(mean).toBeLessThan(100 * Math.max(-(training.epochs[0]?.elbo ?? 0), table.columns));
      }
    }
  });

  it('learns two groups from raw counts without tuning', async () => {
    const tf = await load();
    const model = await trainVae({ tf, table: twoGroups(1000, 20), config: { latent: 2, epochs: 20 } });
    const { epochs } = model.training;
    expect(epochs.at(-1)?.elbo).toBeGreaterThan(epochs[0]?.elbo ?? Infinity);
    expect(model.noiseVariance).toBeLessThan(0.02);
    expect(model.training.validationRows).toBe(100);
  });
});

describe('training', () => {
  const load = backends.at(-1)?.load;

  it('notes constant columns, few samples and too many dimensions; refuses NaN and bad configurations', async () => {
    const tf = await load!();
    const values = Float32Array.from({ length: 60 }, (_, k) => (k % 3 === 1 ? 1e6 : Math.sin(k)));
    const model = await trainVae({
      tf,
      table: { rows: 20, columns: 3, values },
      config: { latent: 4, epochs: 2 },
    });
    expect(model.training.notes).toEqual([
      '1 of 3 columns is constant and says nothing.',
      '20 samples are fewer than a batch of 128: every step takes all of them.',
      'Training ended while beta was still rising: it reaches its full value after 5 epochs.',
      'Only 2 steps were taken: more epochs or smaller batches may fit better.',
      '4 latent dimensions for 3 columns: some will stay unused.',
      'Too few samples to hold some out: overfitting is not watched.',
    ]);
    values[7] = NaN;
    const bad = trainVae({ tf, table: { rows: 20, columns: 3, values }, config: {} });
    await expect(bad).rejects.toMatchObject({ code: 'out-of-range', place: { row: 3, column: 2 } });
    await expect(trainVae({ tf, table, config: { latent: 0 } })).rejects.toMatchObject({
      code: 'invalid-request',
      place: { field: 'latent' },
    });
    await expect(trainVae({ tf, table: { ...table, rows: 1 }, config: {} })).rejects.toThrow('Too few');
    const same = new Float32Array(60).fill(3);
    const flat = await trainVae({ tf, table: { rows: 20, columns: 3, values: same }, config: { epochs: 2 } });
    expect(flat.training.notes[0]).toMatch('nothing to learn');
  });

  it('stops without patience', async () => {
    const tf = await load!();
    const config = {
      ...quick,
      epochs: 60,
      patience: 1,
      warmUp: 0,
      learningRate: 0.05,
      schedule: 'constant',
    } as const;
    const { training } = await trainVae({ tf, table, config });
    expect(training.stop).toBe('patience');
    expect(training.keptEpoch).toBe(training.epochs.length - 1);
  });

  it('goes to files and back; refuses what was tampered with', async () => {
    const tf = await load!();
    const model = await trainVae({
      tf,
      table: { ...table, names: table.values.length ? [] : [] },
      config: quick,
    });
    const { json, binary } = modelToFiles(model);
    expect(modelFromFiles(json, binary)).toEqual(model);
    interface File {
      [key: string]: unknown;
      config: Record<string, unknown>;
      arrays: unknown[];
    }
    const refuse = (change: (file: File) => void, bytes = binary): unknown => {
      const file = JSON.parse(json) as File;
      change(file);
      try {
        return modelFromFiles(JSON.stringify(file), bytes);
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
    };
    expect(refuse((file) => (file.version = 2))).toBe('unsupported-format');
    expect(refuse((file) => (file.format = 'other'))).toBe('unsupported-format');
    expect(refuse((file) => (file.columns = 21))).toBe('malformed-file');
    expect(refuse((file) => (file.columns = 1e9))).toBe('malformed-file');
    expect(refuse((file) => (file.noiseVariance = -1))).toBe('malformed-file');
    expect(refuse((file) => (file.config.latent = 3))).toBe('malformed-file');
    expect(refuse((file) => file.arrays.pop())).toBe('malformed-file');
    expect(refuse((file) => (file.extra = 1))).toBe('malformed-file');
    expect(refuse(() => 0, binary.slice(4))).toBe('malformed-file');
    const changed = binary.slice();
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(refuse(() => 0, changed)).toBe('malformed-file');
    const { json: text, binary: nan } = modelToFiles({
      ...model,
      standardisation: { ...model.standardisation, mean: model.standardisation.mean.map(() => NaN) },
    });
    expect(() => modelFromFiles(text, nan)).toThrow('not finite');
    expect(() => modelFromFiles('{', binary)).toThrow('not JSON');
  });
});
