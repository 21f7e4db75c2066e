import { basename } from 'node:path';
import { CubelensError } from '../../base/errors.ts';
import { Scratch } from '../../base/scratch.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import { readValues } from '../../cube/read.ts';
import { planesOfArray, writeRawWindow, type RawTarget } from '../../exports/rawWriter.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { PartWriter } from '../../io/partWriter.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { defineTask } from '../../workers/task.ts';
import type { LatentFormat, RowPlaces } from './latentRows.ts';
import type { VaeModel } from './model.ts';
import { rowsOfPlanes } from './rowsOfPlanes.ts';

// For the thread of TensorFlow. What computes is loaded when it is first needed.

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
    const values = rowsOfPlanes(planes, bands.length, pixels);
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
