import { Matrix, SVD } from 'ml-matrix';
import type { Vector3 } from './camera.ts';

/** Row-major 3 x 3. */
export type Matrix3 = Float64Array;

/** Below this angle the series holds to float64 and the closed forms lose digits. */
const smallAngle = 1e-5;

/** Row-major product of two 3 x 3 matrices. */
export function product3(a: Matrix3, b: Matrix3): Matrix3 {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (a[3 * i + k] as number) * (b[3 * k + j] as number);
      out[3 * i + j] = sum;
    }
  }
  return out;
}

/** [v]x, with [v]x w = v x w. */
const cross = ([x, y, z]: Vector3): Matrix3 => Float64Array.of(0, -z, y, z, 0, -x, -y, x, 0);

/** The rotation matrix of a rotation vector (axis x angle in radians), by the formula of Rodrigues. */
export function rotationMatrix(rotation: Vector3): Matrix3 {
  const angle = Math.hypot(...rotation);
  const k = cross(rotation);
  const k2 = product3(k, k);
  const first = angle < smallAngle ? 1 - angle ** 2 / 6 : Math.sin(angle) / angle;
  const second = angle < smallAngle ? 0.5 - angle ** 2 / 24 : 2 * (Math.sin(angle / 2) / angle) ** 2;
  const out = new Float64Array(9);
  for (let i = 0; i < 9; i++) {
    out[i] = (i % 4 === 0 ? 1 : 0) + first * (k[i] as number) + second * (k2[i] as number);
  }
  return out;
}

/**
 * The derivatives of R(r) by the three numbers of r: dR/dri = (ri [r]x + [r x (I - R) ei]x) R / |r|^2
 * (G. Gallego and A. Yezzi, "A compact formula for the derivative of a 3-D rotation in exponential coordinates", 2015).
 */
export function rotationDerivatives(rotation: Vector3, matrix: Matrix3): [Matrix3, Matrix3, Matrix3] {
  const square = rotation[0] ** 2 + rotation[1] ** 2 + rotation[2] ** 2;
  const k = cross(rotation);
  const one = (i: 0 | 1 | 2): Matrix3 => {
    const unit: Vector3 = [0, 0, 0];
    unit[i] = 1;
    const generator = cross(unit);
    if (square < smallAngle ** 2) {
      const [before, after] = [product3(generator, k), product3(k, generator)];
      return generator.map((entry, n) => entry + ((before[n] as number) + (after[n] as number)) / 2);
    }
    const [a, b, c] = [0, 1, 2].map(
      (row) => (unit[row] as number) - (matrix[3 * row + i] as number),
    ) as Vector3;
    const [x, y, z] = rotation;
    const turned = cross([y * c - z * b, z * a - x * c, x * b - y * a]);
    const sum = k.map((entry, n) => (rotation[i] * entry + (turned[n] as number)) / square);
    return product3(sum, matrix);
  };
  return [one(0), one(1), one(2)];
}

/** The rotation vector of a rotation matrix, with an angle from 0 to pi. */
export function rotationVector(matrix: Matrix3): Vector3 {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = matrix as unknown as [
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
  // By a unit quaternion (S. W. Shepperd, 1978): its largest part is divided by, so no angle loses digits.
  const trace = m00 + m11 + m22;
  const parts = [trace, m00, m11, m22];
  const largest = parts.indexOf(Math.max(...parts));
  let q: [number, number, number, number];
  if (largest === 0) q = [1 + trace, m21 - m12, m02 - m20, m10 - m01];
  else if (largest === 1) q = [m21 - m12, 1 + m00 - m11 - m22, m10 + m01, m02 + m20];
  else if (largest === 2) q = [m02 - m20, m10 + m01, 1 + m11 - m00 - m22, m21 + m12];
  else q = [m10 - m01, m02 + m20, m21 + m12, 1 + m22 - m00 - m11];
  const sign = q[0] < 0 ? -1 : 1;
  const sine = Math.hypot(q[1], q[2], q[3]);
  // atan2(0, 1) / 0 at no rotation: its limit.
  const factor = sine === 0 ? 0 : (sign * 2 * Math.atan2(sine, sign * q[0])) / sine;
  return [q[1] * factor, q[2] * factor, q[3] * factor];
}

/** The rotation matrix nearest to a 3 x 3 matrix in the Frobenius norm: U diag(1, 1, det(UV')) V'. */
export function nearestRotation(matrix: Matrix3): Matrix3 {
  const svd = new SVD(Matrix.from1DArray(3, 3, Array.from(matrix)));
  const u = Float64Array.from(svd.leftSingularVectors.to1DArray());
  const vt = Float64Array.from(svd.rightSingularVectors.transpose().to1DArray());
  const out = product3(u, vt);
  if (determinant3(out) > 0) return out;
  for (const at of [2, 5, 8]) u[at] = -(u[at] as number);
  return product3(u, vt);
}

export const determinant3 = (m: Matrix3): number => {
  const [a, b, c, d, e, f, g, h, i] = Array.from(m) as [
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
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
};
