import { z } from 'zod';
import { malformedModel } from '../malformedModel.ts';
import { storedWeights } from '../tensorflowJsModel.ts';
import type { TensorInput } from './computation.ts';
import { checkNode, checkSlot, refuseRandom } from './graphNodes.ts';
import { reached, refuseCircles } from './graphWays.ts';
import { recordOf, refused } from './refusals.ts';

/** A node of a graph, as far as it matters before TensorFlow takes it. */
export interface GraphNode {
  name: string;
  op: string;
  /** What it takes, with slots; and the names of those nodes. */
  input: string[];
  from: string[];
  attr: Record<string, unknown>;
}

/** A graph of operations with the names that people know its ends by. */
export interface GraphFile {
  nodes: ReadonlyMap<string, GraphNode>;
  inputs: readonly (TensorInput & { node: string })[];
  /** Names of nodes with their slot ("node:0"). */
  outputs: readonly string[];
}

const nodeSchema = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});

/** The node of "name:slot" or "^name". */
export const nodeOf = (tensor: string): string => tensor.replace(/^\^/, '').replace(/:\d+$/, '');

/**
 * Reads a graph `model.json`. Throws `malformed-file` where nodes, weights or ends do not go together, `unsupported-format`
 * for inputs without a fixed shape.
 */
export function readGraph(json: unknown, shards: ReadonlyMap<string, Uint8Array>, file: string): GraphFile {
  const { modelTopology, signature, userDefinedMetadata } = recordOf(json);
  const list = z.array(nodeSchema).min(1).safeParse(recordOf(modelTopology).node);
  if (!list.success) {
    const issue = list.error.issues[0];
    throw malformedModel(
      file,
      `modelTopology.node ${issue?.path.map(String).join('.') ?? ''} does not fit: ${issue?.message ?? ''}`,
    );
  }
  const nodes = new Map<string, GraphNode>();
  for (const { name, op, input, attr } of list.data) {
    if (nodes.has(name)) throw malformedModel(file, `two nodes are called "${name}"`, undefined, name);
    const node = { name, op, input, from: input.map(nodeOf), attr };
    checkNode(node, file);
    nodes.set(name, node);
  }
  const weights = new Set(storedWeights(json, shards, file).map(({ name }) => name));
  for (const { name, op, input, from } of nodes.values()) {
    const missing = from.find((source) => !nodes.has(source));
    if (missing !== undefined)
      throw malformedModel(
        file,
        `node "${name}" (${op}) takes "${missing}", which is no node of it`,
        undefined,
        name,
      );
    for (const tensor of input)
      checkSlot(tensor, nodes.get(nodeOf(tensor)) as GraphNode, `node "${name}"`, file);
    if (op === 'Const' && !weights.has(name))
      throw malformedModel(file, `the weights hold nothing for the constant "${name}"`, undefined, name);
  }
  const stray = [...weights].find((name) => !nodes.has(name));
  if (stray !== undefined)
    throw malformedModel(file, `the weights hold "${stray}", which is no node of it`, undefined, stray);
  const signed = recordOf(signature ?? recordOf(userDefinedMetadata).signature);
  const inputs = inputsOf(nodes, recordOf(signed.inputs), file);
  const outputs = outputsOf(nodes, recordOf(signed.outputs), file);
  for (const output of outputs) checkSlot(output, nodes.get(nodeOf(output)) as GraphNode, 'the output', file);
  refuseCircles(nodes, outputs, file);
  const asked = reached(outputs.map(nodeOf), (name) => nodes.get(name)?.from ?? []);
  refuseRandom(
    [...nodes.values()].filter(({ name }) => asked.has(name)),
    file,
  );
  return { nodes, inputs, outputs };
}

function inputsOf(
  nodes: ReadonlyMap<string, GraphNode>,
  signed: Record<string, unknown>,
  file: string,
): (TensorInput & { node: string })[] {
  const named = Object.entries(signed).map(([name, entry]): [string, string, unknown] => {
    const tensor = recordOf(entry).name;
    return [name, nodeOf(typeof tensor === 'string' ? tensor : name), recordOf(entry).tensorShape];
  });
  const placeholders = [...nodes.values()].filter(({ op }) => op === 'Placeholder');
  const all =
    named.length > 0
      ? named
      : placeholders.map(({ name }): [string, string, unknown] => [name, name, undefined]);
  if (all.length === 0) throw malformedModel(file, 'the graph has no input');
  return all.map(([name, node, tensorShape]) => {
    const found = nodes.get(node);
    if (found === undefined)
      throw malformedModel(file, `input "${name}" is no node of the graph`, undefined, name);
    const shape = dimensions(recordOf(found.attr.shape).shape ?? tensorShape);
    const { type } = recordOf(found.attr.dtype);
    const dtype = dtypes[typeof type === 'string' || typeof type === 'number' ? type : 'DT_FLOAT'];
    if (dtype === undefined) {
      throw refused(file, `input "${name}" is of type ${String(type)}`, 'Give it numbers.', name);
    }
    return { name, node, shape: checkedShape(shape, name, file), dtype };
  });
}

const dtypes: Readonly<Record<string, TensorInput['dtype']>> = {
  DT_FLOAT: 'float32',
  DT_INT32: 'int32',
  DT_BOOL: 'bool',
  1: 'float32',
  3: 'int32',
  10: 'bool',
};

function dimensions(shape: unknown): unknown[] | null {
  const { dim, unknownRank } = recordOf(shape);
  if (unknownRank === true) return null;
  if (Array.isArray(dim)) return dim.map((entry) => Number(recordOf(entry).size ?? 0));
  return shape === undefined ? null : [];
}

/** A shape in which only the first axis may be open. Throws `unsupported-format` naming the input and the axis. */
export function checkedShape(shape: readonly unknown[] | null, name: string, file: string): number[] {
  const remedy = 'Save the model with fixed shapes; only the first axis, the batch, may be open.';
  if (shape === null) throw refused(file, `input "${name}" has no known shape`, remedy, name);
  return shape.map((side, axis) => {
    if (axis === 0 && (side === -1 || side === null)) return -1;
    if (typeof side === 'number' && Number.isInteger(side) && side >= 1) return side;
    throw refused(file, `axis ${axis} of input "${name}" has no fixed length`, remedy, name);
  });
}

function outputsOf(
  nodes: ReadonlyMap<string, GraphNode>,
  signed: Record<string, unknown>,
  file: string,
): string[] {
  const named = Object.entries(signed).map(([name, entry]) => {
    const tensor = recordOf(entry).name;
    return typeof tensor === 'string' ? tensor : name;
  });
  const taken = new Set([...nodes.values()].flatMap(({ from }) => from));
  const ends = [...nodes.values()].filter(
    ({ name, op }) => !taken.has(name) && op !== 'Const' && op !== 'NoOp' && op !== 'Placeholder',
  );
  const outputs = named.length > 0 ? named : ends.map(({ name }) => name);
  if (outputs.length === 0) throw malformedModel(file, 'the graph has no output');
  const missing = outputs.find((name) => !nodes.has(nodeOf(name)));
  if (missing !== undefined)
    throw malformedModel(file, `output "${missing}" is no node of the graph`, undefined, missing);
  return outputs;
}
