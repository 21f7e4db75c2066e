import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CalibrationAnswer,
  CalibrationMatrixAnswer,
  PushbroomAnswer,
} from '../../engine/contract/calibration.ts';
import { TestRun } from './testRun.ts';

const data = resolve(process.env['CUBELENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'));
const corners = join(data, 'calibration_opencv/corners_left.json');

const test = new TestRun();

/** Rotation by x then y, as a matrix. */
function turned(a: number, b: number): number[][] {
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
  return [
    [cb, sb * sa, sb * ca],
    [0, ca, -sa],
    [-sb, cb * sa, cb * ca],
  ];
}

/** Exact points of an 8 x 6 board seen by a camera of fx 900, fy 800 and centre (360, 240). */
const views = [
  [0.35, 0],
  [0, -0.4],
  [-0.3, 0.3],
  [0.25, 0.35],
].map(([a = 0, b = 0], k) => {
  const r = turned(a, b);
  const object = Array.from({ length: 48 }, (_, n) => [30 * (n % 8), 30 * Math.floor(n / 8)]);
  const image = object.map(([x = 0, y = 0]) => {
    const [u = 0, v = 0, w = 1] = r.map(
      (row, i) => (row[0] ?? 0) * x + (row[1] ?? 0) * y + ([-100, -70, 700 + 20 * k][i] ?? 0),
    );
    return [(900 * u) / w + 360, (800 * v) / w + 240];
  });
  return { name: `view${k + 1}`, object, image };
});

beforeAll(() => {
  writeFileSync(test.at('points.json'), JSON.stringify({ imageSize: [720, 480], views }));
  const rows = views.flatMap(({ name, object, image }) =>
    object.map(([x, y], n) => [name, x, y, ...(image[n] ?? [])].join(',')),
  );
  writeFileSync(test.at('points.csv'), `view,X,Y,u,v\n${rows.join('\n')}\n`);
});
afterAll(() => test.close());

describe('calibrate', () => {
  it('finds both focal lengths of exact points, and says that one is not enough', async () => {
    const answer = await test.json<CalibrationAnswer>([
      'calibrate',
      '--points',
      '@points.json',
      '--distortion',
      'none',
    ]);
    const [free, single] = answer.models;
    expect([free?.focal, single?.focal]).toEqual(['free', 'single']);
    expect([free?.fx, free?.fy, free?.cx, free?.cy]).toEqual(
      [900, 800, 360, 240].map((value) => expect.closeTo(value, 6) as unknown),
    );
    expect(free?.rms).toBeLessThan(1e-6);
    expect(single?.rms).toBeGreaterThan(1);
    expect(answer.test?.p).toBeLessThan(1e-6);
    expect(answer.views.every(({ found, included }) => found && included)).toBe(true);
  });

  it('with the sensor’s density there is one f in millimetres', async () => {
    const args = ['calibrate', '--points', '@points.csv', '--size', '720x480', '--density', '112.5,100'];
    const answer = await test.json<CalibrationAnswer>([...args, '--distortion', 'k1', '--focal', 'single']);
    expect(answer.models).toHaveLength(1);
    expect(answer.models[0]?.fMm).toBeCloseTo(8, 6);
    const shown = await test.done(
      `calibrate --points @points.csv --size 720x480 --density 112.5,100 --distortion none`,
    );
    expect(shown).toMatch(/f of each axis +fx \/ mx = 8 \+- /);
  });

  it('writes OpenCV’s YAML and XML, and everything as JSON', async () => {
    for (const name of ['k.yml', 'k.xml', 'k.json']) {
      const shown = await test.done(
        `calibrate --points @points.json --distortion none --out ${test.at(name)}`,
      );
      expect(shown).toContain(`Wrote ${name}`);
    }
    expect(readFileSync(test.at('k.yml'), 'utf8')).toMatch(/^%YAML:1\.0\n---\nimage_width: 720\n/);
    expect(readFileSync(test.at('k.xml'), 'utf8')).toContain('<opencv_storage>');
    const written = JSON.parse(readFileSync(test.at('k.json'), 'utf8')) as CalibrationAnswer;
    expect(written.models[0]?.fx).toBeCloseTo(900, 6);
  });

  it('gives K of a focal length without any photo', async () => {
    const args = ['calibrate', '--focal-mm', '8', '--density', '112.5,100', '--centre', '360,240'];
    const answer = await test.json<CalibrationMatrixAnswer>([...args, '--size', '720x480']);
    expect(answer.K).toEqual([
      [900, 0, 360],
      [0, 800, 240],
      [0, 0, 1],
    ]);
    expect(answer.fieldOfViewDeg?.horizontal).toBeCloseTo(43.602819, 6);
    const { stdout } = await test.run([...args, '--skew', '2']);
    expect(stdout).toMatch(/^ +900 +2 +360$/m);
  });

  it('gives K of a line scanner, and the speed that makes its pixels square', async () => {
    const shown = await test.done('calibrate --pushbroom 8,10,50,125,1000');
    expect(shown).toMatch(/^ +800 +0 +0$/m);
    expect(shown).toMatch(/^along the track +fy 400 px: 2\.5 m a line/m);
    expect(shown).toMatch(/^square pixels +at 62\.5 m\/s$/m);
    const answer = await test.json<PushbroomAnswer>([
      'calibrate',
      '--pushbroom',
      '8,10,50,62.5,1000',
      '--centre',
      '320,0',
    ]);
    expect([answer.aspect, answer.K[0]]).toEqual([1, [800, 0, 320]]);
  });

  it.skipIf(!existsSync(corners))('agrees with OpenCV on its own corners', async () => {
    const answer = await test.json<CalibrationAnswer>(['calibrate', '--points', corners, '--square', '25']);
    const [free, single] = answer.models;
    expect(free?.fx).toBeCloseTo(536.073, 1);
    expect(single?.fx).toBeCloseTo(536.108, 1);
    expect(free?.rms).toBeCloseTo(0.408696, 4);
    expect(answer.test?.p).toBeCloseTo(0.77, 2);
    expect(answer.translationUnit).toBe('mm');
    expect(answer.views).toHaveLength(13);
  });

  it.each([
    [['calibrate'], 2, 'PHOTO... is missing, or --points FILE'],
    [['calibrate', 'photo.jpg', '--board', '9x6'], 3, 'photo.jpg does not exist'],
    [['calibrate', '--points', '@none.json'], 3, 'none.json does not exist'],
    [['calibrate', '--points', '@points.csv'], 2, 'size'],
    [['calibrate', '--points', '@points.json', '--distortion', 'k9'], 2, 'k1,k2,p1,p2,k3, or none'],
    [['calibrate', '--points', '@points.json', '--focal', 'three'], 2, '--focal is free or single'],
    [['calibrate', '--points', '@points.json', '--density', '100'], 2, '--density takes two numbers'],
    [['calibrate', '--points', '@points.json', '--size', '640'], 2, 'such as 640x480'],
    [['calibrate', '--points', '@points.json', '--out', 'x.tif'], 2, 'is no format of this command'],
    [['calibrate', '--pushbroom', '8,10,50'], 2, '--pushbroom takes five numbers'],
    [['calibrate', '--pushbroom', '8,10,50,0,100'], 2, 'above 0'],
    [['calibrate', '--focal-mm', '8'], 2, '--density MX,MY is missing'],
    [['calibrate', '--focal-mm', '8', '--density', '1,1'], 2, '--centre CX,CY is missing'],
    [['calibrate', '--focal-mm', '8', '--density', '1,1', '--centre', '0,0', '--skew'], 2, '--skew S'],
    [['calibrate', '--focal-mm', '-8', '--density', '1,1', '--centre', '0,0'], 2, 'focalMm'],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });

  it('views that differ by their place alone are an error, not numbers', async () => {
    const flat = views.map(({ name, object }, k) => ({
      name,
      object,
      image: object.map(([x = 0, y = 0]) => [x + 10 * k, y + 5 * k]),
    }));
    writeFileSync(test.at('flat.json'), JSON.stringify({ imageSize: [720, 480], views: flat }));
    const ran = await test.run(['calibrate', '--points', '@flat.json']);
    expect([ran.code, ran.stdout]).toEqual([6, '']);
  });
});
