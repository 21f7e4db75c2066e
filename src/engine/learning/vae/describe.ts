import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { VaeDescription, VaeDimension } from '../../contract/vae.ts';
import type { VaeEncoding } from './apply.ts';
import { digits } from './digits.ts';
import type { VaeModel } from './model.ts';
import { leastNoise } from './principal.ts';

/** A dimension whose mean divergence is larger (nats) carries something. */
export const activeFrom = 0.01;

/** Moments of the mixture of all samples' Gaussians. */
export type AggregatePosterior = VaeDescription['aggregate'];

/**
 * Moments of the aggregate posterior (1/N) sum N(mu_n, diag sigma_n^2): mean of mu, and mean(sigma^2) + Cov(mu) over n;
 * and the divergence of the Gaussian with these moments from N(0, I): (tr C + |m|^2 - r - ln det C) / 2. The mixture's own
 * divergence is larger by how far the mixture is from that Gaussian, which two separate groups can be by any amount.
 * @param mu - rows x r. @param sigma - rows x r standard deviations. Rows with NaN do not count.
 */
export function aggregatePosterior(
  mu: Float32Array,
  sigma: Float32Array,
  latent: number,
): AggregatePosterior {
  const rows: number[] = [];
  for (let from = 0; from < mu.length; from += latent) if (!Number.isNaN(mu[from])) rows.push(from);
  const count = rows.length;
  const mean = new Float64Array(latent);
  for (const from of rows) {
    for (let i = 0; i < latent; i++) mean[i] = (mean[i] as number) + (mu[from + i] as number) / count;
  }
  const covariance = Array.from({ length: latent }, () => new Array<number>(latent).fill(0));
  for (const from of rows) {
    for (let i = 0; i < latent; i++) {
      const line = covariance[i] as number[];
      const di = (mu[from + i] as number) - (mean[i] as number);
      for (let j = 0; j < latent; j++) {
        const dj = (mu[from + j] as number) - (mean[j] as number);
        const own = i === j ? (sigma[from + i] as number) ** 2 : 0;
        line[j] = (line[j] as number) + (di * dj + own) / count;
      }
    }
  }
  const trace = covariance.reduce((sum, line, i) => sum + (line[i] as number), 0);
  const square = mean.reduce((sum, value) => sum + value * value, 0);
  const kl = count === 0 ? NaN : (trace + square - latent - logDeterminant(covariance)) / 2;
  return { mean: [...mean], covariance, kl };
}

/**
 * Density of the mixture (1/N) sum N(mu_n, diag sigma_n^2) at a point of latent space: what is to be held against N(0, I),
 * instead of the Gaussian with its moments, where the samples fall into groups.
 * @param at - r numbers. Rows with NaN do not count.
 */
export function aggregateDensity(
  { mu, sigma, latent }: Pick<VaeEncoding, 'mu' | 'sigma' | 'latent'>,
  at: readonly number[],
): number {
  let sum = 0;
  let count = 0;
  for (let from = 0; from < mu.length; from += latent) {
    if (Number.isNaN(mu[from])) continue;
    count++;
    let exponent = 0;
    for (let k = 0; k < latent; k++) {
      const s = sigma[from + k] as number;
      const distance = ((at[k] as number) - (mu[from + k] as number)) / s;
      exponent -= distance ** 2 / 2 + Math.log(s) + Math.log(2 * Math.PI) / 2;
    }
    sum += Math.exp(exponent);
  }
  return sum / count;
}

function logDeterminant(covariance: number[][]): number {
  const lower = new CholeskyDecomposition(new Matrix(covariance)).lowerTriangularMatrix;
  return lower.diagonal().reduce((sum, value) => sum + 2 * Math.log(value), 0);
}

/**
 * A trained model in numbers and words, from the encoding of (a part of) its data. A linear model with noise variance
 * s keeps the direction of eigenvalue lambda iff lambda > beta s (J. Lucas et al., "Don't blame the ELBO!", NeurIPS
 * 2019): that count stands beside the one learned, as a check of the training.
 */
export function describeVae(
  model: VaeModel,
  encoding: Pick<VaeEncoding, 'mu' | 'sigma' | 'klPerDimension'> & Partial<Pick<VaeEncoding, 'error'>>,
): VaeDescription {
  const { config, noiseVariance, training, columns } = model;
  const { latent, beta } = config;
  const effectiveBeta = beta * noiseVariance;
  const dimensions: VaeDimension[] = encoding.klPerDimension.map((kl, index) => ({
    index,
    kl,
    active: kl > activeFrom,
  }));
  const activeCount = dimensions.filter(({ active }) => active).length;
  const predictedCount = training.eigenvalues.filter((value) => value > effectiveBeta).length;
  const aggregate = aggregatePosterior(encoding.mu, encoding.sigma, latent);
  const sentences = [
    `Every sample has one Gaussian of ${counted(latent, 'dimension')}; only their mixture over all samples is compared with N(0, I).`,
    activitySentence(activeCount, predictedCount, latent),
    `The mixture's mean and covariance are ${closeness(aggregate.kl)} N(0, I): ${figure(aggregate.kl)} nats.`,
    `The noise variance is ${figure(noiseVariance)} in standardised units (${noiseWords(model)}). With beta ${figure(beta)} ` +
      `this has the same optimum as half the summed squared error plus ${figure(effectiveBeta)} times the divergence, ` +
      `or the mean squared error over ${counted(columns, 'column')} plus ${figure((2 * effectiveBeta) / columns)} times it.`,
    ...residualSentences(encoding.error, noiseVariance, config.noise),
    ...training.notes,
  ];
  const { eigenvalues } = training;
  return {
    ...{ dimensions, activeCount, predictedCount, eigenvalues, noiseVariance, effectiveBeta },
    ...{ aggregate, sentences },
  };
}

/** The noise that was stated may be far from the one that is left: then the deviations of decoded spectra are, too. */
const farNoise = 2.5;

function residualSentences(
  error: Float32Array | undefined,
  noiseVariance: number,
  noise: VaeModel['config']['noise'],
): string[] {
  if (error === undefined) return [];
  let [sum, count] = [0, 0];
  for (const one of error) {
    if (Number.isNaN(one)) continue;
    sum += one * one;
    count += 1;
  }
  if (count === 0) return [];
  const left = sum / count;
  const ratio = noiseVariance / left;
  if (ratio < farNoise && ratio > 1 / farNoise) return [];
  return [
    `Decoded means miss the data by a mean square of ${figure(left)}, not by the stated noise: standard deviations of decoded ` +
      `spectra are about ${figure(Math.sqrt(Math.max(ratio, 1 / ratio)))} times too ${ratio > 1 ? 'wide' : 'narrow'}. ${noise === 'learned' ? 'More epochs may bring them together.' : '--noise learned fits the noise too.'}`,
  ];
}

function activitySentence(active: number, predicted: number, latent: number): string {
  const learned = `${active} of ${counted(latent, 'latent dimension')} ${active === 1 ? 'is' : 'are'} active (more than ${activeFrom} nats)`;
  if (active === predicted) return `${learned}, as PCA predicts for this noise.`;
  const rule = `PCA predicts ${predicted} (eigenvalues above beta times the noise variance)`;
  return active < predicted
    ? `${learned}; ${rule}: train longer, or with a longer warm-up.`
    : `${learned}; ${rule}: the network bends, or training has not settled.`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const figure = (value: number): string => digits(value, 3);

const closeness = (kl: number): string =>
  kl < 0.05 ? 'close to those of' : kl < 0.5 ? 'near those of' : 'far from those of';

function noiseWords({ config: { noise }, training, noiseVariance }: VaeModel): string {
  if (noise === 'learned') return 'learned';
  if (noise !== 'data') return 'as asked for';
  const least = leastNoise(training.meanVariance);
  // As float32 rounds its logarithm.
  return noiseVariance < least * (1 + 1e-5)
    ? 'the least that is assumed: the first principal components leave less over'
    : 'what the first principal components leave over';
}
