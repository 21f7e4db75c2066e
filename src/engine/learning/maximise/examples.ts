import type { MaximiseExample, ModelLayer, NetworkModel } from '../../contract/maximise.ts';

/** A network that comes with the program, with what is fixed and the range of the free input unless asked otherwise. */
export interface Example {
  readonly model: NetworkModel;
  readonly fix: Readonly<Record<string, number[]>>;
  readonly range: [number, number];
}

const x = { name: 'x', size: 1 };
const y = { name: 'y', size: 1 };
const both: ModelLayer = { type: 'concatenate', name: 'xy', from: ['x', 'y'] };

/** The examples by name; f is what the network computes. */
export const examples: Readonly<Record<MaximiseExample, Example>> = {
  // f = tanh(y - x + 1) - tanh(y - x - 1): a hill at y = x of height 2 tanh 1.
  interior: {
    model: {
      inputs: [x, y],
      layers: [
        both,
        {
          type: 'dense',
          name: 'edges',
          from: 'xy',
          units: 2,
          kernel: [
            [-1, -1],
            [1, 1],
          ],
          bias: [1, -1],
          activation: 'tanh',
        },
        { type: 'dense', name: 'f', from: 'edges', units: 1, kernel: [[1], [-1]] },
      ],
      output: 'f',
    },
    fix: { x: [0.5] },
    range: [-10, 10],
  },
  // f = tanh(x + y): rises for ever towards 1.
  asymptote: {
    model: {
      inputs: [x, y],
      layers: [
        both,
        { type: 'dense', name: 'f', from: 'xy', units: 1, kernel: [[1], [1]], activation: 'tanh' },
      ],
      output: 'f',
    },
    fix: { x: [0] },
    range: [-10, 10],
  },
  // f = x y, as a quarter of the difference of two squares.
  bound: {
    model: {
      inputs: [x, y],
      layers: [
        both,
        {
          type: 'dense',
          name: 'squares',
          from: 'xy',
          units: 2,
          kernel: [
            [1, 1],
            [1, -1],
          ],
          activation: 'square',
        },
        { type: 'dense', name: 'f', from: 'squares', units: 1, kernel: [[0.25], [-0.25]] },
      ],
      output: 'f',
    },
    fix: { x: [1.5] },
    range: [-2, 3],
  },
  // f = -|y - x| of two rectified units: its slope is 1 or -1, never small.
  kink: {
    model: {
      inputs: [x, y],
      layers: [
        both,
        {
          type: 'dense',
          name: 'sides',
          from: 'xy',
          units: 2,
          kernel: [
            [-1, 1],
            [1, -1],
          ],
          activation: 'relu',
        },
        { type: 'dense', name: 'f', from: 'sides', units: 1, kernel: [[-1], [-1]] },
      ],
      output: 'f',
    },
    fix: { x: [0.5] },
    range: [-10, 10],
  },
  // f = exp(-(y + 2)^2) + 1.5 exp(-(y - 3)^2): two hills, the second the higher.
  'two-peaks': {
    model: {
      inputs: [y],
      layers: [
        {
          type: 'dense',
          name: 'distances',
          from: 'y',
          units: 2,
          kernel: [[1, 1]],
          bias: [2, -3],
          activation: 'square',
        },
        {
          type: 'dense',
          name: 'bumps',
          from: 'distances',
          units: 2,
          kernel: [
            [-1, 0],
            [0, -1],
          ],
          activation: 'exponential',
        },
        { type: 'dense', name: 'f', from: 'bumps', units: 1, kernel: [[1], [1.5]] },
      ],
      output: 'f',
    },
    fix: {},
    range: [-6, 6],
  },
};
