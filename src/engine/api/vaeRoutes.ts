import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import type { WrittenFile } from '../contract/exports.ts';
import {
  vaeDecodeJobSchema,
  vaeEncodeJobSchema,
  vaeSampleJobSchema,
  vaeTrainJobSchema,
  type VaeDecodeResult,
  type VaeEncodeResult,
  type VaeLive,
  type VaeTrainResult,
} from '../contract/vae.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { runFileExport } from '../exports/fileExport.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeTemporary } from '../exports/writeOneFile.ts';
import type { ReadableFile } from '../io/grants.ts';
import { commitOutput, discardOutput, exists, type OutputFile } from '../io/outputFile.ts';
import type { JobKind, PlannedJob } from '../jobs/jobKind.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { vaeConfig } from '../learning/vae/layers.ts';
import { writeDecoding, writeEncoding, type DecodingParameters } from '../learning/vae/outputs.ts';
import { trainVaeTask, type TrainedVae } from '../learning/vae/trainTask.ts';
import { readable, savedVae } from './grantedFiles.ts';
import { learningTable } from './learningTable.ts';
import type { EngineParts } from './parts.ts';

/** Trains an autoencoder; the checkpoint is kept as it goes, the model is written at the end. */
export const vaeTrainJob = (parts: EngineParts): JobKind<z.infer<typeof vaeTrainJobSchema>> => ({
  kind: 'vae-train',
  schema: vaeTrainJobSchema,
  plan: ({ source, config: asked, files, resume, replace }) => {
    const path = (grantId: string): string => parts.grants.resolve(grantId, 'write').path;
    const targets = {
      model: path(files.model),
      weights: path(files.weights),
      checkpoint: path(files.checkpoint),
      loss: path(files.loss),
      latent: path(files.latent),
    };
    const config = vaeConfig(asked);
    const from = resume === null ? null : parts.grants.resolve(resume, 'read').path;
    return {
      title: `Train an autoencoder in ${basename(dirname(targets.model))}`,
      folder: dirname(targets.model),
      run: async (job): Promise<VaeTrainResult> => {
        if (!replace && (await exists(targets.model))) throw there(targets.model);
        const table = await learningTable(parts, source, { seed: config.seed, onlyClassed: false }, job);
        job.stage('Loading TensorFlow', config.epochs);
        const onProgress = (done: number, live: unknown): void => {
          const { epochs } = live as VaeLive;
          const last = epochs.at(-1);
          if (last !== undefined) {
            const kl = last.klPerDimension.reduce((sum, value) => sum + value, 0);
            const held = last.validation === undefined ? '' : `, held-out ELBO ${figure(-last.validation)}`;
            job.stage(
              `Epoch ${last.epoch} of ${config.epochs}: ELBO ${figure(last.elbo)}, reconstruction ${figure(last.reconstruction)}, KL ${figure(kl)}${held}`,
              config.epochs,
            );
          }
          job.progress(done);
          job.live(live);
        };
        let begun = false;
        const trained = await job.pausable(async (signal, again) => {
          // The checkpoint is this training's own once an epoch has ended; where it has gone since, training begins again.
          const resume = again && begun && (await exists(targets.checkpoint)) ? targets.checkpoint : from;
          const args = { source: table, config, checkpoint: targets.checkpoint, resume };
          return parts.tensorFlow.run(trainVaeTask, args, {
            signal,
            priority: 'export',
            onProgress: (done, live) => {
              begun = true;
              onProgress(done, live);
            },
          });
        });
        job.stage('Writing');
        const written = await writeModel(parts, targets, trained, job);
        const { description, training, table: facts, backend } = trained;
        return { description, training, table: facts, backend, written };
      },
    };
  },
});

const figure = (value: number): string => value.toPrecision(5);

const there = (path: string): CubelensError =>
  new CubelensError('invalid-request', `${basename(path)} already exists.`, {
    file: basename(path),
    field: 'replace',
    remedy: 'Allow replacing it, or choose another folder.',
  });

/** All files of a model: temporary ones first, then renamed together, the model's own last. */
async function writeModel(
  { pool }: EngineParts,
  targets: { model: string; weights: string; loss: string; latent: string },
  { files }: TrainedVae,
  job: JobContext,
): Promise<WrittenFile> {
  const work = { signal: job.signal, priority: 'export' as const };
  const text = (path: string, content: string): Promise<OutputFile> =>
    writeTemporary(path, (output) => pool.run(writeTextTask, { output, text: content }, work));
  const made: OutputFile[] = [];
  try {
    made.push(await text(targets.loss, files.loss));
    made.push(await text(targets.latent, files.latent));
    made.push(
      await writeTemporary(targets.weights, (output) =>
        pool.run(writeTextTask, { output, text: files.binary }, work),
      ),
    );
    made.push(await text(targets.model, files.json));
    let bytes = 0;
    for (const { part } of made) bytes += (await stat(part)).size;
    if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
    for (const file of made) await commitOutput(file);
    return { files: made.map(({ name }) => name).reverse(), bytes };
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    throw thrown;
  }
}

/** Latent coordinates of a cube, window by window, or of a file of samples. */
export const vaeEncodeJob = (parts: EngineParts): JobKind<z.infer<typeof vaeEncodeJobSchema>> => ({
  kind: 'vae-encode',
  schema: vaeEncodeJobSchema,
  plan: ({ files, source, target, format, replace }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const model = savedVae(parts, files);
    const samples = readable(parts, source.grantId);
    const parameters = { source: source.kind, format };
    return {
      title: `Encode to ${basename(path)}`,
      folder: dirname(path),
      run: async (job): Promise<VaeEncodeResult> => {
        let facts: Omit<VaeEncodeResult, 'written'> | null = null;
        const ofCube = source.kind === 'cube';
        const read = ofCube ? await cubeInputs(parts.cubes, samples, job.signal) : [samples];
        const order = { inputs: [...model, ...read], parameters, path, replace };
        const written = await runFileExport(parts, 'vae-encoding', order, job, async () => {
          const made = await writeEncoding(parts, order, job);
          ({ facts } = made);
          return made.files;
        });
        if (facts === null) throw new CubelensError('internal', 'An encoding without facts.');
        return { ...(facts as Omit<VaeEncodeResult, 'written'>), written };
      },
    };
  },
});

/** Spectra of latent coordinates. */
export const vaeDecodeJob = (parts: EngineParts): JobKind<z.infer<typeof vaeDecodeJobSchema>> => ({
  kind: 'vae-decode',
  schema: vaeDecodeJobSchema,
  plan: ({ files, latent, target, format, replace }) => {
    const inputs = [...savedVae(parts, files), readable(parts, latent)];
    return decoding(parts, inputs, { sample: null, format }, target, replace);
  },
});

/** Spectra of points drawn from N(0, I). */
export const vaeSampleJob = (parts: EngineParts): JobKind<z.infer<typeof vaeSampleJobSchema>> => ({
  kind: 'vae-sample',
  schema: vaeSampleJobSchema,
  plan: ({ files, count, seed, target, format, replace }) =>
    decoding(parts, savedVae(parts, files), { sample: { count, seed }, format }, target, replace),
});

function decoding(
  parts: EngineParts,
  inputs: ReadableFile[],
  parameters: DecodingParameters,
  target: string,
  replace: boolean,
): PlannedJob {
  const { path } = parts.grants.resolve(target, 'write');
  const order = { inputs, parameters, path, replace };
  return {
    title: `Decode to ${basename(path)}`,
    folder: dirname(path),
    run: async (job): Promise<VaeDecodeResult> => {
      let facts: Omit<VaeDecodeResult, 'written'> | null = null;
      const written = await runFileExport(parts, 'vae-decoding', order, job, async () => {
        const made = await writeDecoding(parts, order, job);
        ({ facts } = made);
        return made.file;
      });
      if (facts === null) throw new CubelensError('internal', 'A decoding without facts.');
      return { ...(facts as Omit<VaeDecodeResult, 'written'>), written };
    },
  };
}
