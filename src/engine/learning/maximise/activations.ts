import type { ActivationName } from '../../contract/maximise.ts';

/** A function of one number with its first and second derivative. */
export interface Elementwise {
  readonly name: string;
  readonly value: (z: number) => number;
  readonly slope: (z: number) => number;
  readonly bend: (z: number) => number;
  /** Strictly rising everywhere: what maximises its argument maximises it. */
  readonly rising: boolean;
  /** The slope jumps at z = 0. */
  readonly hasKink: boolean;
}

/** Settings of the activations that have one. */
export interface ActivationSettings {
  alpha?: number | undefined;
  approximate?: boolean | undefined;
}

// Slopes come from the argument, not from the value: 1 - tanh(z)^2 would be 0 from z = 19 on, sech(z)^2 is not.
const sechSquared = (z: number): number => {
  const e = Math.exp(-Math.abs(z));
  const half = (2 * e) / (1 + e * e);
  return half * half;
};

const sigmoid = (z: number): number => {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
};

const sigmoidSlope = (z: number): number => {
  const e = Math.exp(-Math.abs(z));
  return e / ((1 + e) * (1 + e));
};

const sigmoidBend = (z: number): number => -sigmoidSlope(z) * Math.tanh(z / 2);

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

const smooth = (
  name: string,
  value: (z: number) => number,
  slope: (z: number) => number,
  bend: (z: number) => number,
  rising = false,
): Elementwise => ({ name, value, slope, bend, rising, hasKink: false });

const leaky = (name: string, alpha: number): Elementwise => ({
  name,
  value: (z) => (z > 0 ? z : alpha === 0 ? 0 : alpha * z),
  slope: (z) => (z > 0 ? 1 : alpha),
  bend: () => 0,
  rising: alpha > 0,
  hasKink: alpha !== 1,
});

const exponentialUnit = (name: string, scale: number, alpha: number): Elementwise => ({
  name,
  value: (z) => scale * (z > 0 ? z : alpha * Math.expm1(z)),
  slope: (z) => scale * (z > 0 ? 1 : alpha * Math.exp(z)),
  bend: (z) => (z > 0 ? 0 : scale * alpha * Math.exp(z)),
  rising: scale * alpha > 0,
  hasKink: alpha !== 1,
});

const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/**
 * Distribution function of the standard normal, to 1e-15: the series of Abramowitz and Stegun 26.2.10 near zero,
 * the continued fraction 26.2.14 (from its far end) in the tails.
 */
export function normalDistribution(z: number): number {
  const x = Math.abs(z);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 100 && Math.abs(term) > 1e-18; n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return z >= 0 ? 0.5 + normalDensity(x) * sum : 0.5 - normalDensity(x) * sum;
  }
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x + n / fraction;
  const tail = normalDensity(x) / fraction;
  return z >= 0 ? 1 - tail : tail;
}

const gelu = smooth(
  'gelu',
  (z) => z * normalDistribution(z),
  (z) => normalDistribution(z) + z * normalDensity(z),
  (z) => (2 - z * z) * normalDensity(z),
);

const geluScale = Math.sqrt(2 / Math.PI);
const geluArgument = (z: number): number => geluScale * (z + 0.044715 * z * z * z);
const geluArgumentSlope = (z: number): number => geluScale * (1 + 0.134145 * z * z);
const geluByTanh = smooth(
  'gelu',
  (z) => 0.5 * z * (1 + Math.tanh(geluArgument(z))),
  (z) =>
    0.5 * (1 + Math.tanh(geluArgument(z))) + 0.5 * z * sechSquared(geluArgument(z)) * geluArgumentSlope(z),
  (z) => {
    const u = geluArgument(z);
    const du = geluArgumentSlope(z);
    const s = sechSquared(u);
    return s * du + 0.5 * z * s * (geluScale * 0.26829 * z - 2 * Math.tanh(u) * du * du);
  },
);

const swish = smooth(
  'swish',
  (z) => z * sigmoid(z),
  (z) => sigmoid(z) + z * sigmoidSlope(z),
  (z) => 2 * sigmoidSlope(z) + z * sigmoidBend(z),
);

/** The element-by-element activations by Keras' names; softmax, which joins its elements, is a node of its own. */
export function elementwise(
  name: Exclude<ActivationName, 'softmax'>,
  { alpha, approximate = false }: ActivationSettings = {},
): Elementwise {
  switch (name) {
    case 'linear':
      return smooth(
        name,
        (z) => z,
        () => 1,
        () => 0,
        true,
      );
    case 'relu':
      return leaky(name, alpha ?? 0);
    case 'leaky_relu':
      return leaky(name, alpha ?? 0.2);
    case 'elu':
      return exponentialUnit(name, 1, alpha ?? 1);
    case 'selu':
      return exponentialUnit(name, seluScale, seluAlpha);
    case 'tanh':
      return smooth(name, Math.tanh, sechSquared, (z) => -2 * Math.tanh(z) * sechSquared(z), true);
    case 'sigmoid':
      return smooth(name, sigmoid, sigmoidSlope, sigmoidBend, true);
    case 'softplus':
      return smooth(
        name,
        (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
        sigmoid,
        sigmoidSlope,
        true,
      );
    case 'softsign':
      return smooth(
        name,
        (z) => z / (1 + Math.abs(z)),
        (z) => (1 + Math.abs(z)) ** -2,
        (z) => -2 * Math.sign(z) * (1 + Math.abs(z)) ** -3,
        true,
      );
    case 'swish':
    case 'silu':
      return swish;
    case 'gelu':
      return approximate ? geluByTanh : gelu;
    case 'exponential':
      return smooth(name, Math.exp, Math.exp, Math.exp, true);
    case 'square':
      return smooth(
        name,
        (z) => z * z,
        (z) => 2 * z,
        () => 2,
      );
  }
}
