import type { DistortionName, FieldOfView } from '../contract/calibration.ts';

export type Vector3 = [x: number, y: number, z: number];

/** Names of a camera's ten numbers, in the order in which they are counted. */
export const intrinsicNames = ['fx', 'fy', 'cx', 'cy', 'skew', 'k1', 'k2', 'p1', 'p2', 'k3'] as const;
export type IntrinsicName = (typeof intrinsicNames)[number];

/** K = [[fx, skew, cx], [0, fy, cy], [0, 0, 1]] in pixels, and the coefficients of the distortion. */
export type Camera = Record<IntrinsicName, number>;

/** Where a board lies: camera = R(rotation) board + translation; rotation is axis x angle in radians (Rodrigues). */
export interface Pose {
  rotation: Vector3;
  translation: Vector3;
}

/** A camera without distortion and, unless given, without skew. */
export const pinhole = (fx: number, fy: number, cx: number, cy: number, skew = 0): Camera => ({
  fx,
  fy,
  cx,
  cy,
  skew,
  k1: 0,
  k2: 0,
  p1: 0,
  p2: 0,
  k3: 0,
});

/** K as rows. */
export const matrixOf = ({ fx, fy, cx, cy, skew }: Omit<Camera, DistortionName>): number[][] => [
  [fx, skew, cx],
  [0, fy, cy],
  [0, 0, 1],
];

/**
 * Angles in degrees that an image of [width, height] pixels spans through the principal point, without distortion. It is
 * taken to reach from 0 to width and 0 to height, as in OpenCV's calibrationMatrixValues.
 */
export function fieldOfView(
  { fx, fy, cx, cy }: Pick<Camera, 'fx' | 'fy' | 'cx' | 'cy'>,
  [width, height]: readonly [number, number],
): FieldOfView {
  const degrees = 180 / Math.PI;
  const [left, right] = [-cx / fx, (width - cx) / fx];
  const [top, bottom] = [-cy / fy, (height - cy) / fy];
  const cosine =
    (left * right + top * bottom + 1) / (Math.hypot(left, top, 1) * Math.hypot(right, bottom, 1));
  return {
    horizontal: (Math.atan(right) - Math.atan(left)) * degrees,
    vertical: (Math.atan(bottom) - Math.atan(top)) * degrees,
    diagonal: Math.acos(Math.min(1, Math.max(-1, cosine))) * degrees,
  };
}
