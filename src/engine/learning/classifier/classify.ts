import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { breather } from '../breather.ts';
import { inputPlaces, standardised } from './inputs.ts';
import { scores, variablesOf } from './layers.ts';
import type { ClassifierModel } from './model.ts';

/** What the classifier says of rows. */
export interface Classified {
  /** The most probable class of each row, a place in the model's classes. */
  classOf: Int32Array;
  /** Probability of that class. */
  probability: Float32Array;
  /** Probability of every class, rows x classes; null unless it was asked for. */
  probabilities: Float32Array | null;
}

/** Rows at once. */
const batch = 1024;

/**
 * Classifies rows of values (as many a row as the model has columns, in its order and units); `positions` holds line and
 * sample of each row, from 0, for a model that takes them; with `all` the probabilities of all classes are kept. Throws `invalid-request` for lengths that do not fit or missing
 * positions, `out-of-range` for values that are not finite, `cancelled`. Leaves no tensor behind.
 */
export async function classify(
  tf: TensorFlow,
  model: ClassifierModel,
  values: Float32Array,
  rows: number,
  positions: Int32Array | null = null,
  { signal, all = false }: CancelOptions & { all?: boolean } = {},
): Promise<Classified> {
  const { columns, auxiliary, classes } = model;
  if (values.length !== rows * columns.length) {
    throw misfit(`${values.length} values are no ${rows} rows of ${columns.length} columns`);
  }
  if (auxiliary === 'position' && positions?.length !== 2 * rows) {
    throw misfit('The classifier takes line and sample of each row, which are not given');
  }
  const places = inputPlaces(columns, auxiliary);
  const raw = { values, positions };
  const found: Classified = {
    classOf: new Int32Array(rows),
    probability: new Float32Array(rows),
    probabilities: all ? new Float32Array(rows * classes.length) : null,
  };
  const breathe = breather(signal);
  const variables = variablesOf(tf, model.layers);
  try {
    for (let start = 0; start < rows; start += batch) {
      await breathe();
      const own = Int32Array.from({ length: Math.min(batch, rows - start) }, (_, k) => start + k);
      const inputs = standardised(places, raw, own, model);
      const bad = inputs.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        const row = start + Math.floor(bad / places.size);
        throw new CubelensError('out-of-range', `Row ${row + 1} has a value that is no finite number.`, {
          field: 'values',
          remedy: 'Leave out rows with missing values.',
        });
      }
      const part = tf.tidy(() =>
        tf.softmax(scores(tf, variables, tf.tensor2d(inputs, [own.length, places.size]))).dataSync(),
      );
      found.probabilities?.set(part, start * classes.length);
      takeBest(part, classes.length, found, start);
    }
  } finally {
    tf.dispose(variables);
  }
  return found;
}

/** The most probable class of each row of a batch, and its probability. */
function takeBest(
  probabilities: ArrayLike<number>,
  classes: number,
  { classOf, probability }: Pick<Classified, 'classOf' | 'probability'>,
  start: number,
): void {
  for (let row = 0; row < probabilities.length / classes; row++) {
    const from = row * classes;
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if ((probabilities[from + k] as number) > (probabilities[from + best] as number)) best = k;
    }
    classOf[start + row] = best;
    probability[start + row] = probabilities[from + best] as number;
  }
}

const misfit = (says: string): CubelensError =>
  new CubelensError('invalid-request', `${says}.`, {
    field: 'values',
    remedy: 'Give rows with the columns that the classifier was trained on.',
  });
