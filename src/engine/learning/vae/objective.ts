import type { Network } from './layers.ts';
import type { Multiply } from './multiply.ts';
import { backwardAll, forwardAll, resultOf } from './passes.ts';

/**
 * A log variance is kept within these, where its exponential neither vanishes nor explodes in float32. Spectra of hundreds of
 * bands with little noise need less than -10: 1 over the sum of the decoder's squared slopes over the noise variance.
 */
export const logVarianceLimit = 20;
/** Of the learned noise: its logarithm stays within these. */
const noiseLimit = 14;

/** Of a batch: means over its samples, in nats. */
export interface Loss {
  /** reconstruction + beta KL: what is made small. */
  loss: number;
  reconstruction: number;
  klPerDimension: Float64Array;
}

/** The Gaussians of a batch: rows x r each. */
export interface Posterior {
  mu: Float32Array;
  logVariance: Float32Array;
}

/** Takes the encoder's last output (r means and r log variances a row) apart; log variances are clamped. */
export function posteriorOf(output: Float32Array, rows: number, latent: number): Posterior {
  const mu = new Float32Array(rows * latent);
  const logVariance = new Float32Array(rows * latent);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < latent; k++) {
      mu[row * latent + k] = output[row * 2 * latent + k] as number;
      logVariance[row * latent + k] = clamped(output[(row * 2 + 1) * latent + k] as number);
    }
  }
  return { mu, logVariance };
}

const clamped = (value: number): number => Math.max(-logVarianceLimit, Math.min(logVarianceLimit, value));

/** z = mu + e^(l/2) eps: points drawn from the Gaussians by standard normal numbers, rows x r. */
export const drawn = ({ mu, logVariance }: Posterior, eps: Float32Array): Float32Array =>
  mu.map((value, k) => value + Math.exp((logVariance[k] as number) / 2) * (eps[k] as number));

/** The largest number of float32: a divergence or an error beyond it is cut there. */
export const largestFloat = 3.4028234663852886e38;

/** Divergence of N(mu, e^l) from N(0, 1) in nats: (mu^2 + e^l - 1 - l) / 2. */
export const divergence = (mu: number, logVariance: number): number =>
  0.5 * (mu * mu + Math.expm1(logVariance) - logVariance);

/** The noise variance among the parameters. */
export const noiseVarianceOf = (parameters: Float32Array): number =>
  Math.exp(Math.max(-noiseLimit, Math.min(noiseLimit, parameters.at(-1) as number)));

/**
 * Loss of a batch and its derivatives, by the reparameterisation z = mu + e^(l/2) eps (D. Kingma and M. Welling,
 * "Auto-encoding variational Bayes", ICLR 2014): batch mean of the sum over the columns of -log N(x; decoder(z), s)
 * plus beta times the sum over the dimensions of the divergence from N(0, 1).
 * @param x - rows x columns, standardised.
 * @param eps - rows x r standard normal numbers.
 * @param gradient - receives the derivatives, as long as `parameters`; null where only the loss is wanted. The last of
 * them belongs to the logarithm of the noise variance s.
 */
export function lossOf(
  multiply: Multiply,
  network: Network,
  parameters: Float32Array,
  x: Float32Array,
  eps: Float32Array,
  rows: number,
  beta: number,
  gradient: Float32Array | null,
): Loss {
  const { latent, columns } = network;
  const encoding = forwardAll(multiply, network.encoder, parameters, x, rows);
  const raw = resultOf(encoding);
  const { mu, logVariance } = posteriorOf(raw, rows, latent);
  const z = drawn({ mu, logVariance }, eps);
  const klPerDimension = new Float64Array(latent);
  for (let k = 0; k < z.length; k++) {
    const d = k % latent;
    const kl = divergence(mu[k] as number, logVariance[k] as number);
    klPerDimension[d] = (klPerDimension[d] as number) + kl / rows;
  }

  const decoding = forwardAll(multiply, network.decoder, parameters, z, rows);
  const noise = noiseVarianceOf(parameters);
  // Becomes the derivative in place: nothing else reads the decoder's last output, which has no ReLU.
  const slope = resultOf(decoding);
  const factor = 1 / (noise * rows);
  let squares = 0;
  for (let k = 0; k < slope.length; k++) {
    const difference = (slope[k] as number) - (x[k] as number);
    squares += difference * difference;
    slope[k] = difference * factor;
  }
  const { fit, ...result } = lossFrom(squares, klPerDimension, { noise, rows, columns, beta });
  if (gradient === null) return result;

  const back = backwardAll(multiply, network.decoder, parameters, decoding, slope, rows, gradient, true);
  const toPosterior = posteriorSlope(raw, back as Float32Array, eps, rows, latent, beta);
  backwardAll(multiply, network.encoder, parameters, encoding, toPosterior, rows, gradient, false);
  gradient[gradient.length - 1] = columns / 2 - fit;
  return result;
}

/**
 * The loss of a batch from the sum of its squared differences and its mean divergences; `fit`, the part of the squares, is
 * what the derivative with respect to the noise's logarithm takes from columns / 2.
 */
export function lossFrom(
  squares: number,
  klPerDimension: Float64Array,
  { noise, rows, columns, beta }: { noise: number; rows: number; columns: number; beta: number },
): Loss & { fit: number } {
  const fit = squares / (2 * noise * rows);
  const reconstruction = fit + (columns / 2) * Math.log(2 * Math.PI * noise);
  const kl = klPerDimension.reduce((sum, value) => sum + value, 0);
  return { loss: reconstruction + beta * kl, reconstruction, klPerDimension, fit };
}

/**
 * Derivative with respect to the encoder's output (r means and r log variances a row): that of beta times the divergence
 * and, by the chain rule, that of the reconstruction, whose derivative with respect to z is `slope`: dz/dmu = 1,
 * dz/dl = e^(l/2) eps / 2. A clamped log variance has
 * that of its limit, and only where it leads back.
 */
export function posteriorSlope(
  raw: Float32Array,
  slope: Float32Array,
  eps: Float32Array,
  rows: number,
  latent: number,
  beta: number,
): Float32Array {
  const out = new Float32Array(raw.length);
  const share = beta / rows;
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < latent; k++) {
      const atMu = row * 2 * latent + k;
      const atL = atMu + latent;
      const from = row * latent + k;
      const l = raw[atL] as number;
      const dz = slope[from] as number;
      out[atMu] = dz + share * (raw[atMu] as number);
      const within = clamped(l);
      const down = (dz * Math.exp(within / 2) * (eps[from] as number)) / 2 + (share * Math.expm1(within)) / 2;
      // Beyond a limit only the way back counts: with none at all it would stay there for good.
      if (l === within || down * (l - within) > 0) out[atL] = down;
    }
  }
  return out;
}
