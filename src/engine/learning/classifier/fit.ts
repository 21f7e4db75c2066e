import { CubelensError } from '../../base/errors.ts';
import { seededRandom } from '../../base/random.ts';
import type { ClassifierConfig, ClassifierEpoch } from '../../contract/classifier.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { shuffle } from '../data/blockSplit.ts';
import { Adam } from './adam.ts';
import type { Breathe } from '../breather.ts';
import { layersOf, randomLayers, scores, variablesOf } from './layers.ts';
import type { DenseLayer, Variable } from './model.ts';

/** Rows to fit to: standardised inputs, class of each row from 0, weight of each class. */
export interface FitRows {
  inputs: Float32Array;
  classOf: Int32Array;
}

/** What fitting gives. */
export interface Fit {
  layers: DenseLayer[];
  losses: ClassifierEpoch[];
  bestEpoch: number;
}

/** A loss on the stopping rows that is smaller by less is no reason to go on. */
const leastGain = 1e-4;

/** What to fit to. */
export interface FitData {
  train: FitRows;
  /** Rows whose loss decides when to stop. */
  stopping: FitRows;
  /** Inputs of a row. */
  size: number;
  /** Inputs that are to count for nothing. */
  unused: readonly number[];
  classWeights: readonly number[];
}

/**
 * Fits dense layers by Adam on the mean weighted cross entropy and keeps the weights of the epoch with the smallest loss on the
 * stopping rows. Throws `cancelled`, and `not-converged` where the loss is no number any more. Leaves no tensor behind.
 */
export async function fit(
  tf: TensorFlow,
  { train, stopping, size, unused, classWeights }: FitData,
  config: ClassifierConfig,
  breathe: Breathe,
  onEpoch: ((epoch: ClassifierEpoch) => void) | undefined,
): Promise<Fit> {
  const classes = classWeights.length;
  const weights = seededRandom(config.seed, 1);
  const order = Int32Array.from(train.classOf, (_, row) => row);
  const stoppingOrder = Int32Array.from(stopping.classOf, (_, row) => row);
  const shuffling = seededRandom(config.seed, 2);
  const first = randomLayers([size, ...config.widths, classes], weights);
  dropInputs(first, train.inputs, size, unused);
  const variables = variablesOf(tf, first);
  const adam = new Adam(tf, variables, config.learningRate);
  const losses: ClassifierEpoch[] = [];
  let best = { layers: layersOf(variables), loss: Infinity, epoch: 0 };
  let lastGain = { loss: Infinity, epoch: 0 };
  try {
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      shuffle(order, shuffling);
      let sum = 0;
      for (let start = 0; start < order.length; start += config.batch) {
        await breathe();
        const batch = batchOf(train, order.subarray(start, start + config.batch), size, classWeights);
        const loss = adam.step(() => lossOf(tf, variables, batch));
        if (!Number.isFinite(loss)) throw diverged(epoch, config.learningRate);
        sum += loss * batch.rows;
      }
      let stoppingSum = 0;
      for (let start = 0; start < stoppingOrder.length; start += stoppingBatch) {
        await breathe();
        const batch = batchOf(
          stopping,
          stoppingOrder.subarray(start, start + stoppingBatch),
          size,
          classWeights,
        );
        stoppingSum += tf.tidy(() => lossOf(tf, variables, batch).dataSync()[0] as number) * batch.rows;
      }
      const stoppingLoss = stoppingSum / stoppingOrder.length;
      if (!Number.isFinite(stoppingLoss)) throw diverged(epoch, config.learningRate);
      const ended = { epoch, loss: sum / order.length, stoppingLoss };
      losses.push(ended);
      onEpoch?.(ended);
      if (stoppingLoss < best.loss) best = { layers: layersOf(variables), loss: stoppingLoss, epoch };
      if (stoppingLoss < lastGain.loss - leastGain) lastGain = { loss: stoppingLoss, epoch };
      else if (epoch - lastGain.epoch >= config.patience) break;
    }
  } finally {
    tf.dispose(variables);
  }
  return { layers: best.layers, losses, bestEpoch: best.epoch };
}

/** Weights of 0 for some inputs, and training rows of 0: their gradient is 0, so that the weights stay. */
function dropInputs(
  [first]: readonly DenseLayer[],
  inputs: Float32Array,
  size: number,
  unused: readonly number[],
): void {
  for (const input of unused) {
    const units = first?.bias.length ?? 0;
    first?.kernel.fill(0, input * units, (input + 1) * units);
    for (let at = input; at < inputs.length; at += size) inputs[at] = 0;
  }
}

/** Rows of the stopping loss at once. */
const stoppingBatch = 2048;

interface Batch {
  rows: number;
  size: number;
  classes: number;
  inputs: Float32Array;
  /** One-hot classes times the weight of the class. */
  targets: Float32Array;
}

function batchOf(from: FitRows, rows: Int32Array, size: number, classWeights: readonly number[]): Batch {
  const classes = classWeights.length;
  const inputs = new Float32Array(rows.length * size);
  const targets = new Float32Array(rows.length * classes);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as number;
    inputs.set(from.inputs.subarray(row * size, (row + 1) * size), r * size);
    const one = from.classOf[row] as number;
    targets[r * classes + one] = classWeights[one] as number;
  }
  return { rows: rows.length, size, classes, inputs, targets };
}

function lossOf(
  tf: TensorFlow,
  variables: readonly Variable[],
  batch: Batch,
): ReturnType<TensorFlow['scalar']> {
  const inputs = tf.tensor2d(batch.inputs, [batch.rows, batch.size]);
  const targets = tf.tensor2d(batch.targets, [batch.rows, batch.classes]);
  return tf
    .logSoftmax(scores(tf, variables, inputs))
    .mul(targets)
    .sum()
    .div(-batch.rows);
}

const diverged = (epoch: number, learningRate: number): CubelensError =>
  new CubelensError('not-converged', `The loss is no finite number any more in epoch ${epoch}.`, {
    field: 'learningRate',
    remedy: `Train with a smaller learning rate (--rate) than ${learningRate}.`,
  });
