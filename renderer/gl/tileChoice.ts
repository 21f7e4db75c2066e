import type { Projection } from './viewGeometry.ts';

/** Level 0 is full resolution; each further level has half the lines and samples, rounded up. */
export interface TileAddress {
  level: number;
  row: number;
  column: number;
}

/** Size and tiling of an image. */
export interface Pyramid {
  lines: number;
  samples: number;
  tileSize: number;
  levels: number;
}

/** Requests of priority 0 go first: 0 a coarse picture of everything seen, 1 what is seen, 2 the ring around it. */
export interface PlannedTile extends TileAddress {
  priority: 0 | 1 | 2;
}

/** What a view needs. */
export interface TilePlan {
  level: number;
  /** Tiles of `level` that are seen, from the screen's middle outward. */
  seen: readonly TileAddress[];
  /** Tiles of a coarser level that cover the same; empty where `seen` is of the last level. */
  coarse: readonly TileAddress[];
  /** Tiles of `level` around the seen ones, the nearest first. */
  ring: readonly TileAddress[];
}

/** Part of a tile on the screen: device pixels, and the texels (continuous, from 0) at its corners. */
export interface DrawnPart {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  u0: number;
  v0: number;
  u1: number;
  v1: number;
}

/**
 * How many levels the first, coarse picture lies above what is wanted. The engine makes a coarse tile out of all the
 * finer ones, so that the pyramid's single top tile would read a whole cube of any size: 3 levels are 64 tiles.
 */
const coarseSteps = 3;

/** The level whose texels are 1 to 2 device pixels large (level 0 where pixels are larger). */
export function wantedLevel({ perLine, perSample }: Projection, levels: number): number {
  // Pixels that are not square count with their mean size. A hair of rounding above a power of two is none.
  const level = Math.ceil(-Math.log2(Math.sqrt(perLine * perSample)) - 1e-9);
  return Math.min(Math.max(0, level), levels - 1);
}

/** The tiles a view needs. */
export function planTiles(image: Pyramid, to: Projection): TilePlan {
  const level = wantedLevel(to, image.levels);
  const seen = tilesSeen(image, to, level, 0);
  const coarseLevel = Math.min(image.levels - 1, level + coarseSteps);
  const known = new Set(seen.map(tileName));
  return {
    level,
    seen,
    coarse: coarseLevel > level ? tilesSeen(image, to, coarseLevel, 0) : [],
    ring:
      seen.length === 0 ? [] : tilesSeen(image, to, level, 1).filter((tile) => !known.has(tileName(tile))),
  };
}

/** Tiles of a level on the screen and `around` tiles beyond it, from the screen's middle outward. */
export function tilesSeen(image: Pyramid, to: Projection, level: number, around: number): TileAddress[] {
  const step = image.tileSize * 2 ** level;
  const endLine = to.line0 + to.height / to.perLine;
  const endSample = to.sample0 + to.width / to.perSample;
  const rows = range(to.line0, endLine, image.lines, step, around);
  const columns = range(to.sample0, endSample, image.samples, step, around);
  const middleRow = (to.line0 + endLine) / 2 / step - 0.5;
  const middleColumn = (to.sample0 + endSample) / 2 / step - 0.5;
  const found: (TileAddress & { distance: number })[] = [];
  for (let row = rows.first; row < rows.end; row++) {
    for (let column = columns.first; column < columns.end; column++) {
      found.push({ level, row, column, distance: Math.hypot(row - middleRow, column - middleColumn) });
    }
  }
  found.sort((a, b) => a.distance - b.distance);
  return found.map(({ row, column }) => ({ level, row, column }));
}

function range(
  from: number,
  to: number,
  size: number,
  step: number,
  around: number,
): { first: number; end: number } {
  const count = Math.ceil(size / step);
  // Outside the image nothing is seen, and nothing around it is worth having.
  if (to <= 0 || from >= size) return { first: 0, end: 0 };
  return {
    first: Math.max(0, Math.floor(from / step) - around),
    end: Math.min(count, Math.ceil(to / step) + around),
  };
}

/** A text that names a tile within its image. */
export const tileName = ({ level, row, column }: TileAddress): string => `${level}/${row}/${column}`;

/** The tile of the next coarser level that holds this one. */
export const parentOf = ({ level, row, column }: TileAddress): TileAddress => ({
  level: level + 1,
  row: row >> 1,
  column: column >> 1,
});

/** Lines and samples of a tile; those at the lower and right edge are smaller. Null where there is no such tile. */
export function tileShape(
  image: Pyramid,
  { level, row, column }: TileAddress,
): { lines: number; samples: number } | null {
  const sizeOf = (whole: number, index: number): number =>
    Math.min(image.tileSize, Math.ceil(whole / 2 ** level) - index * image.tileSize);
  const lines = sizeOf(image.lines, row);
  const samples = sizeOf(image.samples, column);
  const exists = level >= 0 && level < image.levels && row >= 0 && column >= 0;
  return exists && lines > 0 && samples > 0 ? { lines, samples } : null;
}

/**
 * The part of a tile that is on the screen, or null. All of it is computed in float64 and relative to the screen, so
 * that float32 on the graphics card is exact enough at line 10^6 as at line 0; and what lies beyond the screen or the
 * image (the last texel of a coarse level may reach over its edge) is cut off.
 */
export function drawnPart(image: Pyramid, to: Projection, tile: TileAddress): DrawnPart | null {
  const texel = 2 ** tile.level;
  const step = image.tileSize * texel;
  const across = cut(tile.column * step, step, image.samples, to.sample0, to.perSample, to.width, texel);
  const down = cut(tile.row * step, step, image.lines, to.line0, to.perLine, to.height, texel);
  if (across === null || down === null) return null;
  const [x0, x1, u0, u1] = across;
  const [y0, y1, v0, v1] = down;
  return { x0, y0, x1, y1, u0, v0, u1, v1 };
}

function cut(
  start: number,
  step: number,
  size: number,
  origin: number,
  perUnit: number,
  screen: number,
  texel: number,
): readonly [number, number, number, number] | null {
  const from = Math.max(start, origin);
  const to = Math.min(start + step, size, origin + screen / perUnit);
  if (!(to > from)) return null;
  return [(from - origin) * perUnit, (to - origin) * perUnit, (from - start) / texel, (to - start) / texel];
}
