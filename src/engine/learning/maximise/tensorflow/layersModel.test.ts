import { File, ready } from 'h5wasm';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { seededRandom } from '../../../base/random.ts';
import { maximise } from '../maximise.ts';
import type { ModelFiles } from '../modelFile.ts';
import { loadNetwork } from '../loadNetwork.ts';
import { openTensorFlowModel } from './openModel.ts';
import { backendsHere, use, files, modelJson, type TestWeight } from './testModels.ts';

const backends = await backendsHere();

// A spectrum of 8 bands and one number beside it: convolution, normalisation by what was seen in training, tanh, mean, sigmoid.
const [bands, width, filters] = [8, 3, 2];
const random = seededRandom(5);
const draw = (count: number, least = -1): number[] =>
  Array.from({ length: count }, () => least + (1 - least) * random.uniform());
const weights: Record<string, (TestWeight & { name: string })[]> = {
  conv: [
    { name: 'kernel', shape: [width, 1, filters], values: draw(width * filters) },
    { name: 'bias', shape: [filters], values: draw(filters) },
  ],
  normed: [
    { name: 'gamma', shape: [filters], values: draw(filters) },
    { name: 'beta', shape: [filters], values: draw(filters) },
    { name: 'moving_mean', shape: [filters], values: draw(filters) },
    { name: 'moving_variance', shape: [filters], values: draw(filters, 0.1) },
  ],
  out: [
    { name: 'kernel', shape: [filters + 1, 1], values: draw(filters + 1) },
    { name: 'bias', shape: [1], values: draw(1) },
  ],
};
const numbersOf = (layer: string, k: number): number[] => weights[layer]?.[k]?.values ?? [];

/** The same by hand, in float64. */
function byHand(spectrum: readonly number[], aside: number): number {
  const [kernel, bias] = [numbersOf('conv', 0), numbersOf('conv', 1)];
  const [gamma, beta, mean, variance] = [0, 1, 2, 3].map((k) => numbersOf('normed', k)) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const places = bands - width + 1;
  const pooled = Array.from({ length: filters }, (_, f) => {
    let sum = 0;
    for (let at = 0; at < places; at++) {
      let z = bias[f] as number;
      for (let k = 0; k < width; k++) z += (spectrum[at + k] as number) * (kernel[k * filters + f] as number);
      const scaled = (z - (mean[f] as number)) / Math.sqrt((variance[f] as number) + 0.001);
      sum += Math.tanh((gamma[f] as number) * scaled + (beta[f] as number));
    }
    return sum / places;
  });
  const out = numbersOf('out', 0);
  const z = [...pooled, aside].reduce(
    (sum, value, k) => sum + value * (out[k] as number),
    numbersOf('out', 1)[0] as number,
  );
  return 1 / (1 + Math.exp(-z));
}

/** As Keras 3 writes it: shapes with the batch, types as policies, tensors as objects, initialisers. */
function keras3(): { class_name: string; config: Record<string, unknown> } {
  const dtype = {
    module: 'keras',
    class_name: 'DTypePolicy',
    config: { name: 'float32' },
    registered_name: null,
  };
  const initialiser = {
    module: 'keras.initializers',
    class_name: 'OrthogonalOfOurs',
    config: {},
    registered_name: null,
  };
  const tensor = (...history: unknown[]): object => ({
    class_name: '__keras_tensor__',
    config: { shape: [null], dtype: 'float32', keras_history: history },
  });
  const layer = (class_name: string, name: string, config: object, ...from: string[]): object => ({
    module: 'keras.layers',
    class_name,
    name,
    config: { name, dtype, trainable: true, ...config },
    registered_name: null,
    build_config: {},
    inbound_nodes:
      from.length === 0
        ? []
        : [
            {
              args: [from.length === 1 ? tensor(from[0], 0, 0) : from.map((one) => tensor(one, 0, 0))],
              kwargs: { mask: null },
            },
          ],
  });
  return {
    class_name: 'Functional',
    config: {
      name: 'conv_model',
      trainable: true,
      layers: [
        layer('InputLayer', 'spectrum', { batch_shape: [null, bands, 1], sparse: false, ragged: false }),
        layer('InputLayer', 'aside', { batch_shape: [null, 1], sparse: false, ragged: false }),
        layer(
          'Conv1D',
          'conv',
          {
            filters,
            kernel_size: [width],
            strides: [1],
            padding: 'valid',
            data_format: 'channels_last',
            dilation_rate: [1],
            groups: 1,
            activation: 'linear',
            use_bias: true,
            kernel_initializer: initialiser,
          },
          'spectrum',
        ),
        layer(
          'BatchNormalization',
          'normed',
          {
            axis: -1,
            momentum: 0.99,
            epsilon: 0.001,
            center: true,
            scale: true,
            gamma_initializer: initialiser,
          },
          'conv',
        ),
        layer('Activation', 'bent', { activation: 'tanh' }, 'normed'),
        layer('GlobalAveragePooling1D', 'pooled', { data_format: 'channels_last', keepdims: false }, 'bent'),
        layer('Concatenate', 'joined', { axis: -1 }, 'pooled', 'aside'),
        layer('Dense', 'out', { units: 1, activation: 'sigmoid', use_bias: true }, 'joined'),
      ],
      input_layers: [
        ['spectrum', 0, 0],
        ['aside', 0, 0],
      ],
      output_layers: [['out', 0, 0]],
    },
  };
}

/** As Keras 2 and the converter write it. */
function keras2(): { class_name: string; config: Record<string, unknown> } {
  const model = keras3();
  const layers = model.config.layers as {
    name: string;
    config: Record<string, unknown>;
    inbound_nodes: { args: unknown[] }[];
  }[];
  const history = /"keras_history":(\["\w+",0,0)\]/g;
  for (const layer of layers) {
    const {
      batch_shape: shape,
      dtype: _dtype,
      kernel_initializer: _kernel,
      gamma_initializer: _gamma,
      ...config
    } = layer.config;
    layer.config = {
      ...config,
      dtype: 'float32',
      ...(shape === undefined ? {} : { batch_input_shape: shape }),
    };
    if (Array.isArray(config.axis) || config.axis === -1)
      layer.config.axis = config.momentum === undefined ? -1 : [2];
    const from = [...JSON.stringify(layer.inbound_nodes).matchAll(history)].map(
      ([, key]) => JSON.parse(`${key ?? ''},{}]`) as unknown,
    );
    layer.inbound_nodes = (from.length === 0 ? [] : [from]) as never;
  }
  return model;
}

async function hdf5(write: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await ready;
  const file = new File('made.h5', 'w');
  write(file);
  file.close();
  const bytes = FS.readFile('made.h5');
  FS.unlink('made.h5');
  return bytes;
}

const dataset = (file: File, name: string, { shape, values }: TestWeight): void => {
  file.create_dataset({ name, data: Float32Array.from(values), shape });
};

async function kerasZip(model: object = keras3()): Promise<ModelFiles> {
  const groups = { conv: 'conv1d', normed: 'batch_normalization', out: 'dense' };
  const stored = await hdf5((file) => {
    file.create_group('layers');
    for (const [layer, group] of Object.entries(groups)) {
      file.create_group(`layers/${group}`);
      file.create_group(`layers/${group}/vars`).create_attribute('name', layer);
      weights[layer]?.forEach((weight, k) => {
        dataset(file, `layers/${group}/vars/${k}`, weight);
      });
    }
  });
  return files(
    'm.keras',
    zipSync({ 'config.json': strToU8(JSON.stringify(model)), 'model.weights.h5': stored }),
  );
}

async function kerasHdf5(): Promise<ModelFiles> {
  const stored = await hdf5((file) => {
    file.create_attribute('model_config', JSON.stringify(keras2()));
    file.create_group('model_weights');
    for (const [layer, own] of Object.entries(weights)) {
      const group = file.create_group(`model_weights/${layer}`);
      file.create_group(`model_weights/${layer}/${layer}`);
      group.create_attribute(
        'weight_names',
        own.map(({ name }) => `${layer}/${name}:0`),
      );
      for (const weight of own) dataset(file, `model_weights/${layer}/${layer}/${weight.name}:0`, weight);
    }
  });
  return files('m.h5', stored);
}

const layersJson = (
  model: object = keras2(),
  change = (all: TestWeight[]): TestWeight[] => all,
): ModelFiles =>
  modelJson(
    { format: 'layers-model', modelTopology: { keras_version: '2.15.0', model_config: model } },
    change(
      Object.entries(weights).flatMap(([layer, own]) =>
        own.map((weight) => ({ ...weight, name: `${layer}/${weight.name}` })),
      ),
    ),
  );

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
        'layer "pooled": a layer of class SpectralPooling is not known',
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
        'malformed-file',
        layersJson(changed('"activation":"tanh"', '"activation":"wavy"')),
        'TensorFlow cannot evaluate it',
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
});
