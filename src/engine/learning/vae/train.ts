import { backendOf, type TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { seededRandom } from '../../base/random.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { VaeConfig, VaeEpoch, VaeLeg, VaeRequestedConfig, VaeStop } from '../../contract/vae.ts';
import { adamStep, noMoments } from '../adam.ts';
import { breather, type Breathe } from '../breather.ts';
import { initialParameters, vaeConfig, vaeNetwork, type Network } from './layers.ts';
import { weightsOf, type VaeModel } from './model.ts';
import { openLossSteps, type LossSteps } from './lossSteps.ts';
import { multiplier, withoutLeaks, type Multiply } from './multiply.ts';
import { trainingNotes } from './notes.ts';
import { noiseVarianceOf } from './objective.ts';
import { noiseOfData, principalVariances } from './principal.ts';
import { normals, shuffled, split, type Split } from './shuffle.ts';
import { standardisationOf, unchanged, type Samples } from './standardise.ts';
import { checkState, copied, legsOf, type VaeState } from './state.ts';

export interface TrainVaeOptions extends CancelOptions {
  tf: TensorFlow;
  table: Samples;
  config: VaeRequestedConfig;
  /** After every epoch. */
  onEpoch?: ((figures: VaeEpoch) => void) | undefined;
  /** Before the first and after every epoch, with arrays of its own. */
  checkpoint?: ((state: VaeState) => void) | undefined;
  /** Earlier orders that a recipe tells of; those of a checkpoint stand in it. */
  legs?: readonly VaeLeg[] | undefined;
  /** A checkpoint to go on from: the result equals, to the bit, that of training without a break on the same backend. */
  resume?: VaeState | undefined;
}

/** A loss that grows by this factor over that of the first step (or one nat a column) is an explosion. */
const explosion = 100;

/**
 * Trains a variational autoencoder on a table of finite values. It gives way to other work every 20 ms or after a step,
 * whichever is longer, but should run in a thread of its own. Where the loss explodes it stops, keeps the weights of
 * the last good epoch and says so in `training.stop`. With held-out samples the weights of the smallest held-out loss
 * at full beta are kept.
 * Throws `cancelled` between two steps (the last checkpoint stands), `invalid-request` for a configuration or
 * checkpoint that does not fit, `out-of-range` for values that are not finite, `internal` where tensors are left.
 */
export async function trainVae(options: TrainVaeOptions): Promise<VaeModel> {
  const { tf, table, checkpoint, signal } = options;
  const config = vaeConfig(options.config);
  const network = vaeNetwork(config, table.columns);
  const multiply = multiplier(tf);
  throwIfAborted(signal);
  const state = withoutLeaks(tf, () => begin(multiply, network, config, table, options));
  const backend = backendOf(tf);
  if (state.backends.at(-1) !== backend) state.backends.push(backend);
  const steps = await openLossSteps(tf, network, table, state.standardisation);
  try {
    if (options.resume === undefined) checkpoint?.(copied(state));
    return await trainWith(steps, network, options, state, breather(signal));
  } finally {
    steps.close();
  }
}

/** Goes on from a state, which changes. */
async function trainWith(
  steps: LossSteps,
  network: Network,
  { table, onEpoch, checkpoint }: TrainVaeOptions,
  state: VaeState,
  breathe: Breathe,
): Promise<VaeModel> {
  const { config } = state;
  const parts = split(table.rows, config);
  const validate = validation(steps, config, parts, breathe);
  let stop: VaeStop = 'epochs';
  let good = state.parameters.slice();
  while (state.epoch < config.epochs) {
    if (isOutOfPatience(config, state)) {
      stop = 'patience';
      break;
    }
    const figures = await trainEpoch(steps, table.columns, state, parts, breathe);
    // The steps saw the weights before each; what is kept are those after the last.
    const loss = figures === null ? NaN : await validate(state.parameters, figures.beta);
    if (figures === null || isExploded(loss, state.firstLoss ?? 0, table.columns)) {
      stop = 'diverged';
      break;
    }
    const held = parts.heldOut.length > 0 ? loss : null;
    if (held !== null) figures.validation = held;
    state.epoch++;
    state.epochs.push(figures);
    // Losses at a smaller beta are no measure of the finished model.
    if (held !== null && state.epoch > config.warmUp && held < (state.best?.validation ?? Infinity)) {
      state.best = { parameters: state.parameters.slice(), validation: held, epoch: state.epoch };
    }
    good = state.parameters.slice();
    onEpoch?.(figures);
    checkpoint?.(copied(state));
  }
  return modelOf(network, table, state, parts, stop, good);
}

/** The state before the first epoch, or a checked copy of the one to resume. */
function begin(
  multiply: Multiply,
  network: Network,
  config: VaeConfig,
  table: Samples,
  { resume, legs = [] }: TrainVaeOptions,
): VaeState {
  const { rows, columns } = table;
  // Also checks the values.
  const measured = standardisationOf(table);
  const standardisation = config.standardise === 'columns' ? measured : unchanged(columns);
  if (resume !== undefined) {
    checkState(resume, config, table, network, standardisation);
    return copied({ ...resume, config, legs: legsOf(resume, config.epochs) });
  }
  const principal = principalVariances(multiply, table, standardisation, Math.min(config.latent, columns));
  const noise = typeof config.noise === 'number' ? config.noise : noiseOfData(principal, columns);
  const parameters = initialParameters(network, seededRandom(config.seed, 0), noise);
  const moments = noMoments(parameters.length);
  return {
    ...{
      config,
      legs: [...legs],
      backends: [],
      rows,
      columns,
      standardisation,
      principal,
      parameters,
      moments,
    },
    ...{ epoch: 0, epochs: [], firstLoss: null, best: null },
  };
}

function isOutOfPatience({ patience }: VaeConfig, { best, epoch }: VaeState): boolean {
  return patience > 0 && best !== null && epoch - best.epoch >= patience;
}

/** Mean figures of one epoch, whose steps change the state; null where it diverged. */
async function trainEpoch(
  steps: LossSteps,
  columns: number,
  state: VaeState,
  { training }: Split,
  breathe: Breathe,
): Promise<VaeEpoch | null> {
  const { config, parameters, moments } = state;
  const beta = config.beta * Math.min(1, (state.epoch + 1) / (config.warmUp + 1));
  const random = seededRandom(config.seed, 2 + state.epoch);
  const order = shuffled(training, random);
  // Steps of equal size instead of a small rest with a noisy gradient.
  const count = Math.ceil(order.length / config.batch);
  const gradient = new Float32Array(parameters.length);
  const means = { reconstruction: 0, kl: new Float64Array(config.latent) };
  for (let step = 0; step < count; step++) {
    const from = Math.floor((step * order.length) / count);
    const batch = order.subarray(from, Math.floor(((step + 1) * order.length) / count));
    const eps = normals(batch.length * config.latent, random);
    const found = steps.lossOf(parameters, batch, eps, beta, gradient);
    state.firstLoss ??= found.loss;
    if (isExploded(found.loss, state.firstLoss, columns)) return null;
    if (config.noise !== 'learned') gradient[gradient.length - 1] = 0;
    adamStep(parameters, gradient, moments, rateAt(state, step / count));
    const share = batch.length / order.length;
    means.reconstruction += share * found.reconstruction;
    for (let k = 0; k < config.latent; k++) {
      means.kl[k] = (means.kl[k] as number) + share * (found.klPerDimension[k] as number);
    }
    await breathe();
  }
  if (!parameters.every(Number.isFinite)) return null;
  const kl = means.kl.reduce((sum, value) => sum + value, 0);
  return {
    epoch: state.epoch + 1,
    elbo: -(means.reconstruction + kl),
    reconstruction: means.reconstruction,
    klPerDimension: [...means.kl],
    beta,
    noiseVariance: noiseVarianceOf(parameters),
  };
}

const isExploded = (loss: number, first: number, columns: number): boolean =>
  !(loss < explosion * Math.max(Math.abs(first), columns));

/** @param share - of the epoch that is done. */
function rateAt({ config, legs, epoch: done }: VaeState, share: number): number {
  const { schedule, learningRate } = config;
  if (schedule === 'constant') return learningRate;
  const { epochs } = legs.find(({ until }) => done < until) ?? config;
  const epoch = done + share;
  const least = 0.01;
  return learningRate * (least + ((1 - least) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2);
}

const validationBatch = 2048;

/**
 * Held-out loss with the same noise in every epoch, so that epochs can be compared; without held-out samples that of a batch
 * of the others, which only tells whether it has exploded.
 */
function validation(
  steps: LossSteps,
  config: VaeConfig,
  { heldOut, training }: Split,
  breathe: Breathe,
): (parameters: Float32Array, beta: number) => Promise<number> {
  const judged = heldOut.length > 0 ? heldOut : training.subarray(0, config.batch);
  return async (parameters, beta) => {
    const random = seededRandom(config.seed, 1);
    let sum = 0;
    for (let from = 0; from < judged.length; from += validationBatch) {
      const batch = judged.subarray(from, from + validationBatch);
      const eps = normals(batch.length * config.latent, random);
      sum += batch.length * steps.lossOf(parameters, batch, eps, beta, null).loss;
      await breathe();
    }
    return sum / judged.length;
  };
}

function modelOf(
  network: Network,
  table: Samples,
  state: VaeState,
  parts: Split,
  stop: VaeStop,
  last: Float32Array,
): VaeModel {
  const { config, best, principal } = state;
  const parameters = best?.parameters ?? last;
  const training = {
    rows: parts.training.length,
    validationRows: parts.heldOut.length,
    epochs: state.epochs,
    stop,
    backends: state.backends,
    keptEpoch: best?.epoch ?? state.epoch,
    eigenvalues: principal.eigenvalues,
    meanVariance: principal.total / table.columns,
  };
  return {
    config,
    columns: table.columns,
    names: table.names ?? [],
    wavelengthsNm: table.wavelengthsNm ?? null,
    bands: table.bands ?? null,
    standardisation: state.standardisation,
    weights: weightsOf(network, parameters),
    // A number that was asked for stays as it is, not as float32 rounds its logarithm.
    noiseVariance: typeof config.noise === 'number' ? config.noise : noiseVarianceOf(parameters),
    training: { ...training, notes: trainingNotes(config, table.columns, state.standardisation, training) },
  };
}
