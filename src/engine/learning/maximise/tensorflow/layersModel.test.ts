import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { seededRandom } from '../../../base/random.ts';
import { maximise } from '../maximise.ts';
import type { ModelFiles } from '../modelFile.ts';
import { loadNetwork } from '../loadNetwork.ts';
import { openTensorFlowModel } from './openModel.ts';
import { bands, byHand, keras2, keras3, kerasHdf5, kerasZip, layersJson } from './testLayers.ts';
import { backendsHere, files, use } from './testModels.ts';

const backends = await backendsHere();

const kinds: [string, () => ModelFiles | Promise<ModelFiles>][] = [
  ['layers model', layersJson],
  ['layers model of Keras 3', () => layersJson(keras3())],
  ['.keras', kerasZip],
  ['.h5', kerasHdf5],
];

describe.each(backends)('models of layers on $backend', (loaded) => {
  const { tf } = loaded;
  const onBackend = async (): Promise<number> => {
    await use(loaded);
    return tf.memory().numTensors;
  };

  it.each(kinds)('%s: Conv1D and BatchNormalization as computed by hand', async (_, make) => {
    const before = await onBackend();
    const made = await make();
    await expect(loadNetwork(made)).rejects.toMatchObject({ code: 'unsupported-format' });
    const model = await openTensorFlowModel(loaded, made);
    expect(model.inputs).toEqual([
      { name: 'spectrum', size: bands },
      { name: 'aside', size: 1 },
    ]);
    const spectrum = Array.from({ length: bands }, (_unused, k) => Math.sin(1.3 * k));
    const asked = {
      output: 0,
      free: 0,
      fixed: [new Float64Array(), Float64Array.of(0.3)],
      range: spectrum.map((): [number, number] => [-2, 2]),
    };
    const own = model.objective(asked);
    const { value, gradient, hessian } = own.bend(Float64Array.from(spectrum));
    expect(value).toBeCloseTo(byHand(spectrum, 0.3), 6);
    const h = 1e-4;
    const at = (i: number, by: number, j = i, and = 0): number =>
      byHand(
        spectrum.map((y, k) => y + (k === i ? by : 0) + (k === j ? and : 0)),
        0.3,
      );
    for (let i = 0; i < bands; i++) {
      expect(gradient[i]).toBeCloseTo((at(i, h) - at(i, -h)) / (2 * h), 5);
      for (let j = 0; j < bands; j++) {
        const mixed = (at(i, h, j, h) - at(i, h, j, -h) - at(i, -h, j, h) + at(i, -h, j, -h)) / (4 * h * h);
        expect(hessian.get(i, j)).toBeCloseTo(mixed, 3);
      }
    }
    // What is climbed is the logit.
    const logit = Math.log(value / (1 - value));
    expect(model.climbed(asked).value(Float64Array.from(spectrum))).toBeCloseTo(logit, 5);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is searched like any other, the fixed input a constant', async () => {
    const before = await onBackend();
    const model = await openTensorFlowModel(loaded, layersJson());
    const { best, fixed, free, arithmetic } = maximise(model, {
      fix: { aside: [0.3] },
      range: [-2, 2],
      starts: 4,
    });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect([fixed, free, arithmetic.precision]).toEqual([{ aside: [0.3] }, 'spectrum', 'float32']);
    expect(best.value).toBeCloseTo(byHand(best.point, 0.3), 5);
    const seen = seededRandom(9);
    for (let k = 0; k < 20_000; k++) {
      const point = Array.from({ length: bands }, () => 4 * seen.uniform() - 2);
      expect(byHand(point, 0.3)).toBeLessThanOrEqual(best.value + 1e-5);
    }
  });

  it('the fixture with BatchNormalization that Keras itself wrote', async () => {
    const before = await onBackend();
    const bytes = new Uint8Array(readFileSync(new URL('../fixtures/unsupported.keras', import.meta.url)));
    const model = await openTensorFlowModel(loaded, files('unsupported.keras', bytes));
    expect(model.inputs).toEqual([
      { name: 'x', size: 4 },
      { name: 'y', size: 2 },
    ]);
    const { best } = maximise(model, { fix: { x: [1, 2, 3, 4] }, starts: 4 });
    expect(best.verdict).toBe('at-bound');
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('what does not fit is told by layer and weight, and leaves no tensors', async () => {
    const before = await onBackend();
    const changed = (find: string, put: string): object =>
      JSON.parse(JSON.stringify(keras2()).replaceAll(find, put)) as object;
    const cases: [string, ModelFiles | Promise<ModelFiles>, string][] = [
      [
        'unsupported-format',
        layersJson(changed('"GlobalAveragePooling1D"', '"SpectralPooling"')),
        'layer "pooled" (SpectralPooling) is not known',
      ],
      [
        'unsupported-format',
        layersJson(changed('"groups":1', '"groups":2')),
        'layer "conv" (Conv1D) has groups = 2',
      ],
      [
        'unsupported-format',
        layersJson(changed('[null,8,1]', '[null,null,1]')),
        'axis 1 of input "spectrum"',
      ],
      [
        'unsupported-format',
        layersJson(
          changed('"data_format":"channels_last","keepdims":false', '"data_format":"channels_first"'),
        ),
        'layer "pooled" (GlobalAveragePooling1D) has data_format = "channels_first"',
      ],
      [
        'unsupported-format',
        layersJson(changed('"keepdims":false', '"keepdims":true')),
        'layer "pooled" (GlobalAveragePooling1D) has keepdims = true',
      ],
      [
        'resource-exhausted',
        layersJson(changed('"kernel_size":[3]', '"kernel_size":[300000000]')),
        'layer "conv" (Conv1D) claims kernel_size',
      ],
      [
        'malformed-file',
        layersJson(keras2(), (all) => [...all, { name: 'gone/kernel', shape: [1], values: [1] }]),
        'the weights hold "gone/kernel", which is of no layer',
      ],
      ['malformed-file', layersJson(changed('["pooled",0,0', '["gone",0,0')), 'asks for layer gone'],
      ['malformed-file', layersJson(changed('["conv",0,0', '["bent",0,0')), 'takes its own output'],
      [
        'malformed-file',
        layersJson(changed('"filters":2', '"filters":3')),
        'kernel of layer "conv" has the shape 3 x 1 x 2, not 3 x 1 x 3',
      ],
      [
        'malformed-file',
        layersJson(keras2(), (all) => all.filter(({ name }) => name !== 'normed/gamma')),
        'layer "normed" takes 4 weights',
      ],
      [
        'unsupported-format',
        layersJson(changed('"activation":"tanh"', '"activation":"wavy"')),
        'layer "bent" (Activation) has the activation "wavy"',
      ],
      ['malformed-file', layersJson({ class_name: 'Functional', config: {} }), 'lists no layers'],
      ['malformed-file', kerasZip(changed('"filters":2', '"filters":-2')), 'm.keras'],
    ];
    for (const [code, made, message] of cases) {
      await expect(openTensorFlowModel(loaded, await made)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message) as unknown,
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('sees kinks inside layers, and sizes that only the shapes tell', async () => {
    const before = await onBackend();
    const row = (class_name: string, config: object): object => ({ class_name, config });
    const dense = (activation: string): object =>
      row('TimeDistributed', {
        name: 'each',
        layer: row('Dense', { name: 'inner', units: 1, activation }),
        batch_input_shape: [null, 3, 1],
      });
    const open = async (...layers: object[]): Promise<boolean> => {
      const model = await openTensorFlowModel(
        loaded,
        layersJson({ class_name: 'Sequential', config: { name: 'm', layers } }, () => [
          { name: 'each/kernel', shape: [1, 1], values: [1] },
          { name: 'each/bias', shape: [1], values: [0] },
        ]),
      );
      model.dispose();
      return model.hasKinks;
    };
    expect([await open(dense('relu')), await open(dense('tanh'))]).toEqual([true, false]);
    const repeated = [
      dense('tanh'),
      row('Flatten', { name: 'flat' }),
      row('RepeatVector', { name: 'again', n: 1 << 22 }),
      row('Flatten', { name: 'flat2' }),
      row('RepeatVector', { name: 'more', n: 1 << 22 }),
    ];
    await expect(open(...repeated)).rejects.toMatchObject({
      code: 'resource-exhausted',
      message: expect.stringMatching(/layer "(more|flat2)" .* gives \d+ numbers/) as unknown,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('an index outside its table is the fault of the request', async () => {
    await onBackend();
    const layer = (class_name: string, name: string, config: object, ...from: string[]): object => ({
      class_name,
      name,
      config: { name, ...config },
      inbound_nodes: from.length === 0 ? [] : [from.map((other) => [other, 0, 0, {}])],
    });
    const config = {
      name: 'm',
      layers: [
        layer('InputLayer', 'id', { batch_input_shape: [null, 1], dtype: 'int32' }),
        layer('InputLayer', 'y', { batch_input_shape: [null, 2] }),
        layer('Embedding', 'table', { input_dim: 3, output_dim: 2 }, 'id'),
        layer('Flatten', 'flat', {}, 'table'),
        layer('Multiply', 'f', {}, 'flat', 'y'),
      ],
      input_layers: [
        ['id', 0, 0],
        ['y', 0, 0],
      ],
      output_layers: [['f', 0, 0]],
    };
    const weights = [{ name: 'table/embeddings', shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }];
    const model = await openTensorFlowModel(
      loaded,
      layersJson({ class_name: 'Model', config }, () => weights),
    );
    const settings = { output: 1, range: [-1, 1] as [number, number], starts: 2 };
    expect(maximise(model, { ...settings, fix: { id: [2] } }).best.value).toBeCloseTo(6, 5);
    for (const id of [3, -1, 1.5]) {
      expect(() => maximise(model, { ...settings, fix: { id: [id] } })).toThrow(
        expect.objectContaining({
          code: 'invalid-request',
          place: expect.objectContaining({ field: 'fix.id' }),
        }) as Error,
      );
    }
    model.dispose();
  });

  it('a Bidirectional LSTM that TensorFlow.js saved itself', async () => {
    const before = await onBackend();
    const made = tf.sequential({
      layers: [
        tf.layers.bidirectional({
          layer: tf.layers.lstm({ units: 2 }),
          mergeMode: 'concat',
          inputShape: [4, 1],
        }),
        tf.layers.dense({ units: 1, activation: 'hardSigmoid' }),
      ],
    });
    let saved: { json: object; data: Uint8Array } | null = null;
    await made.save(
      tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
        const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
        saved = {
          json: { format: 'layers-model', modelTopology, weightsManifest },
          data: new Uint8Array(weightData as ArrayBuffer),
        };
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const { json, data } = saved as unknown as { json: object; data: Uint8Array };
    const model = await openTensorFlowModel(
      loaded,
      files('model.json', new TextEncoder().encode(JSON.stringify(json)), { 'weights.bin': data }),
    );
    const point = [0.5, -0.3, 0.9, 0.1];
    const objective = model.objective({ output: 0, free: 0, fixed: [], range: point.map(() => [-1, 1]) });
    const own = tf.tidy(
      () => (made.predict(tf.tensor(point, [1, 4, 1])) as { dataSync: () => Float32Array }).dataSync()[0],
    );
    expect(objective.value(Float64Array.from(point))).toBeCloseTo(own ?? NaN, 6);
    model.dispose();
    made.dispose();
    expect(tf.memory().numTensors).toBeGreaterThanOrEqual(before);
  });
});
