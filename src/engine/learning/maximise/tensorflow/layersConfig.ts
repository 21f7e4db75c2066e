import { CubelensError } from '../../../base/errors.ts';
import { malformedModel } from '../malformedModel.ts';
import { isRecord, shapeOf, tensorKeys } from '../kerasGraph.ts';
import { activationName } from './activationNames.ts';
import { checkSettings, titled } from './layerSettings.ts';
import { checkLinks } from './layerLinks.ts';
import { reshaped } from './ownClasses.ts';
import { recordOf, refused } from './refusals.ts';

/** A layer as TensorFlow.js reads it. */
export interface PlainLayer {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown[];
}

/** A model as TensorFlow.js reads it. */
export interface PlainModel {
  class_name: 'Sequential' | 'Model';
  config: Record<string, unknown> & { name: string; layers: PlainLayer[] };
}

/** What takes the place of a class. */
const otherwise: Readonly<Record<string, string>> = {
  Identity: 'Activation',
  Flatten: reshaped,
  Reshape: reshaped,
};
/** The layers inside a layer, by the setting that holds them. */
const inner = ['layer', 'backward_layer', 'cell', 'cells'];
/** Settings that say how large something is made, before its weights are looked at. */
const ofSize =
  /^(units|filters|output_dim|input_dim|n|kernel_size|size|padding|target_shape|depth_multiplier|pool_size)$/;
const mostOfSize = 1 << 22;
/** Nothing of training is wanted, and TensorFlow.js knows only some of it. */
const ofTraining =
  /_(regularizer|constraint)$|^(build_config|trainable|seed|seed_generator|stateful|dropout|recurrent_dropout)$/;

/**
 * The configuration of Keras 2, Keras 3 or TensorFlow.js (Sequential or Functional) in the one form that TensorFlow.js
 * reads. Throws `malformed-file` for what is none, `unsupported-format` for models inside models and for settings that
 * TensorFlow.js would pass over in silence.
 */
export function plainModel(model: unknown, file: string): PlainModel {
  const { class_name: className, config } = recordOf(model);
  // Keras 1 wrote the layers of a Sequential model as the configuration itself.
  const settings = Array.isArray(config) ? { layers: config as unknown[] } : recordOf(config);
  if (!Array.isArray(settings.layers)) throw malformedModel(file, 'its configuration lists no layers');
  const isKeras3 = (settings.layers as unknown[]).some((layer) => {
    const own = recordOf(recordOf(layer).config);
    return own.batch_shape !== undefined || isRecord(own.dtype);
  });
  const layers = (settings.layers as unknown[]).map((layer, k) =>
    plainLayer(layer, `layer ${k + 1}`, { file, isKeras3 }),
  );
  const name = typeof settings.name === 'string' ? settings.name : 'model';
  if (className === 'Sequential') {
    const [first] = layers;
    if (first === undefined) throw malformedModel(file, 'it has no layers');
    first.config.batch_input_shape ??= settings.build_input_shape;
    return {
      class_name: 'Sequential',
      config: { name, layers: layers.map(({ inbound_nodes: _inbound, ...layer }) => layer) },
    };
  }
  if (className !== 'Functional' && className !== 'Model') {
    throw refused(
      file,
      `the model is of class ${String(className)}; only Sequential and Functional models tell their layers`,
      'Rebuild it with the functional API and save it again.',
    );
  }
  const ends = (part: unknown): unknown[] =>
    tensorKeys(part).map(({ layer, call, tensor }) => [layer, call, tensor]);
  const ended = { input_layers: ends(settings.input_layers), output_layers: ends(settings.output_layers) };
  if (ended.output_layers.length === 0) throw malformedModel(file, 'its configuration names no output');
  checkLinks(layers, ended, file);
  return { class_name: 'Model', config: { name, layers, ...ended } };
}

interface Origin {
  file: string;
  isKeras3: boolean;
}

function plainLayer(layer: unknown, place: string, origin: Origin): PlainLayer {
  const { file, isKeras3 } = origin;
  const { class_name: className, config, inbound_nodes: inbound, name: outer } = recordOf(layer);
  if (typeof className !== 'string') throw malformedModel(file, `${place} has no class`);
  const settings = recordOf(config);
  const name = settings.name ?? outer;
  if (typeof name !== 'string') throw malformedModel(file, `${place} (${className}) has no name`);
  if (Array.isArray(settings.layers)) {
    throw refused(file, `layer "${name}" is a whole model`, 'Build the model of plain layers.', name);
  }
  const title = titled(name, className);
  const slope = Number(plainValue(settings.negative_slope) ?? 0);
  // TensorFlow.js has the slope only as a layer of its own.
  const isLeaky =
    className === 'ReLU' && slope !== 0 && (settings.max_value ?? null) === null && !settings.threshold;
  const known = isLeaky ? 'LeakyReLU' : className;
  const own = isLeaky ? { ...settings, max_value: null, threshold: null } : settings;
  checkSettings(known, name, own, file);
  checkSizes(own, title, file);
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(own)) {
    // The weights follow: what they begin with only takes time.
    if (key.endsWith('_initializer')) plain[key] = 'zeros';
    else if (/^(recurrent_)?activation$/.test(key))
      plain[key] = activationName(value, { name, title, isKeras3, file });
    else if (inner.includes(key) && value !== null) plain[key] = plainInner(value, title, origin);
    else if (!ofTraining.test(key)) plain[key] = plainValue(value);
  }
  plain.name = name;
  const shape = shapeOf(settings);
  delete plain.batch_shape;
  if (shape !== undefined) plain.batch_input_shape = shape;
  plain.dtype = dtypeOf(settings.dtype);
  if (known === 'LeakyReLU') plain.alpha ??= plain.negative_slope;
  // What the biases begin with would leave tensors behind.
  if (known.startsWith('LSTM')) plain.unit_forget_bias = false;
  if (known === 'Softmax') plain.axis ??= -1;
  if (known === 'Bidirectional') checkBackward(plain, title, name, file);
  if (known === 'BatchNormalization' && Array.isArray(plain.axis)) plain.axis = (plain.axis as unknown[])[0];
  const nodes = Array.isArray(inbound) ? (inbound as unknown[]) : [];
  const training = nodes.find((node) => recordOf(recordOf(node).kwargs).training === true);
  if (training !== undefined) {
    throw refused(file, `${title} is called with training=True`, 'Call it without.', name);
  }
  if (known === 'Identity') plain.activation = 'linear';
  if (known === 'Flatten') plain.target_shape = [-1];
  return {
    class_name: otherwise[known] ?? known,
    name,
    config: plain,
    inbound_nodes: nodes
      .map((node) => tensorKeys(node).map(({ layer: from, call, tensor }) => [from, call, tensor, {}]))
      .filter((node) => node.length > 0),
  };
}

function plainInner(value: unknown, title: string, origin: Origin): unknown {
  if (Array.isArray(value)) return value.map((each) => plainInner(each, title, origin));
  const { class_name, config } = plainLayer(value, `what ${title} holds`, origin);
  return { class_name, config };
}

/** TensorFlow.js makes the way back of the layer itself, with the way reversed. */
function checkBackward(plain: Record<string, unknown>, title: string, name: string, file: string): void {
  const { backward_layer: back, layer } = plain;
  delete plain.backward_layer;
  if (back === undefined || back === null) return;
  const without = (part: unknown): string => {
    const { class_name: className, config } = recordOf(part);
    const { name: _name, go_backwards: _way, ...others } = recordOf(config);
    return JSON.stringify([className, Object.entries(others).sort()]);
  };
  if (without(back) === without(layer)) return;
  throw refused(
    file,
    `${title} has another layer backward than forward, which TensorFlow.js does not compute`,
    'Build it without backward_layer.',
    name,
  );
}

/** Layers are made before their weights are looked at: what would not fit must not be tried. */
function checkSizes(settings: Record<string, unknown>, title: string, file: string): void {
  let kernel = Math.max(1, Number(settings.filters ?? 1));
  for (const [key, value] of Object.entries(settings)) {
    if (!ofSize.test(key)) continue;
    const numbers = [value].flat(3).filter((each) => typeof each === 'number');
    const product = numbers.reduce((all, each) => all * Math.max(1, Math.abs(each)), 1);
    if (key === 'kernel_size') kernel *= product;
    if (product > mostOfSize || kernel > mostOfSize) {
      throw new CubelensError(
        'resource-exhausted',
        `${file}: ${title} claims ${key} = ${JSON.stringify(value)}.`,
        {
          file,
          field: key,
          remedy: 'Use a smaller model; the file may also be damaged.',
        },
      );
    }
  }
}

/** Keras 3 writes names of functions and numbers of arrays as objects. */
function plainValue(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (value.class_name === 'function' && typeof value.config === 'string') return value.config;
  if (typeof value.class_name === 'string') {
    return { class_name: value.class_name, config: recordOf(value.config) };
  }
  return 'value' in value ? value.value : value;
}

/** A type by name, also where it is the policy of Keras 3. All computing is in float32. */
function dtypeOf(dtype: unknown): string {
  const name = isRecord(dtype) ? recordOf(dtype.config).name : dtype;
  return name === 'int32' || name === 'bool' ? name : 'float32';
}

const risingNames = ['tanh', 'sigmoid', 'softplus', 'softsign'];

/**
 * The same model without its last activation, and which that is; null where it has none of those whose argument can be
 * climbed instead.
 */
export function withoutLast(model: PlainModel): { model: PlainModel; last: 'rising' | 'softmax' } | null {
  const { layers } = model.config;
  const outputs = model.config.output_layers as unknown[][] | undefined;
  const name = outputs === undefined ? layers.at(-1)?.name : outputs[0]?.[0];
  const layer = layers.find((each) => each.name === name);
  if (layer === undefined || (outputs?.length ?? 1) > 1 || (layer.inbound_nodes?.length ?? 1) > 1)
    return null;
  const isSoftmax = layer.class_name === 'Softmax' && [undefined, -1, 1].includes(layer.config.axis as never);
  const activation = isSoftmax ? 'softmax' : layer.config.activation;
  if (activation !== 'softmax' && !risingNames.includes(String(activation))) return null;
  const { activation: _last, ...config } = layer.config;
  const plain = isSoftmax || layer.class_name === 'Activation';
  const changed: PlainLayer = {
    ...layer,
    class_name: plain ? 'Activation' : layer.class_name,
    config: { ...config, activation: 'linear' },
  };
  return {
    model: {
      ...model,
      config: { ...model.config, layers: layers.map((each) => (each === layer ? changed : each)) },
    },
    last: activation === 'softmax' ? 'softmax' : 'rising',
  };
}
