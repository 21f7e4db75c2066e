import type { Limits } from './binEdges.ts';

/** An image that comes in tiles. */
export interface ImageSource {
  /** Equal for equal pictures: cube, bands and filter. */
  key: string;
  lines: number;
  samples: number;
  /** Lines and samples of a whole tile. */
  tileSize: number;
  /** Level 0 is full resolution, the last level a single tile. */
  levels: number;
  /** 3: red, green and blue. */
  planes: 1 | 3;
  /** Address of a tile; row and column count from 0. */
  url: (level: number, row: number, column: number) => string;
}

/** How values become colours. The rule is that of exported pictures: the same colour to the last bit. */
export type Colouring =
  /** 256 RGB triples, each for 1/256 of the range. */
  | { kind: 'map'; colours: Uint8Array; low: number; high: number }
  /** Each plane from 0 to 255 between its limits. */
  | { kind: 'rgb'; limits: readonly [Limits, Limits, Limits] }
  /** The value is a class number from 0. A number that has no colour here is hatched. */
  | { kind: 'classes'; palette: readonly (readonly [number, number, number])[] };

/** What went wrong, in words for people, and what to do. */
export interface ViewProblem {
  message: string;
  remedy?: string;
}

/** Tiles on the screen that are still to come, and those that could not be had. */
export interface LoadingState {
  pending: number;
  failed: number;
}

/** True where two images have the same pixels' places, so that a view of one is a view of the other. */
export const sameGrid = (a: ImageSource, b: ImageSource): boolean =>
  a.lines === b.lines && a.samples === b.samples && a.tileSize === b.tileSize && a.levels === b.levels;

/** True where an image has the planes that a colouring needs. */
export const isColourable = (source: ImageSource, colouring: Colouring): boolean =>
  (source.planes === 3) === (colouring.kind === 'rgb');
