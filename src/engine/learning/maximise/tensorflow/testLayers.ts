import { strToU8, zipSync } from 'fflate';
import { File, ready } from 'h5wasm';
import { seededRandom } from '../../../base/random.ts';
import type { ModelFiles } from '../modelFile.ts';
import { files, modelJson, type TestWeight } from './testModels.ts';

// A spectrum of 8 bands and one number beside it: convolution, normalisation by what was seen in training, tanh, mean, sigmoid.
/** The size of the model. */
export const bands = 8;
const [width, filters] = [3, 2];
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
export function byHand(spectrum: readonly number[], aside: number): number {
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
export function keras3(): { class_name: string; config: Record<string, unknown> } {
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
export function keras2(): { class_name: string; config: Record<string, unknown> } {
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

/** As `.keras`. */
export async function kerasZip(model: object = keras3()): Promise<ModelFiles> {
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

/** As `.h5`. */
export async function kerasHdf5(): Promise<ModelFiles> {
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

/** As `model.json`, perhaps with other weights. */
export const layersJson = (
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
