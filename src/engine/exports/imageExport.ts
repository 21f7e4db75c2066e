import { imageExportSchema } from '../contract/exports.ts';
import { bytesOf } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';
import type { BandRecord } from '../cube/cube.ts';
import { createOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import { computedRecord } from '../products/computedBands.ts';
import { imageDataType } from '../products/images.ts';
import { imageStatistics } from '../products/imageStatistics.ts';
import { filterOf, shownBands, type ImageRecipe } from '../products/recipe.ts';
import { divergingLimits } from './colourMaps.ts';
import type { ExportKind, ExportRun, PreparedOutput } from './exportKind.ts';
import { type ImageExportParameters } from './parameters.ts';
import { writePixels } from './pipeline.ts';
import { enviHeaderPath, withHeaderFile } from './sidecars.ts';
import { maskNotes } from './maskNote.ts';
import { encodePngTask, planOutputTask, type Colouring } from './tasks.ts';

/** One image: a band, a filtered band or a composite; as numbers (GeoTIFF, ENVI, NPY) or as a picture (PNG). */
export const imageExport: ExportKind<ImageExportParameters> = {
  kind: 'image',
  schema: imageExportSchema,
  targets: ({ format }, path) => (format === 'envi' ? [enviHeaderPath(path), path] : [path]),
  write: (run) => (run.parameters.format === 'png' ? writePicture(run) : writeNumbers(run)),
};

/** Percentages at which a picture's darkest and brightest colours lie by default. */
const stretchPercent = [2, 98] as const;

async function writeNumbers(run: ExportRun<ImageExportParameters>): Promise<PreparedOutput> {
  const { cube, engine, job, parameters, path } = run;
  const { recipe, format } = parameters;
  if (format === 'png') throw new CubelensError('internal', 'PNG is written as a picture.');
  const { description } = cube;
  const needed = await engine.images.plan(cube, recipe, job.signal);
  const dataType = imageDataType(cube, recipe);
  const image = {
    source: description,
    dataType,
    interleave: 'bsq' as const,
    bandRecords: recordsOf(recipe, description.bandRecords),
    defaultBands: null,
    classes: recipe.kind === 'stored' ? description.classes : null,
    keepsGeoKeys: cube.options.crs === undefined,
  };
  const plan = await engine.pool.run(planOutputTask, { format, image }, { signal: job.signal });
  const work = {
    target: plan.target,
    content: { kind: 'image' as const, recipe },
    needed,
    pixelBytes: readBytes(run, needed) + 2 * bytesOf(dataType) * image.bandRecords.length,
  };
  const data = await writePixels(run, path, plan.header, work);
  return withHeaderFile(run, data, plan, recipe.kind === 'stored' ? maskNotes(cube.layout) : []);
}

function recordsOf(recipe: ImageRecipe, records: readonly BandRecord[]): BandRecord[] {
  const shown = shownBands(recipe).flatMap((bandIndex) => records[bandIndex] ?? []);
  return recipe.kind === 'stored' ? shown : shown.map((record) => computedRecord(record, filterOf(recipe)));
}

/** Stored values and values of the bands that are read, in bytes a pixel. */
function readBytes({ cube }: ExportRun<unknown>, needed: readonly number[]): number {
  return needed.length * (bytesOf(cube.description.dataType) + 8);
}

async function writePicture(run: ExportRun<ImageExportParameters>): Promise<PreparedOutput> {
  const { cube, engine, job, parameters, path } = run;
  const { recipe } = parameters;
  const { lines, samples } = cube.description;
  if (recipe.kind === 'stored') {
    throw new CubelensError('invalid-request', 'A PNG holds colours, not stored values.', {
      field: 'stored',
      remedy: 'Leave out --stored, or write .tif, .dat or .npy.',
    });
  }
  const needed = await engine.images.plan(cube, recipe, job.signal);
  const warnings: string[] = [];
  const colouring = await chooseColouring(run, recipe, warnings);
  const work = {
    target: {
      dataType: 'uint8' as const,
      interleave: 'bip' as const,
      headerOffset: 0,
      lines,
      samples,
      bands: 4,
    },
    content: { kind: 'picture' as const, recipe, colouring },
    needed,
    pixelBytes: readBytes(run, needed) + 32,
  };
  const pixels = await writePixels(run, path, new Uint8Array(0), work);
  let png: OutputFile | null = null;
  try {
    png = await createOutput(path, 0);
    job.stage('Compressing the picture', lines);
    const args = { pixels, png, lines, samples };
    await engine.pool.run(encodePngTask, args, {
      signal: job.signal,
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

/** The colours asked for; what was left open comes from the image's own percentiles. Bands without any value are said. */
async function chooseColouring(
  run: ExportRun<ImageExportParameters>,
  recipe: Exclude<ImageRecipe, { kind: 'stored' }>,
  warnings: string[],
): Promise<Colouring> {
  const asked = run.parameters.colouring ?? { colourMap: null, low: null, high: null };
  if (recipe.kind === 'composite') {
    const stretches = [];
    for (const bandIndex of recipe.bandIndexes) {
      const { filter } = recipe;
      const channel: ChannelRecipe =
        filter === null ? { kind: 'band', bandIndex } : { kind: 'filtered', bandIndex, filter };
      stretches.push(await stretchOf(run, channel, asked, false, warnings));
    }
    return { kind: 'channels', stretches };
  }
  const isDerivative = (filterOf(recipe)?.derivative ?? 0) > 0;
  const colourMap = asked.colourMap ?? (isDerivative ? 'blue-red' : 'gray');
  return { kind: 'table', colourMap, ...(await stretchOf(run, recipe, asked, isDerivative, warnings)) };
}

type ChannelRecipe = Extract<ImageRecipe, { kind: 'band' | 'filtered' }>;

async function stretchOf(
  run: ExportRun<ImageExportParameters>,
  recipe: ChannelRecipe,
  asked: { low: number | null; high: number | null },
  diverging: boolean,
  warnings: string[],
): Promise<{ low: number; high: number }> {
  if (asked.low !== null && asked.high !== null) return { low: asked.low, high: asked.high };
  const { engine, cube, job } = run;
  const wanted = { percentiles: stretchPercent, bins: 1 };
  const statistics = await imageStatistics(engine.pool, engine.images, cube, recipe, wanted, job);
  if (statistics.percentiles.every(({ value }) => value === null)) {
    warnings.push(`No pixel of band ${recipe.bandIndex + 1} has a value here: it shows nothing.`);
  }
  const [low = 0, high = 1] = statistics.percentiles.map(({ value }) => value ?? undefined);
  const limits = diverging ? divergingLimits(low, high) : { low, high };
  return { low: asked.low ?? limits.low, high: asked.high ?? limits.high };
}
