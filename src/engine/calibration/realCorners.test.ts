import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.ts';
import { readCameraFile } from './cameraReader.ts';
import { readPoints } from './pointsFile.ts';

const folder = path.join(process.env['CUBELENS_DATA'] ?? '../shared/data', 'calibration_opencv');

interface Solution {
  rms: number;
  K: number[][];
  dist_k1_k2_p1_p2_k3: number[];
  std_intrinsics: number[];
  per_view_rms: Record<string, number>;
  rvecs: number[][];
  tvecs: number[][];
}

describe.skipIf(!existsSync(folder))('13 real views, as OpenCV solved them', () => {
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

  it('agree, free and with a fixed aspect', () => {
    const reference = JSON.parse(read('calibration_left.json')) as { solutions: Record<string, Solution> };
    const answer = calibrate({
      points: readPoints(read('corners_left.json'), 'corners_left.json'),
      squareMm: 25,
    });
    expect(answer.views).toHaveLength(13);
    for (const [i, name] of ['free_fx_fy', 'fix_aspect_ratio_1'].entries()) {
      const [model, expected] = [answer.models[i], reference.solutions[name]];
      if (model === undefined || expected === undefined) throw new Error(`${name} is missing`);
      model.K.flat().forEach((entry, k) =>
        expect(Math.abs(entry - (expected.K.flat()[k] as number))).toBeLessThan(0.02),
      );
      expect(Math.abs(model.rms - expected.rms)).toBeLessThan(1e-4);
      Object.values(model.distortion).forEach((entry, k) => {
        expect(Math.abs(entry - (expected.dist_k1_k2_p1_p2_k3[k] as number))).toBeLessThan(1e-3);
      });
      // OpenCV 4.6 counts N residuals, not 2N.
      const [n, p] = [702, model.parameterCount];
      const factor = Math.sqrt((n - p) / (2 * n - p));
      ['fx', 'fy', 'cx', 'cy', 'k1', 'k2', 'p1', 'p2', 'k3'].forEach((one, k) => {
        const stated = (expected.std_intrinsics[k] as number) * factor;
        if (stated > 0) expect((model.sd[one] as number) / stated, one).toBeCloseTo(1, 3);
      });
      model.views.forEach((view, v) => {
        expect(Math.abs(view.rms - (expected.per_view_rms[view.name] as number))).toBeLessThan(1e-4);
        view.rotation.forEach((entry, k) => expect(entry).toBeCloseTo(expected.rvecs[v]?.[k] ?? NaN, 4));
        view.translation.forEach((entry, k) =>
          expect(entry / 1000).toBeCloseTo(expected.tvecs[v]?.[k] ?? NaN, 4),
        );
      });
    }
    expect(answer.test?.p).toBeCloseTo(0.77, 2);
    expect(answer.notes.join(' ')).toContain('left02.jpg (1.220 px)');
  });

  it("OpenCV's own camera files are read", () => {
    const { camera, imageSize } = readCameraFile(read('left_intrinsics.yml'), 'left_intrinsics.yml');
    expect(imageSize).toEqual([640, 480]);
    expect(camera.fx).toBe(535.91573396163199);
    expect(camera.k3).toBe(0.23839153080878486);
    expect(readCameraFile(read('intrinsics.yml'), 'intrinsics.yml').camera.fx).toBe(534.80326845051309);
  });
});
