import type { z } from 'zod';
import { cubeExportSchema, type CompleteExportParameters } from '../contract/exports.ts';
import { completeFilter } from '../products/defaults.ts';
import { bytesOf, fitsFloat32 } from '../base/dataTypes.ts';
import { checkBand } from '../cube/read.ts';
import { computedRecord } from '../products/computedBands.ts';
import { filteredBandsTask } from '../products/tasks.ts';
import { exportWork, type ExportKind, type ExportRun, type PreparedOutput } from './exportKind.ts';
import { writePixels, type PixelWork } from './pipeline.ts';
import { enviHeaderPath, withHeaderFile } from './sidecars.ts';
import { maskNotes } from './maskNote.ts';
import { planOutputTask } from './tasks.ts';

/** The whole cube or some of its bands: as stored, smoothed or differentiated. */
export const cubeExport: ExportKind<z.infer<typeof cubeExportSchema>, CompleteExportParameters['cube']> = {
  kind: 'cube',
  schema: cubeExportSchema,
  complete: (cube, asked) => ({
    ...asked,
    filter: asked.filter === null ? null : completeFilter(cube, asked.filter, 'image'),
  }),
  targets: ({ format }, path) => (format === 'envi' ? [enviHeaderPath(path), path] : [path]),
  write: writeCube,
};

async function writeCube(run: ExportRun<CompleteExportParameters['cube']>): Promise<PreparedOutput> {
  const { cube, engine, job, parameters, path } = run;
  const { description } = cube;
  const bandIndexes = parameters.bandIndexes ?? description.bandRecords.map((_, bandIndex) => bandIndex);
  for (const bandIndex of bandIndexes) checkBand(description, bandIndex);
  const { content, needed, notes } = await contentOf(run, bandIndexes);
  const filtered = parameters.filter !== null;
  const records = bandIndexes.flatMap((bandIndex) => description.bandRecords[bandIndex] ?? []);
  const image = {
    source: description,
    dataType: filtered ? ('float32' as const) : description.dataType,
    interleave: parameters.interleave ?? description.interleave,
    bandRecords: filtered ? records.map((record) => computedRecord(record, parameters.filter)) : records,
    defaultBands: defaultBandsAmong(description.defaultBands, bandIndexes),
    classes: filtered ? null : description.classes,
    keepsGeoKeys: cube.options.crs === undefined,
  };
  const { format } = parameters;
  const plan = await engine.pool.run(planOutputTask, { format, image }, exportWork(job));
  const storedBytes = needed.length * bytesOf(description.dataType);
  const valueBytes = filtered ? needed.length * (fitsFloat32(description.dataType) ? 4 : 8) : 0;
  const pixelBytes = storedBytes + valueBytes + 2 * bandIndexes.length * bytesOf(image.dataType);
  const data = await writePixels(run, path, plan.header, {
    target: plan.target,
    content,
    needed,
    pixelBytes,
  });
  return withHeaderFile(run, data, plan, notes);
}

async function contentOf(
  { engine, cube, parameters, job }: ExportRun<CompleteExportParameters['cube']>,
  bandIndexes: number[],
): Promise<Pick<PixelWork, 'content' | 'needed'> & { notes: string[] }> {
  const { filter } = parameters;
  if (filter === null) {
    const notes = maskNotes(cube.layout);
    return { content: { kind: 'stored', bandIndexes }, needed: bandIndexes, notes };
  }
  const args = { cubeId: cube.cubeId, filter, bandIndexes };
  const { needed, notes } = await engine.pool.run(filteredBandsTask, args, exportWork(job));
  return { content: { kind: 'filtered', bandIndexes, needed, filter }, needed, notes };
}

/** Places of the default bands in the output, or null where one of them is not in it. */
function defaultBandsAmong(defaultBands: number[] | null, bandIndexes: number[]): number[] | null {
  const places = defaultBands?.map((bandIndex) => bandIndexes.indexOf(bandIndex)) ?? [];
  return places.length > 0 && places.every((place) => place >= 0) ? places : null;
}
