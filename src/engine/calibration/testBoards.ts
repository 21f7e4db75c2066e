import type { CalibrationPoints, CalibrationView } from '../contract/calibration.ts';
import { pinhole, type Camera, type Pose, type Vector3 } from './camera.ts';
import { poseFrame, project } from './projection.ts';

/** f = 8 mm, 112.5 and 100 px/mm, 720 x 480: fx = 900, fy = 800. */
export const k1Camera = pinhole(900, 800, 360, 240);

const pose = (rotation: Vector3, translation: Vector3): Pose => ({ rotation, translation });

/** Four views of a board of 8 x 6 corners, 30 mm apart. */
export const k2Poses: readonly Pose[] = [
  pose([0.35, 0, 0], [-100, -70, 700]),
  pose([0, -0.4, 0.05], [-120, -80, 750]),
  pose([-0.3, 0.3, 0.1], [-90, -60, 650]),
  pose([0.25, 0.35, -0.2], [-110, -90, 800]),
];

/** The rotation of the first view in four places. */
export const translatedPoses: readonly Pose[] = [
  [-100, -70, 700],
  [-50, -20, 800],
  [-150, -90, 600],
  [-80, -60, 900],
].map((translation) => pose([0.35, 0, 0], translation as Vector3));

/** Corners of a board, x fastest. */
export const corners = (columns: number, rows: number, step: number): [number, number][] =>
  Array.from({ length: columns * rows }, (_, n) => [step * (n % columns), step * Math.floor(n / columns)]);

/** What a camera sees of a board; `shift` moves point n (from 0) of view v (from 1). */
export function seen(
  camera: Camera,
  poses: readonly Pose[],
  board: readonly [number, number][] = corners(8, 6, 30),
  shift: (n: number, v: number) => readonly [number, number] = () => [0, 0],
): CalibrationPoints {
  const out = new Float64Array(2);
  const views = poses.map((one, index): CalibrationView => {
    const frame = poseFrame(one);
    const image = board.map(([x, y], n): [number, number] => {
      if (!project(camera, frame, x, y, out)) throw new Error('a test board lies behind the camera');
      const [du, dv] = shift(n, index + 1);
      return [(out[0] as number) + du, (out[1] as number) + dv];
    });
    return { name: `view ${index + 1}`, object: board.map(([x, y]) => [x, y]), image };
  });
  return { imageSize: [720, 480], views };
}

/** The perturbation of the third fixture: no random numbers. */
export const k3Shift = (n: number, v: number): [number, number] => [
  0.3 * Math.sin(12.9898 * n + 78.233 * v),
  0.3 * Math.cos(39.3468 * n + 11.135 * v),
];
