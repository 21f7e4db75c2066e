import { stat, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError } from '../../base/errors.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type {
  ClassifierAnswer,
  ClassifierAuxiliary,
  ClassifierConfig,
  ClassifierEpoch,
} from '../../contract/classifier.ts';
import type { classifierFiles, ClassFormat } from '../../contract/classifierJobs.ts';
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
  table: { rows: number; columns: number; notes: string[] };
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
    const { rows, columns, notes } = table;
    return {
      answer,
      table: { rows, columns, notes },
      backend: { backend, version },
      files: saveClassifier(model),
    };
  },
);

/** Where the files of a saved classifier lie. */
export type ClassifierPaths = Record<keyof typeof classifierFiles, string>;

/** A saved classifier. Throws as `readClassifier`. */
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
    return readClassifier(files);
  },
);

/** Larger files are refused by their size alone: `readClassifier` says so of an empty stand-in. */
const mostBytes = 2 ** 28;

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    return size > mostBytes ? new Uint8Array(mostBytes + 1) : await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, basename(path));
  }
}

/** Classifies whole lines of a cube and writes them into a temporary file; gives their bytes and the pixels of each code. */
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
  ): Promise<{ bytes: number; counts: number[] }> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { classify } = await import('./classify.ts');
    const { classBytes } = await import('./classImage.ts');
    const { model, window, bands, format } = args;
    const planes = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    const { pixelOf, values, positions } = completeRows(planes, window, bands.length);
    const { tf } = await loadTensorFlow();
    const rows = pixelOf.length;
    const found = await classify(tf, model, values, rows, positions, { signal: context.signal });
    const codes = new Uint8Array(window.lines * window.samples);
    const probability = new Float32Array(codes.length).fill(NaN);
    pixelOf.forEach((pixel, row) => {
      codes[pixel] = (found.classOf[row] as number) + 1;
      probability[pixel] = found.probability[row] as number;
    });
    const counts = Array.from({ length: model.classes.length + 1 }, () => 0);
    for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
    const lines = { line0: window.line0, samples: window.samples, codes, probability };
    const bytes = classBytes(format, lines, model.classes);
    const writer = new PartWriter(args.output);
    try {
      writer.write(bytes, args.position);
    } finally {
      writer.close();
    }
    return { bytes: bytes.length, counts };
  },
);

/** Pixels that have a value in all bands, as rows. */
function completeRows(
  planes: ArrayLike<number>,
  window: LineSampleWindow,
  bands: number,
): { pixelOf: Int32Array; values: Float32Array; positions: Int32Array } {
  const pixels = window.lines * window.samples;
  const isComplete = new Uint8Array(pixels).fill(1);
  for (let band = 0; band < bands; band++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      // As float32, which is what the classifier takes.
      if (!Number.isFinite(Math.fround(planes[band * pixels + pixel] as number))) isComplete[pixel] = 0;
    }
  }
  const pixelOf = Int32Array.from(isComplete.keys()).filter((pixel) => isComplete[pixel] === 1);
  const values = new Float32Array(pixelOf.length * bands);
  const positions = new Int32Array(2 * pixelOf.length);
  pixelOf.forEach((pixel, row) => {
    for (let band = 0; band < bands; band++)
      values[row * bands + band] = planes[band * pixels + pixel] as number;
    positions[2 * row] = window.line0 + Math.floor(pixel / window.samples);
    positions[2 * row + 1] = window.sample0 + (pixel % window.samples);
  });
  return { pixelOf, values, positions };
}

/** Tasks of this folder. */
export const classifierTasks: readonly AnyTask[] = [
  trainClassifierTask,
  readClassifierTask,
  classifyLinesTask,
];
