import { CubelensError } from '../../../base/errors.ts';
import type { LayersModel, Tensor, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import { tensorKeys } from '../kerasGraph.ts';
import type { Computation, TensorInput } from './computation.ts';
import { checkedShape } from './graphFile.ts';
import { setWeights, type StoredLayers } from './layerWeights.ts';
import { disposeVariables, variableNames } from './leftovers.ts';
import { registerOwnClasses } from './ownClasses.ts';
import { plainModel, withoutLast, type PlainModel } from './layersConfig.ts';
import { titled } from './layerSettings.ts';
import { explained, recordOf, refused } from './refusals.ts';

const kinked = /relu|selu|hard_?sigmoid|maxpool|maximum|minimum/i;
/** Layers with weights whose activation is not at their end: TensorFlow.js computes with it inside. */
const recurrent = /RNN|LSTM|GRU|Bidirectional|TimeDistributed/;

/**
 * A model of layers in TensorFlow, in inference mode. Throws `unsupported-format` for layers that TensorFlow.js does not have
 * and `malformed-file` for weights that do not fit, both by name.
 */
export async function layersComputation(
  tf: TensorFlow,
  config: unknown,
  stored: StoredLayers,
  file: string,
): Promise<Computation> {
  registerOwnClasses(tf);
  const plain = plainModel(config, file);
  const others = variableNames(tf);
  const made: LayersModel[] = [];
  const explain: Computation['explain'] = (thrown) =>
    explained(
      thrown,
      file,
      (operation) => `operation "${operation}"`,
      made[0] === undefined || made[0].inputs.length > 1,
    );
  const dispose = (): void => {
    for (const model of made.splice(0)) disposeModel(model);
  };
  try {
    const build = async (from: PlainModel): Promise<LayersModel> => {
      const model = await tf.models.modelFromJSON({ modelTopology: from as never });
      made.push(model);
      checkShapes(model, file);
      setWeights(tf, model, stored, file);
      return model;
    };
    const own = await build(plain);
    const end = withoutLast(plain);
    const isRecurrent = plain.config.layers.some(({ class_name: name }) => recurrent.test(name));
    const climbed = end === null || isRecurrent ? null : await build(end.model);
    return {
      file,
      inputs: own.inputs.map((input, k): TensorInput => {
        const name = own.inputNames[k] ?? input.name;
        const dtype = input.dtype === 'int32' || input.dtype === 'bool' ? input.dtype : 'float32';
        return { name, shape: checkedShape(input.shape, name, file), dtype, rows: rowsOf(plain, name) };
      }),
      hasKinks: isKinked(plain.config.layers),
      last: climbed === null ? null : (end?.last ?? null),
      run: (inputs, beforeLast) => {
        const found = (beforeLast && climbed !== null ? climbed : own).apply(inputs, { training: false });
        return (Array.isArray(found) ? found : [found]) as Tensor[];
      },
      explain,
      check: () => undefined,
      dispose,
    };
  } catch (thrown) {
    disposeVariables(tf, others);
    throw explain(thrown, null);
  }
}

/** How many rows the tables have into which an input gives the index; undefined where it gives none. */
function rowsOf({ config }: PlainModel, input: string): number | undefined {
  const rows = config.layers
    .filter(({ class_name: name }) => name === 'Embedding')
    .filter(({ inbound_nodes: nodes = [] }) =>
      tensorKeys(nodes.map((node) => (node as unknown[][]).map((key) => key.slice(0, 3)))).some(
        ({ layer }) => layer === input,
      ),
    )
    .map(({ config: { input_dim: size } }) => Number(size));
  return rows.length === 0 ? undefined : Math.min(...rows);
}

/** Whether a class or an activation has a kink, also of what layers hold. */
function isKinked(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(isKinked);
  return Object.entries(recordOf(part)).some(([key, value]) =>
    /^(class_name|activation|recurrent_activation)$/.test(key) && typeof value === 'string'
      ? kinked.test(value)
      : isKinked(value),
  );
}

/** Most numbers that a layer may give for one point. */
const mostNumbers = 1 << 24;

/** What only the shapes tell: throws `resource-exhausted` for too large ones, `unsupported-format` for an axis of normalisation. */
function checkShapes(model: LayersModel, file: string): void {
  for (const layer of model.layers) {
    const title = titled(layer.name, layer.getClassName());
    const shapes = [layer.outputShape].flat(2).every((side) => typeof side === 'number' || side === null)
      ? [layer.outputShape as (number | null)[]]
      : (layer.outputShape as (number | null)[][]);
    const most = Math.max(
      ...shapes.map((shape) => shape.reduce<number>((all, side) => all * (side ?? 1), 1)),
    );
    if (most > mostNumbers) {
      throw new CubelensError('resource-exhausted', `${file}: ${title} gives ${most} numbers.`, {
        file,
        field: layer.name,
        remedy: `Use a smaller model: up to ${mostNumbers} numbers a layer are computed.`,
      });
    }
    if (layer.getClassName() !== 'BatchNormalization') continue;
    const axis = Number((layer.getConfig() as { axis?: unknown }).axis);
    const last = (shapes[0]?.length ?? 0) - 1;
    if (axis === -1 || axis === last) continue;
    throw refused(
      file,
      `${title} normalises along axis ${axis}, which TensorFlow.js only does along the last (${last})`,
      'Build it with axis=-1.',
      layer.name,
    );
  }
}

/** Layers that are shared may have been disposed of with another. */
function disposeModel(model: LayersModel): void {
  for (const layer of model.layers)
    for (const weight of layer.weights) if (!weight.read().isDisposed) weight.dispose();
}
