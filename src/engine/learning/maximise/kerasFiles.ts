import type { Dataset, File as Hdf5File, Group } from 'h5wasm';
import { CubelensError } from '../../base/errors.ts';
import { unzip } from '../../io/zip.ts';
import { malformedModel, parsedJson } from './malformedModel.ts';
import { isRecord, networkOfKeras, type DenseWeights } from './kerasGraph.ts';
import type { Network } from './network.ts';

const maxWeights = 1 << 26;

/**
 * The network of a `.keras` file of Keras 3: a zip with config.json and model.weights.h5.
 * Throws `malformed-file` for damage, `unsupported-format` for layers that are not evaluated.
 */
export const networkOfKerasZip = async (bytes: Uint8Array, file: string): Promise<Network> =>
  networkOfContent(await contentOfKerasZip(bytes, file), file);

/** Opens config.json and model.weights.h5 of a `.keras` file. */
async function openZip<T>(
  bytes: Uint8Array,
  file: string,
  read: (model: unknown, hdf5: Hdf5File) => T,
): Promise<T> {
  const wanted = ['config.json', 'model.weights.h5'];
  const parts = await unzip(bytes, file, (name) => wanted.includes(name));
  const [config, weights] = wanted.map((name) => {
    const part = parts.get(name);
    if (part === undefined) throw malformedModel(file, `the zip holds no ${name}`);
    return part;
  }) as [Uint8Array, Uint8Array];
  const model = parsedJson(new TextDecoder().decode(config), `${file}, config.json`);
  return withHdf5(weights, `${file}, model.weights.h5`, (hdf5) => read(model, hdf5));
}

/**
 * The network of an `.h5` file as Keras 2 and 3 save whole models: the attribute model_config, weights by layer under
 * model_weights. Errors as `networkOfKerasZip`.
 */
export const networkOfKerasHdf5 = async (bytes: Uint8Array, file: string): Promise<Network> =>
  networkOfContent(await contentOfKerasHdf5(bytes, file), file);

function networkOfContent({ model, weights }: KerasContent, file: string): Network {
  const weightsOf = (layer: string): DenseWeights => {
    const own = weights.get(layer) ?? [];
    const find = (name: string, place: number): Float64Array | null =>
      own.find((weight, k) => (weight.name === null ? k === place : weight.name === name))?.values ?? null;
    const kernel = find('kernel', 0);
    if (kernel === null)
      throw malformedModel(file, `it holds no weights of layer "${layer}"`, undefined, layer);
    return { kernel, bias: find('bias', 1) };
  };
  return networkOfKeras(model, weightsOf, file);
}

function openHdf5<T>(
  bytes: Uint8Array,
  file: string,
  read: (model: unknown, hdf5: Hdf5File) => T,
): Promise<T> {
  return withHdf5(bytes, file, (hdf5) => {
    const text: unknown = hdf5.attrs.model_config?.value;
    if (typeof text !== 'string') {
      throw new CubelensError('unsupported-format', `${file} is an HDF5 file without model_config.`, {
        file,
        field: 'model_config',
        remedy: 'Save the whole model (model.save), not only its weights.',
      });
    }
    return read(parsedJson(text, `${file}, model_config`), hdf5);
  });
}

/** A weight of a layer with its shape. */
export interface LayerWeight {
  /** As Keras calls it (kernel, gamma ...); null where the file only has an order. */
  name: string | null;
  /** Its whole name in the file. */
  path: string;
  shape: number[];
  values: Float64Array;
}

/** A Keras model as its file has it: the configuration, and the weights of each layer in their order. */
export interface KerasContent {
  model: unknown;
  weights: ReadonlyMap<string, LayerWeight[]>;
}

/** All of a `.keras` file, whatever its layers. Throws `malformed-file` for damage. */
export const contentOfKerasZip = (bytes: Uint8Array, file: string): Promise<KerasContent> =>
  openZip(bytes, file, (model, hdf5) => {
    const weights = new Map<string, LayerWeight[]>();
    for (const [layer, group] of groupsOfLayers(hdf5, model, file)) {
      const inside = weightsInside(group, '');
      weights.set(
        layer,
        inside.map((path) => layerWeight(group.get(path), null, layer, path, file)),
      );
    }
    return { model, weights };
  });

/** All of an `.h5` file, whatever its layers. Errors as `networkOfKerasHdf5`. */
export const contentOfKerasHdf5 = (bytes: Uint8Array, file: string): Promise<KerasContent> =>
  openHdf5(bytes, file, (model, hdf5) => {
    const weights = new Map<string, LayerWeight[]>();
    const all = hdf5.get('model_weights');
    if (!isGroup(all)) throw malformedModel(file, 'it has no group "model_weights"');
    for (const layer of all.keys()) {
      const group = all.get(layer);
      if (!isGroup(group)) continue;
      const named = weightNames(group).map((name) =>
        layerWeight(group.get(name), lastPart(name), layer, name, file),
      );
      weights.set(layer, named);
    }
    return { model, weights };
  });

function layerWeight(
  item: unknown,
  name: string | null,
  layer: string,
  path: string,
  file: string,
): LayerWeight {
  const values = numbersOf(item, `layer "${layer}", weight ${path}`, file);
  return { name, path: `${layer}/${path}`, shape: [...((item as Dataset).shape ?? [])], values };
}

/** The parts of layers that hold weights, in the order in which Keras counts them. */
const partsInOrder = ['vars', 'layer', 'forward_layer', 'backward_layer', 'cell', 'cells'];

/** Paths of all weights of a layer and of the layers and cells in it, in the order of Keras. */
function weightsInside(group: Group, path: string): string[] {
  const place = (key: string): number => partsInOrder.indexOf(key) + 1 || partsInOrder.length + 1;
  const number = (key: string): number => Number(/\d+$/.exec(key)?.[0] ?? 0);
  return (
    group
      .keys()
      // The states of random generators.
      .filter((key) => !key.startsWith('seed_generator'))
      .sort((a, b) => place(a) - place(b) || number(a) - number(b))
      .flatMap((key) => {
        const item = group.get(key);
        return isGroup(item) ? weightsInside(item, `${path}${key}/`) : [`${path}${key}`];
      })
  );
}

let opened = 0;

/** Runs `read` on an HDF5 file in the library's own memory. The library is loaded when first needed. */
async function withHdf5<T>(bytes: Uint8Array, file: string, read: (hdf5: Hdf5File) => T): Promise<T> {
  const { ready, File } = await import('h5wasm');
  const library = await ready;
  // Else the library prints its own account of every failure.
  library.activate_throwing_error_handler();
  const { FS } = library;
  const name = `model${opened++}.h5`;
  FS.writeFile(name, bytes);
  let hdf5: Hdf5File | null = null;
  try {
    hdf5 = new File(name, 'r');
    // The library gives an invalid number where it cannot open.
    if (!(hdf5.file_id > 0n)) throw malformedModel(file, 'it cannot be opened as HDF5');
    return read(hdf5);
  } catch (error) {
    if (error instanceof CubelensError) throw error;
    throw malformedModel(file, 'its HDF5 structure cannot be read', error);
  } finally {
    if (hdf5 !== null && hdf5.file_id > 0n) hdf5.close();
    FS.unlink(name);
  }
}

const isGroup = (item: unknown): item is Group => isRecord(item) && item.type === 'Group';
const isDataset = (item: unknown): item is Dataset => isRecord(item) && item.type === 'Dataset';

/**
 * Where each layer's weights are in model.weights.h5. Newer versions of Keras write the layer's name beside them; older
 * ones only number the classes in the order of the layers (dense, dense_1, ...).
 */
function groupsOfLayers(hdf5: Hdf5File, model: unknown, file: string): Map<string, Group> {
  const all = hdf5.get('layers') ?? hdf5.get('_layer_checkpoint_dependencies');
  if (!isGroup(all)) throw malformedModel(file, 'model.weights.h5 has no group "layers"');
  const byName = new Map<string, Group>();
  for (const key of all.keys()) {
    const group = all.get(key);
    const vars = all.get(`${key}/vars`);
    if (!isGroup(group) || !isGroup(vars)) continue;
    const name: unknown = vars.attrs.name?.value;
    if (typeof name === 'string') byName.set(name, group);
  }
  if (byName.size === 0) {
    const counts = new Map<string, number>();
    const layers = isRecord(model) && isRecord(model.config) ? model.config.layers : [];
    for (const layer of Array.isArray(layers) ? (layers as unknown[]) : []) {
      if (!isRecord(layer) || typeof layer.class_name !== 'string' || !isRecord(layer.config)) continue;
      const base = snakeCase(layer.class_name);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      const group = all.get(count === 0 ? base : `${base}_${count}`);
      if (isGroup(group)) byName.set(String(layer.config.name), group);
    }
  }
  return byName;
}

/** As Keras turns class names into names of groups. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

function weightNames(group: Group): string[] {
  const listed: unknown = group.attrs.weight_names?.value;
  return Array.isArray(listed) ? listed.map(String) : typeof listed === 'string' ? [listed] : [];
}

/** The weight's own name: the end of "model/dense/kernel:0". */
const lastPart = (name: string): string => name.replace(/:\d+$/, '').split('/').at(-1) ?? name;

function numbersOf(item: unknown, what: string, file: string): Float64Array {
  if (!isDataset(item)) throw malformedModel(file, `${what} is missing`);
  const count = (item.shape ?? []).reduce((product, side) => product * side, 1);
  if (count > maxWeights) throw malformedModel(file, `${what} claims ${count} numbers`);
  const { value } = item;
  if (value instanceof Float32Array || value instanceof Float64Array) return Float64Array.from(value);
  throw malformedModel(file, `${what} is not of type float32 or float64`);
}
