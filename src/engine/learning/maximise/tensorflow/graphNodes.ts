import { malformedModel } from '../malformedModel.ts';
import type { GraphNode } from './graphFile.ts';
import { recordOf, refused } from './refusals.ts';

/** How many inputs operations take at least; others one, and those that begin a graph none. */
const least = new Map<string, number>(
  Object.entries({
    0: 'Const Placeholder PlaceholderWithDefault NoOp RandomUniform RandomStandardNormal TruncatedNormal',
    2: 'Add AddV2 BiasAdd Sub RealDiv Div DivNoNan FloorDiv Mul Maximum Minimum Pow SquaredDifference Mod FloorMod Atan2 MatMul BatchMatMul BatchMatMulV2 Greater GreaterEqual Less LessEqual Equal NotEqual LogicalAnd LogicalOr Conv1D Conv2D Conv3D DepthwiseConv2d DepthwiseConv2dNative _FusedMatMul _FusedConv2D Reshape ExpandDims Sum Mean Max Min Prod Any All ArgMax ArgMin Transpose Pad MirrorPad Tile Prelu Concat ConcatV2 Dilation2D Cumsum Gather ResizeBilinear ResizeNearestNeighbor',
    3: 'Select SelectV2 Slice GatherV2 ClipByValue PadV2 Conv2DBackpropInput SplitV',
    4: 'StridedSlice',
    5: 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3',
  }).flatMap(([count, names]) => names.split(' ').map((name): [string, number] => [name, Number(count)])),
);
/** Operations with several results. */
const several =
  /^(Split|SplitV|Unpack|TopK|TopKV2|Unique|UniqueV2|FusedBatchNorm.*|Switch|Merge|Stateless(If|While)|If|While|NonMaxSuppression.*|Sparse.*|TensorList.*|Ragged.*|LookupTable.*|HashTable.*)$/;
/** Operations that hold something, and take nothing. */
const beginning = /Handle|Table|Variable|Array|Iterator/;
const random = /Random|TruncatedNormal|Multinomial/;
/** Numbers with a fraction; all are computed as float32. */
const fractions = ['DT_FLOAT', 'DT_HALF', 'DT_DOUBLE', 'DT_BFLOAT16', '1', '2', '14', '19'];
const wholes = ['DT_INT32', 'DT_INT64', 'DT_INT8', 'DT_UINT8', 'DT_BOOL', '3', '9', '6', '4', '10'];

/** An operation and its node, as errors name them. */
export const named = ({ op, name }: Pick<GraphNode, 'op' | 'name'>): string =>
  `operation "${op}" (node "${name}")`;

/** The type that a Cast makes. */
const castTo = ({ attr }: GraphNode): string => String(recordOf(attr.DstT).type);

/** Whether it turns fractions into whole numbers. */
export const isToWhole = (node: GraphNode): boolean =>
  node.op === 'Cast' && !fractions.includes(castTo(node));

/**
 * Throws `malformed-file` where a node takes too few inputs or has an impossible name, `unsupported-format` for names of
 * operations that none has and for types that are not computed with.
 */
export function checkNode(node: GraphNode, file: string): void {
  const { name, op, input } = node;
  if (name === '__proto__') throw malformedModel(file, `a node is called "${name}"`, undefined, name);
  if (!/^\w+(>\w+)?$/.test(op) || op in {}) {
    throw refused(
      file,
      `${named(node)} is not known to TensorFlow.js`,
      'Build the model of operations that TensorFlow.js has.',
      name,
    );
  }
  const takes = input.filter((each) => !each.startsWith('^')).length;
  const needed = least.get(op) ?? (beginning.test(op) ? 0 : 1);
  if (takes < needed) {
    throw malformedModel(file, `${named(node)} takes ${takes} of at least ${needed} inputs`, undefined, name);
  }
  if (op === 'Cast' && ![...fractions, ...wholes].includes(castTo(node))) {
    throw refused(
      file,
      `${named(node)} makes numbers of type ${castTo(node)}, with which TensorFlow.js does not compute`,
      'Cast to float32 or int32.',
      name,
    );
  }
}

/** Throws `malformed-file` where "node:slot" is a result that the node does not have. */
export function checkSlot(tensor: string, { name, op }: GraphNode, asker: string, file: string): void {
  const slot = Number(/:(\d+)$/.exec(tensor)?.[1] ?? 0);
  if (slot === 0 || several.test(op)) return;
  throw malformedModel(
    file,
    `${asker} takes result ${slot} of node "${name}" (${op}), which has one`,
    undefined,
    name,
  );
}

/** Throws `unsupported-format` for nodes that draw random numbers: the same point would have many values. */
export function refuseRandom(nodes: Iterable<GraphNode>, file: string): void {
  for (const node of nodes) {
    if (!random.test(node.op)) continue;
    throw refused(file, `${named(node)} draws random numbers`, 'Save the model without it.', node.name);
  }
}
