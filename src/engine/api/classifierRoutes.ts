import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import {
  classifierApplyJobSchema,
  classifierFiles,
  classifierTrainJobSchema,
  type ClassifierApplyResult,
  type ClassifierLive,
  type ClassifierTrainResult,
} from '../contract/classifierJobs.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { checkFileTarget, runFileExport } from '../exports/fileExport.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeTemporary } from '../exports/writeOneFile.ts';
import { commitOutput, discardOutput, exists, type OutputFile } from '../io/outputFile.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { classFile, writeClasses, type ClassImage } from '../learning/classifier/classFile.ts';
import {
  trainClassifierTask,
  type ClassifierPaths,
  type TrainedClassifier,
} from '../learning/classifier/tasks.ts';
import { withAllClassed } from '../learning/classifier/withAllClassed.ts';
import { readable } from './grantedFiles.ts';
import { learningTable } from './learningTable.ts';
import type { EngineParts } from './parts.ts';

type Roles = keyof typeof classifierFiles;
const roles: readonly Roles[] = ['facts', 'weights', 'model'];

/** Trains a classifier of spectra and writes its files; a model that is there is never replaced. */
export const classifierTrainJob = (
  parts: EngineParts,
): JobKind<z.infer<typeof classifierTrainJobSchema>> => ({
  kind: 'classifier-train',
  schema: classifierTrainJobSchema,
  plan: ({ source, auxiliary, config, files }) => {
    const path = (grantId: string): string => parts.grants.resolve(grantId, 'write').path;
    const targets = { model: path(files.model), weights: path(files.weights), facts: path(files.facts) };
    const folder = dirname(targets.model);
    return {
      title: `Train a classifier in ${basename(folder)}`,
      folder,
      run: async (job): Promise<ClassifierTrainResult> => {
        await checkNone(targets);
        const samples = await classedTable(parts, source, config.seed, job);
        job.stage('Loading TensorFlow', config.epochs);
        const onProgress = (done: number, live: unknown): void => {
          const last = (live as ClassifierLive).epochs.at(-1);
          if (last !== undefined) {
            const [loss, stopping] = [last.loss.toPrecision(4), last.stoppingLoss.toPrecision(4)];
            job.stage(
              `Epoch ${last.epoch} of ${config.epochs}: loss ${loss}, stopping loss ${stopping}`,
              config.epochs,
            );
          }
          job.progress(done);
          job.live(live);
        };
        const args = { source: samples, auxiliary, config };
        const trained = await parts.tensorFlow.run(trainClassifierTask, args, {
          signal: job.signal,
          priority: 'export',
          onProgress,
        });
        job.stage('Writing');
        const written = await writeModel(parts, targets, trained, job);
        const { answer, table, backend } = trained;
        return { answer, table, backend, written };
      },
    };
  },
});

/** Samples of the scene; where it is too large to be read whole, with the pixels that have a class read for themselves. */
async function classedTable(
  parts: EngineParts,
  source: z.infer<typeof classifierTrainJobSchema>['source'],
  seed: number,
  job: JobContext,
): ReturnType<typeof learningTable> {
  const scene = await learningTable(parts, source, { seed, onlyClassed: false }, job);
  if (source.kind === 'file' || source.classes === undefined || 'path' in scene) return scene;
  const { sampledOf, classes } = scene.table;
  // Without any class, the second reading says why.
  if (sampledOf === undefined && classes?.ofRow.some((one) => one >= 0) === true) return scene;
  const classed = await learningTable(parts, source, { seed, onlyClassed: true }, job);
  return 'path' in classed ? scene : { table: withAllClassed(scene.table, classed.table) };
}

async function checkNone(targets: ClassifierPaths): Promise<void> {
  for (const role of roles) {
    if (!(await exists(targets[role]))) continue;
    const file = basename(targets[role]);
    throw new CubelensError(
      'invalid-request',
      `${basename(dirname(targets[role]))} holds a model already: ${file}.`,
      { file, field: 'files', remedy: 'Choose another folder; a model is never replaced.' },
    );
  }
}

/** All files of a model: temporary ones first, then renamed together, the model's own last. */
async function writeModel(
  { pool }: EngineParts,
  targets: ClassifierPaths,
  { files }: TrainedClassifier,
  job: JobContext,
): Promise<WrittenFile> {
  const work = { signal: job.signal, priority: 'export' as const };
  const made: OutputFile[] = [];
  const committed: string[] = [];
  try {
    for (const role of roles) {
      const text = files[classifierFiles[role]] ?? new Uint8Array();
      made.push(
        await writeTemporary(targets[role], (output) => pool.run(writeTextTask, { output, text }, work)),
      );
    }
    // Of the model's own file, which is named first.
    const bytes = (await stat(made.at(-1)?.part ?? '')).size;
    if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
    await checkNone(targets);
    for (const file of made) {
      await commitOutput(file);
      committed.push(file.path);
    }
    return { files: made.map(({ name }) => name).reverse(), bytes };
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    // Nothing was there before: a part of a model is of no use.
    await Promise.all(committed.map((path) => rm(path, { force: true }).catch(() => undefined)));
    throw thrown;
  }
}

/** The class of each pixel of a cube, with a recipe. */
export const classifierApplyJob = (
  parts: EngineParts,
): JobKind<z.infer<typeof classifierApplyJobSchema>> => ({
  kind: 'classifier-apply',
  schema: classifierApplyJobSchema,
  plan: ({ files, cube: cubeGrant, target, format, replace }) => {
    const model = [files.model, files.weights, files.facts].map((grantId) => readable(parts, grantId));
    const file = readable(parts, cubeGrant);
    const { path } = parts.grants.resolve(target, 'write');
    return {
      title: `Classify to ${basename(path)}`,
      folder: dirname(path),
      run: async (job): Promise<ClassifierApplyResult> => {
        const inputs = [...model, ...(await cubeInputs(parts.cubes, file, job.signal))];
        await checkFileTarget(path, inputs, replace);
        const order = { inputs, parameters: { format }, path, replace };
        let image: ClassImage | null = null;
        const written = await runFileExport(parts, classFile(parts.tensorFlow).kind, order, job, async () => {
          image = await writeClasses(parts, order, job);
          return image.files;
        });
        const { lines, samples, classes, notes } = image as unknown as ClassImage;
        return { lines, samples, classes, notes, written };
      },
    };
  },
});
