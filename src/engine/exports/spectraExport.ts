import type { z } from 'zod';
import { spectraExportSchema, type CompleteExportParameters } from '../contract/exports.ts';
import { completeFilter } from '../products/defaults.ts';
import { exportWork, type ExportKind, type ExportRun, type PreparedOutput } from './exportKind.ts';
import { spectraCsv } from './csv.ts';
import { readSpectra } from '../products/spectra.ts';
import { writeText } from './sidecars.ts';

/** Spectra of some pixels as CSV, one row a band. */
export const spectraExport: ExportKind<
  z.infer<typeof spectraExportSchema>,
  CompleteExportParameters['spectra']
> = {
  kind: 'spectra',
  schema: spectraExportSchema,
  complete: (cube, asked) => ({
    ...asked,
    filter: asked.filter === null ? null : completeFilter(cube, asked.filter, 'spectrum'),
  }),
  targets: (_parameters, path) => [path],
  write: writeSpectra,
};

async function writeSpectra(run: ExportRun<CompleteExportParameters['spectra']>): Promise<PreparedOutput> {
  const { engine, cube, parameters, job, path } = run;
  job.stage('Reading spectra', parameters.at.length);
  const result = await readSpectra(engine.pool, engine.cubes, cube, parameters, exportWork(job), (done) => {
    job.progress(done);
  });
  const names = cube.description.bandRecords.map((record) => record.name);
  const bandNames = names.some((name) => name !== null) ? names : null;
  return { files: [await writeText(run, path, spectraCsv(result, { bandNames }))], warnings: result.notes };
}
