import type { Network, NetworkNode, ScalarOutput } from './network.ts';

/**
 * Evaluates a network and differentiates it exactly, in float64: reverse mode for the gradient, forward over reverse
 * for products of the Hessian with a direction (B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural
 * Computation 6, 1994). Its arrays are used again by the next call.
 */
export class Evaluator {
  private readonly network: Network;
  private readonly output: ScalarOutput;
  private readonly values: Float64Array[];
  private readonly adjoints: Float64Array[];
  private readonly tangents: Float64Array[];
  private readonly adjointTangents: Float64Array[];

  constructor(network: Network, output: ScalarOutput) {
    this.network = network;
    this.output = output;
    const arrays = (): Float64Array[] => network.nodes.map(({ size }) => new Float64Array(size));
    this.values = arrays();
    this.adjoints = arrays();
    this.tangents = arrays();
    this.adjointTangents = arrays();
  }

  /** The output component at these inputs (one array an input, in their order). */
  value(inputs: readonly Float64Array[]): number {
    this.forward(inputs);
    return at(at(this.values, this.output.node), this.output.index);
  }

  /** Value, and the gradient by every input (arrays of this evaluator: copy what is kept). */
  gradient(inputs: readonly Float64Array[]): { value: number; gradients: readonly Float64Array[] } {
    const value = this.value(inputs);
    this.backward();
    return { value, gradients: this.adjoints.slice(0, this.network.inputs.length) };
  }

  /**
   * Derivative of all gradients when the inputs move along `directions` (one array an input), at the inputs of the last
   * call of `gradient`. Arrays of this evaluator.
   */
  hessianProduct(directions: readonly Float64Array[]): readonly Float64Array[] {
    this.forwardTangent(directions);
    this.backwardTangent();
    return this.adjointTangents.slice(0, this.network.inputs.length);
  }

  private forward(inputs: readonly Float64Array[]): void {
    const { nodes } = this.network;
    for (let k = 0; k < nodes.length; k++) {
      const node = at(nodes, k);
      const out = at(this.values, k);
      if (node.kind === 'input') out.set(at(inputs, k));
      else if (node.kind === 'concatenate') joinInto(out, node.from, this.values);
      else {
        const z = at(this.values, node.from);
        if (node.kind === 'dense') {
          out.set(node.bias);
          addProduct(out, z, node.kernel);
        } else if (node.kind === 'elementwise') {
          for (let i = 0; i < out.length; i++) out[i] = node.activation.value(at(z, i));
        } else if (node.kind === 'softmax') softmaxInto(out, z, -1);
        else out[0] = at(z, node.index) - logSumExp(z, node.index);
      }
    }
  }

  private backward(): void {
    const { nodes } = this.network;
    for (const adjoint of this.adjoints) adjoint.fill(0);
    at(this.adjoints, this.output.node)[this.output.index] = 1;
    for (let k = this.output.node; k >= 0; k--) {
      const node = at(nodes, k);
      if (node.kind === 'input') continue;
      const own = at(this.adjoints, k);
      if (node.kind === 'concatenate') {
        splitFrom(own, node.from, this.adjoints);
        continue;
      }
      const z = at(this.values, node.from);
      const below = at(this.adjoints, node.from);
      if (node.kind === 'dense') addTransposed(below, own, node.kernel);
      else if (node.kind === 'elementwise') {
        for (let i = 0; i < own.length; i++) {
          const seed = at(own, i);
          if (seed !== 0) below[i] = at(below, i) + seed * node.activation.slope(at(z, i));
        }
      } else if (node.kind === 'softmax') {
        const p = at(this.values, k);
        for (let i = 0; i < own.length; i++) {
          // By differences: p(1 - p) would round to 0 where p rounds to 1.
          let sum = 0;
          for (let j = 0; j < own.length; j++) sum += at(p, j) * (at(own, i) - at(own, j));
          below[i] = at(below, i) + at(p, i) * sum;
        }
      } else {
        const others = marginWeights(z, node.index);
        for (let i = 0; i < z.length; i++) below[i] = at(below, i) - at(own, 0) * at(others, i);
        below[node.index] = at(below, node.index) + at(own, 0);
      }
    }
  }

  private forwardTangent(directions: readonly Float64Array[]): void {
    const { nodes } = this.network;
    for (let k = 0; k < nodes.length; k++) {
      const node = at(nodes, k);
      const out = at(this.tangents, k);
      if (node.kind === 'input') out.set(at(directions, k));
      else if (node.kind === 'concatenate') joinInto(out, node.from, this.tangents);
      else {
        const z = at(this.values, node.from);
        const dz = at(this.tangents, node.from);
        if (node.kind === 'dense') {
          out.fill(0);
          addProduct(out, dz, node.kernel);
        } else if (node.kind === 'elementwise') {
          for (let i = 0; i < out.length; i++) out[i] = node.activation.slope(at(z, i)) * at(dz, i);
        } else if (node.kind === 'softmax') softmaxTangent(out, at(this.values, k), dz);
        else {
          const others = marginWeights(z, node.index);
          out[0] = at(dz, node.index) - dot(others, dz);
        }
      }
    }
  }

  private backwardTangent(): void {
    const { nodes } = this.network;
    for (const adjoint of this.adjointTangents) adjoint.fill(0);
    for (let k = this.output.node; k >= 0; k--) {
      const node = at(nodes, k);
      if (node.kind === 'input') continue;
      const ownTangent = at(this.adjointTangents, k);
      if (node.kind === 'concatenate') splitFrom(ownTangent, node.from, this.adjointTangents);
      else this.backwardTangentOf(node, k, at(this.adjoints, k), ownTangent);
    }
  }

  private backwardTangentOf(
    node: Exclude<NetworkNode, { kind: 'input' | 'concatenate' }>,
    k: number,
    own: Float64Array,
    ownTangent: Float64Array,
  ): void {
    const z = at(this.values, node.from);
    const dz = at(this.tangents, node.from);
    const below = at(this.adjointTangents, node.from);
    if (node.kind === 'dense') addTransposed(below, ownTangent, node.kernel);
    else if (node.kind === 'elementwise') {
      const { slope, bend } = node.activation;
      for (let i = 0; i < own.length; i++) {
        const moved = at(ownTangent, i) * slope(at(z, i)) + at(own, i) * bend(at(z, i)) * at(dz, i);
        below[i] = at(below, i) + moved;
      }
    } else if (node.kind === 'softmax') {
      const p = at(this.values, k);
      const dp = at(this.tangents, k);
      for (let i = 0; i < own.length; i++) {
        let sum = 0;
        let sumTangent = 0;
        for (let j = 0; j < own.length; j++) {
          const difference = at(own, i) - at(own, j);
          sum += at(p, j) * difference;
          sumTangent += at(dp, j) * difference + at(p, j) * (at(ownTangent, i) - at(ownTangent, j));
        }
        below[i] = at(below, i) + at(dp, i) * sum + at(p, i) * sumTangent;
      }
    } else {
      const others = marginWeights(z, node.index);
      const mean = dot(others, dz);
      for (let i = 0; i < z.length; i++) {
        const moved = at(others, i) * (at(dz, i) - mean);
        below[i] = at(below, i) - at(own, 0) * moved - at(ownTangent, 0) * at(others, i);
      }
      below[node.index] = at(below, node.index) + at(ownTangent, 0);
    }
  }
}

/** An element that is there: indices here come from the arrays' own lengths. */
const at = <T>(list: { readonly [index: number]: T }, index: number): T => list[index] as T;

function addProduct(out: Float64Array, z: Float64Array, kernel: Float64Array): void {
  const units = out.length;
  for (let row = 0; row < z.length; row++) {
    const factor = at(z, row);
    if (factor === 0) continue;
    for (let unit = 0; unit < units; unit++)
      out[unit] = at(out, unit) + factor * at(kernel, row * units + unit);
  }
}

function addTransposed(below: Float64Array, own: Float64Array, kernel: Float64Array): void {
  const units = own.length;
  for (let row = 0; row < below.length; row++) {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += at(own, unit) * at(kernel, row * units + unit);
    below[row] = at(below, row) + sum;
  }
}

function joinInto(out: Float64Array, from: readonly number[], arrays: readonly Float64Array[]): void {
  let offset = 0;
  for (const part of from) {
    out.set(at(arrays, part), offset);
    offset += at(arrays, part).length;
  }
}

function splitFrom(own: Float64Array, from: readonly number[], arrays: readonly Float64Array[]): void {
  let offset = 0;
  for (const part of from) {
    const below = at(arrays, part);
    for (let i = 0; i < below.length; i++) below[i] = at(below, i) + at(own, offset + i);
    offset += below.length;
  }
}

/** exp(z) over its sum; the component `without` takes no part (none: -1). */
function softmaxInto(out: Float64Array, z: Float64Array, without: number): void {
  const largest = largestOf(z, without);
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    out[i] = i === without ? 0 : Math.exp(at(z, i) - largest);
    sum += at(out, i);
  }
  for (let i = 0; i < z.length; i++) out[i] = at(out, i) / sum;
}

function softmaxTangent(out: Float64Array, p: Float64Array, dz: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < out.length; j++) sum += at(p, j) * (at(dz, i) - at(dz, j));
    out[i] = at(p, i) * sum;
  }
}

function marginWeights(z: Float64Array, without: number): Float64Array {
  const weights = new Float64Array(z.length);
  softmaxInto(weights, z, without);
  return weights;
}

function logSumExp(z: Float64Array, without: number): number {
  const largest = largestOf(z, without);
  let sum = 0;
  for (let i = 0; i < z.length; i++) if (i !== without) sum += Math.exp(at(z, i) - largest);
  return largest + Math.log(sum);
}

function largestOf(z: Float64Array, without: number): number {
  let largest = -Infinity;
  for (let i = 0; i < z.length; i++) if (i !== without) largest = Math.max(largest, at(z, i));
  return largest;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}
