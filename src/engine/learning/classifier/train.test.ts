import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { loadBackend, type TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { blockSplit } from '../data/blockSplit.ts';
import { scenePositions, testTable, twoGaussians } from '../data/testTables.ts';
import { classify } from './classify.ts';
import { judge } from './confusion.ts';
import { trainClassifier } from './train.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await loadBackend('wasm'));
});

/** Runs what must leave no tensor behind. */
async function tidily<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tf.memory().numTensors;
  try {
    return await work();
  } finally {
    expect(tf.memory().numTensors).toBe(before);
  }
}

const quick = { widths: [8], epochs: 12, batch: 64 };

describe('training', () => {
  it('comes near the rate of Bayes, with a constant column among the inputs', async () => {
    const table = twoGaussians(4000, 2.5, 1);
    const { model, answer } = await tidily(() =>
      trainClassifier({ tf, table, config: { widths: [16], epochs: 20, learningRate: 0.01, seed: 1 } }),
    );
    // Centres 2.5 apart in two columns each: Phi(2.5 / sqrt 2) of all samples can be told, of these rows about as many.
    const isBright = (row: number): boolean =>
      ((table.values[4 * row] ?? 0) - 200) / 10 + ((table.values[4 * row + 1] ?? 0) - 5000) / 700 > 0;
    const { test } = blockSplit(table, { seed: 1 });
    const bayes =
      test.filter((row) => isBright(row) === (table.classes?.ofRow[row] === 1)).length / test.length;
    expect(Math.abs(bayes - 0.9615)).toBeLessThan(0.01);
    expect(Math.abs(answer.accuracy - bayes)).toBeLessThan(0.008);
    expect(answer.counts.test).toBe(test.length);
    expect(model.deviation[2]).toBe(1);
    expect(model.accuracy).toBe(answer.accuracy);
    expect(answer.counts.train + answer.counts.stopping + answer.counts.test).toBe(4000);
    expect(Math.abs(answer.counts.test / 4000 - 0.5)).toBeLessThan(0.1);
    expect(answer.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(answer.counts.test);
    expect(model.range.spectrum[2]).toEqual([7, 7]);
    expect(model.meanSpectra[0]?.[0]).toBeLessThan(model.meanSpectra[1]?.[0] ?? 0);
    const found = await tidily(() => classify(tf, model, table.values, table.rows));
    const right = found.classOf.filter((one, row) => one === table.classes?.ofRow[row]).length;
    expect(right / table.rows).toBeGreaterThan(0.955);
    expect(found.probability.every((p) => p >= 0.5 && p <= 1)).toBe(true);
  });

  it('gives the same model for the seed, and another for another', async () => {
    const table = twoGaussians(600, 2, 2);
    const run = (seed: number): ReturnType<typeof trainClassifier> =>
      trainClassifier({ tf, table, config: { ...quick, seed } });
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect((await run(6)).model.layers).not.toEqual(first.model.layers);
  });

  it('gives rare classes their weight', async () => {
    const random = seededRandom(3);
    const classOf = Array.from({ length: 3000 }, () => (random.below(25) === 0 ? 1 : 0));
    const table = testTable(
      classOf.map((one) => [1.5 * one + random.normal()]),
      { classOf, classNames: ['common', 'rare'], positions: scenePositions(3000, 60) },
    );
    const recallOf = async (weighted: boolean): Promise<number> =>
      (await trainClassifier({ tf, table, config: { ...quick, weighted } })).answer.classes[1]?.recall ?? 0;
    expect(await recallOf(true)).toBeGreaterThan(0.55);
    expect(await recallOf(false)).toBeLessThan(0.3);
  });

  it('takes position or columns as the second input', async () => {
    // The class is the half of the scene, which only the position tells.
    const positions = scenePositions(2500, 50);
    const random = seededRandom(1);
    const classOf = Array.from({ length: 2500 }, (_, row) => ((positions[2 * row + 1] ?? 0) < 25 ? 0 : 1));
    const table = testTable(
      classOf.map((one) => [random.normal(), random.normal(), 5 * one]),
      { classOf, classNames: ['left', 'right'], positions },
    );
    const blind = { ...table, values: table.values.map((v, k) => (k % 3 === 2 ? 0 : v)) };
    const config = { ...quick, epochs: 20, blockSide: 5, learningRate: 0.01 };
    const placed = await tidily(() => trainClassifier({ tf, table: blind, auxiliary: 'position', config }));
    expect(placed.answer.accuracy).toBeGreaterThan(0.95);
    expect(placed.model.range.auxiliary).toEqual([
      [0, 49],
      [0, 49],
    ]);
    await expect(classify(tf, placed.model, blind.values, blind.rows)).rejects.toMatchObject({
      code: 'invalid-request',
    });
    const columns = await trainClassifier({
      tf,
      table,
      auxiliary: ['band 3'],
      config: { ...config, epochs: 5 },
    });
    expect(columns.answer.accuracy).toBeGreaterThan(0.95);
    expect(columns.model.range.spectrum).toHaveLength(2);
    expect(columns.model.range.auxiliary).toEqual([[0, 5]]);
  });

  it('leaves out classes without training rows and rows without a class, and says so', async () => {
    const table = twoGaussians(600, 3, 4);
    const { ofRow } = table.classes ?? { ofRow: new Int32Array() };
    for (let row = 0; row < 100; row++) ofRow[row] = -1;
    const named = { ...table, classes: { ofRow, names: ['dark', 'bright', 'nowhere'] } };
    const { model, answer } = await trainClassifier({ tf, table: named, config: quick });
    expect(model.classes).toEqual(['dark', 'bright']);
    expect(answer.notes).toContain('Rows without a class: 100; they are not learnt from.');
    expect(answer.notes).toContain('Classes left out for want of training rows: nowhere.');
  });

  it('keeps the codes of a class map, and does not count rows that only tell the range', async () => {
    const table = twoGaussians(600, 3, 4);
    const { ofRow, names } = table.classes ?? { ofRow: new Int32Array(), names: [] };
    ofRow.fill(-1, 500);
    const trained = async (codes: number[]): ReturnType<typeof trainClassifier> => {
      const records = Array.from({ length: 1 + Math.max(...codes) }, (_, k) => ({
        name: names[codes.indexOf(k)] ?? 'none',
        rgb: null,
      }));
      const classes = { ofRow, names, map: { codes, records } };
      return trainClassifier({ tf, table: { ...table, classes, rangeOnly: 90 }, config: quick });
    };
    const { model, answer } = await trained([2, 255]);
    expect(model.map?.codes).toEqual([2, 255]);
    expect(answer.notes).toContain('Rows without a class: 10; they are not learnt from.');
    const large = await trained([2, 256]);
    expect(large.model.map).toBeNull();
    expect(large.answer.notes.join()).toContain('above 255');
  });

  it('stops early, and reports each epoch', async () => {
    const epochs: number[] = [];
    const { answer } = await trainClassifier({
      tf,
      table: twoGaussians(500, 1, 5),
      config: { widths: [32], epochs: 300, patience: 4, learningRate: 0.02 },
      onEpoch: ({ epoch }) => epochs.push(epoch),
    });
    expect(answer.epochs).toBeLessThan(100);
    expect(answer.bestEpoch).toBeLessThan(answer.epochs);
    expect(epochs).toEqual(Array.from({ length: answer.epochs }, (_, k) => k + 1));
  });
});

describe('what training says of weak samples', () => {
  it('does not use an input that is constant, whatever it is later', async () => {
    const table = twoGaussians(600, 3, 6);
    const { model, answer } = await trainClassifier({ tf, table, config: quick });
    expect(answer.notes).toContain(
      'Bands that are constant among the training samples are not used: band 3.',
    );
    const units = model.layers[0]?.bias.length ?? 0;
    expect(model.layers[0]?.kernel.subarray(2 * units, 3 * units).every((weight) => weight === 0)).toBe(true);
    const other = table.values.map((value, k) => (k % 4 === 2 ? 5000 : value));
    const [own, changed] = [
      await classify(tf, model, table.values, table.rows),
      await classify(tf, model, other, table.rows),
    ];
    expect(changed.classOf).toEqual(own.classOf);
    // Rounding of a float32 is noise, not variation.
    const noisy = table.values.map((value, k) => (k % 4 === 2 ? 1e9 + 64 * ((k >> 2) & 1) : value));
    const again = await trainClassifier({ tf, table: { ...table, values: noisy }, config: quick });
    expect(again.model.layers[0]?.kernel[2 * units]).toBe(0);
  });

  it('refuses samples that are all the same', async () => {
    const table = twoGaussians(600, 3, 6);
    const same = { ...table, values: table.values.map((_, k) => k % 4) };
    await expect(tidily(() => trainClassifier({ tf, table: same, config: quick }))).rejects.toMatchObject({
      code: 'degenerate',
      message: expect.stringContaining('same values'),
    });
  });

  it('names a remedy that goes with the samples where there are too few', async () => {
    const table = twoGaussians(20, 3, 6);
    const { ofRow, names } = table.classes ?? { ofRow: new Int32Array(), names: [] };
    const one = { ...table, classes: { ofRow: ofRow.map((_, row) => (row < 2 ? row : -1)), names } };
    const blocks = trainClassifier({ tf, table: { ...one, positions: new Int32Array(40) }, config: quick });
    await expect(blocks).rejects.toMatchObject({
      place: { remedy: expect.stringContaining('--block-side') },
    });
    const rows = trainClassifier({ tf, table: { ...one, positions: null }, config: quick });
    await expect(rows).rejects.toMatchObject({ place: { remedy: 'Give more rows of each class.' } });
  });

  it('names classes with few training rows, few held-out rows and none to stop by', async () => {
    const table = twoGaussians(40, 3, 6);
    const classOf = Int32Array.from({ length: 40 }, (_, row) => (row < 6 ? 0 : 1));
    const few = { ...table, positions: null, classes: { ofRow: classOf, names: ['dark', 'bright'] } };
    const { answer } = await trainClassifier({ tf, table: few, config: quick });
    expect(answer.split).toBe('rows');
    expect(answer.notes).toContain('Classes with fewer than 10 training samples: dark (2).');
    expect(answer.notes).toContain('Only 20 samples are held out: accuracies are rough.');
    const wide = twoGaussians(2000, 3, 6);
    // Two blocks only: one to learn from, one held out.
    const positions = Int32Array.from(wide.positions ?? [], (_, k) => (k >= 2000 ? 100 : 0));
    const stopless = await trainClassifier({ tf, table: { ...wide, positions }, config: quick });
    expect(stopless.answer.split).toBe('blocks');
    expect(stopless.answer.counts.stopping).toBe(0);
    expect(stopless.answer.notes.join()).toContain('No samples are left to decide when to stop');
  });
});

describe('training ends', () => {
  it('within 100 ms when it is cancelled', async () => {
    const controller = new AbortController();
    let cancelledAt = Infinity;
    const training = tidily(() =>
      trainClassifier({
        tf,
        table: twoGaussians(4000, 1, 1),
        config: { epochs: 10_000, patience: 10_000 },
        signal: controller.signal,
      }),
    );
    setTimeout(() => {
      cancelledAt = performance.now();
      controller.abort();
    }, 300);
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - cancelledAt).toBeLessThan(100);
  });

  it('with words where the loss is no number', async () => {
    const table = twoGaussians(500, 1, 1);
    await expect(
      tidily(() => trainClassifier({ tf, table, config: { learningRate: 1e30 } })),
    ).rejects.toMatchObject({
      code: 'not-converged',
      message: expect.stringMatching(/^The loss is no finite number any more in epoch \d+\.$/),
      place: { remedy: expect.stringContaining('smaller learning rate') },
    });
  });

  it.each([
    ['no classes', { ...twoGaussians(100, 1, 1), classes: null }, null, 'invalid-request'],
    [
      'no positions that are asked for',
      { ...twoGaussians(100, 1, 1), positions: null },
      'position',
      'invalid-request',
    ],
    ['no such column', twoGaussians(100, 1, 1), ['band 9'], 'invalid-request'],
    [
      'no spectrum left',
      twoGaussians(100, 1, 1),
      ['band 1', 'band 2', 'band 3', 'band 4'],
      'invalid-request',
    ],
    ['one block', twoGaussians(20, 1, 1), null, 'degenerate'],
  ] as const)('at once for %s', async (_, table, auxiliary, code) => {
    const asked = typeof auxiliary === 'string' || auxiliary === null ? auxiliary : [...auxiliary];
    const own = _ === 'one block' ? { ...table, positions: new Int32Array(40) } : table;
    await expect(tidily(() => trainClassifier({ tf, table: own, auxiliary: asked }))).rejects.toMatchObject({
      code,
      place: { remedy: expect.any(String) },
    });
  });
});

describe('classify', () => {
  it('refuses rows that do not fit or are not finite', async () => {
    const table = twoGaussians(300, 3, 1);
    const { model } = await trainClassifier({ tf, table, config: { ...quick, epochs: 1 } });
    await expect(tidily(() => classify(tf, model, new Float32Array(7), 2))).rejects.toMatchObject({
      message: '7 values are no 2 rows of 4 columns.',
    });
    const bad = new Float32Array(8).fill(1);
    bad[5] = NaN;
    await expect(tidily(() => classify(tf, model, bad, 2))).rejects.toMatchObject({
      message: 'Row 2 has a value that is no finite number.',
    });
    const none = await tidily(() => classify(tf, model, new Float32Array(), 0));
    expect(none.classOf).toHaveLength(0);
  });
});

describe('the confusion matrix', () => {
  it('has a row for each true class', () => {
    const found = judge(['a', 'b', 'c'], Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 0, 1, 1));
    expect(found.confusion).toEqual([
      [2, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(found.accuracy).toBe(0.75);
    expect(found.balancedAccuracy).toBeCloseTo(5 / 6, 12);
    expect(found.classes).toEqual([
      { name: 'a', rows: 3, precision: 1, recall: 2 / 3 },
      { name: 'b', rows: 1, precision: 0.5, recall: 1 },
      { name: 'c', rows: 0, precision: null, recall: null },
    ]);
  });
});
