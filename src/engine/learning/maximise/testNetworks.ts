import type { ActivationName, NetworkModel } from '../../contract/maximise.ts';
import { seededRandom } from '../../base/random.ts';

/** A random network as people train them: inputs x and y joined, two hidden layers, one output. */
export function randomModel(
  seed: number,
  sizes: { x: number; y: number; first: number; second: number },
  activation: ActivationName,
  last: ActivationName = 'linear',
  outputs = 1,
): NetworkModel {
  const random = seededRandom(seed);
  const matrix = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => random.normal() / Math.sqrt(rows)),
    );
  const vector = (length: number): number[] => Array.from({ length }, () => random.normal());
  const { x, y, first, second } = sizes;
  return {
    inputs: [
      { name: 'x', size: x },
      { name: 'y', size: y },
    ],
    layers: [
      { type: 'concatenate', name: 'xy', from: ['x', 'y'] },
      {
        type: 'dense',
        name: 'h1',
        from: 'xy',
        units: first,
        kernel: matrix(x + y, first),
        bias: vector(first),
        activation,
      },
      {
        type: 'dense',
        name: 'h2',
        from: 'h1',
        units: second,
        kernel: matrix(first, second),
        bias: vector(second),
        activation,
      },
      {
        type: 'dense',
        name: 'f',
        from: 'h2',
        units: outputs,
        kernel: matrix(second, outputs),
        bias: vector(outputs),
        activation: last,
      },
    ],
    output: 'f',
  };
}
