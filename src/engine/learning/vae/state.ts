import type { VaeConfig, VaeEpoch, VaeLeg } from '../../contract/vae.ts';
import { CubelensError } from '../../base/errors.ts';
import type { Moments } from '../adam.ts';
import type { Network } from './layers.ts';
import type { PrincipalVariances } from './principal.ts';
import type { Samples, Standardisation } from './standardise.ts';

/**
 * Training between two epochs, as plain data. Every epoch draws its shuffling and noise from a stream of its own, so
 * the seed (in the configuration) and the number of the epoch are the whole state of the generator.
 */
export interface VaeState {
  config: VaeConfig;
  /** Earlier orders with another number of epochs, which the learning rate followed. */
  legs: VaeLeg[];
  /** Backends that it ran on so far. */
  backends: string[];
  rows: number;
  columns: number;
  standardisation: Standardisation;
  principal: PrincipalVariances;
  /** Flat, in the order of the network's layers. */
  parameters: Float32Array;
  moments: Moments;
  /** Epochs that are done. */
  epoch: number;
  epochs: VaeEpoch[];
  /** Loss of the very first step, against which an explosion is measured. */
  firstLoss: number | null;
  /** The weights with the smallest held-out loss. */
  best: { parameters: Float32Array; validation: number; epoch: number } | null;
}

/** The same with arrays of its own. */
export const copied = (state: VaeState): VaeState => structuredClone(state);

/** The earlier orders of a state that goes on to so many epochs: with its own, where that is another. */
export function legsOf({ legs, config, epoch }: VaeState, epochs: number): VaeLeg[] {
  const isOther = config.epochs !== epochs && epoch > (legs.at(-1)?.until ?? 0);
  return isOther ? [...legs, { until: epoch, epochs: config.epochs }] : legs;
}

/**
 * Throws `invalid-request` where a state is not one of this training: another configuration (more epochs may be asked
 * for), other data, or arrays that do not fit.
 */
export function checkState(
  state: VaeState,
  config: VaeConfig,
  samples: Samples,
  network: Network,
  scale: Standardisation,
): void {
  const { epochs: _one, ...before } = state.config;
  const { epochs: _other, ...now } = config;
  const sameConfig = JSON.stringify(sorted(before)) === JSON.stringify(sorted(now));
  const sameData =
    state.rows === samples.rows &&
    state.columns === samples.columns &&
    equal(state.standardisation.mean, scale.mean) &&
    equal(state.standardisation.deviation, scale.deviation);
  const { parameters, moments, best } = state;
  const arrays = [parameters, moments.first, moments.second, ...(best === null ? [] : [best.parameters])];
  const fits = arrays.every((array) => array.length === network.parameters && array.every(Number.isFinite));
  if (sameConfig && sameData && fits && state.epochs.length === state.epoch) return;
  const what = !sameConfig ? 'another configuration' : !sameData ? 'other data' : 'another network';
  throw new CubelensError('invalid-request', `The checkpoint belongs to ${what}.`, {
    field: 'resume',
    remedy: 'Resume with what the training began with, or start anew.',
  });
}

const sorted = (object: object): [string, unknown][] =>
  Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));

const equal = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, k) => value === b[k]);
