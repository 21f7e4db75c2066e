import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import type { VaeDecodeResult, VaeEncodeResult } from '../../contract/vae.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import type { FileKind, FileOrder } from '../../exports/fileExport.ts';
import { planOutputTask, writeTextTask } from '../../exports/tasks.ts';
import { openInputCube } from '../../exports/cubeInputs.ts';
import { checkTargets } from '../../exports/targets.ts';
import { enviHeaderPath } from '../../exports/sidecars.ts';
import { targetBytes } from '../../exports/rawWriter.ts';
import { writeTemporary } from '../../exports/writeOneFile.ts';
import { createOutput, discardOutput, type OutputFile } from '../../io/outputFile.ts';
import type { ReadableFile } from '../../io/grants.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { TensorFlowThread } from '../../tensorflow/thread.ts';
import { bandsOfVae } from './bandsOfVae.ts';
import { mapImage } from './latentMaps.ts';
import { latentHead } from './latentRows.ts';
import type { VaeModel } from './model.ts';
import { decodeTask } from './decodeTask.ts';
import { encodeTableTask, encodeWindowTask, writeHeadTask } from './encodeTasks.ts';
import { readVaeTask } from './readTask.ts';

/** What encoding and decoding run on. */
export type VaeEngine = ExportEngine & { tensorFlow: TensorFlowThread };

const encodingSchema = z.strictObject({
  source: z.enum(['cube', 'file']),
  format: z.enum(['npy', 'csv', 'tsv', 'geotiff', 'envi']),
});
export type EncodingParameters = z.infer<typeof encodingSchema>;

/** Latent coordinates as a file: its inputs are the model's two files, then the cube or the file of samples. */
export const vaeEncodingFile = (tensorFlow: TensorFlowThread): FileKind<EncodingParameters> => ({
  kind: 'vae-encoding',
  schema: encodingSchema,
  write: async (engine, order, job) => (await writeEncoding({ ...engine, tensorFlow }, order, job)).files,
});

/** Numbers of one window of a cube that is encoded. */
const numbersAtOnce = 2 ** 21;

type Facts = Omit<VaeEncodeResult, 'written'>;

/** The temporary files of an encoding, the data last, and what is said of it. */
export async function writeEncoding(
  engine: VaeEngine,
  order: FileOrder<EncodingParameters>,
  job: JobContext,
): Promise<{ files: OutputFile[]; facts: Facts }> {
  const [json, binary, ...samples] = order.inputs;
  const model = await readModel(engine, json, binary, job);
  if (order.parameters.source === 'cube') return encodeCube(engine, model, samples, order, job);
  const [file, ...more] = samples;
  if (file === undefined || more.length > 0) {
    throw new CubelensError('malformed-file', `${samples.length} files of samples are named, not one.`, {
      field: 'inputs',
      remedy: 'Make the output anew.',
    });
  }
  return encodeTable(engine, model, file, order, job);
}

function readModel(
  { tensorFlow }: VaeEngine,
  json: ReadableFile | undefined,
  binary: ReadableFile | undefined,
  job: JobContext,
): Promise<VaeModel> {
  job.stage('Loading TensorFlow');
  const files = { json: json?.path ?? '', binary: binary?.path ?? '' };
  return tensorFlow.run(readVaeTask, files, { signal: job.signal, priority: 'export' });
}

async function encodeTable(
  { pool, tensorFlow }: VaeEngine,
  model: VaeModel,
  { path: file }: ReadableFile,
  { path, parameters }: FileOrder<EncodingParameters>,
  job: JobContext,
): Promise<{ files: OutputFile[]; facts: Facts }> {
  const { format } = parameters;
  if (format === 'geotiff' || format === 'envi') {
    throw new CubelensError('invalid-request', `Samples of ${basename(file)} are no image.`, {
      field: 'format',
      remedy: 'Write .npy, .csv or .tsv, or encode a cube.',
    });
  }
  const work = { signal: job.signal, priority: 'export' as const };
  const files = [await createOutput(path, 0)];
  try {
    job.stage('Encoding');
    const args = { model, path: file, output: files[0] as OutputFile, format };
    const part = await tensorFlow.run(encodeTableTask, args, work);
    const { metadata, shape, rows, skipped, klSum, notes } = part;
    if (format === 'tsv' && metadata !== null) {
      const beside = path.replace(/(\.tsv)?$/i, '.metadata.tsv');
      files.unshift(
        await writeTemporary(beside, (output) => pool.run(writeTextTask, { output, text: metadata }, work)),
      );
    }
    return {
      files,
      facts: {
        shape: [...shape, 2 * model.config.latent],
        klPerDimension: means(klSum, rows - skipped),
        skipped,
        notes,
      },
    };
  } catch (thrown) {
    await Promise.all(files.map(discardOutput));
    throw thrown;
  }
}

const means = (klSum: readonly number[], rows: number): number[] =>
  klSum.map((sum) => sum / Math.max(1, rows));

/** Window by window in the thread of TensorFlow, each written to its place. */
async function encodeCube(
  { pool, cubes, tensorFlow }: VaeEngine,
  model: VaeModel,
  inputs: readonly ReadableFile[],
  { path, parameters: { format } }: FileOrder<EncodingParameters>,
  job: JobContext,
): Promise<{ files: OutputFile[]; facts: Facts }> {
  const holder = `encoding ${randomUUID()}`;
  const work = { signal: job.signal, priority: 'export' as const };
  const files: OutputFile[] = [];
  try {
    const cube = await openInputCube(cubes, inputs, holder, job.signal);
    const { lines, samples } = cube.description;
    const { latent } = model.config;
    const { bands, notes } = bandsOfVae(model, cube.description);
    const isImage = format === 'geotiff' || format === 'envi';
    // Whether the data file may be replaced was asked before.
    await checkTargets(pool, cube, format === 'envi' ? [enviHeaderPath(path), path] : [path], true);
    const plan = isImage
      ? await pool.run(planOutputTask, { format, image: mapImage(cube.description, latent) }, work)
      : null;
    const places = { positions: new Int32Array(), classNames: null };
    const head = isImage
      ? (plan?.header ?? new Uint8Array())
      : latentHead(format, [lines, samples], latent, places);
    const output = await createOutput(path, plan === null ? 0 : targetBytes(plan.target));
    files.push(output);
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
        const to = isImage
          ? { kind: 'maps' as const, target: { ...(plan as NonNullable<typeof plan>).target, output } }
          : { kind: 'rows' as const, output, position, format };
        const args = { cubeId: cube.cubeId, blocks, model, window, bands, to };
        const part = await tensorFlow.run(encodeWindowTask, args, work);
        position += part.bytes;
        skipped += part.skipped;
        part.klSum.forEach((sum, k) => (klSum[k] = (klSum[k] ?? 0) + sum));
        job.progress((line0 + window.lines) * samples);
      }
    });
    const rows = lines * samples;
    if (skipped === rows) throw nothing(cube.description.file, bands.length);
    const headerFile = plan?.headerFile ?? null;
    if (headerFile !== null) {
      files.unshift(
        await writeTemporary(enviHeaderPath(path), (made) =>
          pool.run(writeTextTask, { output: made, text: headerFile }, work),
        ),
      );
    }
    const shape = [lines, samples, isImage ? 2 * latent + 2 : 2 * latent];
    const said = [...notes, ...(plan?.warnings ?? [])];
    return { files, facts: { shape, klPerDimension: means(klSum, rows - skipped), skipped, notes: said } };
  } catch (thrown) {
    await Promise.all(files.map(discardOutput));
    throw thrown;
  } finally {
    cubes.closeAll(holder);
  }
}

const nothing = (file: string, bands: number): CubelensError =>
  new CubelensError(
    'degenerate',
    `No pixel of ${file} has a value in all ${bands} bands that the model takes.`,
    {
      field: 'source',
      remedy: 'Encode a cube of the sensor that the model was trained on.',
    },
  );

const decodingSchema = z.strictObject({
  /** Null: the third input holds latent coordinates. */
  sample: z.strictObject({ count: z.int().min(1).max(100_000), seed: z.int().min(0) }).nullable(),
  format: z.enum(['npy', 'csv']),
});
export type DecodingParameters = z.infer<typeof decodingSchema>;

/** Spectra as a file: its inputs are the model's two files, and latent coordinates where none are drawn. */
export const vaeDecodingFile = (tensorFlow: TensorFlowThread): FileKind<DecodingParameters> => ({
  kind: 'vae-decoding',
  schema: decodingSchema,
  write: async (engine, order, job) => (await writeDecoding({ ...engine, tensorFlow }, order, job)).file,
});

/** The temporary file of decoded spectra, and what is said of it. */
export async function writeDecoding(
  engine: VaeEngine,
  { inputs: [json, binary, latent], parameters: { sample, format }, path }: FileOrder<DecodingParameters>,
  job: JobContext,
): Promise<{ file: OutputFile; facts: Omit<VaeDecodeResult, 'written'> }> {
  const model = await readModel(engine, json, binary, job);
  job.stage('Decoding');
  const file = await createOutput(path, 0);
  try {
    const from = sample ?? { path: latent?.path ?? '' };
    const args = { model, from, output: file, format };
    const facts = await engine.tensorFlow.run(decodeTask, args, { signal: job.signal, priority: 'export' });
    return { file, facts };
  } catch (thrown) {
    await discardOutput(file);
    throw thrown;
  }
}
