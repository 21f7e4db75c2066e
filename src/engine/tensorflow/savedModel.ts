import type { Graph, GraphAttribute, GraphConstant, GraphNode, GraphType } from './graph.ts';

/** Tag of the one graph of a saved model. */
export const savedModelTag = 'serve';

/** Name of the signature that gives these outputs. */
export const signatureOf = (outputs: readonly string[]): string => outputs.join('_and_');

/**
 * A graph without variables as the content of saved_model.pb, TensorFlow's SavedModel message (saved_model.proto,
 * meta_graph.proto, graph.proto, tensor.proto in tensorflow/core).
 * @param wanted - lists of nodes to ask for together: a signature each.
 */
export function savedModel(graph: Graph, wanted: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  const inputs = graph.nodes.filter(({ op }) => op === 'Placeholder');
  const signatures = wanted.map((outputs) =>
    entry(
      5,
      signatureOf(outputs),
      join([
        ...inputs.map(({ name, attr }) => entry(1, name, tensorInfo(name, typeOf(attr['dtype'])))),
        ...outputs.map((name) => entry(2, name, tensorInfo(name, 'DT_FLOAT'))),
      ]),
    ),
  );
  const versions = nested(4, whole(1, graphVersion));
  const nodes = [...graph.constants.map(constantNode), ...graph.nodes.map(nodeOf)];
  const graphDef = join([...nodes.map((node) => nested(1, node)), versions]);
  const metaGraph = join([nested(1, text(4, savedModelTag)), nested(2, graphDef), ...signatures]);
  return join([whole(1, 1), nested(2, metaGraph)]);
}

/** Of the operations' meaning: TensorFlow 2.16, which all later ones read. */
const graphVersion = 1766;

/** Numbers of TensorFlow's types (types.proto). */
const typeNumbers: Readonly<Record<GraphType, number>> = { DT_FLOAT: 1, DT_INT32: 3, DT_BOOL: 10 };

const typeOf = (attribute: GraphAttribute | undefined): GraphType =>
  attribute !== undefined && 'type' in attribute ? attribute.type : 'DT_FLOAT';

const nodeOf = ({ name, op, input, attr }: GraphNode): Uint8Array =>
  join([
    text(1, name),
    text(2, op),
    ...input.map((value) => text(3, value)),
    ...Object.entries(attr).map(([key, value]) => entry(5, key, attributeOf(value))),
  ]);

function attributeOf(attribute: GraphAttribute): Uint8Array {
  if ('type' in attribute) return whole(6, typeNumbers[attribute.type]);
  return 'b' in attribute ? whole(5, attribute.b ? 1 : 0) : whole(3, attribute.i);
}

function constantNode({ name, type, shape, values }: GraphConstant): Uint8Array {
  const content = type === 'DT_FLOAT' ? Float32Array.from(values) : Int32Array.from(values);
  const tensor = join([
    whole(1, typeNumbers[type]),
    nested(2, join(shape.map((side) => nested(2, whole(1, side))))),
    nested(4, new Uint8Array(content.buffer)),
  ]);
  return join([
    text(1, name),
    text(2, 'Const'),
    entry(5, 'dtype', attributeOf({ type })),
    entry(5, 'value', nested(8, tensor)),
  ]);
}

/** A tensor of any shape. */
const tensorInfo = (name: string, type: GraphType): Uint8Array =>
  join([text(1, `${name}:0`), whole(2, typeNumbers[type]), nested(3, whole(3, 1))]);

// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as it is needed here.

/** A whole number from 0 on as a field. */
const whole = (field: number, value: number): Uint8Array =>
  Uint8Array.of(...varint(field * 8), ...varint(value));

/** A message or bytes as a field. */
const nested = (field: number, content: Uint8Array): Uint8Array =>
  join([Uint8Array.of(...varint(field * 8 + 2), ...varint(content.length)), content]);

const text = (field: number, value: string): Uint8Array => nested(field, new TextEncoder().encode(value));

/** An entry of a map from text to messages. */
const entry = (field: number, key: string, value: Uint8Array): Uint8Array =>
  nested(field, join([text(1, key), nested(2, value)]));

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
