import { basename, dirname } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import {
  calibrateBandsJobSchema,
  calibrateJobSchema,
  calibrateSchema,
  calibrationMatrixSchema,
  cameraJobSchema,
  pushbroomSchema,
  type CalibrateBandsResult,
  type CalibrateResult,
  type CameraAnswer,
  type CameraFormat,
  type CameraResult,
} from '../contract/calibration.ts';
import { cameraAnswer } from '../calibration/cameraAnswer.ts';
import type { Camera } from '../calibration/camera.ts';
import {
  bandsCalibrationFile,
  calibrationFile,
  writeBands,
  writeCalibration,
  type CalibrationFileParameters,
} from '../calibration/outputs.ts';
import { readCameraTask } from '../calibration/photoTasks.ts';
import { undistortPhotos, type PhotoPair } from '../calibration/undistortPhotos.ts';
import { runBands } from '../calibration/runBands.ts';
import { runCalibration, type CalibrationInputs } from '../calibration/runCalibration.ts';
import { matrixTask, pushbroomTask, textOfCameraTask } from '../calibration/tasks.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { cubeInputs } from '../exports/cubeInputs.ts';
import { checkFileTarget, runFileExport } from '../exports/fileExport.ts';
import { writeTextTask } from '../exports/tasks.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { JobKind } from '../jobs/jobKind.ts';
import { check } from './check.ts';
import { readable } from './grantedFiles.ts';
import type { EngineParts } from './parts.ts';

/** Camera matrices. */
export function calibrationRoutes(parts: EngineParts) {
  const work = ({ signal }: Request) => ({ signal, priority: 'click' as const });
  return new Hono()
    .post('/', check('json', calibrateSchema), async (context) => {
      const { source, options } = context.req.valid('json');
      const { inputs } = sourceOf(parts, source);
      const { signal } = context.req.raw;
      return context.json((await runCalibration(parts.pool, inputs, options, { signal })).answer);
    })
    .post('/matrix', check('json', calibrationMatrixSchema), async (context) => {
      const request = context.req.valid('json');
      return context.json(await parts.pool.run(matrixTask, { request }, work(context.req.raw)));
    })
    .post('/pushbroom', check('json', pushbroomSchema), async (context) => {
      const request = context.req.valid('json');
      return context.json(await parts.pool.run(pushbroomTask, { request }, work(context.req.raw)));
    });
}

/** The same as a job, with a file and undistorted photos where targets are given. */
export const calibrateJob = (parts: EngineParts): JobKind<z.infer<typeof calibrateJobSchema>> => ({
  kind: 'calibrate',
  schema: calibrateJobSchema,
  plan: ({ request, target, format, undistort, replace }) => {
    const path = target === null ? null : parts.grants.resolve(target, 'write').path;
    const { inputs, files, recorded } = sourceOf(parts, request.source);
    const { options } = request;
    const photos = pairedPhotos(parts, inputs.kind === 'photos' ? inputs.paths : [], undistort);
    return {
      title: path === null ? 'Calibrate a camera' : `Export ${basename(path)}`,
      ...folderOf(path, photos),
      run: async (job): Promise<CalibrateResult> => {
        if (path !== null) await checkFileTarget(path, files, replace);
        await checkPhotoTargets(photos, replace);
        const pictures = path !== null && format === 'html';
        const calibrated = await runCalibration(parts.pool, inputs, options, { ...job, pictures });
        const { answer } = calibrated;
        const finish = (): Promise<WrittenFile | null> => {
          if (path === null) return Promise.resolve(null);
          // Points of the request itself are in no file that a recipe could name.
          const parameters = { source: recorded, options, format };
          const order = { inputs: files, parameters, path, replace };
          return runFileExport(parts, calibrationFile.kind, order, job, () =>
            writeCalibration(parts, calibrated, format, path, job),
          );
        };
        const [model] = answer.models;
        if (model === undefined) throw new CubelensError('internal', 'A calibration without a model.');
        const { fx, fy, cx, cy, skew, distortion } = model;
        const camera = { camera: { fx, fy, cx, cy, skew, ...distortion }, imageSize: answer.imageSize };
        const made = await undistortPhotos(parts.pool, camera, photos, job, finish);
        const notes = [...answer.notes, ...made.notes];
        return { answer: { ...answer, notes }, written: made.finished, undistorted: made.written };
      },
    };
  },
});

/** A frame camera for each band of cubes, with a file where a target is given. */
export const calibrateBandsJob = (parts: EngineParts): JobKind<z.infer<typeof calibrateBandsJobSchema>> => ({
  kind: 'calibrate-bands',
  schema: calibrateBandsJobSchema,
  plan: ({ grantIds, board, bands, options, target, format, replace }) => {
    const path = target === null ? null : parts.grants.resolve(target, 'write').path;
    const cubes = grantIds.map((id) => readable(parts, id));
    return {
      title: path === null ? 'Calibrate bands' : `Export ${basename(path)}`,
      ...folderOf(path, []),
      run: async (job): Promise<CalibrateBandsResult> => {
        if (path !== null) await checkFileTarget(path, cubes, replace);
        const answer = await runBands(parts, { cubes, board, bands, options }, job);
        if (path === null) return { answer, written: null };
        const parameters = { board, bands, options, format, cubes: cubes.length };
        const files = await Promise.all(cubes.map((cube) => cubeInputs(parts.cubes, cube, job.signal)));
        const chosen = new Set(cubes.map((cube) => cube.path));
        const others = files.flat().filter((file) => !chosen.has(file.path));
        const order = { inputs: [...cubes, ...others], parameters, path, replace };
        const written = await runFileExport(parts, bandsCalibrationFile.kind, order, job, () =>
          writeBands(parts, answer, format, path, job),
        );
        return { answer, written };
      },
    };
  },
});

/** A camera of a file: what it says, in another format, and photos without its distortion. */
export const cameraJob = (parts: EngineParts): JobKind<z.infer<typeof cameraJobSchema>> => ({
  kind: 'camera',
  schema: cameraJobSchema,
  plan: ({ grantId, imageSize: askedSize, target, format, photos: photoIds, undistort, replace }) => {
    const file = readable(parts, grantId);
    const path = target === null ? null : parts.grants.resolve(target, 'write').path;
    const paths = photoIds.map((id) => readable(parts, id).path);
    const photos = pairedPhotos(parts, paths, undistort);
    return {
      title: `Camera ${basename(file.path)}`,
      ...folderOf(path, photos),
      run: async (job): Promise<CameraResult> => {
        const work = { signal: job.signal, priority: 'export' as const };
        job.stage('Reading');
        const { camera, imageSize: stated } = await parts.pool.run(readCameraTask, { path: file.path }, work);
        const imageSize = askedSize ?? stated;
        const answer = cameraAnswer(camera, imageSize);
        await checkPhotoTargets(photos, replace);
        if (path !== null) await checkFileTarget(path, [file], replace);
        const finish = async (): Promise<WrittenFile | null> => {
          if (path === null) return null;
          const asked = { camera, imageSize, format, answer, file };
          return writeOneFile(path, replace, async (output) => {
            const text = await cameraFileText(parts, asked, work);
            await parts.pool.run(writeTextTask, { output, text }, work);
          });
        };
        const made = await undistortPhotos(parts.pool, { camera, imageSize }, photos, job, finish);
        const notes = [...answer.notes, ...made.notes];
        return { answer: { ...answer, notes }, written: made.finished, undistorted: made.written };
      },
    };
  },
});

async function cameraFileText(
  { pool }: EngineParts,
  {
    camera,
    imageSize,
    format,
    answer,
    file,
  }: {
    camera: Camera;
    imageSize: [number, number] | null;
    format: CameraFormat;
    answer: CameraAnswer;
    file: ReadableFile;
  },
  work: { signal: AbortSignal; priority: 'export' },
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
  return pool.run(textOfCameraTask, { camera, imageSize: sized(imageSize, file), format }, work);
}

function sized(imageSize: [number, number] | null, { path }: ReadableFile): [number, number] {
  if (imageSize !== null) return imageSize;
  throw new CubelensError('invalid-request', `${basename(path)} does not say the size of its photos.`, {
    file: basename(path),
    field: 'imageSize',
    remedy: 'Give their width and height in pixels, such as --size 640x480.',
  });
}

type Source = z.output<typeof calibrateSchema>['source'];
type Recorded = CalibrationFileParameters['source'] | null;

/** What a source reads, its files, and how a recipe records it (null: the request itself holds the points). */
function sourceOf(
  parts: EngineParts,
  source: Source,
): { inputs: CalibrationInputs; files: ReadableFile[]; recorded: Recorded } {
  if (source.kind === 'points') return { inputs: source, files: [], recorded: null };
  if (source.kind === 'photos') {
    const files = source.grantIds.map((id) => readable(parts, id));
    const { board } = source;
    const paths = files.map(({ path }) => path);
    return { inputs: { kind: 'photos', paths, board }, files, recorded: { kind: 'photos', board } };
  }
  const { grantId, imageSize, board } = source;
  const file = readable(parts, grantId);
  const known = {
    ...(imageSize === undefined ? {} : { imageSize }),
    ...(board === undefined ? {} : { board }),
  };
  return {
    inputs: { kind: 'file', path: file.path, options: { imageSize, board } },
    files: [file],
    recorded: { kind: 'file', ...known },
  };
}

function pairedPhotos(
  { grants }: EngineParts,
  paths: readonly string[],
  targets: readonly string[],
): PhotoPair[] {
  if (targets.length === 0) return [];
  if (targets.length !== paths.length) {
    throw new CubelensError(
      'invalid-request',
      `${targets.length} targets are given for ${paths.length} photos.`,
      { field: 'undistort', remedy: 'Give one target a photo.' },
    );
  }
  return paths.map((from, k) => ({ from, to: grants.resolve(targets[k] ?? '', 'write').path }));
}

function folderOf(path: string | null, photos: readonly PhotoPair[]): { folder?: string } {
  const first = path ?? photos[0]?.to;
  return first === undefined ? {} : { folder: dirname(first) };
}

/** Throws as `checkFileTarget`: to be called before anything is written. */
async function checkPhotoTargets(photos: readonly PhotoPair[], replace: boolean): Promise<void> {
  const all = photos.map(({ from }) => ({ path: from, within: null }));
  for (const { to } of photos) await checkFileTarget(to, all, replace);
}
