import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { CubelensError } from '../../base/errors.ts';
import { seededRandom } from '../../base/random.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import { readyModel, type ReadyVae, type VaeModel } from './model.ts';
import { multiplier, withoutLeaks, type Multiply } from './multiply.ts';
import { divergence, largestFloat, posteriorOf, type Posterior } from './objective.ts';
import { forwardAll, resultOf } from './passes.ts';
import { normals } from './shuffle.ts';
import { cleared, errorsOf } from './rowErrors.ts';
import { standardised } from './standardise.ts';
import type { Network } from './layers.ts';

/** The Gaussian of each sample: rows x r numbers, and one number a sample. */
export interface VaeEncoding {
  rows: number;
  latent: number;
  mu: Float32Array;
  /** Standard deviations. */
  sigma: Float32Array;
  /** Divergence of each sample's Gaussian from N(0, I) in nats, at most the largest float32. */
  kl: Float32Array;
  /** Mean over the samples, of each dimension. */
  klPerDimension: number[];
  /**
   * Of each sample: root of the mean squared difference between it and what its mean decodes to, over the columns that
   * vary, in their standard deviations.
   */
  error: Float32Array;
}

/** Decoded spectra in the data's units: rows x columns each. */
export interface VaeDecoding {
  rows: number;
  mean: Float32Array;
  sd: Float32Array;
}

const batch = 4096;

/**
 * Encodes samples, 4096 at a time, without drawing anything: a sample is decoded from its mean.
 * @param values - rows x columns, in the units of the data that the model was trained on. A sample with a value that is
 * not finite, or too large for the network, gets NaN everywhere and does not count in the means.
 * Throws `invalid-request` where the length is not rows x columns, `cancelled`, `internal` where tensors are left.
 */
export function encode(
  tf: TensorFlow,
  model: VaeModel,
  values: Float32Array,
  rows: number,
  { signal }: CancelOptions = {},
): VaeEncoding {
  const ready = readyModel(model);
  const multiply = multiplier(tf);
  return withoutLeaks(tf, () => encodeWith(multiply, ready, values, rows, { signal }));
}

/**
 * As `encode`, with matrix products of any kind.
 * @param withError - whether the means are decoded too; else `error` is empty.
 * @param withDivergence - whether divergences are computed; else `kl` and `klPerDimension` are empty.
 */
export function encodeWith(
  multiply: Multiply,
  { network, parameters, standardisation }: ReadyVae,
  values: Float32Array,
  rows: number,
  {
    signal,
    withError = true,
    withDivergence = true,
  }: CancelOptions & { withError?: boolean; withDivergence?: boolean } = {},
): VaeEncoding {
  const { latent, columns } = network;
  checkLength(values, rows, columns, 'columns');
  const out = {
    ...{ rows, latent, mu: new Float32Array(rows * latent), sigma: new Float32Array(rows * latent) },
    kl: new Float32Array(withDivergence ? rows : 0),
    error: new Float32Array(withError ? rows : 0),
  };
  const sums = new Float64Array(withDivergence ? latent : 0);
  let counted = 0;
  for (let from = 0; from < rows; from += batch) {
    throwIfAborted(signal);
    const count = Math.min(batch, rows - from);
    const x = standardised(values, standardisation, count, from);
    const bad = cleared(x, values, from, count, columns);
    const raw = resultOf(forwardAll(multiply, network.encoder, parameters, x, count));
    const { mu, logVariance } = posteriorOf(raw, count, latent);
    for (let k = 0; k < mu.length; k++) {
      // What the network makes of huge values may be beyond float32.
      if (!Number.isFinite(mu[k]) || Number.isNaN(logVariance[k])) bad.add(Math.floor(k / latent));
    }
    for (let k = 0; k < mu.length; k++) {
      const isBad = bad.has(Math.floor(k / latent));
      out.mu[from * latent + k] = isBad ? NaN : (mu[k] as number);
      out.sigma[from * latent + k] = isBad ? NaN : Math.exp((logVariance[k] as number) / 2);
    }
    counted += count - bad.size;
    if (withDivergence) addDivergences({ mu, logVariance }, bad, out.kl.subarray(from, from + count), sums);
    if (!withError) continue;
    const decoded = resultOf(forwardAll(multiply, network.decoder, parameters, mu, count));
    out.error.set(errorsOf(x, decoded, standardisation, bad), from);
  }
  return { ...out, klPerDimension: Array.from(sums, (sum) => sum / counted) };
}

/** Divergence of each row's Gaussian, and of each dimension added to `sums`; NaN for `bad` rows, which do not count. */
function addDivergences(
  { mu, logVariance }: Posterior,
  bad: ReadonlySet<number>,
  kl: Float32Array,
  sums: Float64Array,
): void {
  const latent = sums.length;
  for (let row = 0; row < kl.length; row++) {
    let whole = bad.has(row) ? NaN : 0;
    for (let k = 0; k < latent && !Number.isNaN(whole); k++) {
      const one = divergence(mu[row * latent + k] as number, logVariance[row * latent + k] as number);
      whole += one;
      sums[k] = (sums[k] as number) + one;
    }
    kl[row] = Math.min(largestFloat, whole);
  }
}

/**
 * Decodes points of latent space into mean spectra with their standard deviations, in the data's own units. The variance
 * is that of the observation noise; with `sigma`, that of the latent Gaussian is added to first order: the sum over the
 * dimensions of (decoder(z + sigma_k) - decoder(z - sigma_k))^2 / 4, the slope being that of the secant, which is exact
 * for a linear decoder.
 * @param z - rows x r.
 * @param sigma - rows x r standard deviations.
 * Throws `invalid-request` for wrong lengths or numbers that are not finite, `cancelled`.
 */
export function decode(
  tf: TensorFlow,
  model: VaeModel,
  z: Float32Array,
  rows: number,
  sigma?: Float32Array,
  options: CancelOptions = {},
): VaeDecoding {
  const ready = readyModel(model);
  const multiply = multiplier(tf);
  return withoutLeaks(tf, () => decodeWith(multiply, ready, z, rows, sigma, options));
}

/** As `decode`, with matrix products of any kind. */
export function decodeWith(
  multiply: Multiply,
  { network, parameters, standardisation, noiseVariance }: ReadyVae,
  z: Float32Array,
  rows: number,
  sigma?: Float32Array,
  { signal }: CancelOptions = {},
): VaeDecoding {
  const { latent, columns } = network;
  checkLength(z, rows, latent, 'latent dimensions');
  if (sigma !== undefined) checkLength(sigma, rows, latent, 'latent dimensions');
  if (!z.every(Number.isFinite) || sigma?.every(Number.isFinite) === false) {
    throw new CubelensError('invalid-request', 'A latent point must be of finite numbers.');
  }
  const mean = new Float32Array(rows * columns);
  const sd = new Float32Array(rows * columns);
  const { mean: offset, deviation } = standardisation;
  for (let from = 0; from < rows; from += batch) {
    throwIfAborted(signal);
    const count = Math.min(batch, rows - from);
    const points = z.slice(from * latent, (from + count) * latent);
    const spread = sigma?.slice(from * latent, (from + count) * latent);
    const decoded = resultOf(forwardAll(multiply, network.decoder, parameters, points, count));
    const variance =
      spread === undefined ? null : latentVariance(multiply, network, parameters, points, spread, count);
    for (let k = 0; k < decoded.length; k++) {
      const column = k % columns;
      const unit = deviation[column] as number;
      mean[from * columns + k] = (offset[column] as number) + unit * (decoded[k] as number);
      sd[from * columns + k] = unit * Math.sqrt(noiseVariance + (variance?.[k] ?? 0));
    }
  }
  return { rows, mean, sd };
}

/** Variance of the decoded spectrum that comes from the latent Gaussian, standardised, rows x columns. */
function latentVariance(
  multiply: Multiply,
  network: Network,
  parameters: Float32Array,
  z: Float32Array,
  sigma: Float32Array,
  rows: number,
): Float64Array {
  const variance = new Float64Array(rows * network.columns);
  const shifted = (dimension: number, sign: number): Float32Array => {
    const at = z.slice();
    for (let k = dimension; k < at.length; k += network.latent) {
      at[k] = (at[k] as number) + sign * (sigma[k] as number);
    }
    return resultOf(forwardAll(multiply, network.decoder, parameters, at, rows));
  };
  for (let dimension = 0; dimension < network.latent; dimension++) {
    const above = shifted(dimension, 1);
    const below = shifted(dimension, -1);
    for (let k = 0; k < variance.length; k++) {
      variance[k] = (variance[k] as number) + ((above[k] as number) - (below[k] as number)) ** 2 / 4;
    }
  }
  return variance;
}

/**
 * New spectra: latent points from N(0, I) by the seed, decoded. `mean` is without observation noise, whose standard
 * deviation is `sd`. Throws `out-of-range` unless `count` is 1 ... 100 000.
 */
export function sample(
  tf: TensorFlow,
  model: VaeModel,
  count: number,
  seed: number,
): VaeDecoding & { z: Float32Array } {
  if (!Number.isSafeInteger(count) || count < 1 || count > 100_000) {
    throw new CubelensError('out-of-range', `${count} samples cannot be drawn.`, {
      field: 'count',
      remedy: 'Ask for 1 to 100 000.',
    });
  }
  const z = normals(count * model.config.latent, seededRandom(seed));
  return { z, ...decode(tf, model, z, count) };
}

function checkLength(values: Float32Array, rows: number, columns: number, what: string): void {
  if (Number.isSafeInteger(rows) && rows >= 0 && values.length === rows * columns) return;
  throw new CubelensError(
    'invalid-request',
    `${values.length} numbers are not ${rows} rows of ${columns} ${what}.`,
  );
}
