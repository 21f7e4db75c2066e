import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import { classifierAuxiliarySchema, classifierConfigSchema } from '../../contract/classifier.ts';
import { classifierFiles, type ClassifierLive } from '../../contract/classifierJobs.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import { checkMainName, type FileKind, type FileOrder } from '../../exports/fileExport.ts';
import { writeTextTask } from '../../exports/tasks.ts';
import { writeTemporary } from '../../exports/writeOneFile.ts';
import { discardOutput, exists, type OutputFile } from '../../io/outputFile.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { TensorFlowThread } from '../../tensorflow/thread.ts';
import { readSamples, sourceAmong, type SampleFiles, type Samples } from '../data/readSamples.ts';
import { trainClassifierTask, type ClassifierPaths, type TrainedClassifier } from './tasks.ts';
import { withAllClassed } from './withAllClassed.ts';

type Roles = keyof typeof classifierFiles;
/** The model's own file is the last. */
const roles: readonly Roles[] = ['facts', 'weights', 'model'];

const trainingSchema = z.strictObject({
  source: z.enum(['cube', 'file']),
  /** How many inputs, the last ones, are the files of a class map. */
  mapInputs: z.int().min(0).max(100),
  most: z.int().min(1).optional(),
  auxiliary: classifierAuxiliarySchema.nullable(),
  config: classifierConfigSchema,
});
export type TrainingParameters = z.infer<typeof trainingSchema>;

/** What training works with. */
export type TrainingEngine = ExportEngine & { tensorFlow: TensorFlowThread };

/**
 * A trained classifier as files in a folder, its model the last: made again from the same samples it is the same, on the same
 * backend of TensorFlow. Its inputs are those of its samples.
 */
export const classifierTrainingFile = (tensorFlow: TensorFlowThread): FileKind<TrainingParameters> => ({
  kind: 'classifier-training',
  schema: trainingSchema,
  write: async (engine, order, job) => {
    const { path } = order;
    checkMainName(path, classifierFiles.model, 'A classifier');
    const beside = (role: Roles): string => join(dirname(path), classifierFiles[role]);
    const targets = { model: beside('model'), weights: beside('weights'), facts: beside('facts') };
    return (await writeTraining({ ...engine, tensorFlow }, order, targets, job)).files;
  },
});

/** Trains as ordered. The temporary files of the model, its own last, and what was trained. Throws `invalid-request` where one is there. */
export async function writeTraining(
  engine: TrainingEngine,
  { inputs, parameters }: FileOrder<TrainingParameters>,
  targets: ClassifierPaths,
  job: JobContext,
): Promise<{ files: OutputFile[]; trained: TrainedClassifier }> {
  const { auxiliary, config } = parameters;
  await checkNone(targets);
  const samples = await classedSamples(engine, sourceAmong(inputs, parameters), config.seed, job);
  job.stage('Loading TensorFlow', config.epochs);
  const trained = await engine.tensorFlow.run(
    trainClassifierTask,
    { source: samples, auxiliary, config },
    {
      signal: job.signal,
      priority: 'export',
      onProgress: (done, live) => {
        const last = (live as ClassifierLive).epochs.at(-1);
        if (last !== undefined) {
          const [loss, stopping] = [last.loss.toPrecision(4), last.stoppingLoss.toPrecision(4)];
          const says = `Epoch ${last.epoch} of ${config.epochs}: loss ${loss}, stopping loss ${stopping}`;
          job.stage(says, config.epochs);
        }
        job.progress(done);
        job.live(live);
      },
    },
  );
  job.stage('Writing');
  const files = await modelOutputs(engine, targets, trained, job);
  try {
    // Somebody may have written one meanwhile.
    await checkNone(targets);
    return { files, trained };
  } catch (thrown) {
    await Promise.all(files.map(discardOutput));
    throw thrown;
  }
}

/** Samples of the scene; where it is too large to be read whole, with the pixels that have a class read for themselves. */
async function classedSamples(
  engine: ExportEngine,
  source: SampleFiles,
  seed: number,
  job: JobContext,
): Promise<Samples> {
  const scene = await readSamples(engine, source, { seed, onlyClassed: false }, job);
  if (source.kind === 'file' || source.classes.length === 0 || 'path' in scene) return scene;
  const { sampledOf, classes } = scene.table;
  // Without any class, the second reading says why.
  if (sampledOf === undefined && classes?.ofRow.some((one) => one >= 0) === true) return scene;
  const classed = await readSamples(engine, source, { seed, onlyClassed: true }, job);
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

async function modelOutputs(
  { pool }: ExportEngine,
  targets: ClassifierPaths,
  { files }: TrainedClassifier,
  job: JobContext,
): Promise<OutputFile[]> {
  const work = { signal: job.signal, priority: 'export' as const };
  const made: OutputFile[] = [];
  try {
    for (const role of roles) {
      const text = files[classifierFiles[role]] ?? new Uint8Array();
      made.push(
        await writeTemporary(targets[role], (output) => pool.run(writeTextTask, { output, text }, work)),
      );
    }
    return made;
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    throw thrown;
  }
}
