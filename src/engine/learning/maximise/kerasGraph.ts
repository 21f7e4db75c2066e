import { activationNames, type ActivationName } from '../../contract/maximise.ts';
import type { CubelensError } from '../../base/errors.ts';
import type { ActivationSettings } from './activations.ts';
import { BeyondDense } from './beyondDense.ts';
import { NetworkBuilder } from './buildNetwork.ts';
import { malformedModel } from './malformedModel.ts';
import type { Network } from './network.ts';

/** Weights of a dense layer as the file holds them: kernel row by row (inputs x units), bias where there is one. */
export interface DenseWeights {
  kernel: Float64Array;
  bias: Float64Array | null;
}

/** Gives the weights of a dense layer; throws where the file has none that fit. */
export type WeightsOf = (layer: string) => DenseWeights;

/** A layer as Keras and TensorFlow.js describe it. */
interface LayerConfig {
  className: string;
  name: string;
  config: Record<string, unknown>;
  inbound: unknown[];
}

/** A tensor: the layer that gives it, which of its calls, and which of the tensors of that call. */
export interface TensorKey {
  layer: string;
  call: number;
  tensor: number;
}

/** Layers that only act while a model is trained, or change no vector. */
const passing = [
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'Identity',
  'Flatten',
  'ActivityRegularization',
];

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The network of a Keras configuration (Sequential or Functional, as Keras 2, Keras 3 and TensorFlow.js write them).
 * Throws `unsupported-format` for layers and activations that the engine does not evaluate, by class and name, and
 * `malformed-file` for what does not fit together.
 */
export function networkOfKeras(model: unknown, weightsOf: WeightsOf, file: string): Network {
  const graph = new KerasGraph(model, weightsOf, file);
  return graph.network();
}

class KerasGraph {
  private readonly file: string;
  private readonly weightsOf: WeightsOf;
  private readonly builder: NetworkBuilder;
  private readonly className: string;
  private readonly config: Record<string, unknown>;
  private readonly layers: LayerConfig[];
  private readonly done = new Map<string, string>();
  private readonly open = new Set<string>();

  constructor(model: unknown, weightsOf: WeightsOf, file: string) {
    this.file = file;
    this.weightsOf = weightsOf;
    this.builder = new NetworkBuilder(file);
    if (!isRecord(model) || typeof model.class_name !== 'string')
      throw this.malformed('its configuration names no class of model');
    this.className = model.class_name;
    // Keras 1 wrote the layers of a Sequential model as the configuration itself.
    this.config = isRecord(model.config) ? model.config : { layers: model.config };
    if (!['Sequential', 'Functional', 'Model'].includes(this.className)) {
      throw this.unsupported(
        `the model is of class ${this.className}; only Sequential and Functional models tell their layers`,
      );
    }
    if (!Array.isArray(this.config.layers)) throw this.malformed('its configuration lists no layers');
    this.layers = this.config.layers.map((layer, k) => this.layerConfig(layer, k));
  }

  network(): Network {
    return this.className === 'Sequential' ? this.sequential() : this.functional();
  }

  private sequential(): Network {
    const [first] = this.layers;
    if (first === undefined) throw this.malformed('it has no layers');
    const isInput = first.className === 'InputLayer';
    const shape = shapeOf(first.config) ?? this.config.build_input_shape;
    let last = isInput ? first.name : `${first.name}_input`;
    this.builder.input(last, this.vectorSize(shape, last));
    for (const layer of this.layers.slice(isInput ? 1 : 0)) {
      this.addLayer(layer, layer.name, [last]);
      last = layer.name;
    }
    return this.builder.finish(last);
  }

  private functional(): Network {
    for (const { layer: name } of tensorKeys(this.config.input_layers)) {
      this.builder.input(name, this.vectorSize(shapeOf(this.layer(name, name).config), name));
      this.done.set(`${name} 0`, name);
    }
    const outputs = tensorKeys(this.config.output_layers).map((key) => this.tensor(key, 'output_layers'));
    const [only] = outputs;
    if (only === undefined) throw this.malformed('its configuration names no output');
    if (outputs.length === 1) return this.builder.finish(only);
    this.builder.concatenate('all outputs', outputs);
    return this.builder.finish('all outputs');
  }

  /** The builder's name of a tensor, whose layer and all before it are added where they are not yet. */
  private tensor({ layer: name, call }: TensorKey, asker: string): string {
    const key = `${name} ${call}`;
    const known = this.done.get(key);
    if (known !== undefined) return known;
    const layer = this.layer(name, asker);
    if (this.open.has(key)) throw this.malformed(`layer "${name}" takes its own output`);
    if (layer.className === 'InputLayer')
      throw this.malformed(`input "${name}" is not among the model's inputs`);
    this.open.add(key);
    const node = layer.inbound[call];
    if (node === undefined)
      throw this.malformed(`layer "${name}" is asked for by "${asker}" but takes nothing`);
    const from = tensorKeys(node).map((source) => this.tensor(source, name));
    const own = call === 0 ? name : `${name} (${call + 1})`;
    this.addLayer(layer, own, from);
    this.done.set(key, own);
    this.open.delete(key);
    return own;
  }

  private addLayer(layer: LayerConfig, name: string, from: string[]): void {
    const { className, config } = layer;
    const [only] = from;
    if (only === undefined) throw this.malformed(`layer "${name}" takes nothing`);
    if (className === 'Concatenate') {
      const axis = config.axis ?? -1;
      if (axis !== -1 && axis !== 1)
        throw this.unsupported(`layer "${name}" joins along axis ${JSON.stringify(axis)}`);
      this.builder.concatenate(name, from);
      return;
    }
    if (from.length > 1) throw this.unsupportedLayer(layer);
    if (passing.includes(className)) this.builder.pass(name, only);
    else if (className === 'Dense') this.addDense(layer, name, only);
    else if (className === 'Activation') this.addActivation(name, only, config.activation);
    else if (className === 'ReLU') {
      const isPlain = (config.max_value ?? null) === null && (config.threshold ?? 0) === 0;
      if (!isPlain) throw this.unsupported(`layer "${name}" (ReLU) has a threshold or a largest value`);
      this.builder.activation(name, only, 'relu', { alpha: this.setting(layer, ['negative_slope'], 0) });
    } else if (className === 'LeakyReLU') {
      this.builder.activation(name, only, 'leaky_relu', {
        alpha: this.setting(layer, ['negative_slope', 'alpha'], 0.3),
      });
    } else if (className === 'ELU') {
      this.builder.activation(name, only, 'elu', { alpha: this.setting(layer, ['alpha'], 1) });
    } else if (className === 'Softmax') this.builder.activation(name, only, 'softmax');
    else throw this.unsupportedLayer(layer);
  }

  private addDense(layer: LayerConfig, name: string, from: string): void {
    const { units, use_bias: usesBias = true, activation = 'linear' } = layer.config;
    if (typeof units !== 'number' || !Number.isInteger(units) || units < 1) {
      throw this.malformed(`layer "${name}" (Dense) has no number of units`);
    }
    const { kernel, bias } = this.weightsOf(layer.name);
    if (usesBias === true && bias === null)
      throw this.malformed(`layer "${name}" (Dense) should have a bias but the file holds none`);
    const isLinear = activation === null || activation === 'linear';
    const dense = isLinear ? name : `${name} before its activation`;
    this.builder.dense(dense, from, units, kernel, usesBias === true ? bias : null);
    if (!isLinear) this.addActivation(name, dense, activation);
  }

  private addActivation(name: string, from: string, activation: unknown): void {
    const { kind, settings } = this.activationOf(name, activation);
    this.builder.activation(name, from, kind, settings);
  }

  private activationOf(
    name: string,
    activation: unknown,
  ): { kind: ActivationName; settings: ActivationSettings } {
    const named = isRecord(activation)
      ? typeof activation.config === 'string'
        ? activation.config
        : activation.class_name
      : activation;
    if (named === 'gelu_new') return { kind: 'gelu', settings: { approximate: true } };
    const kind = activationNames.find((known) => known === named && known !== 'square');
    if (kind !== undefined) return { kind, settings: {} };
    throw this.unsupported(
      `layer "${name}" has the activation ${typeof named === 'string' ? `"${named}"` : 'that is not named'}`,
    );
  }

  private setting({ name, config, className }: LayerConfig, keys: string[], otherwise: number): number {
    const value =
      keys.map((key) => config[key]).find((entry) => entry !== undefined && entry !== null) ?? otherwise;
    // Some versions of Keras save the slope as an array of one number.
    const number = isRecord(value) ? value.value : value;
    if (typeof number !== 'number')
      throw this.malformed(`layer "${name}" (${className}): ${keys[0]} is not a number`);
    return number;
  }

  private layer(name: string, asker: string): LayerConfig {
    const found = this.layers.find((layer) => layer.name === name);
    if (found === undefined)
      throw this.malformed(`"${asker}" asks for layer "${name}", which the model does not have`);
    return found;
  }

  private layerConfig(layer: unknown, k: number): LayerConfig {
    if (!isRecord(layer) || typeof layer.class_name !== 'string')
      throw this.malformed(`layer ${k + 1} has no class`);
    const config = isRecord(layer.config) ? layer.config : {};
    const name = config.name ?? layer.name;
    if (typeof name !== 'string') throw this.malformed(`layer ${k + 1} (${layer.class_name}) has no name`);
    return {
      className: layer.class_name,
      name,
      config,
      inbound: Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes : [],
    };
  }

  private vectorSize(shape: unknown, name: string): number {
    const size: unknown = Array.isArray(shape) && shape.length === 2 ? shape[1] : undefined;
    if (typeof size === 'number' && Number.isInteger(size) && size >= 1) return size;
    throw this.unsupported(
      `input "${name}" has the shape ${JSON.stringify(shape ?? null)}, not a vector of fixed length`,
    );
  }

  private unsupportedLayer({ className, name }: LayerConfig): CubelensError {
    return this.unsupported(`layer "${name}" is of class ${className}, which is not supported`);
  }

  private unsupported(message: string): CubelensError {
    return new BeyondDense(this.file, message);
  }

  private malformed(message: string): CubelensError {
    return malformedModel(this.file, message);
  }
}

/** The shape of an input, batch first, by any of its names. */
export const shapeOf = (config: Record<string, unknown>): unknown =>
  config.batch_shape ?? config.batch_input_shape;

/**
 * The tensors that part of a configuration names: ["name", call, tensor, ...] in Keras 2 and TensorFlow.js, objects with
 * `keras_history` in Keras 3; however deep.
 */
export function tensorKeys(part: unknown, depth = 0): TensorKey[] {
  if (depth > 8) return [];
  if (Array.isArray(part)) {
    const [layer, call, tensor] = part as unknown[];
    if (typeof layer === 'string' && typeof call === 'number' && typeof tensor === 'number')
      return [{ layer, call, tensor }];
    return part.flatMap((inner) => tensorKeys(inner, depth + 1));
  }
  if (!isRecord(part)) return [];
  if (Array.isArray(part.keras_history)) return tensorKeys(part.keras_history, depth + 1);
  return Object.values(part).flatMap((inner) => tensorKeys(inner, depth + 1));
}
