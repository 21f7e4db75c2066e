import { strToU8 } from 'fflate';
import type { ByteSource } from '../../../io/byteSource.ts';
import type { ModelFiles } from '../modelFile.ts';
import { tensorFlowBackends } from '../../../contract/tensorflow.ts';
import { loadBackend, type LoadedTensorFlow } from '../../../tensorflow/loadTensorFlow.ts';

/** The backends that run here, the fastest first. They share one engine: see `use`. */
export async function backendsHere(): Promise<LoadedTensorFlow[]> {
  const found: LoadedTensorFlow[] = [];
  for (const backend of tensorFlowBackends) {
    try {
      found.push({ ...(await loadBackend(backend)), backend, reason: '' });
    } catch {
      // Not set up here.
    }
  }
  return found;
}

/** Makes a backend the current one of its engine. */
export async function use({ tf, backend }: LoadedTensorFlow): Promise<void> {
  await tf.setBackend(backend === 'native' ? 'tensorflow' : backend);
}

/** A file in memory. */
export function source(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    readInto: async (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

/** A model file with others beside it. */
export const files = (
  name: string,
  bytes: Uint8Array,
  beside: Record<string, Uint8Array> = {},
): ModelFiles => ({
  main: source(name, bytes),
  beside: (other) => (beside[other] === undefined ? null : source(other, beside[other])),
});

/** A weight: its numbers row by row. */
export interface TestWeight {
  name: string;
  shape: number[];
  values: number[];
}

/** `model.json` with these weights in one file beside it. */
export function modelJson(content: object, weights: readonly TestWeight[]): ModelFiles {
  const values = Float32Array.from(weights.flatMap((weight) => weight.values));
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const weightsManifest = weights.length === 0 ? [] : [{ paths: ['weights.bin'], weights: manifest }];
  const json = { ...content, weightsManifest };
  return files('model.json', strToU8(JSON.stringify(json)), { 'weights.bin': new Uint8Array(values.buffer) });
}

/** One operation of a graph: name, operation, what it takes. */
export type TestNode = readonly [name: string, op: string, ...from: string[]];

/**
 * A graph `model.json`: inputs of one number each (unless said otherwise), constants of one number, operations in any order.
 * The last node is the output.
 */
export function graph(
  inputs: readonly string[],
  constants: Readonly<Record<string, number>>,
  nodes: readonly TestNode[],
  shape: readonly number[] = [-1, 1],
): ModelFiles {
  const dim = shape.map((size) => ({ size: String(size) }));
  const type = { type: 'DT_FLOAT' };
  const placeholder = { dtype: type, shape: { shape: { dim } } };
  const node = [
    ...inputs.map((name) => ({ name, op: 'Placeholder', attr: placeholder })),
    ...Object.keys(constants).map((name) => ({ name, op: 'Const', attr: { dtype: type } })),
    ...nodes.map(([name, op, ...input]) => ({ name, op, input, attr: { T: type } })),
  ];
  const end = nodes.at(-1)?.[0] ?? '';
  const signature = {
    inputs: Object.fromEntries(
      inputs.map((name) => [name, { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } }]),
    ),
    outputs: { f: { name: `${end}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } } },
  };
  const weights = Object.entries(constants).map(([name, value]) => ({ name, shape: [], values: [value] }));
  const modelTopology = { node, versions: { producer: 1, minConsumer: 1 } };
  return modelJson({ format: 'graph-model', modelTopology, signature }, weights);
}
