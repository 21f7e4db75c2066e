import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { Graph } from './graph.ts';
import { backendOf, backendVariable, type TensorFlow, type Tensor } from './loadTensorFlow.ts';
import { savedModel, savedModelTag, signatureOf } from './savedModel.ts';

/** A graph in TensorFlow's native library, which runs it as one operation. */
export interface GraphSession {
  /**
   * @param outputs - one of the lists of names that it was opened with.
   * @returns a tensor each, which the caller disposes of.
   */
  run(inputs: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Tensor[];
  close(): void;
}

/** Whether this TensorFlow can run graphs as one: its native library only. */
export const runsGraphs = (tf: TensorFlow): boolean => backendOf(tf) === 'native' && nodeOf(tf) !== undefined;

/**
 * Gives a graph to TensorFlow's native library, which takes one from a file only: a "saved model" in a folder of its own for
 * temporary files, gone before this ends.
 * @param wanted - the lists of outputs that will be asked for.
 * Throws where that folder cannot be written to.
 */
export async function openGraph(
  tf: TensorFlow,
  graph: Graph,
  wanted: readonly (readonly string[])[],
): Promise<GraphSession> {
  const node = nodeOf(tf);
  if (node === undefined) throw new Error('This TensorFlow does not run graphs.');
  const folder = await written(savedModel(graph, wanted));
  const models = new Map<string, SavedModel>();
  const close = (): void => {
    for (const model of models.values()) model.dispose();
  };
  try {
    // One session for all of them: the library knows the folder again.
    for (const outputs of wanted) {
      const name = signatureOf(outputs);
      models.set(name, await node.loadSavedModel(folder, [savedModelTag], name));
    }
  } catch (thrown) {
    close();
    throw asCubelensError(thrown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    run: (inputs, outputs) => {
      const found = models.get(signatureOf(outputs))?.predict({ ...inputs });
      return outputs.map((output) => found?.[output] as Tensor);
    },
    close,
  };
}

/** A new folder with a saved model. */
async function written(content: Uint8Array): Promise<string> {
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(tmpdir(), 'cubelens-graph-'));
    await writeFile(join(folder, 'saved_model.pb'), content);
    return folder;
  } catch (thrown) {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
    const { code, message } = asCubelensError(thrown);
    throw new CubelensError(
      code,
      `TensorFlow reads what it runs from the folder for temporary files, which does not take any: ${message}`,
      { remedy: `Set TMPDIR to a folder that can be written to, or ${backendVariable} to wasm.` },
      thrown,
    );
  }
}

/** What @tensorflow/tfjs-node adds for saved models. */
interface NodeApi {
  loadSavedModel(folder: string, tags: string[], signature: string): Promise<SavedModel>;
}
interface SavedModel {
  predict(inputs: Tfjs.NamedTensorMap): Tfjs.NamedTensorMap;
  dispose(): void;
}

const nodeOf = (tf: TensorFlow): NodeApi | undefined => (tf as TensorFlow & { node?: NodeApi }).node;
