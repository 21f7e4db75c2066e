import type { Elementwise } from './activations.ts';

/** An input of the network. */
export interface NetworkInput {
  readonly name: string;
  readonly size: number;
}

/** One node; `from` are indices of earlier nodes. The first nodes are the inputs, in their order. */
export type NetworkNode =
  | { readonly kind: 'input'; readonly size: number }
  | {
      readonly kind: 'dense';
      readonly from: number;
      readonly size: number;
      /** size of `from` rows x `size` columns, row by row. */
      readonly kernel: Float64Array;
      readonly bias: Float64Array;
    }
  | { readonly kind: 'concatenate'; readonly from: readonly number[]; readonly size: number }
  | {
      readonly kind: 'elementwise';
      readonly from: number;
      readonly size: number;
      readonly activation: Elementwise;
    }
  | { readonly kind: 'softmax'; readonly from: number; readonly size: number }
  /** z[index] - log(sum of exp(z[j]), j not index): the logit of a softmax's component, which never saturates. */
  | { readonly kind: 'margin'; readonly from: number; readonly size: 1; readonly index: number };

/** A frozen network: nodes in an order in which each follows what it takes; `output` is the index of the last. */
export interface Network {
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly NetworkNode[];
  readonly output: number;
}

/** A network with one component of one node singled out: what is climbed or judged. */
export interface ScalarOutput {
  readonly node: number;
  readonly index: number;
}

/** Number of components of the network's output. */
export const outputSize = (network: Network): number => network.nodes[network.output]?.size ?? 0;

/** Whether some slope of the network jumps. */
export const hasKinks = (network: Network): boolean =>
  network.nodes.some((node) => node.kind === 'elementwise' && node.activation.hasKink);

/**
 * What to climb instead of output component `index`: its argument before a rising last activation, or the logit of a
 * softmax. It has the same maximisers and does not saturate. The network comes with the node that holds it.
 */
export function climbed(network: Network, index: number): { network: Network; output: ScalarOutput } {
  let node = network.output;
  for (;;) {
    const last = network.nodes[node];
    if (last?.kind !== 'elementwise' || !last.activation.rising) break;
    node = last.from;
  }
  const last = network.nodes[node];
  if (last?.kind === 'softmax' && last.size > 1) {
    const margin: NetworkNode = { kind: 'margin', from: last.from, size: 1, index };
    return {
      network: { ...network, nodes: [...network.nodes, margin] },
      output: { node: network.nodes.length, index: 0 },
    };
  }
  return { network, output: { node, index } };
}
