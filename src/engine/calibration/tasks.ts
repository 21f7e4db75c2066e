import { CubelensError } from '../base/errors.ts';
import type {
  BandsCalibrationAnswer,
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
import type { Camera } from './camera.ts';
import { photoTasks } from './photoTasks.ts';
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
    const { readPointsSource } = await import('./pointsSource.ts');
    return calibrate({ points: await readPointsSource(args.source), ...args.options });
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

/** The first model of an answer as the text of a file; as JSON all of it. */
export const cameraTextTask = defineTask(
  'calibration.cameraText',
  async ({ answer, format }: { answer: CalibrationAnswer; format: CameraFormat }): Promise<string> => {
    if (format === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
    const { cameraText } = await import('./cameraFiles.ts');
    const [model] = answer.models;
    if (model === undefined) throw new CubelensError('internal', 'A calibration without a model.');
    const { fx, fy, cx, cy, skew, distortion } = model;
    const camera = { fx, fy, cx, cy, skew, ...distortion };
    return cameraText({ imageSize: answer.imageSize, camera }, format, model.rms);
  },
);

/** A camera as the text of a file for other programs. */
export const textOfCameraTask = defineTask(
  'calibration.textOfCamera',
  async (args: {
    camera: Camera;
    imageSize: [number, number];
    format: Exclude<CameraFormat, 'json'>;
  }): Promise<string> => (await import('./cameraFiles.ts')).cameraText(args, args.format),
);

/** Cameras of bands as JSON, or as a picture over wavelength. */
export const bandsTextTask = defineTask(
  'calibration.bandsText',
  async (args: { answer: BandsCalibrationAnswer; format: 'json' | 'svg' }): Promise<string> => {
    if (args.format === 'json') return `${JSON.stringify(args.answer, null, 2)}\n`;
    const { wavelengthSvg } = await import('./wavelengthSvg.ts');
    return wavelengthSvg({ bands: args.answer.bands.filter(({ models }) => models.length > 0) });
  },
);

/** Tasks of this folder. */
export const calibrationTasks: readonly AnyTask[] = [
  calibrateTask,
  matrixTask,
  pushbroomTask,
  cameraTextTask,
  textOfCameraTask,
  bandsTextTask,
  ...photoTasks,
];
