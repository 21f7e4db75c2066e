import { basename, dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
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
import { vaeConfig } from '../learning/vae/layers.ts';
import { bandsOf } from '../learning/vae/bandsOf.ts';
import { latentHead } from '../learning/vae/latentRows.ts';
import type { VaeModel } from '../learning/vae/model.ts';
import {
  decodeTask,
  encodeTableTask,
  encodeWindowTask,
  readVaeTask,
  trainVaeTask,
  writeHeadTask,
  type TrainedVae,
} from '../learning/vae/tasks.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeTemporary } from '../exports/writeOneFile.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { commitOutput, createOutput, discardOutput, exists, type OutputFile } from '../io/outputFile.ts';
import type { JobKind, PlannedJob } from '../jobs/jobKind.ts';
import type { JobContext } from '../jobs/jobs.ts';
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
            const held = last.validation === undefined ? '' : `, held out ${figure(last.validation)}`;
            job.stage(
              `Epoch ${last.epoch} of ${config.epochs}: ELBO ${figure(last.elbo)}, reconstruction ${figure(last.reconstruction)}, KL ${figure(kl)}${held}`,
              config.epochs,
            );
          }
          job.progress(done);
          job.live(live);
        };
        const args = { source: table, config, checkpoint: targets.checkpoint, resume: from };
        const trained = await parts.tensorFlow.run(trainVaeTask, args, {
          signal: job.signal,
          priority: 'export',
          onProgress,
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
    const saved = savedModel(parts, files);
    const { path } = parts.grants.resolve(target, 'write');
    return {
      title: `Encode to ${basename(path)}`,
      folder: dirname(path),
      run: async (job): Promise<VaeEncodeResult> => {
        if (!replace && (await exists(path))) throw there(path);
        const work = { signal: job.signal, priority: 'export' as const };
        job.stage('Loading TensorFlow');
        const model = await parts.tensorFlow.run(readVaeTask, saved, work);
        if (source.kind === 'cube') {
          return encodeCube(
            parts,
            model,
            parts.grants.resolve(source.grantId, 'read'),
            { path, format },
            job,
          );
        }
        const file = parts.grants.resolve(source.grantId, 'read').path;
        const output = await createOutput(path, 0);
        const made = [output];
        try {
          job.stage('Encoding');
          const args = { model, path: file, output, format };
          const part = await parts.tensorFlow.run(encodeTableTask, args, work);
          const { metadata, shape, rows, skipped, klSum, notes } = part;
          if (format === 'tsv' && metadata !== null)
            made.unshift(await metadataFile(parts, path, metadata, work));
          const written = await committed(made, job);
          return {
            shape: [...shape, 2 * model.config.latent],
            ...means(klSum, rows, skipped),
            skipped,
            notes,
            written,
          };
        } catch (thrown) {
          await Promise.all(made.map(discardOutput));
          throw thrown;
        }
      },
    };
  },
});

type Running = { signal: AbortSignal; priority: 'export' };

const metadataFile = (
  { pool }: EngineParts,
  path: string,
  text: string,
  work: Running,
): Promise<OutputFile> =>
  writeTemporary(path.replace(/(\.tsv)?$/i, '.metadata.tsv'), (output) =>
    pool.run(writeTextTask, { output, text }, work),
  );

async function committed(made: readonly OutputFile[], job: JobContext): Promise<WrittenFile> {
  let bytes = 0;
  for (const { part } of made) bytes += (await stat(part)).size;
  if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
  for (const file of made) await commitOutput(file);
  return { files: made.map(({ name }) => name).reverse(), bytes };
}

const means = (klSum: readonly number[], rows: number, skipped: number): { klPerDimension: number[] } => ({
  klPerDimension: klSum.map((sum) => sum / Math.max(1, rows - skipped)),
});

/** Numbers of one window of a cube that is encoded. */
const numbersAtOnce = 2 ** 23;

async function encodeCube(
  { cubes, tensorFlow }: EngineParts,
  model: VaeModel,
  file: { path: string; within: string | null },
  { path, format }: { path: string; format: 'npy' | 'csv' | 'tsv' },
  job: JobContext,
): Promise<VaeEncodeResult> {
  const holder = `encoding ${randomUUID()}`;
  const work = { signal: job.signal, priority: 'export' as const };
  const output = await createOutput(path, 0);
  try {
    const cube = await cubes.open(file, {}, holder, job.signal);
    const { lines, samples } = cube.description;
    const { bands, notes } = bandsOf(model, cube.description);
    const { latent } = model.config;
    const positions = new Int32Array();
    const head = latentHead(format, [lines, samples], latent, { positions, classNames: null });
    await tensorFlow.run(writeHeadTask, { output, head }, work);
    let position = head.length;
    const klSum = Array.from({ length: latent }, () => 0);
    let skipped = 0;
    const step = Math.max(1, Math.floor(numbersAtOnce / (samples * bands.length)));
    job.stage('Encoding', lines * samples);
    await cubes.using(cube, async () => {
      for (let line0 = 0; line0 < lines; line0 += step) {
        const window = { line0, sample0: 0, lines: Math.min(step, lines - line0), samples };
        const blocks = await cubes.blocks.fetch(cube, window, bands, work);
        const args = { cubeId: cube.cubeId, blocks, model, window, bands, output, position, format };
        const part = await tensorFlow.run(encodeWindowTask, args, work);
        position += part.bytes;
        skipped += part.skipped;
        part.klSum.forEach((sum, k) => (klSum[k] = (klSum[k] ?? 0) + sum));
        job.progress((line0 + window.lines) * samples);
      }
    });
    const rows = lines * samples;
    if (skipped === rows) {
      throw new CubelensError(
        'degenerate',
        `No pixel of ${cube.description.file} has a value in all ${bands.length} bands that the model takes.`,
        { field: 'source', remedy: 'Encode a cube of the sensor that the model was trained on.' },
      );
    }
    const written = await committed([output], job);
    return { shape: [lines, samples, 2 * latent], ...means(klSum, rows, skipped), skipped, notes, written };
  } catch (thrown) {
    await discardOutput(output);
    throw thrown;
  } finally {
    cubes.closeAll(holder);
  }
}

/** Spectra of latent coordinates. */
export const vaeDecodeJob = (parts: EngineParts): JobKind<z.infer<typeof vaeDecodeJobSchema>> => ({
  kind: 'vae-decode',
  schema: vaeDecodeJobSchema,
  plan: ({ files, latent, target, format, replace }) => {
    const { path } = parts.grants.resolve(latent, 'read');
    return decoding(parts, files, { path }, { target, format, replace });
  },
});

/** Spectra of points drawn from N(0, I). */
export const vaeSampleJob = (parts: EngineParts): JobKind<z.infer<typeof vaeSampleJobSchema>> => ({
  kind: 'vae-sample',
  schema: vaeSampleJobSchema,
  plan: ({ files, count, seed, target, format, replace }) =>
    decoding(parts, files, { count, seed }, { target, format, replace }),
});

function decoding(
  parts: EngineParts,
  files: { model: string; weights: string },
  from: { path: string } | { count: number; seed: number },
  { target, format, replace }: { target: string; format: 'npy' | 'csv'; replace: boolean },
): PlannedJob {
  const saved = savedModel(parts, files);
  const { path } = parts.grants.resolve(target, 'write');
  return {
    title: `Decode to ${basename(path)}`,
    folder: dirname(path),
    run: async (job): Promise<VaeDecodeResult> => {
      if (!replace && (await exists(path))) throw there(path);
      const work = { signal: job.signal, priority: 'export' as const };
      job.stage('Loading TensorFlow');
      const model = await parts.tensorFlow.run(readVaeTask, saved, work);
      job.stage('Decoding');
      const output = await createOutput(path, 0);
      try {
        const facts = await parts.tensorFlow.run(decodeTask, { model, from, output, format }, work);
        return { ...facts, written: await committed([output], job) };
      } catch (thrown) {
        await discardOutput(output);
        throw thrown;
      }
    },
  };
}

function savedModel(
  { grants }: EngineParts,
  { model, weights }: { model: string; weights: string },
): { json: string; binary: string } {
  return { json: grants.resolve(model, 'read').path, binary: grants.resolve(weights, 'read').path };
}
