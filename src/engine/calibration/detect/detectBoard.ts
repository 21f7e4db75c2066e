import { boardPoints } from '../boardPoints.ts';
import { homographyOf } from '../homography.ts';
import type { Matrix3 } from '../rotation.ts';
import { isBoard, orientedBoard, rectangleOf, type BoardCorners, type Rectangle } from './chooseBoard.ts';
import { cornerAt, type Corner } from './corners.ts';
import type { GreyImage } from '../../photos/grey.ts';
import { blurred, shrunk } from './greyImage.ts';
import { CornerIndex, growGrid, type Grid } from './growGrid.ts';
import { saddlesOf } from './saddles.ts';
import { refineCorner } from './subPixel.ts';

/** What was looked for and what came of it. */
export type Detection =
  | {
      found: true;
      /** [u, v] of the inner corners, column fastest, in pixels; pixel centres are whole numbers from 0. */
      corners: [number, number][];
    }
  | {
      found: false;
      /** [columns, rows] of the largest board seen, the longer side first; null where there is none. */
      seen: [number, number] | null;
    };

/** The board is first looked for in a photo shrunk to about this longer side, in pixels. */
const firstSide = 1000;
const mostSaddles = 4000;
/** Standard deviation of the blur before looking for saddles, and radius of the circle around a corner, in pixels. */
const looks = [
  { sigma: 1.5, radius: 4.5 },
  { sigma: 1, radius: 3 },
] as const;
/** Share of a board's corners that may be missing and are then looked for where the others expect them. */
const mostMissing = 0.1;
/** A board that is larger than the one looked for counts as seen with fewer missing. */
const mostMissingOfLarger = 0.05;
/** The window of the refinement reaches this share of the way to the nearest corner. */
const windowShare = 0.22;
const windowLimits = [2, 25] as const;
/** Of small squares it reaches further, up to this many pixels: noise counts more there than neighbours do. */
const [smallWindow, smallShare] = [5, 0.42];
/** The refinement may move a corner by this share of that way. */
const largestMove = 0.3;

/**
 * Finds a chessboard of [columns, rows] inner corners in a photo of any size, and places its corners between pixels, each
 * in a window that follows the size of the squares around it. The order is that of `orientedBoard`: the square before the
 * first corner is dark where the board's size tells its two ends apart.
 */
export function detectBoard(image: GreyImage, board: readonly [number, number]): Detection {
  let seen: Rectangle | null = null;
  for (const shrink of shrinksFor(image)) {
    const small = shrunk(image, shrink);
    if (Math.min(small.width, small.height) < 16) continue;
    for (const { sigma, radius } of looks) {
      const smooth = blurred(small, sigma);
      const result = boardIn(smooth, radius, board);
      if ('corners' in result) {
        const corners = refined(image, result.corners, shrink, board);
        if (corners !== null) return { found: true, corners };
        // It is there, but some of its corners are not in the photo, or have no place.
        if (sizeOf(seen) < board[0] * board[1]) seen = { i: 0, j: 0, columns: board[0], rows: board[1] };
      } else if (result.seen !== null && sizeOf(result.seen) > sizeOf(seen)) {
        seen = result.seen;
        // A part of it would pass for the board that is looked for where some corners are lost in another look.
        if (result.certain) return notFound(seen);
      }
    }
  }
  return notFound(seen);
}

function notFound(seen: Rectangle | null): Detection {
  if (seen === null) return { found: false, seen };
  const { columns, rows } = seen;
  return { found: false, seen: [Math.max(columns, rows), Math.min(columns, rows)] };
}

const sizeOf = (rectangle: Rectangle | null): number =>
  rectangle === null ? 0 : rectangle.columns * rectangle.rows;

/** How far to shrink: to a handy size, then finer for small squares, then coarser for blur and noise. */
function shrinksFor({ width, height }: GreyImage): number[] {
  const first = Math.max(1, Math.ceil(Math.max(width, height) / firstSide));
  return [...new Set([first, Math.ceil(first / 2), 2 * first, Math.ceil(first / 4), 4 * first])];
}

/** The corners of the board in a smoothed image, or the largest other board in it. */
function boardIn(
  smooth: GreyImage,
  radius: number,
  board: readonly [number, number],
): { corners: BoardCorners } | { seen: Rectangle | null; certain: boolean } {
  const corners = saddlesOf(smooth, mostSaddles).flatMap((saddle) => cornerAt(smooth, saddle, radius) ?? []);
  const index = new CornerIndex(corners, 16);
  const done = new Set<Corner>();
  let seen: Rectangle | null = null;
  let certain = false;
  for (const seed of corners) {
    if (done.has(seed)) continue;
    const grid = growGrid(smooth, index, seed);
    for (const { corner } of grid.values()) done.add(corner);
    const rectangle = rectangleOf(grid);
    if (rectangle === null || sizeOf(rectangle) < 6 || Math.min(rectangle.columns, rectangle.rows) < 2)
      continue;
    if (isBoard(rectangle, board) && missing(grid, rectangle) <= mostMissing * sizeOf(rectangle)) {
      return { corners: orientedBoard(grid, rectangle, board) };
    }
    if (sizeOf(rectangle) <= sizeOf(seen)) continue;
    seen = rectangle;
    certain =
      isLarger(rectangle, board) && missing(grid, rectangle) <= mostMissingOfLarger * sizeOf(rectangle);
  }
  return { seen, certain };
}

/** True where a rectangle holds the board and more. */
function isLarger({ columns, rows }: Rectangle, [c, r]: readonly [number, number]): boolean {
  const [long, short] = [Math.max(columns, rows), Math.min(columns, rows)];
  const [boardLong, boardShort] = [Math.max(c, r), Math.min(c, r)];
  return long >= boardLong && short >= boardShort && long * short > boardLong * boardShort;
}

function missing(grid: Grid, { i, j, columns, rows }: Rectangle): number {
  let count = columns * rows;
  for (const node of grid.values()) {
    if (node.i >= i && node.i < i + columns && node.j >= j && node.j < j + rows) count -= 1;
  }
  return count;
}

/** The corners in the photo itself, refined; null where one of them cannot be. */
function refined(
  image: GreyImage,
  at: BoardCorners,
  shrink: number,
  board: readonly [number, number],
): [number, number][] | null {
  const rough = roughCorners(at, shrink, board);
  if (rough === null) return null;
  const corners: [number, number][] = [];
  for (const [n, [x, y]] of rough.entries()) {
    const reach = nearestNeighbour(rough, n, board);
    const border = Math.floor(Math.min(x, y, image.width - 1 - x, image.height - 1 - y)) - 2;
    const half = Math.min(
      Math.max(
        windowLimits[0],
        Math.round(windowShare * reach),
        Math.min(smallWindow, Math.floor(smallShare * reach)),
      ),
      windowLimits[1],
      border,
    );
    if (half < windowLimits[0]) return null;
    const corner = refineCorner(image, [x, y], half);
    if (corner === null || Math.hypot(corner[0] - x, corner[1] - y) > Math.max(1, largestMove * reach))
      return null;
    corners.push(corner);
  }
  return corners;
}

/** Pixels of the photo for all corners, missing ones where the homography of those around expects them. */
function roughCorners(
  at: BoardCorners,
  shrink: number,
  board: readonly [number, number],
): [number, number][] | null {
  const whole = (value: number): number => (value + 0.5) * shrink - 0.5;
  const points = boardPoints(board);
  const known = points.map(([c, r]): [number, number] | null => {
    const corner = at(c, r);
    return corner === null ? null : [whole(corner.x), whole(corner.y)];
  });
  return points.every(([c, r], n) => {
    if (known[n] !== null) return true;
    const near = points
      .map((place, k) => ({
        place,
        seen: known[k] ?? null,
        distance: Math.hypot(place[0] - c, place[1] - r),
      }))
      .filter(({ seen, distance }) => seen !== null && distance < 4)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 12);
    if (near.length < 6) return false;
    const h = homographyOf({
      index: 0,
      name: '',
      count: near.length,
      object: Float64Array.from(near.flatMap(({ place }) => place)),
      image: Float64Array.from(near.flatMap(({ seen }) => seen as [number, number])),
    });
    if (h === null) return false;
    known[n] = mapped(h, c, r);
    return true;
  })
    ? (known as [number, number][])
    : null;
}

function mapped(h: Matrix3, x: number, y: number): [number, number] {
  const w = (h[6] as number) * x + (h[7] as number) * y + (h[8] as number);
  return [
    ((h[0] as number) * x + (h[1] as number) * y + (h[2] as number)) / w,
    ((h[3] as number) * x + (h[4] as number) * y + (h[5] as number)) / w,
  ];
}

/** Distance to the nearest of the four neighbours on the board, in pixels. */
function nearestNeighbour(
  corners: readonly (readonly [number, number])[],
  n: number,
  [columns, rows]: readonly [number, number],
): number {
  const [c, r] = [n % columns, Math.floor(n / columns)];
  const [x, y] = corners[n] as [number, number];
  let least = Infinity;
  for (const [dc, dr] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    if (c + dc < 0 || c + dc >= columns || r + dr < 0 || r + dr >= rows) continue;
    const other = corners[n + dc + dr * columns] as [number, number];
    least = Math.min(least, Math.hypot(other[0] - x, other[1] - y));
  }
  return least;
}
