import type { Random } from '../base/random.ts';
import { pinhole, type Camera, type Pose, type Vector3 } from './camera.ts';
import { undistortPoint } from './distortion.ts';
import { poseFrame, project } from './projection.ts';
import { boardProfile, expectedProduct, profileSize } from './testProfiles.ts';
import { product3, rotationMatrix, rotationVector } from './rotation.ts';

// For tests only.

/** A photo of a board to be made: lengths of the board in any one unit, grey levels from 0 to 255. */
export interface BoardScene {
  camera: Camera;
  pose: Pose;
  imageSize: readonly [width: number, height: number];
  /** Inner corners; corner (i, j) lies at (i, j) times `square`. */
  board: readonly [columns: number, rows: number];
  square?: number;
  /** Standard deviation of a Gaussian blur, pixels, besides the average over a pixel's square. */
  blur?: number;
  /** Standard deviation of each pixel's noise, grey levels. */
  noise?: number;
  random?: Random;
  black?: number;
  white?: number;
  background?: number;
  /** Relative change of the light from the left edge to the right one and from top to bottom: [0.2, 0] for +-10 %. */
  gradient?: readonly [number, number];
}

/** Rays of pixel centres, one pixel more on every side: x, y on the plane Z = 1; NaN where the distortion folds over. */
const rays = new WeakMap<Camera, Map<string, Float64Array>>();

function raysOf(camera: Camera, width: number, height: number): Float64Array {
  const known = rays.get(camera) ?? new Map<string, Float64Array>();
  rays.set(camera, known);
  const key = `${width}x${height}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const out = new Float64Array(2 * (width + 2) * (height + 2)).fill(NaN);
  let at = 0;
  for (let v = -1; v <= height; v++) {
    for (let u = -1; u <= width; u++, at += 2) {
      try {
        const [x, y] = undistortPoint(camera, [u, v]);
        out[at + 1] = (y - camera.cy) / camera.fy;
        out[at] = (x - camera.cx - (camera.skew * (y - camera.cy)) / camera.fy) / camera.fx;
      } catch {
        // No ray: background.
      }
    }
  }
  known.set(key, out);
  return out;
}

/** Where every ray meets the board, in squares; NaN where it does not. */
function meetings(rayGrid: Float64Array, { rotation, translation }: Pose, square: number): Float64Array {
  const m = rotationMatrix(rotation) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [tx, ty, tz] = translation;
  const distance = m[2] * tx + m[5] * ty + m[8] * tz;
  const out = new Float64Array(rayGrid.length);
  for (let i = 0; i < out.length; i += 2) {
    const [x, y] = [rayGrid[i] as number, rayGrid[i + 1] as number];
    const depth = distance / (m[2] * x + m[5] * y + m[8]);
    const [dx, dy, dz] = [depth * x - tx, depth * y - ty, depth - tz];
    out[i] = depth > 0 ? (m[0] * dx + m[3] * dy + m[6] * dz) / square : NaN;
    out[i + 1] = depth > 0 ? (m[1] * dx + m[4] * dy + m[7] * dz) / square : NaN;
  }
  return out;
}

/**
 * A photo of a board of (columns + 1) x (rows + 1) squares, that at (-1..0, -1..0) black, with a white margin one square wide.
 * Pixel centres are whole numbers. Each pixel is the expectation of the board's pattern under a normal law about the
 * pixel's place: of covariance (blur^2 + 1/12) J J', where J takes pixels to the board there. So the square of the pixel counts by
 * its variance alone and perspective within the blur is left out. Blur that is slant on the board's axes enters by
 * Mehler's series, cut at its sixth power (`expectedProduct`).
 */
export function renderBoard(scene: BoardScene): { width: number; height: number; data: Float32Array } {
  const {
    black = 40,
    white = 210,
    background = 150,
    blur = 0.7,
    noise = 0,
    gradient: [lightAcross, lightAlong] = [0, 0],
  } = scene;
  const [width, height] = scene.imageSize;
  const [columns, rows] = scene.board;
  const places = meetings(raysOf(scene.camera, width, height), scene.pose, scene.square ?? 1);
  const [middle, half] = [(black + white) / 2, (white - black) / 2];
  const variance = blur ** 2 + 1 / 12;
  const [across, along] = [new Float64Array(3 * profileSize), new Float64Array(3 * profileSize)];
  const data = new Float32Array(width * height);
  const stride = 2 * (width + 2);
  for (let v = 0, n = 0; v < height; v++) {
    for (let u = 0; u < width; u++, n++) {
      const at = (v + 1) * stride + 2 * (u + 1);
      const xu = ((places[at + 2] as number) - (places[at - 2] as number)) / 2;
      const yu = ((places[at + 3] as number) - (places[at - 1] as number)) / 2;
      const xv = ((places[at + stride] as number) - (places[at - stride] as number)) / 2;
      const yv = ((places[at + stride + 1] as number) - (places[at - stride + 1] as number)) / 2;
      const sx = Math.sqrt(variance * (xu * xu + xv * xv));
      const sy = Math.sqrt(variance * (yu * yu + yv * yv));
      let value = background;
      // False for NaN as well.
      if (
        sx > 0 &&
        sy > 0 &&
        boardProfile(places[at] as number, sx, columns, across) &&
        boardProfile(places[at + 1] as number, sy, rows, along)
      ) {
        const correlation = (variance * (xu * yu + xv * yv)) / (sx * sy);
        value +=
          (white - background) * expectedProduct(across, along, 0, correlation) +
          (middle - white) * expectedProduct(across, along, 1, correlation) -
          half * expectedProduct(across, along, 2, correlation);
      }
      value *= 1 + lightAcross * (u / (width - 1) - 0.5) + lightAlong * (v / (height - 1) - 0.5);
      if (noise > 0 && scene.random !== undefined) value += noise * scene.random.normal();
      data[n] = Math.min(255, Math.max(0, value));
    }
  }
  return { width, height, data };
}

/** The exact pixels of the board's inner corners, x fastest. Throws for a board behind the camera. */
export function seenCorners({
  camera,
  pose,
  board: [columns, rows],
  square = 1,
}: Pick<BoardScene, 'camera' | 'pose' | 'board' | 'square'>): [number, number][] {
  const frame = poseFrame(pose);
  const out = new Float64Array(2);
  return Array.from({ length: columns * rows }, (_, n): [number, number] => {
    if (!project(camera, frame, (n % columns) * square, Math.floor(n / columns) * square, out)) {
      throw new Error('a test board lies behind the camera');
    }
    return [out[0] as number, out[1] as number];
  });
}

/** What `tiltedPoses` looks through and at. */
export type PoseView = Pick<BoardScene, 'camera' | 'imageSize' | 'board' | 'square'>;

const smallView: PoseView = { camera: pinhole(300, 300, 159.5, 119.5), imageSize: [320, 240], board: [9, 6] };

/**
 * Poses of a board tilted by 20 to 40 degrees in directions spread over the circle and turned by up to 15 degrees in its
 * plane. The squares' bounding box fills 40 to 80 % of the image, and half the white margin lies inside.
 */
export function tiltedPoses(count: number, random: Random, view: PoseView = smallView): Pose[] {
  return Array.from({ length: count }, (_, n) => {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const direction = (2 * Math.PI * (n + 0.8 * random.uniform())) / count;
      const tilt = ((20 + 20 * random.uniform()) * Math.PI) / 180;
      const turn = ((30 * random.uniform() - 15) * Math.PI) / 180;
      const tilted = rotationMatrix([tilt * Math.cos(direction), tilt * Math.sin(direction), 0]);
      const rotation = rotationVector(product3(tilted, rotationMatrix([0, 0, turn])));
      const pose = placed(rotation, 0.4 + 0.4 * random.uniform(), random, view);
      if (pose !== null) return pose;
    }
    throw new Error('no test board fits into the image');
  });
}

/** The pose of that rotation whose board fills this part of the image, somewhere in it; null where it does not fit. */
function placed(rotation: Vector3, fill: number, random: Random, view: PoseView): Pose | null {
  const { camera, imageSize, board, square = 1 } = view;
  const m = rotationMatrix(rotation);
  const middle = board.map((corners) => ((corners - 1) / 2) * square) as [number, number];
  const offset = [0, 3, 6].map((at) => (m[at] as number) * middle[0] + (m[at + 1] as number) * middle[1]);
  const [shiftX, shiftY] = [random.uniform() - 0.5, random.uniform() - 0.5].map((shift) => 0.3 * shift) as [
    number,
    number,
  ];
  const at = (distance: number): Pose => ({
    rotation,
    translation: [
      ((shiftX * imageSize[0] + (imageSize[0] - 1) / 2 - camera.cx) / camera.fx) * distance -
        (offset[0] as number),
      ((shiftY * imageSize[1] + (imageSize[1] - 1) / 2 - camera.cy) / camera.fy) * distance -
        (offset[1] as number),
      distance - (offset[2] as number),
    ],
  });
  const area = imageSize[0] * imageSize[1];
  let [near, far] = [0.8 * square * Math.max(...board), 100 * square * Math.max(...board)];
  for (let step = 0; step < 40; step++) {
    const between = Math.sqrt(near * far);
    const box = boxOf(at(between), view, 1);
    if ((box[2] - box[0]) * (box[3] - box[1]) > fill * area) near = between;
    else far = between;
  }
  const pose = at(far);
  const [left, top, right, bottom] = boxOf(pose, view, 1.5);
  const box = boxOf(pose, view, 1);
  const filled = ((box[2] - box[0]) * (box[3] - box[1])) / area;
  const isInside = left >= 0 && top >= 0 && right <= imageSize[0] - 1 && bottom <= imageSize[1] - 1;
  return isInside && filled > 0.4 - 1e-6 && filled < 0.8 + 1e-6 ? pose : null;
}

/** Left, top, right, bottom of the board's outline that many squares beyond its outer corners. */
function boxOf(
  pose: Pose,
  { camera, board: [columns, rows], square = 1 }: PoseView,
  beyond: number,
): [number, number, number, number] {
  const frame = poseFrame(pose);
  const out = new Float64Array(2);
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const x of [-beyond, (columns - 1) / 2, columns - 1 + beyond]) {
    for (const y of [-beyond, (rows - 1) / 2, rows - 1 + beyond]) {
      if (!project(camera, frame, x * square, y * square, out)) return [-1e9, -1e9, 1e9, 1e9];
      const [u, v] = out as unknown as [number, number];
      box[0] = Math.min(box[0], u);
      box[1] = Math.min(box[1], v);
      box[2] = Math.max(box[2], u);
      box[3] = Math.max(box[3], v);
    }
  }
  return box;
}
