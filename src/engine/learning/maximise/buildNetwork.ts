import type { ActivationName } from '../../contract/maximise.ts';
import { CubelensError, type ErrorPlace } from '../../base/errors.ts';
import { elementwise, type ActivationSettings } from './activations.ts';
import type { Network, NetworkInput, NetworkNode } from './network.ts';

/** Most numbers that a kernel may hold: half a gigabyte of float64. */
const maxKernel = 1 << 26;

/**
 * Builds a network layer by layer and checks every size on the way. Layers are known by name. Its errors are
 * `malformed-file` where the model comes from a file, else `invalid-request`, and name the layer.
 */
export class NetworkBuilder {
  private readonly file: string | undefined;
  private readonly inputs: NetworkInput[] = [];
  private readonly nodes: NetworkNode[] = [];
  private readonly nodeOf = new Map<string, number>();

  constructor(file?: string) {
    this.file = file;
  }

  /** The error of this model at a layer. */
  fail(layer: string, message: string, remedy: string): CubelensError {
    const place: ErrorPlace = { file: this.file, field: layer, remedy };
    const code = this.file === undefined ? 'invalid-request' : 'malformed-file';
    return new CubelensError(code, `${this.file ?? 'The model'}, layer "${layer}": ${message}`, place);
  }

  /** Number of components that a layer gives. */
  size(layer: string, asker = layer): number {
    return this.node(layer, asker).size;
  }

  /** Adds an input; all inputs come before the layers. */
  input(name: string, size: number): void {
    if (!Number.isInteger(size) || size < 1) {
      throw this.fail(
        name,
        'its size is not a whole number from 1.',
        'Give the input a vector of fixed length.',
      );
    }
    if (this.inputs.length < this.nodes.length) throw new CubelensError('internal', 'Inputs come first.');
    this.add(name, { kind: 'input', size });
    this.inputs.push({ name, size });
  }

  /** Adds a dense layer: `kernel` has one row a component of `from`, row by row, one column a unit. */
  dense(name: string, from: string, units: number, kernel: Float64Array, bias: Float64Array | null): void {
    const rows = this.size(from, name);
    if (rows * units > maxKernel) {
      throw this.fail(name, `its kernel of ${rows} x ${units} is too large.`, 'Use a smaller network.');
    }
    if (kernel.length !== rows * units) {
      throw this.fail(
        name,
        `its kernel has ${kernel.length} numbers, not ${rows} x ${units} (inputs x units).`,
        'Check that the weights belong to this model.',
      );
    }
    if (bias !== null && bias.length !== units) {
      throw this.fail(
        name,
        `its bias has ${bias.length} numbers for ${units} units.`,
        'Check that the weights belong to this model.',
      );
    }
    const odd = kernel.findIndex((weight) => !Number.isFinite(weight));
    if (odd >= 0) {
      const where = `row ${Math.floor(odd / units) + 1}, column ${(odd % units) + 1}`;
      throw this.fail(name, `its kernel holds ${kernel[odd]} at ${where}.`, 'Train or save the model again.');
    }
    const oddBias = bias?.findIndex((weight) => !Number.isFinite(weight)) ?? -1;
    if (oddBias >= 0) {
      throw this.fail(
        name,
        `its bias holds ${bias?.[oddBias]} at unit ${oddBias + 1}.`,
        'Train or save the model again.',
      );
    }
    const node = this.indexOf(from, name);
    this.add(name, { kind: 'dense', from: node, size: units, kernel, bias: bias ?? new Float64Array(units) });
  }

  /** Adds the components of several layers, one after the other. */
  concatenate(name: string, from: readonly string[]): void {
    const size = from.reduce((sum, part) => sum + this.size(part, name), 0);
    this.add(name, { kind: 'concatenate', from: from.map((part) => this.indexOf(part, name)), size });
  }

  /** Adds an activation of a layer. Linear is that layer itself under another name. */
  activation(
    name: string,
    from: string,
    activation: ActivationName,
    settings: ActivationSettings = {},
  ): void {
    const { alpha } = settings;
    if (alpha !== undefined && !Number.isFinite(alpha)) {
      throw this.fail(name, 'its alpha is not a finite number.', 'Give a number such as 0.2.');
    }
    const node = this.indexOf(from, name);
    const size = this.size(from, name);
    if (activation === 'linear') this.alias(name, node);
    else if (activation === 'softmax') this.add(name, { kind: 'softmax', from: node, size });
    else {
      this.add(name, {
        kind: 'elementwise',
        from: node,
        size,
        activation: elementwise(activation, settings),
      });
    }
  }

  /** The same layer under another name. */
  pass(name: string, from: string): void {
    this.alias(name, this.indexOf(from, name));
  }

  /** The network whose output is the layer of this name; what comes after it is dropped. */
  finish(output: string): Network {
    const node = this.indexOf(output, output);
    return {
      inputs: this.inputs,
      nodes: this.nodes.slice(0, Math.max(node + 1, this.inputs.length)),
      output: node,
    };
  }

  private add(name: string, node: NetworkNode): void {
    this.nodes.push(node);
    this.alias(name, this.nodes.length - 1);
  }

  private alias(name: string, node: number): void {
    if (this.nodeOf.has(name)) {
      throw this.fail(name, 'two layers have this name.', 'Give every layer a name of its own.');
    }
    this.nodeOf.set(name, node);
  }

  private indexOf(layer: string, asker: string): number {
    const node = this.nodeOf.get(layer);
    if (node !== undefined) return node;
    throw this.fail(
      asker,
      `it takes "${layer}", which is no input and no layer before it.`,
      `Layers and inputs before it: ${[...this.nodeOf.keys()].slice(0, 20).join(', ')}.`,
    );
  }

  private node(layer: string, asker: string): NetworkNode {
    return this.nodes[this.indexOf(layer, asker)] as NetworkNode;
  }
}
