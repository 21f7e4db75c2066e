import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import type { CalibrationRequest, CalibrationView } from '../contract/calibration.ts';
import { calibrationRequestSchema } from '../contract/calibration.ts';
import { calibrate } from './calibrate.ts';
import type { Vector3 } from './camera.ts';
import { calibrateTask, calibrationTasks, matrixTask } from './tasks.ts';
import { corners, k1Camera, k2Poses, k3Shift, seen } from './testBoards.ts';

const good = seen(k1Camera, k2Poses, undefined, k3Shift);

/** A view with a fault, beside the good ones. */
const fault = (change: (view: CalibrationView) => Partial<CalibrationView>): CalibrationView => {
  const [view] = good.views as [CalibrationView];
  return { ...view, name: 'faulty', ...change(view) };
};

const faults: [string, CalibrationView][] = [
  [
    'v of its point 3 is NaN',
    fault(({ image }) => ({ image: image.map(([u, v], i) => [u, i === 2 ? NaN : v]) })),
  ],
  [
    'X of its point 1 is missing',
    fault(({ object }) => ({ object: object.map(([x, y], i) => [i === 0 ? null : x, y]) })),
  ],
  ['48 points on the board, but 47 in the image', fault(({ image }) => ({ image: image.slice(1) }))],
  [
    'it has 3 points',
    fault(({ image, object }) => ({ image: image.slice(0, 3), object: object.slice(0, 3) })),
  ],
  [
    'points on the board lie on one line',
    fault(({ image, object }) => ({ image: image.slice(0, 8), object: object.slice(0, 8) })),
  ],
  [
    'points in the image lie on one line',
    fault(({ image }) => ({ image: image.map(([u]) => [u, 2 * Number(u)]) })),
  ],
  ['no board was found in it', fault(() => ({ image: [], object: [] }))],
];

function refusal(request: CalibrationRequest): CubelensError {
  try {
    calibrate(request);
  } catch (thrown) {
    if (thrown instanceof CubelensError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('a view that cannot be used', () => {
  it.each(faults)('is left out and says why: %s', (reason, view) => {
    const options = { distortion: 'none', focal: 'free' } as const;
    const answer = calibrate({ points: { ...good, views: [view, ...good.views] }, ...options });
    expect(answer.views[0]).toMatchObject({ name: 'faulty', included: false, rms: null, max: null });
    expect(answer.views[0]?.reason).toContain(reason);
    expect(answer.views[0]?.found).toBe(view.image.length > 0);
    expect(answer.notes[0]).toContain('View faulty is left out');
    expect(answer.models).toEqual(calibrate({ points: good, ...options }).models);
    expect(answer.views[1]).toMatchObject({ included: true, points: 48 });
  });

  it('is named where no other is there', () => {
    for (const [reason, view] of faults) {
      const error = refusal({ points: { ...good, views: [view] } });
      expect(error.code).toBe('invalid-request');
      expect(error.message).toContain('View faulty');
      expect(error.message).toContain(reason);
      expect(error.place.remedy).toBeTruthy();
    }
  });
});

describe('a request that cannot be fitted', () => {
  it.each([
    [{ points: { ...good, imageSize: [0, 480] } }, 'imageSize'],
    [{ points: { ...good, views: [] } }, 'views'],
    [{ points: { ...good, views: [...good.views, ...good.views] } }, 'views'],
    [{ points: good, density: [0, 1] }, 'density'],
    [{ points: good, squareMm: -1 }, 'squareMm'],
  ] as [CalibrationRequest, string][])('names its field', (request, field) => {
    const error = refusal(request);
    expect([error.code, error.place.field]).toEqual(['invalid-request', field]);
  });

  it('says how many numbers it lacks', () => {
    const views = good.views.slice(0, 3).map(({ name, object, image }) => {
      const four = [0, 7, 40, 47];
      return {
        name,
        object: four.flatMap((n) => object.slice(n, n + 1)),
        image: four.flatMap((n) => image.slice(n, n + 1)),
      };
    });
    const error = refusal({ points: { ...good, views } });
    expect(error.code).toBe('degenerate');
    expect(error.message).toContain('12 points give 24 numbers, too few for 26 unknowns (model "single")');
  });
});

describe('what makes a result doubtful', () => {
  const six = corners(6, 8, 30).map(([x, y]): [number, number] => [x, y]);

  it('is said: columns and rows of the board are mixed up', () => {
    const views = good.views.map((view) => ({ ...view, object: six }));
    const error = refusal({ points: { ...good, views } });
    expect(error.code).toBe('invalid-request');
    expect(error.message).toMatch(
      /Views view 1, view 2, view 3, view 4 are left out: no flat board fits its points: .*columns and rows/,
    );
  });

  it('is said: the image is smaller than the points need', () => {
    const { notes } = calibrate({ points: { ...good, imageSize: [360, 240] } });
    expect(notes.join(' ')).toMatch(/\d+ points lie outside the image of 360 x 240 pixels/);
  });

  it('is said: f is known badly, though the RMS is small', () => {
    const tilts = k2Poses.map(({ rotation, translation }) => ({
      rotation: rotation.map((entry) => entry / 5) as Vector3,
      translation,
    }));
    const { notes } = calibrate({ points: seen(k1Camera, tilts, undefined, k3Shift), distortion: 'none' });
    expect(notes.join(' ')).toMatch(/fx is known to \+- \d+\.\d % only/);
  });

  it('is said: one view fits much worse', () => {
    const views = good.views.map((view, v) =>
      v === 3
        ? {
            ...view,
            image: view.image.map(([u, w], n): [number, number] => [Number(u) + (n % 7) - 3, Number(w)]),
          }
        : view,
    );
    expect(calibrate({ points: { ...good, views } }).notes.join(' ')).toMatch(
      /The RMS of view 4 \(.* px\) is above/,
    );
  });
});

describe('the unit of the board', () => {
  it('moves the poses and never K', () => {
    const inMm = calibrate({ points: good, focal: 'free' });
    const stated = calibrate({ points: good, focal: 'free', squareMm: 60 });
    expect(stated.models[0]?.fx).toBeCloseTo(inMm.models[0]?.fx ?? NaN, 4);
    const [a, b] = [inMm, stated].map(({ models }) => models[0]?.views[0]?.translation[2] ?? NaN) as [
      number,
      number,
    ];
    expect(b / a).toBeCloseTo(2, 6);
    expect([inMm.translationUnit, stated.translationUnit]).toEqual(['board', 'mm']);
  });
});

describe('the schema of a request', () => {
  it('takes points with a missing number, and fills nothing in', () => {
    const points = { ...good, views: [...good.views, faults[1]?.[1]] };
    expect(calibrationRequestSchema.parse({ points, distortion: ['k1'], density: [112.5, 100] })).toEqual({
      points,
      distortion: ['k1'],
      density: [112.5, 100],
    });
  });

  it.each([
    [{ points: { ...good, views: [] } }, 'points.views'],
    [{ points: good, density: [1, -1] }, 'density.1'],
    [{ points: good, distortion: ['k4'] }, 'distortion'],
    [{ points: { ...good, imageSize: [640.5, 480] } }, 'points.imageSize.0'],
    [
      { points: { ...good, views: [{ name: 'a', object: [[0, 0, 0]], image: [[0, 0]] }] } },
      'points.views.0.object.0',
    ],
  ])('refuses by the place', (request, place) => {
    const { error } = calibrationRequestSchema.safeParse(request);
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain(place);
  });
});

describe('the tasks of a worker', () => {
  const context = {} as Parameters<typeof calibrateTask.run>[1];

  it('calibrate, and give K without points', async () => {
    const source = { kind: 'points', points: good } as const;
    const answer = await calibrateTask.run({ source, options: { distortion: 'none' } }, context);
    expect(answer.models.map(({ focal }) => focal)).toEqual(['free', 'single']);
    const request = { focalMm: 8, density: [112.5, 100], centre: [360, 240] } as const;
    const matrix = await matrixTask.run(
      { request: { ...request, density: [...request.density], centre: [...request.centre] } },
      context,
    );
    expect(matrix.fx).toBe(900);
    expect(new Set(calibrationTasks.map(({ name }) => name)).size).toBe(calibrationTasks.length);
  });
});
