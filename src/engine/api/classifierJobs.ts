import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import {
  classifierApplyJobSchema,
  classifierTrainJobSchema,
  type ClassifierApplyResult,
  type ClassifierTrainResult,
} from '../contract/classifierJobs.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { checkFileTarget, runFileExport } from '../exports/fileExport.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { classFile, writeClasses, type ClassImage } from '../learning/classifier/classFile.ts';
import type { TrainedClassifier } from '../learning/classifier/tasks.ts';
import { writeTraining } from '../learning/classifier/training.ts';
import { readable } from './grantedFiles.ts';
import { inputsOf, recordedSource } from '../learning/data/readSamples.ts';
import { sampleFiles } from './sampleFiles.ts';
import type { EngineParts } from './parts.ts';

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
        const samples = await sampleFiles(parts, source, job.signal);
        const order = {
          inputs: inputsOf(samples),
          parameters: { ...recordedSource(samples), auxiliary, config },
          path: targets.model,
          // A model that is there is refused, in words of its own.
          replace: true,
        };
        let trained: TrainedClassifier | null = null;
        const written = await runFileExport(parts, 'classifier-training', order, job, async () => {
          const made = await writeTraining(parts, order, targets, job);
          ({ trained } = made);
          return made.files;
        });
        if (trained === null) throw new CubelensError('internal', 'A training that gave no model.');
        const { answer, table, backend } = trained as TrainedClassifier;
        return { answer, table, backend, written };
      },
    };
  },
});

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
