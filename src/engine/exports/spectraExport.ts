import type { z } from 'zod';
import { spectraExportSchema, type CompleteExportParameters } from '../contract/exports.ts';
import { completeFilter } from '../products/defaults.ts';
import { exportWork, type ExportKind, type ExportRun, type PreparedOutput } from './exportKind.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { checkWindow, type DecodedBlocks } from '../cube/read.ts';
import { createOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import {
  bandColumnsTask,
  joinColumnsTask,
  pixelColumnsTask,
  type Columns,
  type PiecesFile,
} from './spectraTasks.ts';

type Parameters = CompleteExportParameters['spectra'];

/** Spectra of some pixels as CSV, one row a band. */
export const spectraExport: ExportKind<z.infer<typeof spectraExportSchema>, Parameters> = {
  kind: 'spectra',
  schema: spectraExportSchema,
  complete: (cube, asked) => ({
    ...asked,
    filter: asked.filter === null ? null : completeFilter(cube, asked.filter, 'spectrum'),
  }),
  targets: (_parameters, path) => [path],
  write: writeSpectra,
};

/** Numbers that one task reads: enough to make its message cheap, few enough to cancel soon. */
const valuesPerTask = 50_000;

/** Decoded blocks that one task of several pixels takes; a single pixel takes what it needs. */
const blockBytesPerTask = 32 * 1024 * 1024;

/**
 * Rows are bands and columns are pixels, so every row needs all pixels. Each task reads a few pixels and writes its piece of
 * each row to a temporary file; the last one joins the pieces row by row. So no thread holds more than a few pixels.
 */
async function writeSpectra(run: ExportRun<Parameters>): Promise<PreparedOutput> {
  const { engine, cube, parameters, job, path } = run;
  const { at, filter } = parameters;
  for (const { line, sample } of at) checkWindow(cube.description, pixelWindow(line, sample));
  const pieces = await createOutput(path, 0);
  let csv: OutputFile | null = null;
  try {
    job.stage('Reading spectra', at.length);
    const file: PiecesFile = { output: pieces, end: new BigInt64Array(new SharedArrayBuffer(8)) };
    const args = { cubeId: cube.cubeId, filter, file };
    const first = await engine.pool.run(bandColumnsTask, args, exportWork(job));
    const columns = [first.columns, ...(await pixelColumns(run, file))];
    const rows = columns[0]?.lengths.length ?? 0;
    // A comma or line end after each piece: a little more than the text will have.
    csv = await createOutput(path, Number(file.end[0]) + (columns.length + 1) * rows);
    job.stage('Writing rows', rows);
    const onProgress = (done: number): void => {
      job.progress(done);
    };
    await engine.pool.run(joinColumnsTask, { pieces, columns, csv }, { ...exportWork(job), onProgress });
    return { files: [csv], warnings: first.notes };
  } catch (thrown) {
    if (csv !== null) await discardOutput(csv);
    throw thrown;
  } finally {
    await discardOutput(pieces);
  }
}

/** The columns of all pixels, in their order. */
async function pixelColumns(run: ExportRun<Parameters>, file: PiecesFile): Promise<Columns[]> {
  const { engine, cube, parameters, job } = run;
  const { bands } = cube.description;
  const perTask = Math.max(1, Math.floor(valuesPerTask / bands));
  const groups = Array.from({ length: Math.ceil(parameters.at.length / perTask) }, (_, k) =>
    parameters.at.slice(k * perTask, (k + 1) * perTask),
  );
  let done = 0;
  const columns = await mapInOrder(groups, engine.pool.threads + 1, async (group) => {
    const made: Columns[] = [];
    for await (const { at, blocks } of batches(run, group)) {
      const args = { cubeId: cube.cubeId, blocks, at, filter: parameters.filter, file };
      made.push(await engine.pool.run(pixelColumnsTask, args, exportWork(job)));
      done += at.length;
      job.progress(done);
    }
    return made;
  });
  return columns.flat();
}

/** The pixels of a group with their decoded blocks, cut where the blocks would be too many. */
async function* batches(
  { engine, cube, job }: ExportRun<Parameters>,
  group: readonly { line: number; sample: number }[],
): AsyncGenerator<{ at: { line: number; sample: number }[]; blocks: DecodedBlocks }> {
  const allBands = cube.description.bandRecords.map((_, bandIndex) => bandIndex);
  let at: { line: number; sample: number }[] = [];
  let image = new Map<number, SharedArrayBuffer>();
  let mask = new Map<number, SharedArrayBuffer>();
  for (const pixel of group) {
    const window = pixelWindow(pixel.line, pixel.sample);
    const blocks = await engine.cubes.blocks.fetch(cube, window, allBands, exportWork(job));
    for (const [index, block] of blocks.image) image.set(index, block);
    for (const [index, block] of blocks.mask) mask.set(index, block);
    at.push(pixel);
    if (bytesOfBlocks(image) + bytesOfBlocks(mask) > blockBytesPerTask) {
      yield { at, blocks: { image, mask } };
      at = [];
      image = new Map();
      mask = new Map();
    }
  }
  if (at.length > 0) yield { at, blocks: { image, mask } };
}

function bytesOfBlocks(blocks: ReadonlyMap<number, SharedArrayBuffer>): number {
  let bytes = 0;
  for (const block of blocks.values()) bytes += block.byteLength;
  return bytes;
}

const pixelWindow = (line: number, sample: number): LineSampleWindow => ({
  line0: line,
  sample0: sample,
  lines: 1,
  samples: 1,
});
