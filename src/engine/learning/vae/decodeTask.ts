import { basename } from 'node:path';
import { CubelensError } from '../../base/errors.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { PartWriter } from '../../io/partWriter.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { defineTask } from '../../workers/task.ts';
import type { decode as Decode } from './apply.ts';
import type { VaeModel } from './model.ts';
import type { Spectra, SpectraFacts } from './spectraFile.ts';

// For the thread of TensorFlow. What computes is loaded when it is first needed.

/** Decodes the rows of a file (r or 2r columns), or `count` points drawn by a seed, and writes the spectra. */
export const decodeTask = defineTask(
  'vae.decode',
  async (
    args: {
      model: VaeModel;
      from: { path: string } | { count: number; seed: number };
      output: OutputFile;
      format: 'npy' | 'csv';
    },
    context,
  ): Promise<{ rows: number; columns: number; withDeviation: boolean; notes: string[] }> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { decode, sample } = await import('./apply.ts');
    const { tf } = await loadTensorFlow();
    const { model, from, output, format } = args;
    const { columns } = model;
    const { latent } = model.config;
    if ('count' in from) {
      const { rows, mean } = sample(tf, model, from.count, from.seed);
      const of = (start: number, end: number): Spectra => ({
        rows: end - start,
        mean: mean.subarray(start * columns, end * columns),
        sd: null,
      });
      await writeSpectra(
        { output, format, model },
        { shape: [rows], rows, withDeviation: false, positions: null },
        of,
      );
      return { rows, columns, withDeviation: false, notes: [] };
    }
    const { tableOfFile } = await import('../data/tableOfFile.ts');
    const table = await tableOfFile(from.path, { keepMissing: true });
    const { rows, values, positions, notes } = table;
    if (table.columns !== latent && table.columns !== 2 * latent) {
      const file = basename(from.path);
      throw new CubelensError(
        'invalid-request',
        `${file} has ${table.columns} columns; the model's latent size is ${latent}.`,
        { file, field: 'latent', remedy: `Give ${latent} columns (mu), or ${2 * latent} (mu, then sigma).` },
      );
    }
    const withDeviation = table.columns === 2 * latent;
    const of = (start: number, end: number): Spectra => {
      const part = (first: number): Float32Array =>
        Float32Array.from(
          { length: (end - start) * latent },
          (_, k) => values[(start + Math.floor(k / latent)) * table.columns + first + (k % latent)] as number,
        );
      return decodedRows(
        tf,
        model,
        part(0),
        withDeviation ? part(latent) : null,
        end - start,
        decode,
        context,
      );
    };
    const whole = { shape: table.shape ?? [rows], rows, withDeviation, positions };
    await writeSpectra({ output, format, model }, whole, of);
    return { rows, columns, withDeviation, notes };
  },
);

/** Decodes rows of which some may lack a number: their spectra are NaN. */
function decodedRows(
  tf: TensorFlow,
  model: VaeModel,
  mu: Float32Array,
  sigma: Float32Array | null,
  rows: number,
  decode: typeof Decode,
  context: { signal: { readonly aborted: boolean } },
): Spectra {
  const { latent } = model.config;
  const missing: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let k = row * latent; k < (row + 1) * latent; k++) {
      if (Number.isFinite(mu[k]) && (sigma === null || Number.isFinite(sigma[k]))) continue;
      missing.push(row);
      mu.fill(0, row * latent, (row + 1) * latent);
      sigma?.fill(0, row * latent, (row + 1) * latent);
      break;
    }
  }
  const { mean, sd } = decode(tf, model, mu, rows, sigma ?? undefined, context);
  for (const row of missing) {
    for (const out of [mean, sd]) out.fill(NaN, row * model.columns, (row + 1) * model.columns);
  }
  return { rows, mean, sd: sigma === null ? null : sd };
}

/** Rows that are decoded and written at once. */
const rowsAtOnce = 4096;

async function writeSpectra(
  { output, format, model }: { output: OutputFile; format: 'npy' | 'csv'; model: VaeModel },
  { shape, rows, withDeviation, positions }: SpectraFacts & { rows: number },
  of: (start: number, end: number) => Spectra,
): Promise<void> {
  const { spectraBody, spectraHead } = await import('./spectraFile.ts');
  const writer = new PartWriter(output);
  try {
    const head = spectraHead(format, model, { shape, withDeviation, positions });
    writer.write(head, 0);
    let position = head.length;
    for (let start = 0; start < rows; start += rowsAtOnce) {
      const end = Math.min(rows, start + rowsAtOnce);
      const places = positions === null ? null : positions.subarray(2 * start, 2 * end);
      const bytes = spectraBody(format, model.columns, of(start, end), places);
      writer.write(bytes, position);
      position += bytes.length;
    }
    writer.finish(position);
  } finally {
    writer.close();
  }
}
