import type { CancelOptions } from '../../../base/signal.ts';
import { contentOfKerasHdf5, contentOfKerasZip, type KerasContent, type LayerWeight } from '../kerasFiles.ts';
import { readModel, type ModelFiles } from '../modelFile.ts';
import { isGraphModel, numbers, storedWeights } from '../tensorflowJsModel.ts';
import type { LoadedTensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import type { Computation } from './computation.ts';
import { graphComputation } from './graphModel.ts';
import { layersComputation } from './layersModel.ts';
import type { StoredLayers } from './layerWeights.ts';
import { refused, recordOf } from './refusals.ts';
import { TensorFlowModel } from './tensorFlowModel.ts';

/**
 * A model file in TensorFlow: graph and layers models of TensorFlow.js, `.keras` and `.h5` of Keras. To be disposed of.
 * Errors as `readModel`; `unsupported-format` for operations and layers that TensorFlow.js does not have, by name;
 * `malformed-file` for what does not fit together.
 */
export async function openTensorFlowModel(
  { tf, backend, version }: LoadedTensorFlow,
  files: ModelFiles,
  options: CancelOptions = {},
): Promise<TensorFlowModel> {
  const computation = await computationOf(tf, files, options);
  try {
    return new TensorFlowModel(tf, computation, `TensorFlow ${backend} ${version}`);
  } catch (thrown) {
    computation.dispose();
    throw withoutWay(computation) ?? computation.explain(thrown, null);
  }
}

/** Why no input at all can be climbed by: what cannot be differentiated often cannot be evaluated either. */
function withoutWay({ inputs, check, explain }: Computation): Error | null {
  let reason: Error | null = null;
  for (const free of inputs.keys()) {
    try {
      check(free);
      return null;
    } catch (thrown) {
      reason ??= explain(thrown, free);
    }
  }
  return reason;
}

async function computationOf(
  tf: LoadedTensorFlow['tf'],
  files: ModelFiles,
  options: CancelOptions,
): Promise<Computation> {
  const { name } = files.main;
  const content = await readModel(files, options);
  switch (content.kind) {
    case 'keras':
      return ofKeras(tf, await contentOfKerasZip(content.bytes, name), name);
    case 'hdf5':
      return ofKeras(tf, await contentOfKerasHdf5(content.bytes, name), name);
    case 'json':
      throw refused(name, 'it is no model of TensorFlow', 'Open model.json of TensorFlow.js, .keras or .h5.');
    case 'tensorflow-js': {
      const { json, shards } = content;
      if (isGraphModel(json)) return graphComputation(tf, json, shards, name);
      const topology = recordOf(recordOf(json).modelTopology);
      const weights = storedWeights(json, shards, name).map((weight): LayerWeight => ({
        name: weight.name.split('/').at(-1) ?? null,
        path: weight.name,
        shape: weight.shape,
        values: numbers(weight),
      }));
      return layersComputation(tf, topology.model_config ?? topology, namedBy(weights), name);
    }
  }
}

/** Weights whose names begin with their layer, or have it further on. */
function namedBy(all: readonly LayerWeight[]): StoredLayers {
  return {
    all,
    of: (layer) => {
      const first = all.filter(({ path }) => path.startsWith(`${layer}/`));
      return first.length > 0 ? first : all.filter(({ path }) => path.includes(`/${layer}/`));
    },
  };
}

const ofKeras = (
  tf: LoadedTensorFlow['tf'],
  { model, weights }: KerasContent,
  file: string,
): Promise<Computation> =>
  layersComputation(
    tf,
    model,
    { all: [...weights.values()].flat(), of: (layer) => weights.get(layer) ?? [] },
    file,
  );
