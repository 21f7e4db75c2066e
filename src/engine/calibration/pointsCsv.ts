import { parseNumber } from '../base/parseNumber.ts';
import type { CalibrationPoints, CalibrationView } from '../contract/calibration.ts';
import { checkedSize } from './boardPoints.ts';
import type { PointsFileOptions } from './pointsFile.ts';
import { malformed } from './problems.ts';

const names = ['view', 'X', 'Y', 'u', 'v'] as const;
const remedy = 'Give the columns view,X,Y,u,v, a row a corner: X and Y on the board, u and v in pixels.';

/**
 * Points of a CSV file with columns view, X, Y, u, v, in any order where a first row names them (a column Z may stand there
 * and is 0; others are left out), else in this one. Rows of one view belong together wherever they stand. Separators:
 * comma, semicolon or tab. The image size comes from the options.
 */
export function readPointsCsv(text: string, file: string, options: PointsFileOptions): CalibrationPoints {
  const rows = text
    .split(/\r\n|\n|\r/)
    .map((line, k) => ({ line: line.trim(), row: k + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  const [first] = rows;
  if (first === undefined) throw malformed(file, 'is empty', remedy);
  const separator = [';', '\t'].find((one) => first.line.includes(one)) ?? ',';
  const cellsOf = (line: string): string[] =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const header = cellsOf(first.line);
  const isNamed = header.slice(1).some((cell) => parseNumber(cell) === null);
  const { columns, z } = isNamed ? columnsOf(header, file, first.row) : { columns: [0, 1, 2, 3, 4], z: -1 };
  const imageSize = checkedSize(options.imageSize, file);
  const views = new Map<string, CalibrationView>();
  for (const { line, row } of isNamed ? rows.slice(1) : rows) {
    const cells = cellsOf(line);
    if (isNamed ? cells.length !== header.length : cells.length !== names.length) {
      const wanted = isNamed ? header.length : names.length;
      throw malformed(file, `has ${cells.length} cells in row ${row}, not ${wanted}`, remedy, { row });
    }
    const [name, ...numbers] = columns.map((column, k): string | number => {
      const cell = cells[column] ?? '';
      return k === 0 ? cell : numberOf(cell, file, row, column);
    });
    if (typeof name !== 'string' || name === '')
      throw malformed(file, `names no view in row ${row}`, remedy, { row });
    if (z >= 0 && numberOf(cells[z] ?? '', file, row, z) !== 0) {
      throw malformed(
        file,
        `has Z = ${cells[z]} in row ${row}, but the board is flat`,
        'Give points of a flat board, with Z = 0 or left out.',
        { row, column: z + 1 },
      );
    }
    const view = views.get(name) ?? { name, object: [], image: [] };
    views.set(name, view);
    const [x, y, u, v] = numbers as [number, number, number, number];
    view.object.push([x, y]);
    view.image.push([u, v]);
  }
  if (views.size === 0) throw malformed(file, 'names columns, but holds no points', remedy);
  return { imageSize, views: [...views.values()] };
}

/** A number, NaN where the file says so. */
function numberOf(cell: string, file: string, row: number, column: number): number {
  const number = parseNumber(cell);
  if (number !== null) return number;
  const found = cell === '' ? 'nothing' : `"${cell.slice(0, 40)}"`;
  throw malformed(file, `has ${found} in row ${row}, column ${column + 1}, where a number belongs`, remedy, {
    row,
    column: column + 1,
  });
}

/** The column (from 0) of each name. Upper and lower case count only where both are there. */
function columnsOf(header: readonly string[], file: string, row: number): { columns: number[]; z: number } {
  const find = (name: string): number => {
    const exact = header.indexOf(name);
    return exact >= 0 ? exact : header.findIndex((cell) => cell.toLowerCase() === name.toLowerCase());
  };
  const columns = names.map((name) => {
    const column = find(name);
    if (column < 0)
      throw malformed(file, `has no column ${name} (found: ${header.join(', ')})`, remedy, { row });
    return column;
  });
  return { columns, z: find('Z') };
}
