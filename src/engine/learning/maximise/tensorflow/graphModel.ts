import type { Tensor, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import { joined, storedWeights } from '../tensorflowJsModel.ts';
import type { Computation } from './computation.ts';
import { nodeOf, readGraph, type GraphFile, type GraphNode } from './graphFile.ts';
import { isToWhole, named } from './graphNodes.ts';
import { between } from './graphWays.ts';
import { explained, noGradient, noWay, recordOf, refused } from './refusals.ts';

const kinked =
  /^(Relu6?|LeakyRelu|Prelu|Selu|Abs|Maximum|Minimum|Max|Min|MaxPool.*|ClipByValue|Sign|Dilation2D|Mod|FloorMod|SegmentMax|TopK.*)$/;
/** Their slope is zero wherever it exists, whatever TensorFlow.js gives as their gradient. */
const stepwise = ['Round', 'Rint', 'Floor', 'FloorDiv', 'Ceil', 'Sign'];
const rising = ['Tanh', 'Sigmoid', 'Softplus', 'Softsign', 'Exp'];
const passing = ['Identity', 'Snapshot'];

/**
 * A graph `model.json` in TensorFlow. Errors as `readGraph`; `unsupported-format` for operations that TensorFlow.js does not
 * have, by name.
 */
export async function graphComputation(
  tf: TensorFlow,
  json: unknown,
  shards: ReadonlyMap<string, Uint8Array>,
  file: string,
): Promise<Computation> {
  const graph = readGraph(json, shards, file);
  const explain: Computation['explain'] = (thrown, free) =>
    explained(thrown, file, (op, node) => operationName(graph, op, node, free), graph.inputs.length > 1);
  const { modelTopology, signature, userDefinedMetadata } = recordOf(json);
  const weights = storedWeights(json, shards, file);
  const manifest = (recordOf(json).weightsManifest ?? []) as { weights: object[] }[];
  const parts = weights.map(({ view }) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  // Of a graph that cannot be read the weights would stay.
  tf.engine().startScope();
  try {
    const model = await tf.loadGraphModel(
      tf.io.fromMemory({
        // TensorFlow.js reads the versions without looking whether they are there.
        modelTopology: {
          versions: { producer: 0, minConsumer: 0 },
          ...recordOf(modelTopology),
          node: [...graph.nodes.values()].map(asFloat32),
          // Only control flow calls functions, and that is refused.
          library: undefined,
        },
        weightSpecs: manifest.flatMap((group) => group.weights) as never,
        weightData: joined(parts).buffer,
        ...(signature === undefined ? {} : { signature: signature as object }),
        ...(userDefinedMetadata === undefined ? {} : { userDefinedMetadata: userDefinedMetadata as object }),
      }),
    );
    for (const tensor of Object.values(model.weights).flat()) tf.keep(tensor);
    const end = lastOperation(graph);
    return {
      file,
      inputs: graph.inputs,
      hasKinks: [...graph.nodes.values()].some(isKinked),
      last: end?.kind ?? null,
      run: (inputs, beforeLast) => {
        const given = Object.fromEntries(graph.inputs.map(({ node }, k) => [node, inputs[k] as Tensor]));
        const wanted = beforeLast && end !== null ? [end.before] : [...graph.outputs];
        const found = model.execute(given, wanted);
        return Array.isArray(found) ? found : [found];
      },
      explain,
      check: (free) => {
        checkWay(tf, graph, free, file);
      },
      dispose: () => {
        model.dispose();
      },
    };
  } catch (thrown) {
    throw explain(thrown, null);
  } finally {
    tf.engine().endScope();
  }
}

/** TensorFlow.js does not know all types that it computes as float32. */
const asFloat32 = ({ from: _from, ...node }: GraphNode): object =>
  node.op === 'Cast' && ['DT_BFLOAT16', '14'].includes(String(recordOf(node.attr.DstT).type))
    ? { ...node, attr: { ...node.attr, DstT: { type: 'DT_FLOAT' } } }
    : node;

/**
 * Throws `unsupported-format` where the way from an input passes an operation without a gradient. TensorFlow.js would say so
 * too, but leave tensors behind.
 */
function checkWay(tf: TensorFlow, graph: GraphFile, free: number, file: string): void {
  const input = graph.inputs[free];
  if (input === undefined) return;
  const way = between(graph, input.node);
  if (way.length === 0) throw noWay(file, graph.inputs.length > 1);
  const step = way.find(
    (node) => stepwise.includes(node.op) || isWithoutGradient(tf, node.op) || isToWhole(node),
  );
  if (step !== undefined) throw noGradient(file, named(step), step.name);
  const padded = way.find(
    ({ op, attr }) => op.startsWith('AvgPool') && textOf(String(recordOf(attr.padding).s)) === 'SAME',
  );
  if (padded !== undefined) {
    throw refused(
      file,
      `${named(padded)} has the padding SAME, with which TensorFlow.js gives a wrong gradient`,
      'Use the padding VALID.',
      padded.name,
    );
  }
}

/** A kernel of this name, of which TensorFlow.js has no gradient; those of fused ones it puts together. */
const isWithoutGradient = (tf: TensorFlow, op: string): boolean =>
  !/^_?Fused/.test(op) && registered(tf.getKernel(op, tf.getBackend())) && !registered(tf.getGradient(op));

/** TensorFlow.js gives null or undefined where it has none, whatever its types say. */
const registered = (config: unknown): boolean => config !== null && config !== undefined;

/** The operation with its node: the first of its kind on the way from the free input, else of the whole graph. */
function operationName(graph: GraphFile, op: string, node: string | undefined, free: number | null): string {
  if (node !== undefined) return named({ op, name: node });
  const input = free === null ? undefined : graph.inputs[free];
  const way = input === undefined ? [] : between(graph, input.node);
  const all = [...way, ...graph.nodes.values()];
  const found = all.find((each) => each.op === op) ?? all.find((each) => each.op.startsWith(op));
  return found === undefined ? `operation "${op}"` : named(found);
}

function isKinked({ op, attr }: GraphNode): boolean {
  const fused = recordOf(recordOf(attr.fused_ops).list).s;
  const joined = Array.isArray(fused) ? fused.map((name) => textOf(String(name))) : [];
  return [op, ...joined].some((name) => kinked.test(name));
}

/** Texts of a graph are base64. */
const textOf = (text: string): string =>
  kinked.test(text) || /^(SAME|VALID)$/.test(text) ? text : Buffer.from(text, 'base64').toString();

function lastOperation({ nodes, outputs }: GraphFile): { kind: 'rising' | 'softmax'; before: string } | null {
  const [only] = outputs;
  if (only === undefined || outputs.length > 1) return null;
  let name = only;
  let kind: 'rising' | 'softmax' | null = null;
  for (;;) {
    const node = nodes.get(nodeOf(name));
    const before = node?.input[0];
    if (node === undefined || before === undefined) break;
    if (rising.includes(node.op)) kind = 'rising';
    else if (node.op === 'Softmax' && kind === null) return { kind: 'softmax', before };
    else if (!passing.includes(node.op)) break;
    name = before;
  }
  return kind === null ? null : { kind, before: name };
}
