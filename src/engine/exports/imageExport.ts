import type { z } from 'zod';
import { bytesOf } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import {
  imageExportSchema,
  type CompleteExportParameters,
  type Colouring as AskedColouring,
} from '../contract/exports.ts';
import { createOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import type { ImagePlan } from '../products/imageKind.ts';
import { imageStatistics } from '../products/imageStatistics.ts';
import { divergingLimits } from './colourMaps.ts';
import { exportWork, notUsed, type ExportKind, type ExportRun, type PreparedOutput } from './exportKind.ts';
import { maskNotes } from './maskNote.ts';
import { writePixels } from './pipeline.ts';
import { enviHeaderPath, withHeaderFile } from './sidecars.ts';
import { encodePngTask, planOutputTask, type Colouring, type ImageContent } from './tasks.ts';

type Parameters = CompleteExportParameters['image'];

/** One image of any kind: as numbers (GeoTIFF, ENVI, NPY) or as a picture (PNG). */
export const imageExport: ExportKind<z.infer<typeof imageExportSchema>, Parameters> = {
  kind: 'image',
  schema: imageExportSchema,
  complete: (cube, asked, images) => ({ ...asked, image: images.complete(cube, asked.image) }),
  targets: ({ format }, path) => (format === 'envi' ? [enviHeaderPath(path), path] : [path]),
  uses: {
    files: ({ image }, images) => images.get(image.kind).uses?.files(image.parameters) ?? [],
    take: async (recorded, files, images, run) => {
      const { data } = imageExportSchema.safeParse(recorded);
      // Completing the parameters says what is wrong with them.
      if (data === undefined) return;
      const { uses } = images.get(data.image.kind);
      if (uses !== undefined) await uses.take(data.image.parameters, files, run);
      else if (files.length > 0) throw notUsed();
    },
  },
  write: (run) => (run.parameters.format === 'png' ? writePicture(run) : writeNumbers(run)),
};

/** Percentages at which a picture's darkest and brightest colours lie by default. */
const stretchPercent = [2, 98] as const;

async function writeNumbers(run: ExportRun<Parameters>): Promise<PreparedOutput> {
  const { cube, engine, job, parameters, path } = run;
  const { format } = parameters;
  if (format === 'png') throw new CubelensError('internal', 'PNG is written as a picture.');
  const { description } = cube;
  const plan = await engine.images.plan(cube, parameters.image, exportWork(job));
  const isStored = plan.holds === 'stored';
  const image = {
    source: description,
    dataType: plan.dataType,
    interleave: 'bsq' as const,
    bandRecords: plan.planes.map(({ record }) => record),
    defaultBands: null,
    classes: isStored ? description.classes : null,
    keepsGeoKeys: cube.options.crs === undefined,
  };
  const output = await engine.pool.run(planOutputTask, { format, image }, exportWork(job));
  const work = {
    target: output.target,
    content: imageContent(run, plan),
    needed: plan.needed,
    pixelBytes: readBytes(run, plan) + 2 * bytesOf(plan.dataType) * plan.planes.length,
  };
  const data = await writePixels(run, path, output.header, work);
  const notes = [...(plan.notes ?? []), ...(isStored ? maskNotes(cube.layout) : [])];
  return withHeaderFile(run, data, output, notes);
}

const imageContent = ({ engine, parameters }: ExportRun<Parameters>, plan: ImagePlan): ImageContent => ({
  kind: 'image',
  task: engine.images.kinds.get(parameters.image.kind).task.name,
  parameters: parameters.image.parameters,
  dataType: plan.dataType,
  planes: plan.planes.length,
  colouring: null,
  prepared: plan.prepared,
});

/** Stored values and values of the bands that are read, in bytes a pixel. */
const readBytes = ({ cube }: ExportRun<Parameters>, { needed }: ImagePlan): number =>
  needed.length * (bytesOf(cube.description.dataType) + 8);

async function writePicture(run: ExportRun<Parameters>): Promise<PreparedOutput> {
  const { cube, engine, job, parameters, path } = run;
  const { lines, samples } = cube.description;
  const plan = await engine.images.plan(cube, parameters.image, exportWork(job));
  if (plan.holds === 'stored') {
    throw new CubelensError('invalid-request', 'A PNG holds colours, not stored values.', {
      field: 'stored',
      remedy: 'Leave out --stored, or write .tif, .dat or .npy.',
    });
  }
  const warnings = [...(plan.notes ?? [])];
  const colouring = await chooseColouring(run, plan, warnings);
  const work = {
    target: {
      dataType: 'uint8' as const,
      interleave: 'bip' as const,
      headerOffset: 0,
      lines,
      samples,
      bands: 4,
    },
    content: { ...imageContent(run, plan), colouring },
    needed: plan.needed,
    pixelBytes: readBytes(run, plan) + 32,
  };
  const pixels = await writePixels(run, path, new Uint8Array(0), work);
  let png: OutputFile | null = null;
  try {
    png = await createOutput(path, 0);
    job.stage('Compressing the picture', lines);
    const args = { pixels, png, lines, samples };
    await engine.pool.run(encodePngTask, args, {
      ...exportWork(job),
      onProgress: (done) => {
        job.progress(done);
      },
    });
    return { files: [png], warnings };
  } catch (thrown) {
    if (png !== null) await discardOutput(png);
    throw thrown;
  } finally {
    await discardOutput(pixels);
  }
}

/** The colours asked for; what was left open comes from the image's own percentiles. Planes without any value are said. */
async function chooseColouring(
  run: ExportRun<Parameters>,
  plan: ImagePlan,
  warnings: string[],
): Promise<Colouring> {
  const asked = run.parameters.colouring ?? { colourMap: null, low: null, high: null };
  if (plan.planes.length !== 1 && plan.planes.length !== 3) {
    throw new CubelensError(
      'invalid-request',
      `A PNG shows one plane or three, this image has ${plan.planes.length}.`,
      { field: 'format', remedy: 'Write .tif, .dat or .npy.' },
    );
  }
  const stretches = await stretchesOf(run, plan, asked, warnings);
  const [only = { low: 0, high: 1 }] = stretches;
  if (plan.planes.length === 3) return { kind: 'channels', stretches };
  return { kind: 'table', colourMap: asked.colourMap ?? (plan.diverging ? 'blue-red' : 'gray'), ...only };
}

/** The limits of each plane. */
async function stretchesOf(
  run: ExportRun<Parameters>,
  plan: ImagePlan,
  asked: AskedColouring,
  warnings: string[],
): Promise<{ low: number; high: number }[]> {
  const { low, high } = asked;
  if (low !== null && high !== null) return plan.planes.map(() => ({ low, high }));
  const { engine, cube, job, parameters } = run;
  const wanted = { percentiles: stretchPercent, bins: 1, level: 0 };
  const { planes } = await imageStatistics(
    engine.pool,
    engine.images,
    cube,
    parameters.image,
    wanted,
    exportWork(job),
    {
      begins: (steps) => {
        job.stage('Reading the image', steps);
      },
      done: (steps) => {
        job.progress(steps);
      },
    },
  );
  return planes.map(({ percentiles }, k) => {
    if (percentiles.every(({ value }) => value === null)) {
      warnings.push(
        `No pixel of ${plan.planes[k]?.label ?? 'the image'} has a value here: it shows nothing.`,
      );
    }
    const [below = 0, above = 1] = percentiles.map(({ value }) => value ?? undefined);
    // A composite's channels are stretched each by itself, also where they are derivatives.
    const limits =
      plan.diverging && planes.length === 1 ? divergingLimits(below, above) : { low: below, high: above };
    return { low: low ?? limits.low, high: high ?? limits.high };
  });
}
