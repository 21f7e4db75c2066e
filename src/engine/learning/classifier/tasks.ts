import { stat, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { asCubelensError, CubelensError } from '../../base/errors.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type {
  ClassifierAnswer,
  ClassifierAuxiliary,
  ClassifierConfig,
  ClassifierEpoch,
} from '../../contract/classifier.ts';
import type { classifierFiles, ClassFormat, ClassifierTrainResult } from '../../contract/classifierJobs.ts';
import { readValues } from '../../cube/read.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { PartWriter } from '../../io/partWriter.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { defineTask, type AnyTask } from '../../workers/task.ts';
import type { ReadTable } from '../data/spectraTable.ts';
import type { ClassifierModel } from './model.ts';

// For the thread of TensorFlow. What computes is loaded when it is first needed.

/** A classifier trained, with the bytes of its files by name. */
export interface TrainedClassifier {
  answer: ClassifierAnswer;
  table: ClassifierTrainResult['table'];
  backend: { backend: string; version: string };
  files: Record<string, Uint8Array>;
}

/** Trains a classifier; progress in epochs, with their figures. Throws as `trainClassifier`. */
export const trainClassifierTask = defineTask(
  'classifier.train',
  async (
    args: {
      source: { table: ReadTable } | { path: string };
      auxiliary: ClassifierAuxiliary | null;
      config: ClassifierConfig;
    },
    context,
  ): Promise<TrainedClassifier> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { trainClassifier } = await import('./train.ts');
    const { saveClassifier } = await import('./save.ts');
    const { tf, backend, version } = await loadTensorFlow();
    const { source, auxiliary, config } = args;
    const table =
      'table' in source
        ? source.table
        : await (await import('../data/tableOfFile.ts')).tableOfFile(source.path);
    const epochs: ClassifierEpoch[] = [];
    const { model, answer } = await trainClassifier({
      tf,
      table,
      auxiliary,
      config,
      signal: context.signal,
      onEpoch: (ended) => {
        epochs.push(ended);
        context.progress(ended.epoch, { epochs });
      },
    });
    const { columns, notes } = table;
    const rows = table.rows - (table.rangeOnly ?? 0);
    const labelled = table.classes?.ofRow.reduce((count, one) => count + (one >= 0 ? 1 : 0), 0) ?? 0;
    return {
      answer,
      table: { rows, labelled, columns, notes },
      backend: { backend, version },
      files: saveClassifier(model),
    };
  },
);

/** Where the files of a saved classifier lie. */
export type ClassifierPaths = Record<keyof typeof classifierFiles, string>;

/** A saved classifier. Throws as `readClassifier`, naming the folder. */
export const readClassifierTask = defineTask(
  'classifier.read',
  async (paths: ClassifierPaths): Promise<ClassifierModel> => {
    const { readClassifier } = await import('./read.ts');
    const { modelFile, weightsFile, factsFile } = await import('./savedFacts.ts');
    const files = {
      [modelFile]: await contentOf(paths.model),
      [weightsFile]: await contentOf(paths.weights),
      [factsFile]: await contentOf(paths.facts),
    };
    try {
      return readClassifier(files);
    } catch (thrown) {
      if (!(thrown instanceof CubelensError)) throw thrown;
      const folder = basename(dirname(paths.model));
      throw new CubelensError(thrown.code, `${folder}: ${thrown.message}`, thrown.place, thrown);
    }
  },
);

/** A file's bytes; it is named with its folder, as every model's files have the same names. */
async function contentOf(path: string): Promise<Uint8Array> {
  const file = `${basename(dirname(path))}/${basename(path)}`;
  const { checkSize } = await import('./savedFacts.ts');
  try {
    checkSize(file, (await stat(path)).size);
    return await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

/** What `classifyLinesTask` gives. */
export interface ClassifiedLines {
  /** Bytes written. */
  bytes: number;
  /** Pixels of each code. */
  counts: number[];
  /** As `CompleteRows`. */
  filled: number;
  hasValue: Uint8Array;
}

/**
 * Classifies whole lines of a cube and writes them into a temporary file. Pixels without a value in some band, or with one
 * that can only be a fill value, are unclassified (0).
 */
export const classifyLinesTask = defineTask(
  'classifier.lines',
  async (
    args: CubeArgs & {
      model: ClassifierModel;
      window: LineSampleWindow;
      bands: number[];
      output: OutputFile;
      position: number;
      format: ClassFormat;
    },
    context,
  ): Promise<ClassifiedLines> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { classify } = await import('./classify.ts');
    const { classBytes, classRecords, codesOf } = await import('./classImage.ts');
    const { completeRows } = await import('./completeRows.ts');
    const { model, window, bands, format } = args;
    const planes = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    const { pixelOf, values, positions, filled, hasValue } = completeRows(planes, window, model);
    const { tf } = await loadTensorFlow();
    const rows = pixelOf.length;
    const found = await classify(tf, model, values, rows, positions, { signal: context.signal });
    const [classes, codeOf] = [classRecords(model), codesOf(model)];
    const codes = new Uint8Array(window.lines * window.samples);
    const probability = new Float32Array(codes.length).fill(NaN);
    pixelOf.forEach((pixel, row) => {
      codes[pixel] = codeOf[found.classOf[row] as number] as number;
      probability[pixel] = found.probability[row] as number;
    });
    const counts = classes.map(() => 0);
    for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
    const lines = { line0: window.line0, samples: window.samples, codes, probability };
    const bytes = classBytes(format, lines, classes);
    const writer = new PartWriter(args.output);
    try {
      writer.write(bytes, args.position);
    } finally {
      writer.close();
    }
    return { bytes: bytes.length, counts, filled, hasValue };
  },
);

/** Tasks of this folder. */
export const classifierTasks: readonly AnyTask[] = [
  trainClassifierTask,
  readClassifierTask,
  classifyLinesTask,
];
