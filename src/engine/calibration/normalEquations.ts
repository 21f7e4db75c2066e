import { intrinsicNames, type Camera, type Pose } from './camera.ts';
import { derivativeCount, poseFrame, project } from './projection.ts';
import type { Unknown } from './refine.ts';
import type { ViewPoints } from './views.ts';

/** J'J and J'residual in blocks: the camera's unknowns (`size`), each view's pose (6), and what mixes both. */
export interface NormalEquations {
  size: number;
  /** size x size. */
  camera: Float64Array;
  cameraRight: Float64Array;
  views: {
    /** 6 x 6. */
    pose: Float64Array;
    poseRight: Float64Array;
    /** size x 6. */
    mixed: Float64Array;
  }[];
  /** Sum of the squared residuals. */
  sse: number;
}

/** Normal equations at a camera and poses; null where a point lies behind the camera or a number overflows. */
export function normalEquations(
  views: readonly ViewPoints[],
  unknowns: readonly Unknown[],
  camera: Camera,
  poses: readonly Pose[],
): NormalEquations | null {
  const size = unknowns.length;
  const out: NormalEquations = {
    size,
    camera: new Float64Array(size * size),
    cameraRight: new Float64Array(size),
    views: [],
    sse: 0,
  };
  // One flat list, for the innermost loop must not make arrays.
  const moves = unknowns.flatMap((unknown, k) =>
    unknown.moves.map(([name, by]) => ({ k, index: intrinsicNames.indexOf(name), by })),
  );
  const seen = new Float64Array(2);
  const slopes = new Float64Array(2 * derivativeCount);
  const row = new Float64Array(size + 6);
  for (const [v, { count, object, image }] of views.entries()) {
    const frame = poseFrame(poses[v] as Pose);
    const pose = new Float64Array(36);
    const poseRight = new Float64Array(6);
    const mixed = new Float64Array(6 * size);
    for (let i = 0; i < count; i++) {
      if (!project(camera, frame, object[2 * i] as number, object[2 * i + 1] as number, seen, slopes))
        return null;
      for (let axis = 0; axis < 2; axis++) {
        const from = axis * derivativeCount;
        row.fill(0);
        for (let m = 0; m < moves.length; m++) {
          const { k, index, by } = moves[m] as (typeof moves)[number];
          row[k] = (row[k] as number) + by * (slopes[from + index] as number);
        }
        for (let k = 0; k < 6; k++) row[size + k] = slopes[from + 10 + k] as number;
        const residual = (image[2 * i + axis] as number) - (seen[axis] as number);
        out.sse += residual * residual;
        for (let a = 0; a < size; a++) {
          const entry = row[a] as number;
          out.cameraRight[a] = (out.cameraRight[a] as number) + entry * residual;
          for (let b = 0; b <= a; b++) {
            out.camera[a * size + b] = (out.camera[a * size + b] as number) + entry * (row[b] as number);
          }
          for (let b = 0; b < 6; b++) {
            mixed[6 * a + b] = (mixed[6 * a + b] as number) + entry * (row[size + b] as number);
          }
        }
        for (let a = 0; a < 6; a++) {
          const entry = row[size + a] as number;
          poseRight[a] = (poseRight[a] as number) + entry * residual;
          for (let b = 0; b <= a; b++) {
            pose[6 * a + b] = (pose[6 * a + b] as number) + entry * (row[size + b] as number);
          }
        }
      }
    }
    mirror(pose, 6);
    out.views.push({ pose, poseRight, mixed });
  }
  mirror(out.camera, size);
  return Number.isFinite(out.sse) ? out : null;
}

/** Fills the upper triangle from the lower one. */
function mirror(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j] as number;
  }
}
