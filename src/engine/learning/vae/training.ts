import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  vaeConfigSchema,
  vaeFiles,
  vaeLegSchema,
  type VaeConfig,
  type VaeLeg,
  type VaeLive,
} from '../../contract/vae.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import { checkMainName, type FileKind, type FileOrder } from '../../exports/fileExport.ts';
import { writeTextTask } from '../../exports/tasks.ts';
import { writeTemporary } from '../../exports/writeOneFile.ts';
import { discardOutput, type OutputFile } from '../../io/outputFile.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { TensorFlowThread } from '../../tensorflow/thread.ts';
import { readSamples, sourceAmong, type Samples } from '../data/readSamples.ts';
import { vaeConfig } from './layers.ts';
import { trainVaeTask, type TrainedVae } from './trainTask.ts';

const trainingSchema = z.strictObject({
  source: z.enum(['cube', 'file']),
  /** How many inputs, the last ones, are the files of a class map. */
  mapInputs: z.int().min(0).max(100),
  most: z.int().min(1).optional(),
  config: vaeConfigSchema,
  /** Where training was ordered with another number of epochs first. */
  legs: z.array(vaeLegSchema).max(1000).optional(),
});
export type TrainingParameters = z.infer<typeof trainingSchema>;

/** Where the files of a model go. */
export type ModelTargets = Record<'model' | 'weights' | 'loss' | 'latent', string>;

/** Trains on samples. */
export type Train = (samples: Samples, config: VaeConfig, legs: readonly VaeLeg[]) => Promise<TrainedVae>;

/**
 * A trained autoencoder as files in a folder, vae.json the last: made again from the same samples it is the same to the bit, on the
 * same backend of TensorFlow. Its inputs are those of its samples.
 */
export const vaeTrainingFile = (tensorFlow: TensorFlowThread): FileKind<TrainingParameters> => ({
  kind: 'vae-training',
  schema: trainingSchema,
  write: async (engine, order, job) => {
    const { path } = order;
    checkMainName(path, vaeFiles.model, 'A model');
    const beside = (file: string): string => join(dirname(path), file);
    const { model, weights, loss, latent } = vaeFiles;
    const targets = {
      model: beside(model),
      weights: beside(weights),
      loss: beside(loss),
      latent: beside(latent),
    };
    const made = await writeTraining(engine, order, targets, job, (samples, config, legs) =>
      tensorFlow.run(
        trainVaeTask,
        { source: samples, config, legs, checkpoint: null, resume: null },
        { signal: job.signal, priority: 'export', onProgress: trainingProgress(job, config) },
      ),
    );
    return made.files;
  },
});

/** Trains as ordered. The temporary files of the model, its own last, and what was trained. */
export async function writeTraining(
  engine: ExportEngine,
  { inputs, parameters }: FileOrder<TrainingParameters>,
  targets: ModelTargets,
  job: JobContext,
  train: Train,
): Promise<{ files: OutputFile[]; trained: TrainedVae }> {
  const config = vaeConfig(parameters.config);
  const { seed } = config;
  const source = sourceAmong(inputs, parameters);
  const samples = await readSamples(engine, source, { seed, onlyClassed: false }, job);
  job.stage('Loading TensorFlow', config.epochs);
  const trained = await train(samples, config, parameters.legs ?? []);
  job.stage('Writing');
  return { files: await modelOutputs(engine, targets, trained, job), trained };
}

async function modelOutputs(
  { pool }: ExportEngine,
  targets: ModelTargets,
  { files }: TrainedVae,
  job: JobContext,
): Promise<OutputFile[]> {
  const work = { signal: job.signal, priority: 'export' as const };
  const made: OutputFile[] = [];
  try {
    for (const [path, text] of [
      [targets.loss, files.loss],
      [targets.latent, files.latent],
      [targets.weights, files.binary],
      [targets.model, files.json],
    ] as const) {
      made.push(await writeTemporary(path, (output) => pool.run(writeTextTask, { output, text }, work)));
    }
    return made;
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    throw thrown;
  }
}

/** Shows the figures of each epoch of a training as the job's stage and live data. */
export function trainingProgress(
  job: JobContext,
  { epochs: all }: VaeConfig,
): (done: number, live: unknown) => void {
  const figure = (value: number): string => value.toPrecision(5);
  return (done, live) => {
    const last = (live as VaeLive).epochs.at(-1);
    if (last !== undefined) {
      const { epoch, elbo, reconstruction, klPerDimension, validation } = last;
      const kl = klPerDimension.reduce((sum, value) => sum + value, 0);
      const held = validation === undefined ? '' : `, held-out ELBO ${figure(-validation)}`;
      job.stage(
        `Epoch ${epoch} of ${all}: ELBO ${figure(elbo)}, reconstruction ${figure(reconstruction)}, KL ${figure(kl)}${held}`,
        all,
      );
    }
    job.progress(done);
    job.live(live);
  };
}
