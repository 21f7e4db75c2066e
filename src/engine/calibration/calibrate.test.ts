import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import type { CalibrationModel, CalibrationPoints, CalibrationRequest } from '../contract/calibration.ts';
import { calibrate } from './calibrate.ts';
import { k1Camera, k2Poses, k3Shift, seen, translatedPoses } from './testBoards.ts';

const k2 = seen(k1Camera, k2Poses);
const k3 = seen(k1Camera, k2Poses, undefined, k3Shift);
const density: [number, number] = [112.5, 100];

/** The refusal of a request. */
function refusal(request: CalibrationRequest): CubelensError {
  try {
    calibrate(request);
  } catch (thrown) {
    if (thrown instanceof CubelensError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const only = (points: CalibrationPoints, ...indexes: number[]): CalibrationPoints => ({
  ...points,
  views: indexes.map((index) => points.views[index]).filter((view) => view !== undefined),
});

const modelsOf = (request: CalibrationRequest): { free: CalibrationModel; single: CalibrationModel } => {
  const [free, single] = calibrate(request).models;
  if (free?.focal !== 'free' || single?.focal !== 'single') throw new Error('both models were expected');
  return { free, single };
};

describe('exact points', () => {
  it.each([[[0, 1, 2]], [[0, 1, 2, 3]]])('of views %j give K back', (indexes) => {
    const { free, single } = modelsOf({ points: only(k2, ...indexes), density });
    for (const model of [free, single]) {
      expect(model.fx).toBeCloseTo(900, 6);
      expect(model.fy).toBeCloseTo(800, 6);
      expect(model.cx).toBeCloseTo(360, 6);
      expect(model.cy).toBeCloseTo(240, 6);
      expect(model.rms).toBeLessThan(1e-9);
      expect(model.fMm).toBeCloseTo(8, 8);
      for (const k of Object.values(model.distortion)) expect(Math.abs(k)).toBeLessThan(1e-7);
    }
    expect(single.fieldOfViewDeg.horizontal).toBeCloseTo(43.602819, 6);
    expect(single.fieldOfViewDeg.vertical).toBeCloseTo(33.398488, 6);
  });

  it('need no second focal length', () => {
    const { test } = calibrate({ points: k2, density });
    expect(test?.F).toBeLessThan(1);
    expect(test?.verdict).toContain('one focal length is enough');
  });

  it('give poses back', () => {
    const view = calibrate({ points: k2 }).models[0]?.views[2];
    expect(view?.rotation.map((entry) => entry.toFixed(7))).toEqual(['-0.3000000', '0.3000000', '0.1000000']);
    expect(view?.translation.map((entry) => entry.toFixed(4))).toEqual(['-90.0000', '-60.0000', '650.0000']);
  });

  it('of one view give a single f where the principal point is known', () => {
    const request: CalibrationRequest = {
      points: only(k2, 1),
      density,
      centre: [360, 240],
      distortion: 'none',
      focal: 'single',
    };
    const [model] = calibrate(request).models;
    expect(model?.fy).toBeCloseTo(800, 7);
    expect(model?.fMm).toBeCloseTo(8, 9);
    expect(model?.cx).toBe(360);
  });
});

describe('the perturbed points of fixture K3', () => {
  const { free, single } = modelsOf({ points: k3, density, distortion: 'none' });

  it('begin and end where they should', () => {
    expect(k2.views[0]?.image[0]?.[0]).toBeCloseTo(231.428571, 6);
    expect(k2.views[0]?.image[47]?.[1]).toBeCloseTo(315.488566, 6);
    expect(k2.views[2]?.image[47]?.[0]).toBeCloseTo(506.26713, 6);
    expect(k3.views[0]?.image[0]?.[0]).toBeCloseTo(231.519179, 6);
    expect(k3.views[3]?.image[47]?.[1]).toBeCloseTo(262.024785, 6);
  });

  it('give two focal lengths', () => {
    expect(free.fx).toBeCloseTo(897.2112, 4);
    expect(free.fy).toBeCloseTo(798.1521, 4);
    expect(free.cx).toBeCloseTo(360.646, 4);
    expect(free.cy).toBeCloseTo(239.9821, 4);
    expect(free.rms).toBeCloseTo(0.291159, 6);
    expect(free.sd['fx']).toBeCloseTo(4.65, 2);
    expect(free.sd['fy']).toBeCloseTo(4.1, 2);
    expect(free.sd['cx']).toBeCloseTo(1.79, 2);
    expect(free.sd['cy']).toBeCloseTo(1.79, 2);
  });

  it('give one focal length', () => {
    expect(single.fy).toBeCloseTo(798.0206, 4);
    expect(single.sd['fy']).toBeCloseTo(4.1, 2);
    expect(single.sd['fx']).toBeCloseTo(1.125 * (single.sd['fy'] ?? 0), 9);
    expect(single.fMm).toBeCloseTo(7.98, 3);
    expect(single.sd['fMm']).toBeCloseTo(0.041, 3);
    expect(single.cx).toBeCloseTo(361.0595, 4);
    expect(single.cy).toBeCloseTo(239.9927, 4);
    expect(single.rms).toBeCloseTo(0.291496, 6);
  });

  it('do not ask for two', () => {
    const { test, notes } = calibrate({ points: k3, density, distortion: 'none' });
    expect(test?.F).toBeCloseTo(0.824, 3);
    expect(test?.df).toEqual([1, 356]);
    expect(test?.p).toBeCloseTo(0.36, 2);
    expect(test?.verdict).toBe('the data do not ask for two focal lengths (F = 0.82, p = 0.36)');
    expect(notes).toEqual([]);
  });

  it('reject a wrong ratio', () => {
    const { models, test, notes } = calibrate({ points: k3, distortion: 'none' });
    expect(models[1]?.rms).toBeCloseTo(1.7144, 4);
    expect(test?.p).toBeLessThan(1e-20);
    expect(test?.verdict).toContain('ask for two focal lengths');
    expect(notes.join(' ')).toContain('The constants look wrong');
  });
});

describe('coverage', () => {
  it('counts corners in cells of a grid', () => {
    const { coverage } = calibrate({ points: k2, distortion: 'none' });
    expect([coverage.columns, coverage.rows]).toEqual([10, 7]);
    const counts = coverage.counts.flat();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4 * 48);
    expect(coverage.share).toBeCloseTo(counts.filter((count) => count > 0).length / 70, 12);
  });
});

describe('a skew', () => {
  it('is found where it is fitted', () => {
    const points = seen({ ...k1Camera, skew: 2.5 }, k2Poses);
    const { models } = calibrate({ points, skew: true, distortion: ['k1'], density });
    for (const model of models) {
      expect(model.skew).toBeCloseTo(2.5, 6);
      expect(model.K[0]?.[1]).toBe(model.skew);
      expect(model.sd['skew']).toBeDefined();
    }
  });
});

describe('wrong constants', () => {
  it('are swallowed by the principal point, and said', () => {
    const { models, notes } = calibrate({ points: k2, distortion: 'none' });
    const single = models[1];
    expect(single?.fx).toBeCloseTo(1242.99, 2);
    expect(single?.cx).toBeCloseTo(184.65, 2);
    expect(single?.cy).toBeCloseTo(147.51, 2);
    expect(single?.rms).toBeCloseTo(1.7002, 4);
    expect(notes.join(' ')).toMatch(/RMS is 1\.700 px .* moves by \(-175\.35, -92\.49\) px/);
    expect(notes.join(' ')).toContain('fx / fy = 1.12500');
  });
});

describe('the model with one focal length alone', () => {
  it('still says that the constants are wrong', () => {
    const { models, test, notes } = calibrate({ points: k3, distortion: 'none', focal: 'single' });
    expect(models.map(({ focal }) => focal)).toEqual(['single']);
    expect(test).toBeNull();
    expect(notes.join(' ')).toMatch(
      /The constants look wrong: .* The points themselves say fx \/ fy = 1\.124/,
    );
    expect(calibrate({ points: k3, distortion: 'none', focal: 'single', density }).notes).toEqual([]);
  });
});

describe('degenerate views', () => {
  it('that differ by translation are an error', () => {
    for (const focal of ['free', 'single'] as const) {
      const error = refusal({ points: seen(k1Camera, translatedPoses), focal, density });
      expect(error.code).toBe('degenerate');
      expect(error.message).toContain('they differ only by translation');
      expect(error.message).toContain('view 1, view 2, view 3, view 4');
      expect(error.place.remedy).toContain('tilted');
    }
  });

  it('that differ by translation are an error with noise too', () => {
    const points = seen(k1Camera, translatedPoses, undefined, k3Shift);
    for (const distortion of ['none', undefined] as const) {
      for (const focal of ['free', 'single', undefined] as const) {
        const error = refusal({
          points,
          ...(focal && { focal, density }),
          ...(distortion && { distortion }),
        });
        expect(error.code).toMatch(/degenerate|not-converged/);
      }
    }
  });

  it('that are parallel to the image are an error', () => {
    const poses = translatedPoses.map(({ translation }, i) => ({
      rotation: [0, 0, 0.2 * i] as [number, number, number],
      translation,
    }));
    const error = refusal({ points: seen(k1Camera, poses) });
    expect(error.code).toBe('degenerate');
    expect(error.message).toContain('parallel to the image plane');
  });

  it('of which there is one only are an error', () => {
    const error = refusal({ points: only(k3, 0) });
    expect(error.code).toBe('degenerate');
    expect(error.message).toContain('view 1');
    expect(error.place.remedy).toContain('centre');
  });

  it('of two orientations do not give a skew', () => {
    expect(refusal({ points: only(k3, 0, 1), skew: true, focal: 'free' }).code).toBe('degenerate');
    expect(calibrate({ points: only(k3, 0, 1), distortion: 'none' }).models).toHaveLength(2);
  });
});
