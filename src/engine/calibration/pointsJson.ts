import type { CalibrationPoints, CalibrationView, PlanePoint } from '../contract/calibration.ts';
import { boardPoints, checkedBoard, checkedSize } from './boardPoints.ts';
import type { PointsFileOptions } from './pointsFile.ts';
import { malformed } from './problems.ts';

type Fields = Record<string, unknown>;

const shapes =
  'Give {imageSize: [w, h], views: [{name, object: [[X, Y], ...], image: [[u, v], ...]}]}, or ' +
  '{board: [9, 6], image_size: [w, h], corners: {name: [[u, v], ...]}}.';

/**
 * Points of a JSON file: {imageSize, views: [{name, object, image}]}, or {board, image_size, corners: {name: [[u, v]...]}} with
 * corners row by row, whose board is counted in squares. null, NaN and Infinity are read as missing numbers, by which a
 * view is left out later.
 */
export function readPointsJson(text: string, file: string, options: PointsFileOptions): CalibrationPoints {
  const content = parsed(text, file);
  if (!isFields(content)) throw malformed(file, 'holds a list, not an object', shapes);
  const size = (content['imageSize'] ?? content['image_size'] ?? options.imageSize) as
    [number, number] | undefined;
  if (size !== undefined && !(Array.isArray(size) && size.length === 2)) {
    throw malformed(file, 'has an image size that is not [width, height]', shapes, { field: 'imageSize' });
  }
  const imageSize = checkedSize(size, file);
  if (Array.isArray(content['views'])) {
    const views = content['views'].map((view, i) => viewOf(view, i, file));
    return { imageSize, views };
  }
  if (isFields(content['corners'])) return cornersOf(content, content['corners'], imageSize, file, options);
  throw malformed(file, 'holds neither views nor corners', shapes);
}

function parsed(text: string, file: string): unknown {
  try {
    // Python writes NaN and Infinity, which JSON does not have. Strings are passed over.
    return JSON.parse(
      text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
        found.startsWith('"') ? found : 'null',
      ),
    );
  } catch (thrown) {
    throw malformed(file, `is not JSON: ${(thrown as Error).message}`, shapes);
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function viewOf(view: unknown, index: number, file: string): CalibrationView {
  if (!isFields(view))
    throw malformed(file, `: view ${index + 1} is not an object`, shapes, { field: 'views' });
  const name = typeof view['name'] === 'string' && view['name'] !== '' ? view['name'] : `view ${index + 1}`;
  return {
    name,
    object: pointsOf(view['object'], `object of view ${name}`, file, true),
    image: pointsOf(view['image'], `image of view ${name}`, file, false),
  };
}

function cornersOf(
  content: Fields,
  corners: Fields,
  imageSize: [number, number],
  file: string,
  options: PointsFileOptions,
): CalibrationPoints {
  const stated = content['board'] ?? options.board;
  if (!Array.isArray(stated)) throw malformed(file, 'has no board', shapes, { field: 'board' });
  const board = checkedBoard(stated as unknown as [number, number], file);
  const object = boardPoints(board);
  const views = Object.entries(corners).map(([name, list]): CalibrationView => {
    // null: no board was found in this photo.
    const image = list === null ? [] : pointsOf(list, `corners of ${name}`, file, false);
    return { name, object: image.length === 0 ? [] : object.map(([x, y]) => [x, y]), image };
  });
  return { imageSize, views };
}

/** A list of points; on the board a third number, Z, may stand and is 0. */
function pointsOf(list: unknown, what: string, file: string, withZ: boolean): PlanePoint[] {
  if (!Array.isArray(list)) throw malformed(file, `: the ${what} is not a list of points`, shapes);
  return list.map((point: unknown, i) => {
    if (!Array.isArray(point) || (point.length !== 2 && !(withZ && point.length === 3))) {
      throw malformed(file, `: point ${i + 1} of the ${what} is not two numbers`, shapes);
    }
    const numbers = point.map((entry: unknown) => {
      if (entry === null || typeof entry === 'number') return entry;
      throw malformed(
        file,
        `: point ${i + 1} of the ${what} holds ${JSON.stringify(entry)}, not a number`,
        shapes,
      );
    });
    if (numbers.length === 3 && numbers[2] !== 0) {
      throw malformed(
        file,
        `: point ${i + 1} of the ${what} has Z = ${numbers[2] ?? 'null'}, but the board is flat`,
        'Give points of a flat board, with Z = 0 or left out.',
      );
    }
    return [numbers[0] ?? null, numbers[1] ?? null];
  });
}
