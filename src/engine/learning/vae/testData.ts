import type { TensorFlowBackend } from '../../contract/tensorflow.ts';
import type { VaeRequestedConfig } from '../../contract/vae.ts';
import { seededRandom } from '../../base/random.ts';
import { loadBackend, type TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import type { Samples } from './standardise.ts';

/** The backends among these that run here, the fastest first: they share one engine, and `load` makes one the current. */
export async function available(
  names: readonly TensorFlowBackend[],
): Promise<{ name: TensorFlowBackend; load: () => Promise<TensorFlow> }[]> {
  const found = [];
  for (const name of names) {
    try {
      const { tf } = await loadBackend(name);
      const own = tf.getBackend();
      found.push({
        name,
        load: async () => ((await tf.setBackend(own)) ? tf : Promise.reject(new Error(own))),
      });
    } catch {
      // Not set up here.
    }
  }
  return found;
}

/** Samples whose covariance is exactly diag(4, 1, .25, .25) and whose mean is 0. */
export function exactSamples(rows: number): Samples {
  const random = seededRandom(3);
  const columns = 4;
  const q = Array.from({ length: columns }, () => Float64Array.from({ length: rows }, () => random.normal()));
  for (const [j, column] of q.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      const mean = column.reduce((sum, value) => sum + value, 0) / rows;
      for (let k = 0; k < rows; k++) column[k] = (column[k] as number) - mean;
      for (const other of q.slice(0, j)) {
        const dot = column.reduce((sum, value, k) => sum + value * (other[k] as number), 0) / rows;
        for (let k = 0; k < rows; k++) column[k] = (column[k] as number) - dot * (other[k] as number);
      }
      const norm = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0) / rows);
      for (let k = 0; k < rows; k++) column[k] = (column[k] as number) / norm;
    }
  }
  const deviations = [2, 1, 0.5, 0.5];
  const values = new Float32Array(rows * columns);
  for (let k = 0; k < values.length; k++) {
    values[k] =
      ((q[k % columns] as Float64Array)[Math.floor(k / columns)] as number) *
      (deviations[k % columns] as number);
  }
  return { rows, columns, values };
}

/** Two groups of smooth spectra with a little noise. */
export function twoGroups(rows: number, columns: number): Samples {
  const random = seededRandom(5);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [level, slope] = [1 + 0.2 * random.normal(), row % 2 === 0 ? 1 : -1];
    for (let k = 0; k < columns; k++) {
      const shape = level + slope * Math.sin((3 * k) / columns) + 0.05 * random.normal();
      values[row * columns + k] = 1000 * shape;
    }
  }
  return { rows, columns, values };
}

/** A configuration that trains in a moment. */
export const quick: VaeRequestedConfig = { latent: 2, encoder: [8], decoder: [8], epochs: 4, batch: 32 };
