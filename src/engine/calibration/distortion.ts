import { CubelensError } from '../base/errors.ts';
import type { Camera } from './camera.ts';

/** Newton's method ends where it moves a point by less: in units of the focal length. */
const tolerance = 1e-13;
const mostSteps = 50;

interface Distorted {
  x: number;
  y: number;
  /** Derivatives: of x' by x, of x' by y (the same as of y' by x), of y' by y. */
  xx: number;
  xy: number;
  yy: number;
}

/** The distorted place of a point at (x, y) on the plane Z = 1, and its derivatives. */
function distorted({ k1, k2, p1, p2, k3 }: Camera, x: number, y: number): Distorted {
  const q = x * x + y * y;
  const radial = 1 + q * (k1 + q * (k2 + q * k3));
  const slope = 2 * (k1 + q * (2 * k2 + q * 3 * k3));
  return {
    x: x * radial + 2 * p1 * x * y + p2 * (q + 2 * x * x),
    y: y * radial + p1 * (q + 2 * y * y) + 2 * p2 * x * y,
    xx: radial + x * x * slope + 2 * p1 * y + 6 * p2 * x,
    xy: x * y * slope + 2 * p1 * x + 2 * p2 * y,
    yy: radial + y * y * slope + 6 * p1 * y + 2 * p2 * x,
  };
}

/** Where a pixel of the ideal camera (K alone) is seen by the real one, in pixels. */
export function distortPoint(camera: Camera, [u, v]: readonly [number, number]): [number, number] {
  const { fx, fy, cx, cy, skew } = camera;
  const y = (v - cy) / fy;
  const at = distorted(camera, (u - cx - skew * y) / fx, y);
  return [fx * at.x + skew * at.y + cx, fy * at.y + cy];
}

/**
 * Where a seen pixel lies in the ideal camera (K alone), in pixels: Newton's method on the distortion, a step halved until
 * it helps. Throws `not-converged` where the polynomial has no inverse there: it was fitted to points nearer the middle.
 */
export function undistortPoint(camera: Camera, [u, v]: readonly [number, number]): [number, number] {
  const { fx, fy, cx, cy, skew } = camera;
  const seenY = (v - cy) / fy;
  const seenX = (u - cx - skew * seenY) / fx;
  let [x, y] = [seenX, seenY];
  let at = distorted(camera, x, y);
  let miss = Math.hypot(at.x - seenX, at.y - seenY);
  for (let step = 0; step < mostSteps && miss > tolerance; step++) {
    const determinant = at.xx * at.yy - at.xy * at.xy;
    // Past the fold the same pixel is seen twice: the ray nearer the middle is the real one.
    if (!(determinant > 0) || !(at.xx + at.yy > 0)) break;
    const dx = (at.yy * (seenX - at.x) - at.xy * (seenY - at.y)) / determinant;
    const dy = (at.xx * (seenY - at.y) - at.xy * (seenX - at.x)) / determinant;
    let scale = 1;
    for (; scale > 1e-6; scale /= 2) {
      const next = distorted(camera, x + scale * dx, y + scale * dy);
      const nextMiss = Math.hypot(next.x - seenX, next.y - seenY);
      const unfolded = next.xx * next.yy - next.xy * next.xy > 0 && next.xx + next.yy > 0;
      if (unfolded && nextMiss < miss) {
        [x, y, at, miss] = [x + scale * dx, y + scale * dy, next, nextMiss];
        break;
      }
    }
    if (scale <= 1e-6) break;
  }
  // Rounding of the place itself, far from the middle.
  if (!(miss <= 1e-12 * Math.max(1, Math.hypot(seenX, seenY)))) {
    throw new CubelensError(
      'not-converged',
      `The pixel (${u}, ${v}) cannot be undistorted: the distortion folds over before it.`,
      {
        field: 'distortion',
        remedy: 'Use the model only where corners were seen, or fit fewer coefficients.',
      },
    );
  }
  return [fx * x + skew * y + cx, fy * y + cy];
}
