import { z } from 'zod';
import {
  boardSchema,
  calibrateBandsJobSchema,
  calibrationFormats,
  calibrationOptionsSchema,
  type BandsCalibrationAnswer,
  type CalibrationFormat,
} from '../contract/calibration.ts';
import type { ExportEngine } from '../exports/exportKind.ts';
import type { FileKind } from '../exports/fileExport.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeTemporary } from '../exports/writeOneFile.ts';
import type { OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { reportTask } from './photoTasks.ts';
import { runBands } from './runBands.ts';
import { runCalibration, type Calibrated, type CalibrationInputs } from './runCalibration.ts';
import { bandsTextTask, cameraTextTask } from './tasks.ts';

const pair = z.tuple([z.int().min(1), z.int().min(1)]);

const calibrationFileSchema = z.strictObject({
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('photos'), board: boardSchema }),
    z.strictObject({ kind: z.literal('file'), imageSize: pair.optional(), board: boardSchema.optional() }),
  ]),
  options: calibrationOptionsSchema,
  format: z.enum(calibrationFormats),
});
export type CalibrationFileParameters = z.infer<typeof calibrationFileSchema>;

/** A calibration as a file: its inputs are the photos, or the one file of points. */
export const calibrationFile: FileKind<CalibrationFileParameters> = {
  kind: 'calibration',
  schema: calibrationFileSchema,
  write: async (engine, { inputs, parameters, path }, job) => {
    const { source, options, format } = parameters;
    const paths = inputs.map((input) => input.path);
    const from: CalibrationInputs =
      source.kind === 'photos'
        ? { kind: 'photos', paths, board: source.board }
        : {
            kind: 'file',
            path: paths[0] ?? '',
            options: { imageSize: source.imageSize, board: source.board },
          };
    const pictures = format === 'html';
    const calibrated = await runCalibration(engine.pool, from, options, { ...job, pictures });
    return writeCalibration(engine, calibrated, format, path, job);
  },
};

/** The temporary file of a calibration that has been made. */
export const writeCalibration = (
  { pool }: Pick<ExportEngine, 'pool'>,
  { answer, source, pictures }: Calibrated,
  format: CalibrationFormat,
  path: string,
  job: JobContext,
): Promise<OutputFile> => {
  const work = { signal: job.signal, priority: 'export' as const };
  job.stage('Writing');
  return writeTemporary(path, async (output) => {
    if (format === 'html') {
      // No name of the file: the same photos give the same bytes, whatever they are written to.
      const title = 'Camera calibration';
      await pool.run(reportTask, { answer, source, pictures, title, output }, work);
      return;
    }
    const text = await pool.run(cameraTextTask, { answer, format }, work);
    await pool.run(writeTextTask, { output, text }, work);
  });
};

const bandsFileSchema = calibrateBandsJobSchema
  .pick({ board: true, bands: true, options: true, format: true })
  // How many inputs are cubes; those after them are their further files. Left out in older recipes: all.
  .extend({ cubes: z.int().min(1).optional() });
export type BandsFileParameters = z.infer<typeof bandsFileSchema>;

/** Cameras of bands as a file: its inputs are the cubes as they were chosen, then their further files. */
export const bandsCalibrationFile: FileKind<BandsFileParameters> = {
  kind: 'calibration-bands',
  schema: bandsFileSchema,
  write: async (engine, { inputs, parameters, path }, job) => {
    const { board, bands, options, format, cubes: count = inputs.length } = parameters;
    const cubes = inputs.slice(0, count);
    const answer = await runBands(engine, { cubes, board, bands, options }, job);
    return writeBands(engine, answer, format, path, job);
  },
};

/** The temporary file of cameras of bands that have been made. */
export const writeBands = (
  { pool }: Pick<ExportEngine, 'pool'>,
  answer: BandsCalibrationAnswer,
  format: BandsFileParameters['format'],
  path: string,
  job: JobContext,
): Promise<OutputFile> => {
  const work = { signal: job.signal, priority: 'export' as const };
  job.stage('Writing');
  return writeTemporary(path, async (output) => {
    const text = await pool.run(bandsTextTask, { answer, format }, work);
    await pool.run(writeTextTask, { output, text }, work);
  });
};
