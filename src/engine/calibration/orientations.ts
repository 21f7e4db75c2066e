import { CubelensError } from '../base/errors.ts';
import type { Camera, Pose } from './camera.ts';
import { poseOf, type KnownOfK } from './closedForm.ts';
import { degenerate } from './problems.ts';
import { refine, type Refined } from './refine.ts';
import { product3, rotationMatrix, type Matrix3 } from './rotation.ts';
import type { ViewPoints } from './views.ts';

/** Unit vectors that differ by less are one direction (the sine of their angle). */
const sameDirection = 1e-6;

/**
 * Each board's vanishing line in the image, as a unit vector with the image scaled to about 1: boards that are parallel to each
 * other share it, and a board parallel to the image plane has (0, 0, 1).
 */
function vanishingLines(homographies: readonly Matrix3[], imageSize: readonly [number, number]): number[][] {
  const [width, height] = imageSize;
  const scale = (width + height) / 4;
  const to = Float64Array.of(1 / scale, 0, -width / 2 / scale, 0, 1 / scale, -height / 2 / scale, 0, 0, 1);
  return homographies.map((homography) => {
    const h = product3(to, homography);
    const [ax, ay, az, bx, by, bz] = [0, 3, 6, 1, 4, 7].map((at) => h[at] as number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const line = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
    const size = Math.hypot(...line);
    return line.map((entry) => entry / size);
  });
}

/** Sine of the angle between two unit vectors, whatever their sign. */
const sineBetween = (a: readonly number[], b: readonly number[]): number => {
  const [ax, ay, az] = a as [number, number, number];
  const [bx, by, bz] = b as [number, number, number];
  return Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
};

/** Mean squared angle over its variance up to which boards count as parallel: noise alone gives about 1. */
const mostNoise = 9;

/** What all boards have in common, to within the noise of the points. */
export type Parallel = 'image-plane' | 'each-other' | null;

/**
 * Whether all boards are parallel to the image plane, or to each other, to within the noise of their points. Parallel
 * boards have the same normal under any camera, so one that is roughly right will do.
 */
export function parallelBoards(
  views: readonly ViewPoints[],
  homographies: readonly Matrix3[],
  camera: Camera,
): Parallel {
  const poses = homographies.map((homography) => poseOf(homography, camera));
  if (!poses.every((pose): pose is Pose => pose !== null)) return null;
  const found = refinedPoses(views, camera, poses);
  if (found === null) return null;
  const numbers = views.reduce((sum, { count }) => sum + 2 * count, 0);
  const variance = found.sse / Math.max(1, numbers - 6 * views.length);
  const normals = found.poses.map(({ rotation }) => {
    const matrix = rotationMatrix(rotation);
    return [2, 5, 8].map((at) => matrix[at] as number);
  });
  const noise = (direction: readonly number[]): number =>
    normals.reduce((sum, normal, v) => {
      const [a, b, c] = found.poseVariances[v] as unknown as [number, number, number];
      return sum + sineBetween(normal, direction) ** 2 / (variance * (a + b + c)) / normals.length;
    }, 0);
  const mean = [0, 1, 2].map((i) => normals.reduce((sum, normal) => sum + (normal[i] as number), 0));
  const length = Math.hypot(...mean);
  if (noise([0, 0, 1]) < mostNoise) return 'image-plane';
  return views.length > 1 && noise(mean.map((entry) => entry / length)) < mostNoise ? 'each-other' : null;
}

/** Poses under a held camera; null where they cannot be had, which says nothing about the boards. */
function refinedPoses(views: readonly ViewPoints[], camera: Camera, poses: readonly Pose[]): Refined | null {
  try {
    return refine(views, [], camera, poses);
  } catch (thrown) {
    if (thrown instanceof CubelensError) return null;
    throw thrown;
  }
}

/** The error for views whose closed form has no single answer, with what they have in common. */
export function degenerateViews(
  views: readonly ViewPoints[],
  homographies: readonly Matrix3[],
  imageSize: readonly [number, number],
  known: KnownOfK,
  singularRatios: readonly number[],
  parallel: Parallel = null,
): CubelensError {
  const lines = vanishingLines(homographies, imageSize);
  const flat = lines.filter((line) => sineBetween(line, [0, 0, 1]) < sameDirection).length;
  const kinds: number[][] = [];
  for (const line of lines) {
    if (!kinds.some((kind) => sineBetween(kind, line) < sameDirection)) kinds.push(line);
  }
  const names = views.length <= 8 ? views.map(({ name }) => name).join(', ') : `${views.length} views`;
  const ratios = singularRatios.map((ratio) => ratio.toExponential(1)).join(', ');
  const least = known.aspect === null ? (known.zeroSkew ? 2 : 3) : 2;
  const why = ((): string => {
    if (flat === views.length || parallel === 'image-plane') {
      return `the board is parallel to the image plane in every view (${names}), so f cannot be seen`;
    }
    if (views.length === 1) {
      return `one view (${names}) gives two equations, too few for what is unknown of K`;
    }
    if (kinds.length === 1 || parallel === 'each-other') {
      return (
        `the boards of all views (${names}) are parallel to each other: they differ only by translation ` +
        'or by a turn in their own plane'
      );
    }
    return (
      `the ${views.length} views (${names}) show the board in ${kinds.length} orientations` +
      `${flat > 0 ? `, ${flat} of them parallel to the image plane` : ''}, which do not determine all of K`
    );
  })();
  const remedy =
    views.length === 1
      ? 'Add a view with the board tilted another way; or give the principal point (centre) and fit a single f.'
      : `Add views with the board tilted in other directions: ${least} orientations are the least here.`;
  return degenerate(`K cannot be computed: ${why} (singular value ratios ${ratios}).`, remedy);
}
