import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { pinhole } from './camera.ts';
import { openCvXml, openCvYaml, rosCameraInfo } from './cameraFiles.ts';
import { readCameraFile } from './cameraReader.ts';
import { readPoints } from './pointsFile.ts';

const imageSize: [number, number] = [640, 480];

function refusal(text: string, options: Parameters<typeof readPoints>[2] = {}): CubelensError {
  try {
    readPoints(text, 'p.txt', options);
  } catch (thrown) {
    if (thrown instanceof CubelensError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('points as JSON', () => {
  it('are read as they stand', () => {
    const points = { imageSize, views: [{ name: 'a', object: [[0, 1]], image: [[2.5, 3]] }] };
    expect(readPoints(JSON.stringify(points), 'p.json')).toEqual(points);
  });

  it('may hold Z = 0, and NaN, which becomes null', () => {
    const text =
      '{"image_size": [640, 480], "views": [{"name": "NaN", "object": [[0, 1, 0]], "image": [[NaN, 3]]}]}';
    expect(readPoints(text, 'p.json').views).toEqual([{ name: 'NaN', object: [[0, 1]], image: [[null, 3]] }]);
  });

  it('may be corners of a board, row by row', () => {
    const image = Array.from({ length: 6 }, (_, n) => [n, 10 * n]);
    const text = JSON.stringify({
      board: [3, 2],
      image_size: imageSize,
      corners: { 'a.jpg': image, 'b.jpg': null },
    });
    const { views } = readPoints(text, 'c.json');
    expect(views[0]?.object).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(views[0]?.image).toEqual(image);
    expect(views[1]).toEqual({ name: 'b.jpg', object: [], image: [] });
  });

  it.each([
    ['{"imageSize": [640, 480]}', 'malformed-file', 'neither views nor corners'],
    ['{"views": []}', 'invalid-request', 'does not say the size'],
    ['{"imageSize": [0, 480], "views": []}', 'invalid-request', '0 x 480'],
    ['[1]', 'malformed-file', 'a list'],
    ['{"imageSize"', 'malformed-file', 'not JSON'],
    [
      '{"imageSize": [6, 4], "views": [{"name": "a", "object": [[1, 2, 3]], "image": [[1, 2]]}]}',
      'malformed-file',
      'point 1 of the object of view a has Z = 3',
    ],
    [
      '{"imageSize": [6, 4], "views": [{"name": "a", "object": [[1, "x"]], "image": [[1, 2]]}]}',
      'malformed-file',
      'view a holds "x"',
    ],
  ])('%s is refused', (text, code, message) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.place.remedy).toBeTruthy();
  });
});

describe('points as CSV', () => {
  it('are read by the names of their columns or in order', () => {
    const expected = {
      imageSize,
      views: [
        {
          name: 'a',
          object: [
            [0, 1],
            [1, 1],
          ],
          image: [
            [5, 6],
            [7, 8],
          ],
        },
        { name: 'b', object: [[0, 1]], image: [[9, NaN]] },
      ],
    };
    const named = 'u;v;view;X;Y;Z\r\n5;6;a;0;1;0\r\n9;nan;b;0;1;0\r\n7;8;a;1;1;0\r\n';
    const plain = 'a,0,1,5,6\nb,0,1,9,nan\n\na,1,1,7,8\n';
    expect(readPoints(named, 'p.csv', { imageSize })).toEqual(expected);
    expect(readPoints(plain, 'p.csv', { imageSize })).toEqual(expected);
  });

  it.each([
    ['view,X,Y,u,v\na,0,1,5,six\n', { row: 2, column: 5 }, '"six" in row 2, column 5'],
    ['view,X,Y,u,v\na,0,1,5\n', { row: 2 }, '4 cells in row 2'],
    ['view,X,Y,u\na,0,1,5\n', { row: 1 }, 'no column v'],
    ['', {}, 'empty'],
    ['view,X,Y,u,v\n', {}, 'no points'],
    ['view,X,Y,Z,u,v\na,0,1,2,5,5\n', { row: 2, column: 4 }, 'Z = 2'],
  ])('%j is refused', (text, place, message) => {
    const error = refusal(text, { imageSize });
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject(place);
    expect(error.message).toContain(message);
  });

  it('need an image size', () => {
    const error = refusal('a,0,1,5,6\n');
    expect([error.code, error.place.field]).toEqual(['invalid-request', 'imageSize']);
  });
});

describe("mrcal's corners.vnl", () => {
  const text =
    '# made by a detector\n# filename x y level\na.jpg 1 2 0\na.jpg - - -\na.jpg 3 4 1\na.jpg 5 6 -1\nb.jpg - - -\n';

  it('leaves out corners that were not found', () => {
    expect(readPoints(text, 'corners.vnl', { imageSize, board: [2, 2] })).toEqual({
      imageSize,
      views: [
        {
          name: 'a.jpg',
          object: [
            [0, 0],
            [0, 1],
          ],
          image: [
            [1, 2],
            [3, 4],
          ],
        },
        { name: 'b.jpg', object: [], image: [] },
      ],
    });
  });

  it('takes a square board where none is stated', () => {
    expect(readPoints(text, 'corners.vnl', { imageSize }).views[0]?.object).toEqual([
      [0, 0],
      [0, 1],
    ]);
    const error = refusal(text.replace('a.jpg 3 4 1\n', ''), { imageSize });
    expect([error.code, error.place.field]).toEqual(['invalid-request', 'board']);
  });
});

describe('camera files', () => {
  const camera = { ...pinhole(900, 800.5, 360, 240, 0.25), k1: -0.25, p1: 1e-7 };
  const stated = { imageSize: [720, 480] as const, camera };

  it('are written as OpenCV does', () => {
    expect(openCvYaml(stated, 0.5)).toBe(
      '%YAML:1.0\n---\nimage_width: 720\nimage_height: 480\n' +
        'camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n' +
        '   data: [ 900., 0.25, 360., 0., 800.5, 240., 0., 0., 1. ]\n' +
        'distortion_coefficients: !!opencv-matrix\n   rows: 5\n   cols: 1\n   dt: d\n' +
        '   data: [ -0.25, 0., 1e-7, 0., 0. ]\navg_reprojection_error: 0.5\n',
    );
    expect(openCvXml(stated)).toContain(
      '<data>\n    900. 0.25 360. 0. 800.5 240. 0. 0. 1.</data></camera_matrix>',
    );
  });

  it('are written as ROS does', () => {
    const text = rosCameraInfo(stated, 'left');
    expect(text).toContain('distortion_model: plumb_bob\n');
    expect(text).toContain(
      'projection_matrix:\n  rows: 3\n  cols: 4\n  data: [900, 0.25, 360, 0, 0, 800.5, 240, 0, 0, 0, 1, 0]',
    );
  });

  it('come back, whichever their format', () => {
    for (const text of [openCvYaml(stated), openCvXml(stated, 0.25), rosCameraInfo(stated)]) {
      expect(readCameraFile(text, 'camera')).toEqual(stated);
    }
  });

  it('are read as OpenCV wraps them, first of a pair', () => {
    const text =
      '%YAML:1.0\nM1: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: [ 5.3e+02, 0., 3.35e+02, 0.,\n' +
      '       5.4e+02, 2.4e+02, 0., 0., 1. ]\nD1: !!opencv-matrix\n   rows: 1\n   cols: 4\n   dt: d\n' +
      '   data: [ 0.25, -1., 0., 0.5 ]\nM2: !!opencv-matrix\n   rows: 1\n   cols: 1\n   dt: d\n   data: [ 1. ]\n';
    const { camera, imageSize: size } = readCameraFile(text, 'intrinsics.yml');
    expect(size).toBeNull();
    expect(camera).toEqual({ ...pinhole(530, 540, 335, 240), k1: 0.25, k2: -1, p2: 0.5 });
  });

  it.each([
    ['', 'holds no camera matrix'],
    [openCvYaml(stated).replace('900., ', ''), 'does not hold 3 x 3 numbers'],
    [openCvYaml(stated).replace('900.', '-900.'), 'is not [[fx, s, cx]'],
    [rosCameraInfo(stated).replace('plumb_bob', 'equidistant'), 'distortion model'],
  ])('are refused where they hold no such camera', (text, message) => {
    expect(() => readCameraFile(text, 'c.yml')).toThrowError(
      expect.objectContaining({ code: 'malformed-file' }),
    );
    expect(() => readCameraFile(text, 'c.yml')).toThrowError(message);
  });
});
