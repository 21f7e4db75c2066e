import type { GaussianSpec } from '../contract/gaussian.ts';

/** Lower factor of the 9-dimensional example: integers, determinant 24. */
export const exampleFactor = [
  [2, 0, 0, 0, 0, 0, 0, 0, 0],
  [1, 1, 0, 0, 0, 0, 0, 0, 0],
  [1, 0, 3, 0, 0, 0, 0, 0, 0],
  [0, 1, 0, 1, 0, 0, 0, 0, 0],
  [0, 0, 1, 0, 2, 0, 0, 0, 0],
  [1, 0, 0, 1, 0, 1, 0, 0, 0],
  [0, -1, 0, 0, 0, 0, 2, 0, 0],
  [0, 0, 1, 0, 1, 0, 0, 1, 0],
  [-1, 0, 0, 0, 0, 1, 0, 0, 1],
];

/** Its covariance. */
export const exampleCovariance = [
  [4, 2, 2, 0, 0, 2, 0, 0, -2],
  [2, 2, 1, 1, 0, 1, -1, 0, -1],
  [2, 1, 10, 0, 3, 1, 0, 3, -1],
  [0, 1, 0, 2, 0, 1, -1, 0, 0],
  [0, 0, 3, 0, 5, 0, 0, 3, 0],
  [2, 1, 1, 1, 0, 3, 0, 0, 0],
  [0, -1, 0, -1, 0, 0, 5, 0, 0],
  [0, 0, 3, 0, 3, 0, 0, 3, 0],
  [-2, -1, -1, 0, 0, 0, 0, 0, 3],
];

/** Vectors a, b, c of 2, 3 and 4 components with mean (1, ..., 9). */
export const exampleVectors = [
  { name: 'a', mean: [1, 2] },
  { name: 'b', mean: [3, 4, 5] },
  { name: 'c', mean: [6, 7, 8, 9] },
];

export const example: GaussianSpec = { vectors: exampleVectors, covariance: exampleCovariance };

/** Valid pair by pair, invalid as a whole. */
export const indefinite: GaussianSpec = {
  vectors: [{ name: 'r', mean: [0, 0, 0] }],
  covariance: [
    [1, 0.9, 0.9],
    [0.9, 1, -0.9],
    [0.9, -0.9, 1],
  ],
};

/** Rank 1: the second component is twice the first. */
export const singular: GaussianSpec = {
  vectors: [
    { name: 'u', mean: [1] },
    { name: 'v', mean: [2] },
  ],
  covariance: [
    [1, 2],
    [2, 4],
  ],
};
