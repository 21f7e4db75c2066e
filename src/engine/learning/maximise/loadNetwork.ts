import type { CancelOptions } from '../../base/signal.ts';
import { networkOfJson } from './jsonModel.ts';
import { networkOfKerasHdf5, networkOfKerasZip } from './kerasFiles.ts';
import { readModel, type ModelFiles } from './modelFile.ts';
import type { Network } from './network.ts';
import { networkOfTensorflowJs } from './tensorflowJsModel.ts';

/**
 * The network of a model file: our JSON, TensorFlow.js layers `model.json`, `.keras` or `.h5` of Keras. The content
 * decides, not the name. Errors as `readModel`; `BeyondDense` for layers that are not evaluated here.
 */
export async function loadNetwork(files: ModelFiles, options: CancelOptions = {}): Promise<Network> {
  const { name } = files.main;
  const content = await readModel(files, options);
  switch (content.kind) {
    case 'keras':
      return networkOfKerasZip(content.bytes, name);
    case 'hdf5':
      return networkOfKerasHdf5(content.bytes, name);
    case 'json':
      return networkOfJson(content.json, name);
    case 'tensorflow-js':
      return networkOfTensorflowJs(content.json, content.shards, name);
  }
}
