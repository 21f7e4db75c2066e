import { describe, expect, it } from 'vitest';
import { intrinsicNames, pinhole, type Camera, type Pose, type Vector3 } from './camera.ts';
import { closedFormK, poseOf } from './closedForm.ts';
import { distortPoint, undistortPoint } from './distortion.ts';
import { fTail, incompleteBeta, logGamma } from './fTest.ts';
import { homographyOf } from './homography.ts';
import { knownMatrix } from './knownMatrix.ts';
import { derivativeCount, poseFrame, project } from './projection.ts';
import { rotationMatrix, rotationVector, type Matrix3 } from './rotation.ts';
import { k1Camera, k2Poses, k3Shift, seen, translatedPoses } from './testBoards.ts';
import { undistortImage } from './undistortImage.ts';
import { checkedViews } from './views.ts';

const free = { zeroSkew: false, aspect: null, centre: null };

const homographies = (points: Parameters<typeof checkedViews>[0], refined = true): Matrix3[] =>
  checkedViews(points).usable.map((view) => {
    const found = homographyOf(view, refined);
    if (found === null) throw new Error(`no homography of ${view.name}`);
    return found;
  });

const cameraOf = (form: ReturnType<typeof closedFormK>): Camera => {
  if (form.camera === null) throw new Error(`no camera: ${form.why}`);
  return form.camera;
};

describe('K without photos (fixture K1)', () => {
  it('is f times the density', () => {
    const answer = knownMatrix({
      focalMm: 8,
      density: [112.5, 100],
      centre: [360, 240],
      imageSize: [720, 480],
    });
    expect(answer.K).toEqual([
      [900, 0, 360],
      [0, 800, 240],
      [0, 0, 1],
    ]);
    expect(answer.fieldOfViewDeg?.horizontal).toBeCloseTo(43.602819, 6);
    expect(answer.fieldOfViewDeg?.vertical).toBeCloseTo(33.398488, 6);
    expect(answer.pixelPitchUm[1]).toBe(10);
    const square = knownMatrix({ focalMm: 8, density: [200, 200], centre: [0, 0], skew: 1.5 });
    expect([square.fx, square.fy, square.K[0]?.[1], square.fieldOfViewDeg]).toEqual([1600, 1600, 1.5, null]);
  });

  it('projects (.4, -.3, 2) to (540, 120)', () => {
    const out = new Float64Array(2);
    project(k1Camera, poseFrame({ rotation: [0, 0, 0], translation: [0, 0, 2] }), 0.4, -0.3, out);
    expect(out[0]).toBeCloseTo(540, 10);
    expect(out[1]).toBeCloseTo(120, 10);
  });

  it.each([
    [{ focalMm: -1, density: [1, 1], centre: [0, 0] }, 'focalMm'],
    [{ focalMm: 8, density: [1, 0], centre: [0, 0] }, 'density'],
    [{ focalMm: 8, density: [1, 1], centre: [0, NaN] }, 'centre'],
  ] as const)('refuses %j', (request, field) => {
    const order = { ...request, density: [...request.density], centre: [...request.centre] } as Parameters<
      typeof knownMatrix
    >[0];
    expect(() => knownMatrix(order)).toThrowError(
      expect.objectContaining({ place: expect.objectContaining({ field }) }),
    );
  });
});

describe("Zhang's closed form", () => {
  it.each([[3], [4]])('gives K of %i exact views to 1e-9', (count) => {
    const camera = cameraOf(closedFormK(homographies(seen(k1Camera, k2Poses.slice(0, count))), free));
    expect(Math.abs(camera.fx - 900)).toBeLessThan(1e-9);
    expect(Math.abs(camera.fy - 800)).toBeLessThan(1e-9);
    expect(Math.abs(camera.skew)).toBeLessThan(1e-9);
    expect(Math.abs(camera.cx - 360)).toBeLessThan(1e-9);
    expect(Math.abs(camera.cy - 240)).toBeLessThan(1e-9);
  });

  it('gives two views with zero skew or known aspect', () => {
    const two = homographies(seen(k1Camera, k2Poses.slice(1, 3)));
    for (const aspect of [null, 1.125]) {
      const camera = cameraOf(closedFormK(two, { zeroSkew: true, aspect, centre: null }));
      expect(camera.fx).toBeCloseTo(900, 8);
      expect(camera.cy).toBeCloseTo(240, 8);
    }
  });

  it('gives one f of view 2 alone', () => {
    const one = homographies(seen(k1Camera, k2Poses.slice(1, 2)));
    const camera = cameraOf(closedFormK(one, { zeroSkew: true, aspect: 1.125, centre: [360, 240] }));
    expect(Math.abs(camera.fy - 800)).toBeLessThan(1e-9);
    expect(Math.abs(camera.fx - 900)).toBeLessThan(1e-9);
  });

  it('gives the perturbed fixture K3', () => {
    const camera = cameraOf(
      closedFormK(homographies(seen(k1Camera, k2Poses, undefined, k3Shift), false), free),
    );
    expect(camera.fx).toBeCloseTo(895.0796, 4);
    expect(camera.fy).toBeCloseTo(796.2376, 4);
    expect(camera.skew).toBeCloseTo(-0.9578, 4);
    expect(camera.cx).toBeCloseTo(361.1959, 4);
    expect(camera.cy).toBeCloseTo(239.3513, 4);
  });

  it('tells a degenerate set by its singular values', () => {
    const good = closedFormK(homographies(seen(k1Camera, k2Poses)), free).singularRatios;
    expect(good[3]).toBeCloseTo(5.5e-4, 5);
    expect(good[4]).toBeCloseTo(2.6e-4, 5);
    const form = closedFormK(homographies(seen(k1Camera, translatedPoses)), free);
    expect(form.camera).toBeNull();
    expect(form.singularRatios[4]).toBeLessThan(1e-14);
    expect(form.singularRatios[3]).toBeLessThan(1e-14);
  });

  it('gives poses back', () => {
    const [, , third] = homographies(seen(k1Camera, k2Poses));
    const pose = poseOf(third as Matrix3, k1Camera);
    pose?.rotation.forEach((entry, i) => expect(entry).toBeCloseTo([-0.3, 0.3, 0.1][i] as number, 10));
    pose?.translation.forEach((entry, i) => expect(entry).toBeCloseTo([-90, -60, 650][i] as number, 7));
  });
});

describe('rotations', () => {
  it.each<Vector3>([
    [0, 0, 0],
    [1e-9, -2e-9, 0],
    [0.3, -0.2, 0.9],
    [Math.PI - 1e-7, 0, 0],
    [0, 2.2, -2.2],
  ])('(%d, %d, %d) come back from their matrix', (...rotation) => {
    const back = rotationVector(rotationMatrix(rotation));
    back.forEach((entry, i) => expect(entry).toBeCloseTo(rotation[i] as number, 9));
  });
});

describe('the Jacobian', () => {
  const camera: Camera = {
    fx: 900,
    fy: 800,
    cx: 360,
    cy: 240,
    skew: 3,
    k1: -0.3,
    k2: 0.12,
    p1: 0.002,
    p2: -0.003,
    k3: 0.05,
  };

  it.each<Pose>([
    { rotation: [0.35, -0.2, 0.4], translation: [-100, -70, 700] },
    { rotation: [1e-7, 2e-7, -1e-7], translation: [-100, -70, 500] },
    { rotation: [0, 0, 0], translation: [-100, -70, 500] },
    { rotation: [0.1, -0.3, 3], translation: [100, 70, 600] },
  ])('is that of central differences at %j', (pose) => {
    const [x, y] = [150, 120];
    const at = (move: number, by: number): [number, number] => {
      const moved = { ...camera };
      const [rotation, translation] = [[...pose.rotation], [...pose.translation]] as [Vector3, Vector3];
      const name = intrinsicNames[move];
      if (name !== undefined) moved[name] += by;
      else if (move < 13) rotation[move - 10] = (rotation[move - 10] as number) + by;
      else translation[move - 13] = (translation[move - 13] as number) + by;
      const out = new Float64Array(2);
      project(moved, poseFrame({ rotation, translation }), x, y, out);
      return [out[0] as number, out[1] as number];
    };
    const slopes = new Float64Array(2 * derivativeCount);
    project(camera, poseFrame(pose), x, y, new Float64Array(2), slopes);
    for (let move = 0; move < derivativeCount; move++) {
      const step = move < 4 ? 1e-2 : 1e-5;
      const [more, less] = [at(move, step), at(move, -step)];
      for (const axis of [0, 1] as const) {
        const expected = (more[axis] - less[axis]) / (2 * step);
        const found = slopes[axis * derivativeCount + move] as number;
        expect(Math.abs(found - expected), `${move} ${axis}`).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(expected)),
        );
      }
    }
  });
});

describe('the F distribution', () => {
  it('has the tails of the tables', () => {
    // Critical values of printed tables.
    expect(fTail(161.4476, 1, 1)).toBeCloseTo(0.05, 6);
    expect(fTail(4.9646, 1, 10)).toBeCloseTo(0.05, 5);
    expect(fTail(3.3258, 5, 10)).toBeCloseTo(0.05, 5);
    // F of (1, n) is t squared; t of many degrees of freedom is normal: 2 (1 - Phi(1.96)).
    expect(fTail(1.959963985 ** 2, 1, 1e7)).toBeCloseTo(0.05, 6);
    expect(fTail(0, 1, 10)).toBe(1);
    expect(fTail(1e6, 1, 300)).toBeLessThan(1e-100);
  });

  it('is exact where the beta function has a closed form', () => {
    expect(incompleteBeta(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 14);
    expect(incompleteBeta(0.9, 3, 1)).toBeCloseTo(0.9 ** 3, 14);
    expect(incompleteBeta(0.25, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(0.5), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12);
  });
});

describe('undistortion', () => {
  const camera: Camera = {
    fx: 536,
    fy: 536,
    cx: 342,
    cy: 235,
    skew: 0.5,
    k1: -0.265,
    k2: -0.047,
    p1: 0.0018,
    p2: -0.0003,
    k3: 0.252,
  };

  it('takes distortion back over the image', () => {
    for (let u = 60; u < 640; u += 40) {
      for (let v = 40; v < 480; v += 40) {
        const [x, y] = undistortPoint(camera, distortPoint(camera, [u, v]));
        expect(Math.hypot(x - u, y - v)).toBeLessThan(1e-9);
      }
    }
  });

  it('says where the model has no inverse', () => {
    expect(() => undistortPoint({ ...camera, k2: 0, k3: 0 }, [4000, 235])).toThrowError(
      /4000, 235.*folds over/,
    );
  });

  it('of an image puts each pixel where the ideal camera sees it', () => {
    const lens: Camera = { ...pinhole(50, 50, 20, 15), k1: -0.2, p1: 0.01 };
    const [width, height] = [40, 30];
    // Brightness is linear in the place, so bilinear sampling is exact: red tells u, green tells v.
    const data = Uint8Array.from({ length: width * height * 2 }, (_, i) => {
      const pixel = i >> 1;
      return i % 2 === 0 ? 6 * (pixel % width) : 8 * Math.floor(pixel / width);
    });
    const image = { width, height, channels: 2, data };
    const straight = undistortImage(image, lens);
    for (const [u, v] of [
      [20, 15],
      [5, 4],
      [33, 27],
    ] as const) {
      const [x, y] = distortPoint(lens, [u, v]);
      const at = 2 * (v * width + u);
      expect(Math.abs((straight.data[at] as number) - 6 * x)).toBeLessThanOrEqual(0.5 + 1e-9);
      expect(Math.abs((straight.data[at + 1] as number) - 8 * y)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
    expect(undistortImage(image, pinhole(50, 50, 20, 15)).data).toEqual(data);
  });

  it('of an image is black where the lens saw nothing', () => {
    const white = { width: 9, height: 9, channels: 1, data: new Uint8Array(81).fill(255) };
    const { data } = undistortImage(white, { ...pinhole(6, 6, 4, 4), k1: 0.4 });
    expect([data[0], data[40]]).toEqual([0, 255]);
  });
});
