/** Types of numbers in a graph, by TensorFlow's names. */
export type GraphType = 'DT_FLOAT' | 'DT_INT32' | 'DT_BOOL';

/** An attribute of an operation, as in the JSON form of TensorFlow's GraphDef. */
export type GraphAttribute = { type: GraphType } | { b: boolean } | { i: number };

/** One operation: its inputs are values of the graph. */
export interface GraphNode {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, GraphAttribute>;
}

export interface GraphConstant {
  name: string;
  type: Exclude<GraphType, 'DT_BOOL'>;
  shape: readonly number[];
  values: readonly number[];
}

/** Operations to be run as one, in the order in which they were added. A constant has no node. */
export interface Graph {
  nodes: GraphNode[];
  constants: GraphConstant[];
}

/**
 * A value within a graph: the name of the node that gives it, with its place among several as ":1". Values of different graphs
 * do not mix.
 */
export type GraphValue = string;

/**
 * Puts TensorFlow operations together into a graph that runs without state: what is given to its inputs decides what comes out.
 * Only operations that TensorFlow.js' graph models know as well; all numbers are float32 but indexes and shapes.
 */
export class GraphBuilder {
  readonly graph: Graph = { nodes: [], constants: [] };

  /** A tensor to be given in every run, of any shape. */
  input(name: string, type: GraphConstant['type'] = 'DT_FLOAT'): GraphValue {
    return this.add('Placeholder', [], { dtype: { type } }, name);
  }

  /** Gives a value a name to ask for it by. */
  output(name: string, value: GraphValue): void {
    this.add('Identity', [value], float, name);
  }

  /** A number. */
  scalar(value: number): GraphValue {
    return this.constant('DT_FLOAT', [value], []);
  }

  matMul(
    a: GraphValue,
    b: GraphValue,
    { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
  ): GraphValue {
    return this.add('MatMul', [a, b], {
      ...float,
      transpose_a: { b: transposeA },
      transpose_b: { b: transposeB },
    });
  }

  /** Adds a vector to every row. */
  biasAdd(matrix: GraphValue, bias: GraphValue): GraphValue {
    return this.add('BiasAdd', [matrix, bias]);
  }

  /** Element by element; one of smaller rank, or with sides of 1, is repeated. */
  binary(op: 'AddV2' | 'Sub' | 'Mul' | 'Minimum' | 'Maximum', a: GraphValue, b: GraphValue): GraphValue {
    return this.add(op, [a, b]);
  }

  unary(op: 'Relu' | 'Exp' | 'Expm1' | 'Square', value: GraphValue): GraphValue {
    return this.add(op, [value]);
  }

  /** 1 where the comparison with 0 holds, else 0. */
  compared(op: 'Greater' | 'GreaterEqual', value: GraphValue): GraphValue {
    const holds = this.add(op, [value, this.scalar(0)]);
    return this.add('Cast', [holds], { SrcT: { type: 'DT_BOOL' }, DstT: { type: 'DT_FLOAT' } });
  }

  /** Sum over axes, which vanish. */
  sum(value: GraphValue, axes: readonly number[]): GraphValue {
    return this.add('Sum', [value, this.indexes(axes)], {
      ...float,
      Tidx: { type: 'DT_INT32' },
      keep_dims: { b: false },
    });
  }

  /** @param shape - one side may be -1: what remains. */
  reshape(value: GraphValue, shape: readonly number[]): GraphValue {
    return this.add('Reshape', [value, this.indexes(shape)], { ...float, Tshape: { type: 'DT_INT32' } });
  }

  /** Adds zeros at the end of an axis of a tensor of `rank` axes. */
  padEnd(value: GraphValue, rank: number, axis: number, count: number): GraphValue {
    const paddings = Array.from({ length: rank * 2 }, (_, k) => (k === axis * 2 + 1 ? count : 0));
    return this.add('Pad', [value, this.constant('DT_INT32', paddings, [rank, 2])], {
      ...float,
      Tpaddings: { type: 'DT_INT32' },
    });
  }

  /** Slices along an axis, by int32 indexes: numbers, or a vector among the values. */
  gather(value: GraphValue, which: GraphValue | readonly number[], axis: number): GraphValue {
    const indexes = typeof which === 'string' ? which : this.indexes(which);
    return this.add('GatherV2', [value, indexes, this.constant('DT_INT32', [axis], [])], {
      Tparams: { type: 'DT_FLOAT' },
      Tindices: { type: 'DT_INT32' },
      Taxis: { type: 'DT_INT32' },
    });
  }

  /** Cuts an axis into parts of these sizes. */
  split(value: GraphValue, sizes: readonly number[], axis: number): GraphValue[] {
    const name = this.add('SplitV', [value, this.indexes(sizes), this.constant('DT_INT32', [axis], [])], {
      ...float,
      Tlen: { type: 'DT_INT32' },
      num_split: { i: sizes.length },
    });
    return sizes.map((_, k) => (k === 0 ? name : `${name}:${k}`));
  }

  concat(values: readonly GraphValue[], axis: number): GraphValue {
    return this.add('ConcatV2', [...values, this.constant('DT_INT32', [axis], [])], {
      ...float,
      Tidx: { type: 'DT_INT32' },
      N: { i: values.length },
    });
  }

  private indexes(values: readonly number[]): GraphValue {
    return this.constant('DT_INT32', values, [values.length]);
  }

  private constant(
    type: GraphConstant['type'],
    values: readonly number[],
    shape: readonly number[],
  ): GraphValue {
    const name = `constant${this.graph.constants.length}`;
    this.graph.constants.push({ name, type, shape, values });
    return name;
  }

  private add(
    op: string,
    input: GraphValue[],
    attr: GraphNode['attr'] = float,
    name = `node${this.graph.nodes.length}`,
  ): GraphValue {
    this.graph.nodes.push({ name, op, input, attr });
    return name;
  }
}

const float: GraphNode['attr'] = { T: { type: 'DT_FLOAT' } };
