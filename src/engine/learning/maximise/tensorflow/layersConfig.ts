import { isRecord, malformedModel, shapeOf, tensorKeys } from '../kerasGraph.ts';
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

/** What TensorFlow.js calls otherwise than Keras does. */
const activations: Readonly<Record<string, string>> = { silu: 'swish' };
/** Nothing of training is wanted, and TensorFlow.js knows only some of it. */
const ofTraining = /_(regularizer|constraint)$|^(build_config|trainable|seed|seed_generator)$/;

/** Layers are made before their weights are looked at. */
const mostUnits = 1 << 22;

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
  const layers = (settings.layers as unknown[]).map((layer, k) => plainLayer(layer, k, file));
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

function plainLayer(layer: unknown, k: number, file: string): PlainLayer {
  const { class_name: className, config, inbound_nodes: inbound, name: outer } = recordOf(layer);
  if (typeof className !== 'string') throw malformedModel(file, `layer ${k + 1} has no class`);
  const settings = recordOf(config);
  const name = settings.name ?? outer;
  if (typeof name !== 'string') throw malformedModel(file, `layer ${k + 1} (${className}) has no name`);
  if (Array.isArray(settings.layers)) {
    throw refused(file, `layer "${name}" is a whole model`, 'Build the model of plain layers.', name);
  }
  const large = ['units', 'filters', 'output_dim', 'input_dim'].find(
    (key) => Number(settings[key]) > mostUnits,
  );
  if (large !== undefined)
    throw malformedModel(file, `layer "${name}" (${className}) claims ${Number(settings[large])} ${large}`);
  for (const setting of ['groups', 'rms_scaling'] as const) {
    const value = settings[setting] ?? false;
    if (value !== false && value !== 1) {
      throw refused(
        file,
        `layer "${name}" (${className}) has ${setting} = ${JSON.stringify(value)}, which TensorFlow.js does not compute`,
        `Build it without ${setting}.`,
        name,
      );
    }
  }
  const kept = Object.entries(settings).filter(([key]) => !ofTraining.test(key));
  const plain: Record<string, unknown> = Object.fromEntries(
    // The weights follow: what they begin with only takes time.
    kept.map(([key, value]) => [key, key.endsWith('_initializer') ? 'zeros' : plainValue(value)]),
  );
  plain.name = name;
  const shape = shapeOf(settings);
  delete plain.batch_shape;
  if (shape !== undefined) plain.batch_input_shape = shape;
  plain.dtype = dtypeOf(settings.dtype);
  if (typeof plain.activation === 'string')
    plain.activation = activations[plain.activation] ?? plain.activation;
  if (className === 'LeakyReLU') plain.alpha ??= plain.negative_slope;
  if (className === 'BatchNormalization' && Array.isArray(plain.axis))
    plain.axis = (plain.axis as unknown[])[0];
  const nodes = Array.isArray(inbound) ? (inbound as unknown[]) : [];
  return {
    class_name: className === 'Identity' ? 'Activation' : className,
    name,
    config: className === 'Identity' ? { ...plain, activation: 'linear' } : plain,
    inbound_nodes: nodes
      .map((node) => tensorKeys(node).map(({ layer: from, call, tensor }) => [from, call, tensor, {}]))
      .filter((node) => node.length > 0),
  };
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

/** That every tensor that is asked for is made: TensorFlow.js would wait for it for ever. */
function checkLinks(
  layers: readonly PlainLayer[],
  ends: { input_layers: unknown[]; output_layers: unknown[] },
  file: string,
): void {
  // What each call of each layer waits for.
  const waiting = new Map<string, string[]>();
  const keyOf = (key: unknown): string => {
    const [layer, call] = key as unknown[];
    return `${String(layer)}, call ${Number(call)}`;
  };
  const names = new Set<string>();
  for (const { name, class_name: className, inbound_nodes: nodes = [] } of layers) {
    if (names.has(name)) throw malformedModel(file, `two layers are called "${name}"`);
    names.add(name);
    if (className === 'InputLayer') waiting.set(keyOf([name, 0]), []);
    else nodes.forEach((node, call) => waiting.set(keyOf([name, call]), (node as unknown[]).map(keyOf)));
  }
  const asked = [...ends.input_layers, ...ends.output_layers].map(keyOf);
  for (const [asker, keys] of [['the model', asked] as const, ...waiting]) {
    const missing = keys.find((key) => !waiting.has(key));
    if (missing !== undefined)
      throw malformedModel(file, `${asker}: asks for layer ${missing}, which the model does not have`);
  }
  for (let before = -1; waiting.size > 0 && waiting.size !== before;) {
    before = waiting.size;
    for (const [key, from] of waiting) if (from.every((other) => !waiting.has(other))) waiting.delete(key);
  }
  const [first] = waiting.keys();
  if (first !== undefined) throw malformedModel(file, `layer ${first}: takes its own output`);
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
