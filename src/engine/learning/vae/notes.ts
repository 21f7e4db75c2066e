import type { VaeConfig, VaeTraining } from '../../contract/vae.ts';
import type { Standardisation } from './standardise.ts';

/** With fewer steps than this a network of the default size has rarely settled. */
const fewSteps = 1000;

/** What a person should know about a training, each a sentence. */
export function trainingNotes(
  config: VaeConfig,
  columns: number,
  { deviation }: Standardisation,
  training: Omit<VaeTraining, 'notes'>,
): string[] {
  const notes: string[] = [];
  const { rows, validationRows, stop, keptEpoch } = training;
  const constant = deviation.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  if (constant > 0) {
    notes.push(
      constant === columns
        ? 'Every column is constant: there is nothing to learn.'
        : `${constant} of ${columns} columns ${constant === 1 ? 'is constant and says' : 'are constant and say'} nothing.`,
    );
  }
  if (rows < config.batch) {
    notes.push(`${rows} samples are fewer than a batch of ${config.batch}: every step takes all of them.`);
  }
  if (stop === 'epochs' && training.epochs.length <= config.warmUp) {
    notes.push(
      `Training ended while beta was still rising: it reaches its full value after ${config.warmUp} epochs.`,
    );
  }
  const steps = training.epochs.length * Math.ceil(rows / config.batch);
  if (stop === 'epochs' && steps < fewSteps) {
    notes.push(
      `Only ${steps} ${steps === 1 ? 'step was' : 'steps were'} taken: more epochs or smaller batches may fit better.`,
    );
  }
  if (config.latent > columns) {
    notes.push(
      `${config.latent} latent dimensions for ${columns} ${columns === 1 ? 'column' : 'columns'}: some will stay unused.`,
    );
  }
  if (config.validationShare > 0 && validationRows === 0) {
    notes.push('Too few samples to hold some out: overfitting is not watched.');
  }
  if (stop === 'diverged') {
    notes.push(
      `The loss exploded in epoch ${training.epochs.length + 1}: training stopped and the weights ` +
        `${keptEpoch === 0 ? 'of the start' : `after epoch ${keptEpoch}`} were kept. Try a smaller learning rate.`,
    );
  }
  if (training.backends.length > 1) {
    notes.push(
      `It ran on ${training.backends.join(', then ')}: their digits differ, so its recipe gives a similar model, not the same to the bit.`,
    );
  }
  if (stop === 'patience') {
    notes.push(
      `No better held-out loss in ${config.patience} epochs: training stopped, the weights of epoch ${keptEpoch} were kept.`,
    );
  }
  return notes;
}
