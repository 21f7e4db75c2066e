import { parseNumber } from '../base/parseNumber.ts';
import type { CalibrationPoints, CalibrationView } from '../contract/calibration.ts';
import { boardPoints, checkedBoard, checkedSize } from './boardPoints.ts';
import type { PointsFileOptions } from './pointsFile.ts';
import { invalid, malformed } from './problems.ts';

const remedy = 'Each line is "filename x y level", a line a corner, row by row, "-" where one was not found.';

/**
 * Corners of mrcal's corners.vnl ("filename x y level", lines of # are comments): a line a corner, row by row of the board,
 * "-" (or a negative level) where a corner was not found; a photo without a board has one such line. Weights by level are
 * not used. The file says neither image size nor board: the first comes from the options, a board that they leave out is
 * square where the number of corners is.
 */
export function readCornersVnl(text: string, file: string, options: PointsFileOptions): CalibrationPoints {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const legend = (lines.find((line) => /^#\s*filename\s/.test(line)) ?? '').replace(/^#\s*/, '').split(/\s+/);
  const at = (name: string): number => legend.indexOf(name);
  if (at('x') < 0 || at('y') < 0) throw malformed(file, 'has no columns x and y', remedy);
  const imageSize = checkedSize(options.imageSize, file);
  const corners = new Map<string, ([number, number] | null)[]>();
  for (const [k, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const cells = line.split(/\s+/);
    const name = cells[at('filename')] ?? '';
    const list = corners.get(name) ?? [];
    corners.set(name, list);
    const [x, y] = [cells[at('x')], cells[at('y')]];
    const level = at('level') < 0 ? '0' : (cells[at('level')] ?? '0');
    if (x === '-' || y === '-' || level === '-' || Number(level) < 0) {
      list.push(null);
      continue;
    }
    const numbers = [parseNumber(x ?? ''), parseNumber(y ?? '')];
    if (numbers[0] === null || numbers[1] === null) {
      throw malformed(file, `has no two numbers x and y in row ${k + 1}`, remedy, { row: k + 1 });
    }
    list.push(numbers as [number, number]);
  }
  if (corners.size === 0) throw malformed(file, 'holds no corners', remedy);
  const most = Math.max(...[...corners.values()].map((list) => list.length));
  const object = boardPoints(boardOf(most, file, options));
  const views = [...corners].map(([name, list]): CalibrationView => {
    const found = list.flatMap((corner, n) => (corner === null ? [] : [{ corner, n }]));
    if (found.length > 0 && list.length !== object.length) {
      throw malformed(
        file,
        `has ${list.length} corners of ${name}, but the board has ${object.length}`,
        remedy,
      );
    }
    return {
      name,
      object: found.map(({ n }) => object[n] as [number, number]),
      image: found.map(({ corner }) => corner),
    };
  });
  return { imageSize, views };
}

function boardOf(count: number, file: string, { board }: PointsFileOptions): [number, number] {
  const side = Math.round(Math.sqrt(count));
  if (board === undefined && (side * side !== count || side < 2)) {
    throw invalid(
      'board',
      `${file} has ${count} corners a photo and does not say how many stand in a row.`,
      'Give the board, such as --board 9x6.',
    );
  }
  return checkedBoard(board ?? [side, side], file);
}
