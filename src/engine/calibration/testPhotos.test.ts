import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { pinhole } from './camera.ts';
import { poseFrame, project } from './projection.ts';
import { rotationMatrix } from './rotation.ts';
import { renderBoard, seenCorners, tiltedPoses } from './testPhotos.ts';
import { undistortPoint } from './distortion.ts';

const camera = { ...pinhole(300, 305, 158, 121), k1: -0.2, k2: 0.05, p1: 0.001 };
const imageSize = [320, 240] as const;
const board = [9, 6] as const;

/** The sharp pattern at a place of the image. */
function patternAt(u: number, v: number, pose: ReturnType<typeof tiltedPoses>[number]): number {
  const [x, y] = undistortPoint(camera, [u, v]);
  const m = rotationMatrix(pose.rotation) as unknown as number[];
  const [tx, ty, tz] = pose.translation;
  const ray = [(x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1];
  const column = (c: number): number[] => [m[c] ?? 0, m[3 + c] ?? 0, m[6 + c] ?? 0];
  const dot = (a: number[], b: number[]): number => a.reduce((sum, one, i) => sum + one * (b[i] ?? 0), 0);
  const depth = dot(column(2), [tx, ty, tz]) / dot(column(2), ray);
  const at = ray.map((one, i) => one * depth - (pose.translation[i] ?? 0));
  const [bx, by] = [dot(column(0), at), dot(column(1), at)];
  if (bx < -2 || by < -2 || bx > 10 || by > 7) return 150;
  if (bx < -1 || by < -1 || bx > 9 || by > 6) return 210;
  return (Math.floor(bx) + Math.floor(by)) % 2 === 0 ? 40 : 210;
}

describe('test photos of a board', () => {
  it('agree with supersampling around every corner, and their saddle is not moved', () => {
    const blur = 0.7;
    const pose = tiltedPoses(3, seededRandom(5), { camera, imageSize, board })[1];
    if (pose === undefined) throw new Error('no pose');
    const photo = renderBoard({ camera, pose, imageSize, board, blur });
    let [worst, square, count, moved] = [0, 0, 0, 0];
    // Weights of fine samples: the pixel's square, then the Gaussian, to four standard deviations.
    const n = 16;
    const steps = Array.from({ length: 2 * 4 * n }, (_, i) => (i + 0.5) / n - 4);
    const weight = steps.map((s) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += Math.exp(-((s + (k + 0.5) / n - 0.5) ** 2) / (2 * blur ** 2));
      return sum;
    });
    const total = weight.reduce((sum, one) => sum + one, 0);
    for (const [index, [cu, cv]] of seenCorners({ camera, pose, board }).entries()) {
      if (index % 9 !== 0) continue;
      const [u0, v0] = [Math.round(cu), Math.round(cv)];
      // Samples of an area of 5 x 5 pixels and the reach of the blur, once; then separable sums.
      const side = 5 * n + 8 * n - n;
      const fine = Array.from({ length: side }, (_, b) =>
        Array.from({ length: side }, (_, a) =>
          patternAt(u0 - 2 - 4 + (a + 0.5) / n, v0 - 2 - 4 + (b + 0.5) / n, pose),
        ),
      );
      const shift = [0, 0];
      let mass = 0;
      for (let j = 0; j < 5; j++) {
        for (let i = 0; i < 5; i++) {
          let value = 0;
          for (let b = 0; b < 8 * n; b++) {
            let line = 0;
            const row = fine[j * n + b] ?? [];
            for (let a = 0; a < 8 * n; a++) line += (weight[a] ?? 0) * (row[i * n + a] ?? 0);
            value += (weight[b] ?? 0) * line;
          }
          value /= total * total;
          const miss = (photo.data[(v0 - 2 + j) * 320 + u0 - 2 + i] ?? 0) - value;
          worst = Math.max(worst, Math.abs(miss));
          square += miss ** 2;
          count++;
          // To first order the miss moves the centroid of contrast by its first moment.
          shift[0] = (shift[0] ?? 0) + ((i - 2) * miss) / 85;
          shift[1] = (shift[1] ?? 0) + ((j - 2) * miss) / 85;
          mass += Math.abs(value - 125) / 85;
        }
      }
      moved = Math.max(moved, Math.hypot(...shift) / mass);
    }
    expect({ worst, rms: Math.sqrt(square / count), moved }).toEqual({
      worst: expect.toSatisfy((one: number) => one < 3),
      rms: expect.toSatisfy((one: number) => one < 1),
      moved: expect.toSatisfy((one: number) => one < 0.01),
    });
  });

  it('have their colours where they belong', () => {
    const pose = {
      rotation: [0, 0, 0] as [number, number, number],
      translation: [-4, -2.5, 12] as [number, number, number],
    };
    const photo = renderBoard({ camera: pinhole(300, 300, 159.5, 119.5), pose, imageSize, board });
    const at = (x: number, y: number): number => {
      const out = new Float64Array(2);
      project(pinhole(300, 300, 159.5, 119.5), poseFrame(pose), x, y, out);
      return photo.data[Math.round(out[1] ?? 0) * 320 + Math.round(out[0] ?? 0)] ?? NaN;
    };
    expect(at(-0.5, -0.5)).toBeCloseTo(40, 2);
    expect(at(0.5, -0.5)).toBeCloseTo(210, 2);
    expect(at(8.5, 5.5)).toBeCloseTo((9 + 6) % 2 === 0 ? 40 : 210, 2);
    expect(at(-1.5, 2)).toBeCloseTo(210, 2);
    expect(photo.data[0]).toBe(150);
  });

  it('have their noise and light', () => {
    const pose = {
      rotation: [0, 0, 0] as [number, number, number],
      translation: [0, 0, -5] as [number, number, number],
    };
    const random = seededRandom(2);
    const { data } = renderBoard({ camera, pose, imageSize, board, noise: 3, random, gradient: [0.2, 0] });
    const mean = (column: number): number =>
      Array.from({ length: 240 }, (_, v) => data[v * 320 + column] ?? 0).reduce((a, b) => a + b, 0) / 240;
    expect(mean(0)).toBeCloseTo(135, -0.3);
    expect(mean(319)).toBeCloseTo(165, -0.3);
  });

  it('show every corner of every tilted pose, from different sides', () => {
    for (const pose of tiltedPoses(12, seededRandom(7), { camera, imageSize, board })) {
      const matrix = rotationMatrix(pose.rotation);
      const tilt = (Math.acos(matrix[8] ?? 0) * 180) / Math.PI;
      expect(tilt).toBeGreaterThan(19.99);
      expect(tilt).toBeLessThan(40.01);
      for (const [u, v] of seenCorners({ camera, pose, board })) {
        expect(u > 0 && v > 0 && u < 319 && v < 239).toBe(true);
      }
    }
    expect(tiltedPoses(4, seededRandom(1))).toEqual(tiltedPoses(4, seededRandom(1)));
  });
});
