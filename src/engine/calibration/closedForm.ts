import { Matrix, SVD } from 'ml-matrix';
import { matrixOf, pinhole, type Camera, type Pose } from './camera.ts';
import { determinant3, nearestRotation, product3, rotationVector, type Matrix3 } from './rotation.ts';

/** What is known of K beforehand. */
export interface KnownOfK {
  /** The skew is zero. */
  zeroSkew: boolean;
  /** fx / fy (mx / my), where it is known; the skew is zero then. */
  aspect: number | null;
  /** [cx, cy] in pixels where it is known. */
  centre: readonly [number, number] | null;
}

/** K of a closed form, or why there is none: 'rank' (the views do not determine it), 'sign' (no real K fits them). */
export type ClosedForm =
  | { camera: Camera; singularRatios: number[] }
  | { camera: null; why: 'rank' | 'sign'; singularRatios: number[] };

/** Ratio of singular values below which a direction counts as not determined; rounding alone stays below 1e-12. */
const rankTolerance = 1e-10;

/** Columns: the image of the absolute conic b = [B11, B12, B22, B13, B23, B33] by the unknowns that are left. */
function unknowns({ zeroSkew, aspect, centre }: KnownOfK): number[][] {
  const columns: number[][] = [];
  if (aspect !== null) columns.push([1, 0, 1, 0, 0, 0]);
  else {
    columns.push([1, 0, 0, 0, 0, 0]);
    if (!zeroSkew) columns.push([0, 1, 0, 0, 0, 0]);
    columns.push([0, 0, 1, 0, 0, 0]);
  }
  if (centre === null) columns.push([0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0]);
  columns.push([0, 0, 0, 0, 0, 1]);
  return columns;
}

/**
 * K from the homographies of views (Z. Zhang, "A flexible new technique for camera calibration", 2000): h1' B h2 = 0 and
 * h1' B h1 = h2' B h2 in least squares, with what is known of K put in beforehand. Of the five numbers of K as many can
 * be unknown as there are two a view of another orientation: free 3 views, zero skew 2, with known aspect 2, with known
 * centre too 1.
 */
export function closedFormK(homographies: readonly Matrix3[], known: KnownOfK): ClosedForm {
  const r = known.aspect ?? 1;
  const [x0, y0] = known.centre ?? [0, 0];
  // Square pixels where the aspect is known, about the centre where it is.
  const to = Float64Array.of(1 / r, 0, -x0 / r, 0, 1, -y0, 0, 0, 1);
  const columns = unknowns(known);
  const count = columns.length;
  const rows: number[][] = [];
  for (const homography of homographies) {
    const h = product3(to, homography);
    const scaled = h.map((entry) => entry / (h[8] as number));
    const [v12, v11, v22] = [equation(scaled, 0, 1), equation(scaled, 0, 0), equation(scaled, 1, 1)];
    const difference = v11.map((entry, i) => entry - (v22[i] as number));
    for (const v of [v12, difference]) {
      rows.push(columns.map((column) => column.reduce((sum, entry, i) => sum + entry * (v[i] as number), 0)));
    }
  }
  while (rows.length < count) rows.push(columns.map(() => 0));
  const svd = new SVD(new Matrix(rows), { computeLeftSingularVectors: false });
  const singularRatios = svd.diagonal.map((value) => value / (svd.diagonal[0] as number));
  if (!((singularRatios[count - 2] as number) > rankTolerance)) {
    return { camera: null, why: 'rank', singularRatios };
  }
  const w = svd.rightSingularVectors.getColumn(count - 1);
  const b = [0, 1, 2, 3, 4, 5].map((i) =>
    columns.reduce((sum, column, k) => sum + (column[i] as number) * (w[k] as number), 0),
  ) as Conic;
  const k = fromConic(b);
  if (k === null) return { camera: null, why: 'sign', singularRatios };
  const camera = pinhole(k.fx * r, k.fy, k.cx * r + x0, k.cy + y0, k.skew * r);
  return { camera, singularRatios };
}

type Conic = [b11: number, b12: number, b22: number, b13: number, b23: number, b33: number];

/** Zhang's vij for columns i and j of a homography. */
function equation(h: Matrix3, i: number, j: number): number[] {
  const at = (row: number, column: number): number => h[3 * row + column] as number;
  return [
    at(0, i) * at(0, j),
    at(0, i) * at(1, j) + at(1, i) * at(0, j),
    at(1, i) * at(1, j),
    at(2, i) * at(0, j) + at(0, i) * at(2, j),
    at(2, i) * at(1, j) + at(1, i) * at(2, j),
    at(2, i) * at(2, j),
  ];
}

/** K of B = K^-T K^-1 up to a factor (Zhang's appendix B); null where B is not definite. */
function fromConic([b11, b12, b22, b13, b23, b33]: Conic): Camera | null {
  const minor = b11 * b22 - b12 * b12;
  if (!(minor > 0)) return null;
  const cy = (b12 * b13 - b11 * b23) / minor;
  const lambda = b33 - (b13 * b13 + cy * (b12 * b13 - b11 * b23)) / b11;
  if (!(lambda / b11 > 0)) return null;
  const fx = Math.sqrt(lambda / b11);
  const fy = Math.sqrt((lambda * b11) / minor);
  const skew = (-b12 * fx * fx * fy) / lambda;
  const cx = (skew * cy) / fy - (b13 * fx * fx) / lambda;
  return [fx, fy, cx, cy].every(Number.isFinite) ? pinhole(fx, fy, cx, cy, skew) : null;
}

/** The pose of a board under a camera without distortion, from the homography of its view. */
export function poseOf(homography: Matrix3, camera: Camera): Pose | null {
  const inverse = inverseOfK(camera);
  const m = product3(inverse, homography);
  const column = (i: number): [number, number, number] => [
    m[i] as number,
    m[3 + i] as number,
    m[6 + i] as number,
  ];
  const [first, second, third] = [column(0), column(1), column(2)];
  const size = (Math.hypot(...first) + Math.hypot(...second)) / 2;
  if (!(size > 0) || !Number.isFinite(size)) return null;
  const [a, b] = [first, second].map((v) => v.map((entry) => entry / size)) as [number[], number[]];
  const [ax, ay, az] = a as [number, number, number];
  const [bx, by, bz] = b as [number, number, number];
  const columns = Float64Array.of(
    ax,
    bx,
    ay * bz - az * by,
    ay,
    by,
    az * bx - ax * bz,
    az,
    bz,
    ax * by - ay * bx,
  );
  if (!(Math.abs(determinant3(columns)) > 1e-12)) return null;
  return {
    rotation: rotationVector(nearestRotation(columns)),
    translation: third.map((entry) => entry / size) as [number, number, number],
  };
}

function inverseOfK(camera: Camera): Matrix3 {
  const [[fx, s, cx], [, fy, cy]] = matrixOf(camera) as [[number, number, number], [number, number, number]];
  return Float64Array.of(
    1 / fx,
    -s / (fx * fy),
    (s * cy - cx * fy) / (fx * fy),
    0,
    1 / fy,
    -cy / fy,
    0,
    0,
    1,
  );
}
