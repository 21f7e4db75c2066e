import { intrinsicNames, type Camera, type Pose } from './camera.ts';
import { rotationDerivatives, rotationMatrix, type Matrix3 } from './rotation.ts';

/** Derivatives of one projected number: by the ten intrinsics, the rotation vector and the translation. */
export const derivativeCount = intrinsicNames.length + 6;

/** A pose made ready to project many points. */
export interface PoseFrame {
  matrix: Matrix3;
  derivatives: [Matrix3, Matrix3, Matrix3];
  translation: readonly [number, number, number];
}

export function poseFrame({ rotation, translation }: Pose): PoseFrame {
  const matrix = rotationMatrix(rotation);
  return { matrix, derivatives: rotationDerivatives(rotation, matrix), translation };
}

/**
 * Projects the board's point (X, Y, 0) with OpenCV's model: x = Xc / Zc, y = Yc / Zc, q = x^2 + y^2,
 * x' = x (1 + k1 q + k2 q^2 + k3 q^3) + 2 p1 x y + p2 (q + 2 x^2), y' = y (...) + p1 (q + 2 y^2) + 2 p2 x y,
 * u = fx x' + skew y' + cx, v = fy y' + cy.
 * Puts u and v into out[0], out[1]; false where the point lies behind the camera. With `slopes` (2 x 16 numbers), the
 * derivatives of u, then of v, by fx, fy, cx, cy, skew, k1, k2, p1, p2, k3, three of the rotation, three of the translation.
 */
export function project(
  camera: Camera,
  frame: PoseFrame,
  boardX: number,
  boardY: number,
  out: Float64Array,
  slopes?: Float64Array,
): boolean {
  const { matrix: m, translation } = frame;
  const z = (m[6] as number) * boardX + (m[7] as number) * boardY + translation[2];
  if (!(z > 0)) return false;
  const x = ((m[0] as number) * boardX + (m[1] as number) * boardY + translation[0]) / z;
  const y = ((m[3] as number) * boardX + (m[4] as number) * boardY + translation[1]) / z;
  const { fx, fy, cx, cy, skew, k1, k2, p1, p2, k3 } = camera;
  const xx = x * x;
  const yy = y * y;
  const xy = x * y;
  const q = xx + yy;
  const radial = 1 + q * (k1 + q * (k2 + q * k3));
  const xd = x * radial + 2 * p1 * xy + p2 * (q + 2 * xx);
  const yd = y * radial + p1 * (q + 2 * yy) + 2 * p2 * xy;
  out[0] = fx * xd + skew * yd + cx;
  out[1] = fy * yd + cy;
  if (slopes === undefined) return true;

  const n = derivativeCount;
  slopes.fill(0);
  slopes[0] = xd;
  slopes[2] = 1;
  slopes[4] = yd;
  slopes[n + 1] = yd;
  slopes[n + 3] = 1;
  const byDistortion = (at: number, dx: number, dy: number): void => {
    slopes[at] = fx * dx + skew * dy;
    slopes[n + at] = fy * dy;
  };
  byDistortion(5, x * q, y * q);
  byDistortion(6, x * q * q, y * q * q);
  byDistortion(7, 2 * xy, q + 2 * yy);
  byDistortion(8, q + 2 * xx, 2 * xy);
  byDistortion(9, x * q * q * q, y * q * q * q);

  // By the undistorted x and y, then by the camera's X, Y, Z.
  const slope = 2 * (k1 + q * (2 * k2 + q * 3 * k3));
  const xdx = radial + xx * slope + 2 * p1 * y + 6 * p2 * x;
  const cross = xy * slope + 2 * p1 * x + 2 * p2 * y;
  const ydy = radial + yy * slope + 6 * p1 * y + 2 * p2 * x;
  const ux = (fx * xdx + skew * cross) / z;
  const uy = (fx * cross + skew * ydy) / z;
  const uz = -(ux * x + uy * y);
  const vx = (fy * cross) / z;
  const vy = (fy * ydy) / z;
  const vz = -(vx * x + vy * y);
  for (let i = 0; i < 3; i++) {
    const d = frame.derivatives[i] as Matrix3;
    const dx = (d[0] as number) * boardX + (d[1] as number) * boardY;
    const dy = (d[3] as number) * boardX + (d[4] as number) * boardY;
    const dz = (d[6] as number) * boardX + (d[7] as number) * boardY;
    slopes[10 + i] = ux * dx + uy * dy + uz * dz;
    slopes[n + 10 + i] = vx * dx + vy * dy + vz * dz;
  }
  slopes[13] = ux;
  slopes[14] = uy;
  slopes[15] = uz;
  slopes[n + 13] = vx;
  slopes[n + 14] = vy;
  slopes[n + 15] = vz;
  return true;
}
