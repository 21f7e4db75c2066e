import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import { classFormats, type ClassCount, type ClassFormat } from '../../contract/classifierJobs.ts';
import { plainBand } from '../../cube/cube.ts';
import type { Cube } from '../../cube/cubes.ts';
import { exportWork, type ExportEngine } from '../../exports/exportKind.ts';
import { openInputCube } from '../../exports/cubeInputs.ts';
import type { FileKind, FileOrder } from '../../exports/fileExport.ts';
import type { OutputPlan } from '../../exports/outputImage.ts';
import { enviHeaderPath, withHeaderFile } from '../../exports/sidecars.ts';
import { checkTargets } from '../../exports/targets.ts';
import { encodePngTask, planOutputTask, writeBytesTask } from '../../exports/tasks.ts';
import { createOutput, discardOutput, type OutputFile } from '../../io/outputFile.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { TensorFlowThread } from '../../tensorflow/thread.ts';
import { positionNotes, unclassifiedNotes, type Unclassified } from './applyNotes.ts';
import { bandsOfClassifier } from './bandsOfClassifier.ts';
import { classRecords, csvHeading } from './classImage.ts';
import type { ClassifierModel } from './model.ts';
import { classifyLinesTask, readClassifierTask } from './tasks.ts';

const classFileSchema = z.strictObject({ format: z.enum(classFormats) });
/** What a recipe says of an image of classes. */
export type ClassFileParameters = z.infer<typeof classFileSchema>;

/** Engine of an image of classes. */
export type ClassEngine = Pick<ExportEngine, 'pool' | 'cubes'> & { tensorFlow: TensorFlowThread };

/** An image of classes, as it was prepared. */
export interface ClassImage {
  /** Temporary files, the data file last. */
  files: OutputFile[];
  lines: number;
  samples: number;
  classes: ClassCount[];
  notes: string[];
}

/** Inputs before the files of the cube: model, weights, facts. */
const modelInputs = 3;

/** The class of each pixel of a cube as a file: its inputs are the files of the classifier, then those of the cube. */
export const classFile = (tensorFlow: TensorFlowThread): FileKind<ClassFileParameters> => ({
  kind: 'classes',
  schema: classFileSchema,
  write: async (engine, order, job) => (await writeClasses({ ...engine, tensorFlow }, order, job)).files,
});

/**
 * Makes the temporary files of an image of classes; leaves nothing behind where that fails. Throws `invalid-request`
 * for a cube that does not fit the classifier and for a target that cannot be, `degenerate` where no pixel has a class.
 */
export async function writeClasses(
  engine: ClassEngine,
  { inputs, parameters, path }: FileOrder<ClassFileParameters>,
  job: JobContext,
): Promise<ClassImage> {
  const [model, weights, facts] = inputs;
  if (model === undefined || weights === undefined || facts === undefined) {
    throw new CubelensError('invalid-request', 'A class image is made of a classifier and a cube.', {
      field: 'inputs',
    });
  }
  const holder = `classifying ${randomUUID()}`;
  try {
    job.stage('Loading TensorFlow');
    const paths = { model: model.path, weights: weights.path, facts: facts.path };
    const read = await engine.tensorFlow.run(readClassifierTask, paths, exportWork(job));
    const cube = await openInputCube(engine.cubes, inputs.slice(modelInputs), holder, job.signal);
    const { format } = parameters;
    const targets = format === 'envi' ? [enviHeaderPath(path), path] : [path];
    // Whether the data file may be replaced was asked before.
    await checkTargets(engine.pool, cube, targets, true);
    return await engine.cubes.using(cube, () => imageOf(engine, read, cube, { format, path }, job));
  } finally {
    engine.cubes.closeAll(holder);
  }
}

async function imageOf(
  engine: ClassEngine,
  model: ClassifierModel,
  cube: Cube,
  { format, path }: { format: ClassFormat; path: string },
  job: JobContext,
): Promise<ClassImage> {
  const { bands, notes } = bandsOfClassifier(model, cube.description);
  const records = classRecords(model);
  const { lines, samples } = cube.description;
  const plan = await planOf(engine, cube, records, format, job);
  const header = format === 'csv' ? new TextEncoder().encode(csvHeading) : (plan?.header ?? new Uint8Array());
  const pixels = await createOutput(path, header.length + (plan === null ? 0 : lines * samples));
  let found: Found;
  try {
    found = await writeLines(engine, model, cube, { bands, format, output: pixels, header }, job);
    notes.push(
      ...positionNotes(model, cube.description),
      ...unclassifiedNotes(cube.description, bands, { ...found, pixels: found.counts[0] ?? 0 }),
    );
  } catch (thrown) {
    await discardOutput(pixels);
    throw thrown;
  }
  const made =
    format === 'png'
      ? { files: [await compressed(engine, pixels, path, { lines, samples }, job)], warnings: [] }
      : plan === null
        ? { files: [pixels], warnings: [] }
        : await withHeaderFile({ engine, job, path }, pixels, plan, []);
  const classes = records.map(({ name, rgb }, code) => ({
    code,
    name,
    rgb,
    pixels: found.counts[code] ?? 0,
  }));
  return { files: made.files, lines, samples, classes, notes: [...notes, ...made.warnings] };
}

/** Header and layout of the raw formats; null for the others. */
async function planOf(
  engine: ClassEngine,
  cube: Cube,
  classes: ReturnType<typeof classRecords>,
  format: ClassFormat,
  job: JobContext,
): Promise<OutputPlan | null> {
  if (format === 'png' || format === 'csv') return null;
  const image = {
    source: cube.description,
    dataType: 'uint8' as const,
    interleave: 'bsq' as const,
    bandRecords: [{ ...plainBand, name: 'Class', noData: format === 'geotiff' ? 0 : null }],
    defaultBands: null,
    classes,
    keepsGeoKeys: true,
  };
  return engine.pool.run(planOutputTask, { format, image }, exportWork(job));
}

/** Pixels of each code, and what there is to say of those without a class. */
interface Found extends Omit<Unclassified, 'pixels'> {
  counts: number[];
  hasValue: boolean[];
}

/** Numbers of one window. */
const numbersAtOnce = 2 ** 22;

/** Writes all pixels, window by window in their order: the place of a CSV's rows is known only then. */
async function writeLines(
  { pool, cubes, tensorFlow }: ClassEngine,
  model: ClassifierModel,
  cube: Cube,
  to: { bands: number[]; format: ClassFormat; output: OutputFile; header: Uint8Array },
  job: JobContext,
): Promise<Found> {
  const { bands, format, output, header } = to;
  const { lines, samples } = cube.description;
  const found: Found = { counts: [], filled: 0, hasValue: bands.map(() => false) };
  const { counts, hasValue } = found;
  if (header.length > 0) {
    await pool.run(writeBytesTask, { output, bytes: header, position: 0 }, exportWork(job));
  }
  let position = header.length;
  const step = Math.max(1, Math.floor(numbersAtOnce / (samples * bands.length)));
  job.stage('Classifying', lines * samples);
  for (let line0 = 0; line0 < lines; line0 += step) {
    const window = { line0, sample0: 0, lines: Math.min(step, lines - line0), samples };
    const blocks = await cubes.blocks.fetch(cube, window, bands, exportWork(job));
    const args = { cubeId: cube.cubeId, blocks, model, window, bands, output, position, format };
    const part = await tensorFlow.run(classifyLinesTask, args, exportWork(job));
    position += part.bytes;
    part.counts.forEach((count, code) => (counts[code] = (counts[code] ?? 0) + count));
    part.hasValue.forEach((has, band) => (hasValue[band] ||= has === 1));
    found.filled += part.filled;
    job.progress((line0 + window.lines) * samples);
  }
  return found;
}

/** The picture of a temporary file of RGBA pixels, which is removed. */
async function compressed(
  { pool }: ClassEngine,
  pixels: OutputFile,
  path: string,
  { lines, samples }: { lines: number; samples: number },
  job: JobContext,
): Promise<OutputFile> {
  let png: OutputFile | null = null;
  try {
    png = await createOutput(path, 0);
    job.stage('Compressing the picture');
    await pool.run(encodePngTask, { pixels, png, lines, samples }, exportWork(job));
    return png;
  } catch (thrown) {
    if (png !== null) await discardOutput(png);
    throw thrown;
  } finally {
    await discardOutput(pixels);
  }
}
