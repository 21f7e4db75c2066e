import { lightAfter, lineDistance, type Corner } from './corners.ts';
import type { GreyImage } from '../../photos/grey.ts';
import { levelAt } from './greyImage.ts';

/** A corner with its place in a grid: i counts along one family of edges, j along the other. */
export interface Node {
  corner: Corner;
  i: number;
  j: number;
  /** Directions of growing i and j at this corner, in radians. */
  axes: [number, number];
}

/** Corners of one board, by their place. */
export type Grid = Map<string, Node>;

export const placeOf = (i: number, j: number): string => `${i},${j}`;

/** An edge to a neighbour leaves its corner's own direction by this at most, in radians. */
const edgeTolerance = 0.35;
/** A neighbour lies this near to where its grid expects it, in steps. */
const placeTolerance = 0.35;
/** The contrast across the edge between two corners is this share of theirs at least. */
const edgeContrast = 0.3;
/** A first neighbour is looked for this far away, in shares of the image's longer side. */
const farthest = 0.25;

/** Corners in cells of a few pixels, to find those near a place. */
export class CornerIndex {
  readonly #cells = new Map<number, Corner[]>();
  readonly #size: number;

  constructor(corners: readonly Corner[], size: number) {
    this.#size = size;
    for (const corner of corners) {
      const key = this.#key(Math.floor(corner.x / size), Math.floor(corner.y / size));
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [corner]);
      else cell.push(corner);
    }
  }

  /** All corners within a distance of (x, y). */
  near(x: number, y: number, distance: number): Corner[] {
    const found: Corner[] = [];
    const size = this.#size;
    for (let row = Math.floor((y - distance) / size); row <= Math.floor((y + distance) / size); row++) {
      for (
        let column = Math.floor((x - distance) / size);
        column <= Math.floor((x + distance) / size);
        column++
      ) {
        for (const corner of this.#cells.get(this.#key(column, row)) ?? []) {
          if (Math.hypot(corner.x - x, corner.y - y) <= distance) found.push(corner);
        }
      }
    }
    return found;
  }

  #key(column: number, row: number): number {
    return row * 100_000 + column;
  }
}

/**
 * Grows a grid from one corner: each next corner lies along an edge of the one before, has its colours the other way round,
 * lies where the steps so far expect it, and a line between light and dark leads there. It follows lenses that bend lines.
 */
export function growGrid(image: GreyImage, index: CornerIndex, seed: Corner): Grid {
  const [first, second] = seed.edges;
  const grid: Grid = new Map();
  const taken = new Set<Corner>([seed]);
  const root: Node = { corner: seed, i: 0, j: 0, axes: [first, second] };
  grid.set(placeOf(0, 0), root);
  const queue = [root];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const axis of [0, 1] as const) {
      for (const way of [1, -1]) {
        const [i, j] = axis === 0 ? [node.i + way, node.j] : [node.i, node.j + way];
        if (grid.has(placeOf(i, j))) continue;
        const corner = nextCorner(image, index, grid, node, axis, way, taken);
        if (corner === null) continue;
        taken.add(corner);
        const angle =
          Math.atan2(corner.y - node.corner.y, corner.x - node.corner.x) + (way < 0 ? Math.PI : 0);
        const next: Node = { corner, i, j, axes: axesAt(corner, node.axes, axis, angle) };
        grid.set(placeOf(i, j), next);
        queue.push(next);
      }
    }
  }
  dropStray(grid);
  return grid;
}

/** The directions of i and j at a corner: its own edges, matched with those at its neighbour. */
function axesAt(
  { edges }: Corner,
  before: readonly [number, number],
  axis: 0 | 1,
  angle: number,
): [number, number] {
  const other = axis === 0 ? 1 : 0;
  const along = lineDistance(edges[0], angle) < lineDistance(edges[1], angle) ? 0 : 1;
  const axes: [number, number] = [0, 0];
  axes[axis] = pointed(edges[along], angle);
  axes[other] = pointed(edges[along === 0 ? 1 : 0], before[other]);
  return axes;
}

/** A line's angle, turned by pi where that points more nearly to `towards`. */
const pointed = (line: number, towards: number): number =>
  Math.cos(line - towards) >= 0 ? line : line + Math.PI;

function nextCorner(
  image: GreyImage,
  index: CornerIndex,
  grid: Grid,
  node: Node,
  axis: 0 | 1,
  way: number,
  taken: ReadonlySet<Corner>,
): Corner | null {
  const { corner } = node;
  const direction = node.axes[axis] + (way < 0 ? Math.PI : 0);
  const step = expectedStep(grid, node, axis, way);
  const light = lightAfter(corner, direction);
  const fits = (other: Corner): boolean => {
    if (other === corner || taken.has(other)) return false;
    const angle = Math.atan2(other.y - corner.y, other.x - corner.x);
    if (Math.cos(angle - direction) < Math.cos(edgeTolerance)) return false;
    const nearest = Math.min(lineDistance(other.edges[0], angle), lineDistance(other.edges[1], angle));
    // Seen from the other end, the same side of the edge comes before its direction instead of after it.
    return (
      nearest < edgeTolerance &&
      lightAfter(other, angle + Math.PI) !== light &&
      isEdge(image, corner, other, light)
    );
  };
  if (step !== null) {
    const [x, y] = [corner.x + step[0], corner.y + step[1]];
    const reach = placeTolerance * Math.hypot(...step);
    return nearestOf(index.near(x, y, reach).filter(fits), x, y);
  }
  // Without a step to go by, the nearest along the edge; its own direction counts more than its distance.
  const most = farthest * Math.max(image.width, image.height);
  for (let reach = 12; reach < 2 * most; reach *= 2) {
    const found = index.near(corner.x, corner.y, Math.min(reach, most)).filter(fits);
    const nearest = nearestOf(found, corner.x, corner.y);
    if (nearest !== null) return nearest;
  }
  return null;
}

/** The step to a neighbour by what is there: the step before, or the same step beside it; null where neither is. */
function expectedStep(grid: Grid, { i, j, corner }: Node, axis: 0 | 1, way: number): [number, number] | null {
  const at = (di: number, dj: number): Corner | undefined => grid.get(placeOf(i + di, j + dj))?.corner;
  const [si, sj] = axis === 0 ? [way, 0] : [0, way];
  const back = at(-si, -sj);
  if (back !== undefined) {
    const back2 = at(-2 * si, -2 * sj);
    const step: [number, number] = [corner.x - back.x, corner.y - back.y];
    if (back2 === undefined) return step;
    // Steps shrink or grow evenly under perspective.
    const ratio = Math.hypot(...step) / Math.hypot(back.x - back2.x, back.y - back2.y);
    const scale = Math.min(1.5, Math.max(0.67, ratio));
    return [step[0] * scale, step[1] * scale];
  }
  for (const side of [1, -1]) {
    const [oi, oj] = axis === 0 ? [0, side] : [side, 0];
    const [from, to] = [at(oi, oj), at(oi + si, oj + sj)];
    if (from !== undefined && to !== undefined) return [to.x - from.x, to.y - from.y];
  }
  return null;
}

function nearestOf(corners: readonly Corner[], x: number, y: number): Corner | null {
  let best: Corner | null = null;
  let least = Infinity;
  for (const corner of corners) {
    const distance = Math.hypot(corner.x - x, corner.y - y);
    if (distance < least) [best, least] = [corner, distance];
  }
  return best;
}

/** True where a line between light and dark leads from one corner to the other: looked at in three places. */
function isEdge(image: GreyImage, a: Corner, b: Corner, light: boolean): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  // To the side that comes next when turning from x to y.
  const [nx, ny] = [-dy * 0.2, dx * 0.2];
  const least = edgeContrast * Math.min(a.contrast, b.contrast);
  return [0.3, 0.5, 0.7].every((share) => {
    const [x, y] = [a.x + share * dx, a.y + share * dy];
    const difference = levelAt(image, x + nx, y + ny) - levelAt(image, x - nx, y - ny);
    return (light ? difference : -difference) > least;
  });
}

/** Removes corners that lie far from the middle of their neighbours on a line. */
function dropStray(grid: Grid): void {
  for (const [key, { corner, i, j }] of grid) {
    for (const [di, dj] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const before = grid.get(placeOf(i - di, j - dj))?.corner;
      const after = grid.get(placeOf(i + di, j + dj))?.corner;
      if (before === undefined || after === undefined) continue;
      const [x, y] = [(before.x + after.x) / 2, (before.y + after.y) / 2];
      const step = Math.hypot(after.x - before.x, after.y - before.y) / 2;
      if (Math.hypot(corner.x - x, corner.y - y) > 0.4 * step) grid.delete(key);
    }
  }
}
