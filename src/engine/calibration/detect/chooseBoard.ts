import { lightAfter, type Corner } from './corners.ts';
import { placeOf, type Grid } from './growGrid.ts';

/** Places of a grid, a rectangle; i and j from 0 to columns - 1 and rows - 1. */
export interface Rectangle {
  i: number;
  j: number;
  columns: number;
  rows: number;
}

/** A border line of a rectangle is kept where this share of it holds corners. */
const keptShare = 0.5;

/** The rectangle of a grid whose border lines are at least half filled; null where none is left. */
export function rectangleOf(grid: Grid): Rectangle | null {
  if (grid.size === 0) return null;
  const nodes = [...grid.values()];
  let [left, right] = [Math.min(...nodes.map(({ i }) => i)), Math.max(...nodes.map(({ i }) => i))];
  let [top, bottom] = [Math.min(...nodes.map(({ j }) => j)), Math.max(...nodes.map(({ j }) => j))];
  const column = (i: number): number => {
    let count = 0;
    for (let j = top; j <= bottom; j++) if (grid.has(placeOf(i, j))) count += 1;
    return count / (bottom - top + 1);
  };
  const row = (j: number): number => {
    let count = 0;
    for (let i = left; i <= right; i++) if (grid.has(placeOf(i, j))) count += 1;
    return count / (right - left + 1);
  };
  // The emptiest border goes first, or it would thin out the others.
  while (left <= right && top <= bottom) {
    const shares = [column(left), column(right), row(top), row(bottom)];
    const least = Math.min(...shares);
    if (least >= keptShare) return { i: left, j: top, columns: right - left + 1, rows: bottom - top + 1 };
    const worst = shares.indexOf(least);
    if (worst === 0) left += 1;
    else if (worst === 1) right -= 1;
    else if (worst === 2) top += 1;
    else bottom -= 1;
  }
  return null;
}

/** True where a rectangle is a board of this size, either way round. */
export const isBoard = ({ columns, rows }: Rectangle, [c, r]: readonly [number, number]): boolean =>
  (columns === c && rows === r) || (columns === r && rows === c);

/** Corner at column c and row r of the board, or null where it is missing. */
export type BoardCorners = (c: number, r: number) => Corner | null;

interface Orientation {
  at: BoardCorners;
  /** Whether the square before the first corner, at (-1, -1), is dark; null where no corner tells. */
  dark: boolean | null;
}

/**
 * A rectangle's corners in the order of a board of [columns, rows] inner corners: rows turn clockwise from columns (x to
 * y), as on a board seen from the front. Of the ways left, those whose square before the first corner is dark, and of these
 * the one whose first corner lies nearest to the top left of the photo.
 */
export function orientedBoard(
  grid: Grid,
  { i, j, columns, rows }: Rectangle,
  board: readonly [number, number],
): BoardCorners {
  const at = (k: number, l: number): Corner | null => grid.get(placeOf(i + k, j + l))?.corner ?? null;
  const ways: BoardCorners[] = [];
  if (columns === board[0] && rows === board[1]) {
    ways.push(
      (c, r) => at(c, r),
      (c, r) => at(columns - 1 - c, rows - 1 - r),
      (c, r) => at(columns - 1 - c, r),
      (c, r) => at(c, rows - 1 - r),
    );
  }
  if (columns === board[1] && rows === board[0]) {
    ways.push(
      (c, r) => at(columns - 1 - r, c),
      (c, r) => at(r, rows - 1 - c),
      (c, r) => at(r, c),
      (c, r) => at(columns - 1 - r, rows - 1 - c),
    );
  }
  const proper = ways.filter((way) => turnsClockwise(way, board));
  const oriented = (proper.length > 0 ? proper : ways).map((way): Orientation => ({
    at: way,
    dark: startsDark(way, board),
  }));
  const dark = oriented.filter(({ dark: isDark }) => isDark === true);
  const [best] = (dark.length > 0 ? dark : oriented).sort(
    (a, b) => topLeft(a.at, board) - topLeft(b.at, board),
  );
  return best?.at ?? at;
}

/** Any square with its four corners tells. */
function turnsClockwise(at: BoardCorners, board: readonly [number, number]): boolean {
  for (let r = 0; r + 1 < board[1]; r++) {
    for (let c = 0; c + 1 < board[0]; c++) {
      const [o, x, y] = [at(c, r), at(c + 1, r), at(c, r + 1)];
      if (o === null || x === null || y === null) continue;
      return (x.x - o.x) * (y.y - o.y) - (x.y - o.y) * (y.x - o.x) > 0;
    }
  }
  return true;
}

function startsDark(at: BoardCorners, board: readonly [number, number]): boolean | null {
  for (let r = 0; r < board[1]; r++) {
    for (let c = 0; c + 1 < board[0]; c++) {
      const [from, to] = [at(c, r), at(c + 1, r)];
      if (from === null || to === null) continue;
      // Turning on from the direction of the columns comes square (c, r); that at (-1, -1) has its colour where c + r is even.
      const light = lightAfter(from, Math.atan2(to.y - from.y, to.x - from.x));
      return (c + r) % 2 === 0 ? !light : light;
    }
  }
  return null;
}

function topLeft(at: BoardCorners, [columns, rows]: readonly [number, number]): number {
  const first = at(0, 0) ?? at(columns - 1, rows - 1);
  return first === null ? 0 : first.x + first.y;
}
