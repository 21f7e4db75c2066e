import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../src/engine/base/random.ts';
import { pinhole } from '../src/engine/calibration/camera.ts';
import { renderBoard, tiltedPoses } from '../src/engine/calibration/testPhotos.ts';
import type {
  BandsCalibrationAnswer,
  CalibrationAnswer,
  CameraAnswer,
} from '../src/engine/contract/calibration.ts';
import { encodePng } from '../src/engine/photos/picture.ts';
import { decodePhoto } from '../src/engine/photos/readPhoto.ts';
import { TestRun } from '../src/hosts/cli/testRun.ts';
import { realData } from './testEngine.ts';

const real = path.join(realData, 'calibration_opencv');
const test = new TestRun();
const camera = { ...pinhole(304, 307, 157, 124), k1: -0.2, k2: 0.05 };
const imageSize = [320, 240] as const;
const board = [9, 6] as const;
const names = Array.from({ length: 6 }, (_, k) => `photos/p${k + 1}.png`);

/** Cubes whose band k is seen by a lens k / 2 % longer, with the board a third as bright in band 3. */
const cubeBands = 4;

beforeAll(() => {
  const random = seededRandom(11);
  const poses = tiltedPoses(6, random, { camera, imageSize, board });
  mkdirSync(test.at('photos'));
  mkdirSync(test.at('empty'));
  for (const [k, pose] of poses.entries()) {
    const { width, height, data } = renderBoard({ camera, pose, imageSize, board, noise: 2, random });
    const bytes = Uint8Array.from(data, (level) => Math.round(level));
    writeFileSync(test.at(names[k] ?? ''), encodePng({ width, height, channels: 1, data: bytes }));
    const bands = Array.from({ length: cubeBands }, (_, band) => {
      const lens = { ...camera, fx: camera.fx * (1 + band / 200), fy: camera.fy * (1 + band / 200) };
      return renderBoard({ camera: lens, pose, imageSize, board, noise: 2, random }).data;
    });
    test.cube(`view${k + 1}`, {
      lines: height,
      samples: width,
      bands: cubeBands + 1,
      // The last band is dark everywhere.
      stored: (line, sample, band) =>
        band === cubeBands ? 100 : Math.round(1000 + 10 * (bands[band]?.[line * width + sample] ?? 0)),
      header: ['wavelength units = Nanometers', 'wavelength = {450, 550, 650, 850, 950}'],
    });
  }
});
afterAll(() => test.close());

const photos = names.map((name) => `@${name}`);

describe('calibrate from photos', () => {
  it('gives a known camera back, with its corners, both models and the test', async () => {
    const answer = await test.json<CalibrationAnswer>([
      'calibrate',
      ...photos,
      '--board',
      '9x6',
      '--square',
      '25',
    ]);
    const [free, single] = answer.models;
    for (const name of ['fx', 'fy', 'cx', 'cy'] as const) {
      expect(Math.abs((free?.[name] ?? NaN) - camera[name])).toBeLessThan(4 * (free?.sd[name] ?? NaN));
    }
    expect(answer.views.map(({ name, found, included }) => [name, found, included])).toEqual(
      names.map((name) => [path.basename(name), true, true]),
    );
    expect(answer.views[0]?.corners).toHaveLength(54);
    expect([single?.focal, answer.translationUnit, answer.imageSize]).toEqual(['single', 'mm', [320, 240]]);
    // fx and fy differ by 1 %, and the photos show it.
    expect(answer.test?.verdict).toMatch(/^the data ask for two focal lengths/);
  });

  it('takes a folder, leaves out what shows no board or another size, and says so', async () => {
    mkdirSync(test.at('mixed'));
    for (const name of names)
      writeFileSync(test.at(`mixed/${path.basename(name)}`), readFileSync(test.at(name)));
    const grey = new Uint8Array(320 * 240).fill(90);
    writeFileSync(test.at('mixed/p7.png'), encodePng({ width: 320, height: 240, channels: 1, data: grey }));
    writeFileSync(test.at('mixed/p8.jpg'), 'no photo at all');
    writeFileSync(test.at('mixed/notes.txt'), 'not looked at');
    const shown = await test.done(`calibrate ${test.at('mixed')} --board 9x6`);
    expect(shown).toContain('6 of 8 views');
    expect(shown).toMatch(/p7\.png +left out: no board was found in it; its contrast is only 0 grey levels/);
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('p8.jpg is not a JPEG, PNG or TIFF photo');
  });

  it('writes report, files for OpenCV and ROS and undistorted photos; the recipe repeats the report', async () => {
    const all = photos.join(' ').replaceAll('@', `${test.folder}/`);
    for (const ending of ['html', 'yml', 'xml', 'ros.yml', 'json']) {
      const name = `camera.${ending}`;
      const said = await test.done(`calibrate ${all} --board 9x6 --out ${test.at(name)}`);
      expect(said).toContain(`Wrote ${name}`);
      expect(existsSync(test.at(`${name}.recipe.json`))).toBe(true);
    }
    const page = readFileSync(test.at('camera.html'), 'utf8');
    expect(page.match(/data:image\/jpeg/g)).toHaveLength(6);
    const undistort = await test.done(`calibrate ${all} --board 9x6 --undistort ${test.at('straight')}`);
    expect(undistort).toContain('Wrote 6 undistorted photos, p1_undistorted.png to p6_undistorted.png');
    const straight = await decodePhoto(readFileSync(test.at('straight/p1_undistorted.png')), 'p1');
    expect([straight.width, straight.height, straight.channels]).toEqual([320, 240, 1]);
    await test.done(`replay ${test.at('camera.html.recipe.json')} --out ${test.at('again.html')}`);
    expect(readFileSync(test.at('again.html'), 'utf8')).toBe(page);
    const read = await test.json<CameraAnswer>(['calibrate', '--camera', '@camera.ros.yml']);
    const answer = JSON.parse(readFileSync(test.at('camera.json'), 'utf8')) as CalibrationAnswer;
    expect([read.K, read.distortion, read.imageSize]).toEqual([
      answer.models[0]?.K,
      answer.models[0]?.distortion,
      [320, 240],
    ]);
    const again = await test.done(
      `calibrate --camera ${test.at('camera.xml')} ${all} --undistort ${test.at('straight2')} --out ${test.at('back.yml')}`,
    );
    expect(again).toContain('Wrote 6 undistorted photos');
    expect(readFileSync(test.at('straight2/p1_undistorted.png'))).toEqual(
      readFileSync(test.at('straight/p1_undistorted.png')),
    );
  });

  it('a recipe refuses a photo that has changed', async () => {
    const recipe = test.at('camera.yml.recipe.json');
    const first = test.at(names[0] ?? '');
    const bytes = readFileSync(first);
    writeFileSync(first, readFileSync(test.at(names[1] ?? '')));
    const ran = await test.run(['replay', recipe, '--out', '@other.yml']);
    writeFileSync(first, bytes);
    expect(ran.stderr).toContain('is not the file that camera.yml.recipe.json was made from');
    expect(test.files()).not.toContain('other.yml');
  });

  it('writes nothing where it is cancelled', async () => {
    const gone = new AbortController();
    const running = test.run(
      ['calibrate', ...photos, '--board', '9x6', '--out', '@cancelled.html'],
      gone.signal,
    );
    setTimeout(() => {
      gone.abort();
    }, 30);
    const { code } = await running;
    expect(code).not.toBe(0);
    expect(readdirSync(test.folder).filter((name) => name.includes('cancelled'))).toEqual([]);
  });

  it.each([
    [['calibrate', '@photos/p1.png'], 2, '--board CxR is missing'],
    [['calibrate', '@photos/p1.png', '--board', '1x6'], 2, '--board 1x6: a board has 2 to 1000'],
    [['calibrate', '@photos/p1.png', '--board', '9x6', '--square', '0'], 2, '--square takes a length'],
    [['calibrate', '@photos/p1.png', '--board', '9x6', '--density', '5,0'], 2, '--density takes two numbers'],
    [['calibrate', '@empty', '--board', '9x6'], 2, 'holds no photos'],
    [['calibrate', '@missing.jpg', '--board', '9x6'], 3, 'missing.jpg'],
    [['calibrate', ...photos, '--board', '8x6'], 6, 'is it --board 9x6?'],
    [['calibrate', '@photos/p1.png', '--board', '9x6'], 6, 'one view (p1.png) gives two equations'],
    [
      ['calibrate', ...photos, '--board', '9x6', '--out', '@photos/p1.png'],
      2,
      'is no format of this command',
    ],
    [['calibrate', ...photos, '--board', '9x6', '--size', '3x3'], 2, '--size goes with --points'],
    [['calibrate', '--camera', '@photos/p1.png'], 4, 'holds no camera matrix'],
    [['calibrate', '--camera', '@camera.yml', '@photos/p1.png'], 2, '--undistort DIR is missing'],
    [['calibrate', '@view1.hdr', '--bands', '0', '--board', '9x6'], 2, 'band numbers from 1'],
    [['calibrate', '@view1.hdr', '--bands', '9', '--board', '9x6'], 2, 'no band 9'],
    [
      ['calibrate', '@view1.hdr', '--bands', '5', '--board', '9x6'],
      6,
      'all its values in this band are the same',
    ],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
  });

  it.skipIf(!existsSync(real))(
    "finds all boards of OpenCV's photos and agrees with its calibration",
    async () => {
      const files = readdirSync(real).filter((name) => /^left\d+\.jpg$/.test(name));
      const paths = files.map((name) => path.join(real, name));
      const answer = await test.json<CalibrationAnswer>([
        'calibrate',
        ...paths,
        '--board',
        '9x6',
        '--square',
        '25',
      ]);
      expect(answer.views.filter(({ included }) => included)).toHaveLength(13);
      const [free, single] = answer.models;
      for (const model of [free, single]) {
        expect(Math.abs((model?.fx ?? NaN) - 532.9)).toBeLessThan(1);
        expect(Math.abs((model?.fy ?? NaN) - 532.9)).toBeLessThan(1);
        expect(model?.rms).toBeLessThan(0.25);
        expect(Object.keys(model?.sd ?? {})).toEqual(
          expect.arrayContaining(['fx', 'fy', 'cx', 'cy', 'k1', 'k3']),
        );
      }
      expect(answer.test?.verdict).toMatch(/^the data do not ask for two focal lengths/);
    },
  );
});

describe('calibrate bands of cubes', () => {
  const cubes = names.map((_, k) => `@view${k + 1}.hdr`);

  it('sees the lens grow with the wavelength; a band without a board says so', async () => {
    const answer = await test.json<BandsCalibrationAnswer>([
      'calibrate',
      ...cubes,
      '--board',
      '9x6',
      '--bands',
      '1,2+3,4,5',
      '--distortion',
      'k1,k2',
    ]);
    expect(answer.bands.map(({ bands, wavelengthNm }) => [bands, wavelengthNm])).toEqual([
      [[1], 450],
      [[2, 3], 600],
      [[4], 850],
      [[5], 950],
    ]);
    for (const [k, factor] of [
      [0, 1],
      [2, 1.015],
    ] as const) {
      const [model] = answer.bands[k]?.models ?? [];
      expect(Math.abs((model?.fx ?? NaN) - camera.fx * factor)).toBeLessThan(4 * (model?.sd['fx'] ?? NaN));
    }
    expect(answer.bands[3]).toMatchObject({ models: [], problem: expect.stringContaining('the same') });
  });

  it('writes fx over wavelength, and repeats it from its recipe', async () => {
    const line = `calibrate ${cubes.join(' ').replaceAll('@', `${test.folder}/`)} --board 9x6 --bands 1,2,3 --out ${test.at('bands.svg')}`;
    expect(await test.done(line)).toContain('A camera for each band');
    const svg = readFileSync(test.at('bands.svg'), 'utf8');
    expect(svg).toMatch(/^<svg/);
    await test.done(`replay ${test.at('bands.svg.recipe.json')} --out ${test.at('again.svg')}`);
    expect(readFileSync(test.at('again.svg'), 'utf8')).toBe(svg);
  });
});
