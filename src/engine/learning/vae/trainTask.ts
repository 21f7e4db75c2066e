import { basename } from 'node:path';
import { CubelensError } from '../../base/errors.ts';
import type { VaeConfig, VaeDescription, VaeEpoch, VaeLeg, VaeTraining } from '../../contract/vae.ts';
import { defineTask } from '../../workers/task.ts';
import type { Samples } from '../data/readSamples.ts';
import type { ReadTable } from '../data/spectraTable.ts';
import type { VaeModel } from './model.ts';
import { contentOf } from './readTask.ts';

// For the thread of TensorFlow. What computes is loaded when it is first needed.

/** A model trained, with the texts of its files. */
export interface TrainedVae {
  description: VaeDescription;
  training: VaeTraining;
  table: { rows: number; columns: number; notes: string[] };
  backend: { backend: string; version: string };
  files: { json: string; binary: Uint8Array; loss: string; latent: string };
}

const tableOf = async (source: Samples): Promise<ReadTable> =>
  'table' in source ? source.table : (await import('../data/tableOfFile.ts')).tableOfFile(source.path);

/** Rows that describe a model: an even part of more. */
const mostDescribed = 50_000;

/**
 * Trains an autoencoder, keeping its checkpoint in a file (null: nowhere); progress in epochs, with their figures. Throws as `trainVae`;
 * cancelled or failed, the last checkpoint is there.
 */
export const trainVaeTask = defineTask(
  'vae.train',
  async (
    args: {
      source: Samples;
      config: VaeConfig;
      legs: readonly VaeLeg[];
      checkpoint: string | null;
      resume: string | null;
    },
    context,
  ): Promise<TrainedVae> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { trainVae } = await import('./train.ts');
    const { Checkpoints } = await import('./checkpoints.ts');
    const { stateFromBytes } = await import('./stateFile.ts');
    const { tf, backend, version } = await loadTensorFlow();
    const table = await tableOf(args.source);
    const resume =
      args.resume === null ? undefined : stateFromBytes(await contentOf(args.resume), basename(args.resume));
    if (resume !== undefined && resume.epoch > args.config.epochs) {
      throw new CubelensError(
        'invalid-request',
        `The checkpoint has ${resume.epoch} epochs behind it, more than the ${args.config.epochs} asked for.`,
        { field: 'epochs', remedy: `Give --epochs ${resume.epoch} or more, or train anew.` },
      );
    }
    const checkpoints = args.checkpoint === null ? null : new Checkpoints(args.checkpoint);
    const epochs: VaeEpoch[] = resume === undefined ? [] : [...resume.epochs];
    let model: VaeModel;
    try {
      model = await trainVae({
        tf,
        table,
        config: args.config,
        legs: args.legs,
        signal: context.signal,
        resume,
        onEpoch: (figures) => {
          epochs.push(figures);
          context.progress(figures.epoch, { epochs });
        },
        checkpoint: (state) => {
          checkpoints?.take(state);
        },
      });
    } finally {
      await checkpoints?.flush();
    }
    const { encode } = await import('./apply.ts');
    const { describeVae } = await import('./describe.ts');
    const { modelToFiles } = await import('./modelFiles.ts');
    const { latentSvg, lossSvg } = await import('./svg.ts');
    const part = evenRows(table, mostDescribed);
    const encoding = encode(tf, model, part.values, part.rows, context);
    const description = describeVae(model, encoding);
    return {
      description,
      training: model.training,
      table: { rows: table.rows, columns: table.columns, notes: table.notes },
      backend: { backend, version },
      files: {
        ...modelToFiles(model),
        loss: lossSvg(model.training),
        latent: latentSvg(encoding, description, part.classes),
      },
    };
  },
);

/** The earlier orders of a checkpoint that goes on to so many epochs. */
export const vaeLegsTask = defineTask(
  'vae.legs',
  async ({ checkpoint, epochs }: { checkpoint: string; epochs: number }): Promise<VaeLeg[]> => {
    const { legsOf } = await import('./state.ts');
    const { stateFromBytes } = await import('./stateFile.ts');
    return legsOf(stateFromBytes(await contentOf(checkpoint), basename(checkpoint)), epochs);
  },
);

/** Every n-th row, so that there are at most `most`. */
function evenRows(
  { rows, columns, values, classes }: ReadTable,
  most: number,
): { rows: number; values: Float32Array; classes: { ofRow: Int32Array; names: string[] } | null } {
  if (rows <= most) return { rows, values, classes };
  const step = Math.ceil(rows / most);
  const chosen = Int32Array.from({ length: Math.floor((rows - 1) / step) + 1 }, (_, k) => k * step);
  const part = new Float32Array(chosen.length * columns);
  chosen.forEach((row, k) => {
    part.set(values.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  const ofRow = classes === null ? null : Int32Array.from(chosen, (row) => classes.ofRow[row] ?? -1);
  return {
    rows: chosen.length,
    values: part,
    classes: classes === null || ofRow === null ? null : { ofRow, names: classes.names },
  };
}
