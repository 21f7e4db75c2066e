import { beforeAll, describe, expect, it, test } from 'vitest';
import type { ByteSource } from '../../io/byteSource.ts';
import { loadBackend, type TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { seededRandom } from '../../base/random.ts';
import { scenePositions, testTable } from '../data/testTables.ts';
import type { SpectraTable } from '../data/spectraTable.ts';
import { Evaluator } from '../maximise/evaluate.ts';
import { loadNetwork } from '../maximise/loadNetwork.ts';
import { maximise } from '../maximise/maximise.ts';
import { classify } from './classify.ts';
import type { ClassifierModel } from './model.ts';
import { readClassifier } from './read.ts';
import { saveClassifier } from './save.ts';
import { trainClassifier } from './train.ts';
import { denseModel } from '../maximise/denseModel.ts';

let tf: TensorFlow;
/** Three classes in 40 bands of whole numbers in the thousands that vary by a few per cent. */
const table = ((): SpectraTable => {
  const random = seededRandom(8);
  const classOf = Array.from({ length: 1200 }, () => random.below(3));
  const rows = classOf.map((one) =>
    Array.from({ length: 40 }, (_, k) =>
      Math.round(3000 + 40 * k + 60 * one * Math.sin(k / 5) + 90 * random.normal()),
    ),
  );
  return testTable(rows, { classOf, classNames: ['a', 'b', 'c'], positions: scenePositions(1200, 40) });
})();
let plain: ClassifierModel;
let placed: ClassifierModel;

beforeAll(async () => {
  ({ tf } = await loadBackend('wasm'));
  const config = { epochs: 10, blockSide: 5 };
  plain = (await trainClassifier({ tf, table, config })).model;
  placed = (await trainClassifier({ tf, table, config, auxiliary: 'position' })).model;
});

function source(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    readInto: async (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}
const load = (files: Record<string, Uint8Array>): ReturnType<typeof loadNetwork> =>
  loadNetwork({
    main: source('model.json', files['model.json'] ?? new Uint8Array()),
    beside: (name) => (files[name] === undefined ? null : source(name, files[name])),
  });

const probabilitiesOf = async (
  model: ClassifierModel,
  values: Float32Array,
  rows: number,
  positions: Int32Array | null = null,
): Promise<Float32Array> =>
  (await classify(tf, model, values, rows, positions, { all: true })).probabilities ?? new Float32Array();

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, k) => Math.max(most, Math.abs(value - (b[k] ?? NaN))), 0);

describe('a saved classifier', () => {
  it('gives its numbers as a network to be maximised, with and without a second input', async () => {
    for (const model of [plain, placed]) {
      const network = await load(saveClassifier(model));
      const names = model.auxiliary === null ? ['spectrum'] : ['spectrum', 'auxiliary'];
      expect(network.inputs.map(({ name }) => name)).toEqual(names);
      const rows = 200;
      const values = table.values.subarray(0, rows * table.columns);
      const positions = table.positions?.subarray(0, 2 * rows) ?? null;
      const own = await probabilitiesOf(model, values, rows, positions);
      const outputs = model.classes.map(
        (_, index) => new Evaluator(network, { node: network.output, index }),
      );
      const found = Array.from({ length: rows }, (_, row) => {
        const spectrum = Float64Array.from(values.subarray(row * table.columns, (row + 1) * table.columns));
        const at = Float64Array.from(positions?.subarray(2 * row, 2 * row + 2) ?? []);
        return outputs.map((output) => output.value(names.length === 1 ? [spectrum] : [spectrum, at]));
      });
      expect(largest(found.flat(), own)).toBeLessThan(1e-5);
    }
  });

  it('is loaded by TensorFlow.js itself', async () => {
    const files = saveClassifier(placed);
    const json = JSON.parse(new TextDecoder().decode(files['model.json'])) as {
      modelTopology: object;
      weightsManifest: { weights: [] }[];
    };
    const before = tf.memory().numTensors;
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest[0]?.weights ?? [],
        weightData: files['group1-shard1of1.bin']?.buffer ?? new ArrayBuffer(),
      }),
    );
    const [rows, columns] = [100, table.columns];
    const values = table.values.slice(0, rows * columns);
    const positions = table.positions?.slice(0, 2 * rows) ?? new Int32Array();
    const inputs = [
      tf.tensor2d(values, [rows, columns]),
      tf.tensor2d(Float32Array.from(positions), [rows, 2], 'float32'),
    ];
    const output = model.predict(inputs) as (typeof inputs)[0];
    const found = output.dataSync();
    const own = await probabilitiesOf(placed, values, rows, positions);
    // Its sums of thousands are float32.
    expect(largest(found, own)).toBeLessThan(1e-3);
    tf.dispose([...inputs, output]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is read back as it was', async () => {
    for (const model of [plain, placed]) {
      const files = saveClassifier(model);
      const again = readClassifier(files);
      expect({ ...again, layers: [] }).toEqual({ ...model, layers: [] });
      expect(again.layers.slice(1)).toEqual(model.layers.slice(1));
      const rows = 300;
      const values = table.values.subarray(0, rows * table.columns);
      const positions = table.positions?.subarray(0, 2 * rows) ?? null;
      const first = await probabilitiesOf(model, values, rows, positions);
      const second = await probabilitiesOf(again, values, rows, positions);
      expect(largest(first, second)).toBeLessThan(1e-5);
    }
  });

  it('has a spectrum of the scene that its class is surest of', async () => {
    const network = await load(saveClassifier(plain));
    const { best, range } = maximise(denseModel(network), {
      fix: {},
      range: { spectrum: plain.range.spectrum },
      output: 1,
      starts: 3,
    });
    expect(range).toEqual(plain.range.spectrum);
    const mean = Float32Array.from(plain.meanSpectra[1] ?? []);
    const probabilities = await probabilitiesOf(plain, mean, 1);
    expect(best.value).toBeGreaterThan(probabilities[1] ?? 1);
  });
});

describe('a saved classifier is refused', () => {
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  type Files = Record<string, Uint8Array>;
  const facts = (files: Files, change: (facts: Record<string, unknown>) => object): Files => ({
    ...files,
    'cubelens.json': bytes(
      JSON.stringify(change(JSON.parse(text(files['cubelens.json'])) as Record<string, unknown>)),
    ),
  });
  const topology = (files: Files, change: (text: string) => string): Files => ({
    ...files,
    'model.json': bytes(change(text(files['model.json']))),
  });

  test.each<[string, (files: Files) => Files, string, string]>([
    ['without a file', ({ 'cubelens.json': _, ...files }) => files, 'not-found', 'cubelens.json is missing'],
    [
      'without weights',
      (files) => ({ ...files, 'group1-shard1of1.bin': new Uint8Array(4) }),
      'malformed-file',
      'end at byte',
    ],
    [
      'with facts that are no JSON',
      (files) => ({ ...files, 'cubelens.json': bytes('{') }),
      'malformed-file',
      'no valid JSON',
    ],
    [
      'with more facts',
      (files) => facts(files, (own) => ({ ...own, more: 1 })),
      'malformed-file',
      'does not fit',
    ],
    [
      'of another version',
      (files) => facts(files, (own) => ({ ...own, version: 2 })),
      'malformed-file',
      'version',
    ],
    [
      'with too few means',
      (files) => facts(files, (own) => ({ ...own, mean: [1] })),
      'malformed-file',
      'mean has 1 entry, not 40',
    ],
    [
      'with a deviation of 0',
      (files) => facts(files, (own) => ({ ...own, deviation: Array(40).fill(0) })),
      'malformed-file',
      'deviation',
    ],
    [
      'with an infinite deviation',
      (files) => facts(files, (own) => ({ ...own, deviation: Array(40).fill(1e308) })),
      'malformed-file',
      'do not go with the means',
    ],
    [
      'with another class',
      (files) =>
        facts(files, (own) => ({
          ...own,
          classes: ['a', 'b'],
          meanSpectra: (own['meanSpectra'] as []).slice(1),
        })),
      'malformed-file',
      'names 2 classes, but the network has 3',
    ],
    [
      'with a class twice',
      (files) => facts(files, (own) => ({ ...own, classes: ['a', 'b', 'b'] })),
      'malformed-file',
      'a class twice',
    ],
    [
      'with a column twice',
      (files) =>
        facts(files, (own) => ({
          ...own,
          columns: ['band 1', ...(own['columns'] as string[]).slice(0, -1)],
        })),
      'malformed-file',
      'a column twice',
    ],
    [
      'with a class map of other classes',
      (files) =>
        facts(files, (own) => ({ ...own, map: { codes: [1, 2, 3], records: [{ name: 'a', rgb: null }] } })),
      'malformed-file',
      'class map does not go with its classes',
    ],
    [
      'with weights of another model',
      (files) => ({
        ...files,
        'group1-shard1of1.bin': (files['group1-shard1of1.bin'] ?? new Uint8Array()).slice().fill(1, 0, 1),
      }),
      'malformed-file',
      'other weights',
    ],
    [
      'with an unknown column',
      (files) => facts(files, (own) => ({ ...own, auxiliary: ['x'] })),
      'malformed-file',
      'auxiliary input',
    ],
    [
      'with a second input that the network lacks',
      (files) =>
        facts(files, (own) => ({
          ...own,
          auxiliary: 'position',
          mean: Array(42).fill(0),
          deviation: Array(42).fill(1),
          range: {
            spectrum: (own['range'] as { spectrum: [] }).spectrum,
            auxiliary: [
              [0, 1],
              [0, 1],
            ],
          },
        })),
      'malformed-file',
      'its inputs are spectrum (40), not',
    ],
    [
      'with other activations',
      (files) => topology(files, (own) => own.replace('"relu"', '"tanh"')),
      'unsupported-format',
      'no network of a classifier',
    ],
    [
      'with weights elsewhere',
      (files) => topology(files, (own) => own.replaceAll('group1-', '../')),
      'malformed-file',
      'beside it',
    ],
    [
      'of fewer units',
      (files) => topology(files, (own) => own.replace('"units":32', '"units":31')),
      'malformed-file',
      'kernel',
    ],
  ])('%s', (_, change, code, message) => {
    const files = change(saveClassifier(plain));
    expect(() => readClassifier(files)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('with weights that are no numbers', () => {
    const files = saveClassifier(plain);
    new DataView(files['group1-shard1of1.bin']?.buffer ?? new ArrayBuffer(4)).setFloat32(0, NaN, true);
    expect(() => readClassifier(files)).toThrow(expect.objectContaining({ code: 'malformed-file' }));
  });
});
