import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import {
  vaeDecodeJobSchema,
  vaeEncodeJobSchema,
  vaeSampleJobSchema,
  vaeTrainJobSchema,
  type VaeDecodeResult,
  type VaeEncodeResult,
  type VaeTrainResult,
} from '../contract/vae.ts';
import {
  vaeFigureJobSchema,
  type VaeFigureParameters,
  type VaeFigureResult,
} from '../contract/vaeSpectra.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { runFileExport } from '../exports/fileExport.ts';
import type { ReadableFile } from '../io/grants.ts';
import { exists } from '../io/outputFile.ts';
import type { JobKind, PlannedJob } from '../jobs/jobKind.ts';
import { writeFigure } from '../learning/vae/figures.ts';
import { vaeConfig } from '../learning/vae/layers.ts';
import { writeDecoding, writeEncoding, type DecodingParameters } from '../learning/vae/outputs.ts';
import { inputsOf, recordedSource } from '../learning/data/readSamples.ts';
import { trainVaeTask, vaeLegsTask, type TrainedVae } from '../learning/vae/trainTask.ts';
import { trainingProgress, writeTraining, type Train } from '../learning/vae/training.ts';
import { readable, savedVae } from './grantedFiles.ts';
import { sampleFiles } from './sampleFiles.ts';
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
        const files = await sampleFiles(parts, source, job.signal);
        const legs =
          from === null
            ? []
            : await parts.pool.run(
                vaeLegsTask,
                { checkpoint: from, epochs: config.epochs },
                { signal: job.signal, priority: 'export' },
              );
        const parameters = { ...recordedSource(files), config, ...(legs.length > 0 ? { legs } : {}) };
        const order = { inputs: inputsOf(files), parameters, path: targets.model, replace };
        let begun = false;
        const train: Train = (samples) =>
          job.pausable(async (signal, again) => {
            // The checkpoint is this training's own once an epoch has ended; where it has gone since, training begins again.
            const own = again && begun && (await exists(targets.checkpoint));
            const args = { source: samples, config, legs, checkpoint: targets.checkpoint };
            const show = trainingProgress(job, config);
            return parts.tensorFlow.run(
              trainVaeTask,
              { ...args, resume: own ? targets.checkpoint : from },
              {
                signal,
                priority: 'export',
                onProgress: (done, live) => {
                  begun = true;
                  show(done, live);
                },
              },
            );
          });
        let trained: TrainedVae | null = null;
        const written = await runFileExport(parts, 'vae-training', order, job, async () => {
          const made = await writeTraining(parts, order, targets, job, train);
          ({ trained } = made);
          return made.files;
        });
        if (trained === null) throw new CubelensError('internal', 'A training that gave no model.');
        const { description, training, table, backend } = trained as TrainedVae;
        return { description, training, table, backend, written };
      },
    };
  },
});

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

type VaeFigureOrder = z.infer<typeof vaeFigureJobSchema>;

/** A figure as a recipe records it: without the grant of the cube, which is an input. */
function withoutGrant(figure: VaeFigureOrder['figure']): VaeFigureParameters['figure'] {
  const placeOf = ({ line, sample }: { line: number; sample: number }) => ({ line, sample });
  return figure.kind === 'spectrum'
    ? { ...figure, pixel: placeOf(figure.pixel) }
    : { ...figure, pixel: figure.pixel && placeOf(figure.pixel) };
}

/** A pixel's Gaussian, or traversals, as a file. */
export const vaeFigureJob = (parts: EngineParts): JobKind<VaeFigureOrder> => ({
  kind: 'vae-figure',
  schema: vaeFigureJobSchema,
  plan: ({ files, figure: asked, target, format, replace }) => {
    const { path } = parts.grants.resolve(target, 'write');
    const { pixel } = asked;
    const model = savedVae(parts, files);
    const cube = pixel === null ? null : readable(parts, pixel.grantId);
    const parameters = { figure: withoutGrant(asked), format };
    return {
      title: `Export ${basename(path)}`,
      folder: dirname(path),
      run: async (job): Promise<VaeFigureResult> => {
        const ofCube = cube === null ? [] : await cubeInputs(parts.cubes, cube, job.signal);
        const order = { inputs: [...model, ...ofCube], parameters, path, replace };
        let notes: string[] | null = null;
        const written = await runFileExport(parts, 'vae-figure', order, job, async () => {
          const made = await writeFigure(parts, order, job);
          ({ notes } = made);
          return made.file;
        });
        if (notes === null) throw new CubelensError('internal', 'A figure that was not made.');
        return { written, notes };
      },
    };
  },
});
