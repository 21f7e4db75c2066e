import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type {
  CalibrationAnswer,
  CalibrationMatrixAnswer,
  CalibrationMatrixRequest,
  CalibrationOptions,
  CalibrationPoints,
  CameraFormat,
  PushbroomAnswer,
  PushbroomRequest,
} from '../contract/calibration.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import type { PointsFileOptions } from './pointsFile.ts';

// What fits and reads is loaded when it is first needed: a worker that opens cubes never does.

/** Where points come from: the request, or a file. */
export type PointsSource =
  { kind: 'points'; points: CalibrationPoints } | { kind: 'file'; path: string; options: PointsFileOptions };

/** As `calibrate`, of points or of a file of them; a hundred views take a second. Throws `not-found`, `resource-exhausted` too. */
export const calibrateTask = defineTask(
  'calibration.calibrate',
  async (args: { source: PointsSource; options: CalibrationOptions }): Promise<CalibrationAnswer> => {
    const { calibrate } = await import('./calibrate.ts');
    const { source } = args;
    const points = source.kind === 'points' ? source.points : await pointsOf(source);
    return calibrate({ points, ...args.options });
  },
);

/** As `knownMatrix`. */
export const matrixTask = defineTask(
  'calibration.matrix',
  async (args: { request: CalibrationMatrixRequest }): Promise<CalibrationMatrixAnswer> =>
    (await import('./knownMatrix.ts')).knownMatrix(args.request),
);

/** As `pushbroom`. */
export const pushbroomTask = defineTask(
  'calibration.pushbroom',
  async (args: { request: PushbroomRequest }): Promise<PushbroomAnswer> =>
    (await import('./pushbroom.ts')).pushbroom(args.request),
);

/** A model of an answer as the text of a file. */
export const cameraTextTask = defineTask(
  'calibration.cameraText',
  async ({ answer, format }: { answer: CalibrationAnswer; format: CameraFormat }): Promise<string> => {
    if (format === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
    const { openCvXml, openCvYaml, rosCameraInfo } = await import('./cameraFiles.ts');
    const [model] = answer.models;
    if (model === undefined) throw new CubelensError('internal', 'A calibration without a model.');
    const { fx, fy, cx, cy, skew, distortion } = model;
    const camera = { imageSize: answer.imageSize, camera: { fx, fy, cx, cy, skew, ...distortion } };
    if (format === 'opencv-yaml') return openCvYaml(camera, model.rms);
    return format === 'opencv-xml' ? openCvXml(camera, model.rms) : rosCameraInfo(camera);
  },
);

/** Most bytes of a file of points. */
const mostFileBytes = 256 * 1024 * 1024;

async function pointsOf({
  path,
  options,
}: Extract<PointsSource, { kind: 'file' }>): Promise<CalibrationPoints> {
  const { readPoints } = await import('./pointsFile.ts');
  const file = basename(path);
  try {
    if ((await stat(path)).size > mostFileBytes) {
      throw new CubelensError('resource-exhausted', `${file} has more than 256 MB.`, {
        file,
        remedy: 'Leave views out: a hundred of them are plenty.',
      });
    }
    return readPoints(await readFile(path, 'utf8'), file, options);
  } catch (thrown) {
    throw asCubelensError(thrown, file);
  }
}

/** Tasks of this folder. */
export const calibrationTasks: readonly AnyTask[] = [
  calibrateTask,
  matrixTask,
  pushbroomTask,
  cameraTextTask,
];
