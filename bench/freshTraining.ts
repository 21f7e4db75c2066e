import { writeFileSync } from 'node:fs';
import { seededRandom } from '../src/engine/base/random.ts';
import { modelToFiles } from '../src/engine/learning/vae/modelFiles.ts';
import { trainVae } from '../src/engine/learning/vae/train.ts';
import { loadBackend } from '../src/engine/tensorflow/loadTensorFlow.ts';
import type { TensorFlowBackend } from '../src/engine/contract/tensorflow.ts';

/** What one training in a process of its own gave. */
export interface TrainingRun {
  /** Samples a second, from the third epoch on; null where the backend cannot be had, with the reason. */
  samplesPerSecond: number | null;
  reason: string;
}

/**
 * `node freshTraining.ts BACKEND BATCH STEPS`: an autoencoder 220-64-r-64-220 with r = 3 on made spectra. Prints a
 * TrainingRun as JSON.
 */
async function main([
  backend = 'wasm',
  batchText = '128',
  stepsText = '100',
]: readonly string[]): Promise<TrainingRun> {
  let tf;
  try {
    ({ tf } = await loadBackend(backend as TensorFlowBackend));
  } catch (thrown) {
    return { samplesPerSecond: null, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  const batch = Number(batchText);
  const rows = batch * Number(stepsText);
  const table = madeSpectra(rows, 220);
  const starts: number[] = [];
  const config = { latent: 3, batch, epochs: 6, validationShare: 0, patience: 0 };
  await trainVae({ tf, table, config, onEpoch: () => starts.push(performance.now()) });
  const times = starts.slice(2).map((at, k) => at - (starts[k + 1] ?? NaN));
  return { samplesPerSecond: rows / (Math.min(...times) / 1000), reason: '' };
}

/** Smooth spectra of three endmembers with noise. */
export function madeSpectra(
  rows: number,
  columns: number,
): { rows: number; columns: number; values: Float32Array } {
  const random = seededRandom(1);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const shares = [random.uniform(), random.uniform(), random.uniform()];
    for (let k = 0; k < columns; k++) {
      values[row * columns + k] =
        1000 +
        shares.reduce((sum, share, m) => sum + 800 * share * Math.sin(((m + 1) * k) / 40 + m), 0) +
        10 * random.normal();
    }
  }
  return { rows, columns, values };
}

/** `node freshTraining.ts model FOLDER COLUMNS`: a model trained for one epoch, for the encoding's row. */
async function writeModel([folder = '.', columns = '224']: readonly string[]): Promise<object> {
  const { tf } = await loadBackend('wasm');
  const table = madeSpectra(2000, Number(columns));
  const names = Array.from({ length: table.columns }, (_, k) => `band ${k + 1}`);
  const model = await trainVae({ tf, table: { ...table, names }, config: { latent: 3, epochs: 1 } });
  const { json, binary } = modelToFiles(model);
  writeFileSync(`${folder}/vae.json`, json);
  writeFileSync(`${folder}/vae.bin`, binary);
  const weights = model.weights.map(({ name, shape, values }) => ({ name, shape, values: [...values] }));
  const { mean, deviation } = model.standardisation;
  writeFileSync(
    `${folder}/weights.json`,
    JSON.stringify({ weights, mean: [...mean], deviation: [...deviation] }),
  );
  return {};
}

if (import.meta.main) {
  const [first, ...rest] = process.argv.slice(2);
  const report = first === 'model' ? await writeModel(rest) : await main([first ?? '', ...rest]);
  process.stdout.write(JSON.stringify(report));
}
