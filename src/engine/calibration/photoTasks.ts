import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { LineSampleWindow } from '../base/window.ts';
import type { CalibrationAnswer } from '../contract/calibration.ts';
import { readValues } from '../cube/read.ts';
import { writeWholePart } from '../exports/writeWholePart.ts';
import type { OutputFile } from '../io/outputFile.ts';
import type { GreyImage } from '../photos/grey.ts';
import { cubeOf, readContext, type CubeArgs } from '../products/tasks.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import type { Camera } from './camera.ts';
import type { SeenBoard } from './photoViews.ts';
import type { ReportPicture } from './report/reportInput.ts';
import type { PointsSource } from './tasks.ts';

// What decodes and detects is loaded when it is first needed.

/** One photo as it was looked at; the picture for a report where one is asked for. */
export interface SeenPhoto {
  board: SeenBoard;
  picture: ReportPicture | null;
}

/** Looks for a board of [columns, rows] inner corners in a photo; one that cannot be read says why. */
export const photoTask = defineTask(
  'calibration.photo',
  async (args: { path: string; board: readonly [number, number]; picture: boolean }): Promise<SeenPhoto> => {
    const { seenBoard } = await import('./detect/seenBoard.ts');
    const photo = await looked(args.path, args.picture);
    if ('fault' in photo) {
      const board = { width: 0, height: 0, corners: null, seen: null, doubts: [] };
      return { board: { ...board, fault: photo.fault }, picture: null };
    }
    const board = seenBoard(photo.grey, args.board);
    if (photo.orientation > 1) {
      board.doubts.push('its camera asks for it to be shown turned; its pixels are taken as they are stored');
    }
    return { board, picture: photo.picture };
  },
);

/** A photo in grey, and small for a report; its own pixels are let go of, for they are many. */
async function looked(
  path: string,
  withPicture: boolean,
): Promise<{ grey: GreyImage; orientation: number; picture: ReportPicture | null } | { fault: string }> {
  const { greyOf } = await import('../photos/grey.ts');
  const { readPhoto } = await import('../photos/readPhoto.ts');
  try {
    const photo = await readPhoto(path);
    const picture = withPicture ? await (await import('../photos/picture.ts')).photoPicture(photo) : null;
    return { grey: greyOf(photo), orientation: photo.orientation, picture };
  } catch (thrown) {
    const { message } = asCubelensError(thrown, basename(path));
    return { fault: message.replace(/\.$/, '') };
  }
}

/** Shares of the pixels that the darkest and the lightest grey of a band's image stand for. */
const stretch = [0.005, 0.995] as const;

/** Looks for a board in the mean of some bands of a cube, stretched from dark to light; missing values are dark. */
export const bandBoardTask = defineTask(
  'calibration.bandBoard',
  async (
    args: CubeArgs & { window: LineSampleWindow; bandIndexes: number[]; board: readonly [number, number] },
    context,
  ): Promise<SeenBoard> => {
    const { seenBoard } = await import('./detect/seenBoard.ts');
    const cube = cubeOf(args, context);
    const { lines, samples } = args.window;
    const values = await readValues(cube, args.window, args.bandIndexes, readContext(args, context));
    const pixels = lines * samples;
    const mean = new Float32Array(pixels);
    for (let band = 0; band < args.bandIndexes.length; band++) {
      for (let i = 0; i < pixels; i++) {
        mean[i] = (mean[i] as number) + (values[band * pixels + i] as number) / args.bandIndexes.length;
      }
    }
    const sorted = mean.filter(Number.isFinite).sort();
    const [low, high] = stretch.map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0) as [
      number,
      number,
    ];
    const empty = { width: samples, height: lines, corners: null, seen: null, doubts: [] };
    if (sorted.length === 0) return { ...empty, fault: 'it has no values in this band' };
    if (!(high > low)) return { ...empty, fault: 'all its values in this band are the same' };
    const scale = 255 / (high - low);
    const data = mean.map((value) => (Number.isFinite(value) ? (value - low) * scale : 0));
    return seenBoard({ width: samples, height: lines, data }, args.board);
  },
);

/** Writes a photo as the ideal camera would see it to a temporary file, as PNG; a fault in words where it cannot be. */
export const undistortTask = defineTask(
  'calibration.undistort',
  async (args: {
    path: string;
    camera: Camera;
    imageSize: readonly [number, number] | null;
    output: OutputFile;
  }): Promise<string | null> => {
    const { bytesOf, encodePng } = await import('../photos/picture.ts');
    const { readPhoto } = await import('../photos/readPhoto.ts');
    const { undistortImage } = await import('./undistortImage.ts');
    const file = basename(args.path);
    let photo;
    try {
      photo = await readPhoto(args.path);
    } catch (thrown) {
      return asCubelensError(thrown, file).message;
    }
    const { width, height, channels } = photo;
    if (args.imageSize !== null && (args.imageSize[0] !== width || args.imageSize[1] !== height)) {
      return `${file} has ${width} x ${height} pixels, the camera ${args.imageSize.join(' x ')}.`;
    }
    const image = undistortImage({ width, height, channels, data: bytesOf(photo) }, args.camera);
    writeWholePart(args.output, encodePng({ ...image, channels }));
    return null;
  },
);

/** Writes the report of a calibration to a temporary file. */
export const reportTask = defineTask(
  'calibration.report',
  async (args: {
    answer: CalibrationAnswer;
    source: PointsSource;
    pictures: [name: string, picture: ReportPicture][];
    title: string;
    output: OutputFile;
  }): Promise<void> => {
    const { calibrationReport } = await import('./report/calibrationReport.ts');
    const { readPointsSource } = await import('./pointsSource.ts');
    const { answer, title, output } = args;
    const points = await readPointsSource(args.source);
    writeWholePart(output, calibrationReport({ answer, points, pictures: new Map(args.pictures), title }));
  },
);

/** A file of a camera, read. Throws `malformed-file`, `not-found`. */
export const readCameraTask = defineTask(
  'calibration.readCamera',
  async ({ path }: { path: string }): Promise<{ camera: Camera; imageSize: [number, number] | null }> => {
    const { readCameraFile } = await import('./cameraReader.ts');
    const { readTextFile } = await import('./pointsSource.ts');
    const { camera, imageSize } = readCameraFile(await readTextFile(path), basename(path));
    return { camera, imageSize: imageSize === null ? null : [...imageSize] };
  },
);

/** Bytes of numbers that one band's image may take. */
const mostBandNumbers = 2 ** 28;

/** Throws `resource-exhausted` for a group of bands whose pixels are too many to be held at once. */
export function checkBandPixels(lines: number, samples: number, bands: number): void {
  if (lines * samples * bands <= mostBandNumbers) return;
  throw new CubelensError(
    'resource-exhausted',
    `${bands} bands of ${lines} x ${samples} pixels are more than fit in memory at once.`,
    { field: 'bands', remedy: 'Calibrate fewer bands a group, or export a smaller window of the cubes.' },
  );
}

/** Tasks on photos and bands. */
export const photoTasks: readonly AnyTask[] = [
  photoTask,
  bandBoardTask,
  undistortTask,
  reportTask,
  readCameraTask,
];
