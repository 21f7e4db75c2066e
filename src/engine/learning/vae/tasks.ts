import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../../base/errors.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { VaeConfig, VaeDescription, VaeEpoch, VaeTraining } from '../../contract/vae.ts';
import { readValues } from '../../cube/read.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { PartWriter } from '../../io/partWriter.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { planesOfArray, writeRawWindow, type RawTarget } from '../../exports/rawWriter.ts';
import { Scratch } from '../../base/scratch.ts';
import { defineTask, type AnyTask } from '../../workers/task.ts';
import type { ReadTable } from '../data/spectraTable.ts';
import type { LatentFormat, RowPlaces } from './latentRows.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import type { decode as Decode } from './apply.ts';
import type { VaeModel } from './model.ts';
import type { Spectra, SpectraFacts } from './spectraFile.ts';

// For the thread of TensorFlow. What computes is loaded when it is first needed.

/** Samples as they cross threads: a table whose numbers are shared, or a file to read. */
export type TableSource = { table: ReadTable } | { path: string };

/** A model trained, with the texts of its files. */
export interface TrainedVae {
  description: VaeDescription;
  training: VaeTraining;
  table: { rows: number; columns: number; notes: string[] };
  backend: { backend: string; version: string };
  files: { json: string; binary: Uint8Array; loss: string; latent: string };
}

const tableOf = async (source: TableSource): Promise<ReadTable> =>
  'table' in source ? source.table : (await import('../data/tableOfFile.ts')).tableOfFile(source.path);

/** Rows that describe a model: an even part of more. */
const mostDescribed = 50_000;

/**
 * Trains an autoencoder, keeping its checkpoint in a file; progress in epochs, with their figures. Throws as `trainVae`;
 * cancelled or failed, the last checkpoint is there.
 */
export const trainVaeTask = defineTask(
  'vae.train',
  async (
    args: { source: TableSource; config: VaeConfig; checkpoint: string; resume: string | null },
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
    const checkpoints = new Checkpoints(args.checkpoint);
    const epochs: VaeEpoch[] = resume === undefined ? [] : [...resume.epochs];
    let model: VaeModel;
    try {
      model = await trainVae({
        tf,
        table,
        config: args.config,
        signal: context.signal,
        resume,
        onEpoch: (figures) => {
          epochs.push(figures);
          context.progress(figures.epoch, { epochs });
        },
        checkpoint: (state) => {
          checkpoints.take(state);
        },
      });
    } finally {
      await checkpoints.flush();
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

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw asCubelensError(thrown, basename(path));
  }
}

/** A saved model. Throws `not-found`, and as `modelFromFiles` naming the file. */
export const readVaeTask = defineTask(
  'vae.read',
  async ({ json, binary }: { json: string; binary: string }): Promise<VaeModel> => {
    const { modelFromFiles } = await import('./modelFiles.ts');
    const [text, bytes] = [await contentOf(json), await contentOf(binary)];
    try {
      return modelFromFiles(
        Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8'),
        bytes,
      );
    } catch (thrown) {
      const error = asCubelensError(thrown, basename(json));
      throw new CubelensError(
        error.code,
        `${basename(json)}: ${error.message}`,
        { ...error.place, file: basename(json) },
        thrown,
      );
    }
  },
);

/** What was encoded and written. */
export interface EncodedPart {
  bytes: number;
  rows: number;
  skipped: number;
  /** Sum over the rows that were not skipped, for each dimension. */
  klSum: number[];
}

/** Where encoded samples go: rows from a position on, or maps of a cube. */
export type LatentTarget =
  | { kind: 'rows'; output: OutputFile; position: number; format: LatentFormat }
  | { kind: 'maps'; target: RawTarget };

/** Memory that one window after the other uses in this thread. */
const memory = new Scratch();

/** Encodes a window of a cube and writes it into a temporary file. */
export const encodeWindowTask = defineTask(
  'vae.encodeWindow',
  async (
    args: CubeArgs & {
      model: VaeModel;
      window: LineSampleWindow;
      bands: number[];
      to: LatentTarget;
    },
    context,
  ): Promise<EncodedPart> => {
    const { model, window, bands, to } = args;
    const planes = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    const pixels = window.lines * window.samples;
    const values = new Float32Array(pixels * bands.length);
    for (let band = 0; band < bands.length; band++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        values[pixel * bands.length + band] = planes[band * pixels + pixel] as number;
      }
    }
    const positions = new Int32Array(2 * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      positions[2 * pixel] = window.line0 + Math.floor(pixel / window.samples);
      positions[2 * pixel + 1] = window.sample0 + (pixel % window.samples);
    }
    return encodeRows(
      model,
      values,
      pixels,
      { positions, classNames: null },
      { ...to, window },
      context.signal,
    );
  },
);

/** Writes the first bytes of a temporary file. */
export const writeHeadTask = defineTask(
  'vae.writeHead',
  ({ output, head }: { output: OutputFile; head: Uint8Array }): void => {
    const writer = new PartWriter(output);
    try {
      writer.write(head, 0);
    } finally {
      writer.close();
    }
  },
);

/** Encodes the rows of a table and writes them; gives also what the Projector's second file holds. */
export const encodeTableTask = defineTask(
  'vae.encodeTable',
  async (
    args: { model: VaeModel; path: string; output: OutputFile; format: LatentFormat },
    context,
  ): Promise<EncodedPart & { shape: number[]; notes: string[]; metadata: string | null }> => {
    const { tableOfFile } = await import('../data/tableOfFile.ts');
    const { latentHead, projectorMetadata } = await import('./latentRows.ts');
    const { model } = args;
    const table = await tableOfFile(args.path, { keepMissing: true });
    const { rows, columns, values, positions, classes } = table;
    const notes = [...table.notes, ...nameNotes(model.names, table.names)];
    const { format, output } = args;
    if (columns !== model.columns) {
      const file = basename(args.path);
      throw new CubelensError(
        'invalid-request',
        `${file} has ${columns} columns, the model takes ${model.columns}.`,
        { file, field: 'source', remedy: 'Give the columns that the model was trained on.' },
      );
    }
    const classNames =
      classes === null ? null : Array.from(classes.ofRow, (place) => classes.names[place] ?? null);
    const places = { positions, classNames };
    const shape = table.shape ?? [rows];
    const head = latentHead(format, shape, model.config.latent, places);
    const writer = new PartWriter(output);
    try {
      writer.write(head, 0);
    } finally {
      writer.close();
    }
    const where = { kind: 'rows' as const, output, position: head.length, format };
    const part = await encodeRows(model, values, rows, places, where, context.signal);
    return { ...part, shape, notes, metadata: projectorMetadata(rows, places) };
  },
);

/** A sentence where columns are named otherwise than those the model was trained on; names of an NPY file say nothing. */
function nameNotes(trained: readonly string[], given: readonly string[]): string[] {
  const other = given.findIndex(
    (name, k) => !name.startsWith('column ') && trained[k] !== undefined && name !== trained[k],
  );
  if (other < 0 || trained.every((name) => name.startsWith('column '))) return [];
  return [
    `Column ${other + 1} is named "${given[other] ?? ''}", the model was trained on "${trained[other] ?? ''}": columns are taken in their order.`,
  ];
}

async function encodeRows(
  model: VaeModel,
  values: Float32Array,
  rows: number,
  places: RowPlaces,
  to: LatentTarget & { window?: LineSampleWindow },
  signal: { readonly aborted: boolean },
): Promise<EncodedPart> {
  const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
  const { encode } = await import('./apply.ts');
  const { latentBody } = await import('./latentRows.ts');
  const { tf } = await loadTensorFlow();
  const encoding = encode(tf, model, values, rows, { signal });
  let written = 0;
  const writer = new PartWriter(to.kind === 'rows' ? to.output : to.target.output);
  try {
    if (to.kind === 'rows') {
      const bytes = latentBody(to.format, encoding, places);
      writer.write(bytes, to.position);
      written = bytes.length;
    } else if (to.window !== undefined) {
      const { mapsOf } = await import('./latentMaps.ts');
      writeRawWindow(to.target, to.window, planesOfArray(mapsOf(encoding), rows), writer, memory);
    }
  } finally {
    writer.close();
  }
  const skipped = encoding.kl.reduce((count, kl) => count + (Number.isNaN(kl) ? 1 : 0), 0);
  const counted = rows - skipped;
  const klSum = encoding.klPerDimension.map((mean) => (counted === 0 ? 0 : mean * counted));
  return { bytes: written, rows, skipped, klSum };
}

/** Decodes the rows of a file (r or 2r columns), or `count` points drawn by a seed, and writes the spectra. */
export const decodeTask = defineTask(
  'vae.decode',
  async (
    args: {
      model: VaeModel;
      from: { path: string } | { count: number; seed: number };
      output: OutputFile;
      format: 'npy' | 'csv';
    },
    context,
  ): Promise<{ rows: number; columns: number; withDeviation: boolean; notes: string[] }> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { decode, sample } = await import('./apply.ts');
    const { tf } = await loadTensorFlow();
    const { model, from, output, format } = args;
    const { columns } = model;
    const { latent } = model.config;
    if ('count' in from) {
      const { rows, mean } = sample(tf, model, from.count, from.seed);
      const of = (start: number, end: number): Spectra => ({
        rows: end - start,
        mean: mean.subarray(start * columns, end * columns),
        sd: null,
      });
      await writeSpectra(
        { output, format, model },
        { shape: [rows], rows, withDeviation: false, positions: null },
        of,
      );
      return { rows, columns, withDeviation: false, notes: [] };
    }
    const { tableOfFile } = await import('../data/tableOfFile.ts');
    const table = await tableOfFile(from.path, { keepMissing: true });
    const { rows, values, positions, notes } = table;
    if (table.columns !== latent && table.columns !== 2 * latent) {
      const file = basename(from.path);
      throw new CubelensError(
        'invalid-request',
        `${file} has ${table.columns} columns; the model's latent size is ${latent}.`,
        { file, field: 'latent', remedy: `Give ${latent} columns (mu), or ${2 * latent} (mu, then sigma).` },
      );
    }
    const withDeviation = table.columns === 2 * latent;
    const of = (start: number, end: number): Spectra => {
      const part = (first: number): Float32Array =>
        Float32Array.from(
          { length: (end - start) * latent },
          (_, k) => values[(start + Math.floor(k / latent)) * table.columns + first + (k % latent)] as number,
        );
      return decodedRows(
        tf,
        model,
        part(0),
        withDeviation ? part(latent) : null,
        end - start,
        decode,
        context,
      );
    };
    const whole = { shape: table.shape ?? [rows], rows, withDeviation, positions };
    await writeSpectra({ output, format, model }, whole, of);
    return { rows, columns, withDeviation, notes };
  },
);

/** Decodes rows of which some may lack a number: their spectra are NaN. */
function decodedRows(
  tf: TensorFlow,
  model: VaeModel,
  mu: Float32Array,
  sigma: Float32Array | null,
  rows: number,
  decode: typeof Decode,
  context: { signal: { readonly aborted: boolean } },
): Spectra {
  const { latent } = model.config;
  const missing: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let k = row * latent; k < (row + 1) * latent; k++) {
      if (Number.isFinite(mu[k]) && (sigma === null || Number.isFinite(sigma[k]))) continue;
      missing.push(row);
      mu.fill(0, row * latent, (row + 1) * latent);
      sigma?.fill(0, row * latent, (row + 1) * latent);
      break;
    }
  }
  const { mean, sd } = decode(tf, model, mu, rows, sigma ?? undefined, context);
  for (const row of missing) {
    for (const out of [mean, sd]) out.fill(NaN, row * model.columns, (row + 1) * model.columns);
  }
  return { rows, mean, sd: sigma === null ? null : sd };
}

/** Rows that are decoded and written at once. */
const rowsAtOnce = 4096;

async function writeSpectra(
  { output, format, model }: { output: OutputFile; format: 'npy' | 'csv'; model: VaeModel },
  { shape, rows, withDeviation, positions }: SpectraFacts & { rows: number },
  of: (start: number, end: number) => Spectra,
): Promise<void> {
  const { spectraBody, spectraHead } = await import('./spectraFile.ts');
  const writer = new PartWriter(output);
  try {
    const head = spectraHead(format, model, { shape, withDeviation, positions });
    writer.write(head, 0);
    let position = head.length;
    for (let start = 0; start < rows; start += rowsAtOnce) {
      const end = Math.min(rows, start + rowsAtOnce);
      const places = positions === null ? null : positions.subarray(2 * start, 2 * end);
      const bytes = spectraBody(format, model.columns, of(start, end), places);
      writer.write(bytes, position);
      position += bytes.length;
    }
    writer.finish(position);
  } finally {
    writer.close();
  }
}

/** Tasks of this folder. */
export const vaeTasks: readonly AnyTask[] = [
  trainVaeTask,
  readVaeTask,
  encodeWindowTask,
  writeHeadTask,
  encodeTableTask,
  decodeTask,
];
