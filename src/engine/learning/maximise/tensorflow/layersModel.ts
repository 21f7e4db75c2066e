import type { LayersModel, Tensor, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import type { LayerWeight } from '../kerasFiles.ts';
import { malformedModel } from '../kerasGraph.ts';
import type { Computation, TensorInput } from './computation.ts';
import { checkedShape } from './graphFile.ts';
import { disposeVariables, variableNames } from './leftovers.ts';
import { plainModel, withoutLast, type PlainModel } from './layersConfig.ts';
import { explained } from './refusals.ts';

/** The weights that the file holds for a layer, of these names: in the layer's order. Null where it holds none. */
export type WeightsOfLayer = (layer: string, names: readonly string[]) => readonly LayerWeight[] | null;

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
  weightsOf: WeightsOfLayer,
  file: string,
): Promise<Computation> {
  const plain = plainModel(config, file);
  const explain: Computation['explain'] = (thrown) =>
    explained(thrown, file, (operation) => `operation "${operation}"`);
  const before = variableNames(tf);
  const made: LayersModel[] = [];
  const dispose = (): void => {
    for (const model of made.splice(0)) disposeModel(model);
  };
  try {
    const build = async (from: PlainModel): Promise<LayersModel> => {
      checkClasses(tf, from, file);
      const model = await tf.models.modelFromJSON({ modelTopology: from as never });
      made.push(model);
      setWeights(tf, model, weightsOf, file);
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
        return { name, shape: checkedShape(input.shape, name, file), dtype };
      }),
      hasKinks: plain.config.layers.some(
        ({ class_name: name, config: { activation } }) =>
          kinked.test(name) || (typeof activation === 'string' && kinked.test(activation)),
      ),
      last: climbed === null ? null : (end?.last ?? null),
      run: (inputs, before) => {
        const found = (before && climbed !== null ? climbed : own).apply(inputs, { training: false });
        return (Array.isArray(found) ? found : [found]) as Tensor[];
      },
      explain,
      check: () => undefined,
      dispose,
    };
  } catch (thrown) {
    disposeVariables(tf, before);
    throw explain(thrown, null);
  }
}

/** Names the layer whose class TensorFlow.js does not have: its own message knows only the class. */
function checkClasses(tf: TensorFlow, { config }: PlainModel, file: string): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  for (const { class_name: className, config: own } of config.layers) {
    if (Object.hasOwn(known, className)) continue;
    throw explained(new Error(`Unknown layer: ${className}`), `${file}, layer "${String(own.name)}"`, String);
  }
}

function setWeights(tf: TensorFlow, model: LayersModel, weightsOf: WeightsOfLayer, file: string): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const names = layer.weights.map(({ originalName }) => originalName.split('/').at(-1) ?? originalName);
    const found = weightsOf(layer.name, names);
    if (found === null) throw malformedModel(file, `the file holds no weights of layer "${layer.name}"`);
    if (found.length !== names.length) {
      throw malformedModel(
        file,
        `layer "${layer.name}" takes ${names.length} weights (${names.join(', ')}), but the file holds ${found.length}`,
      );
    }
    const ordered = names.map(
      (name, k) => found.find((weight) => weight.name === name) ?? found[k],
    ) as LayerWeight[];
    ordered.forEach(({ shape }, k) => {
      const wanted = layer.weights[k]?.shape ?? [];
      if (shape.length === wanted.length && shape.every((side, axis) => side === wanted[axis])) return;
      throw malformedModel(
        file,
        `${names[k]} of layer "${layer.name}" has the shape ${shape.join(' x ')}, not ${wanted.join(' x ')}`,
      );
    });
    tf.tidy(() => {
      layer.setWeights(ordered.map(({ values, shape }) => tf.tensor(values, shape, 'float32')));
    });
  }
}

/** Layers that are shared may have been disposed of with another. */
function disposeModel(model: LayersModel): void {
  for (const layer of model.layers)
    for (const weight of layer.weights) if (!weight.read().isDisposed) weight.dispose();
}
