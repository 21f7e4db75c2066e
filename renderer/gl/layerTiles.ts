import { drawnPart, parentOf, tileName, tilesSeen, wantedLevel } from './tileChoice.ts';
import type { DrawnPart, Pyramid, TileAddress } from './tileChoice.ts';
import type { Projection } from './viewGeometry.ts';

/** Tiles of one image on the screen in the order of drawing (later ones cover earlier), and what could not be had. */
export interface LayerTiles<Tile> {
  tiles: { tile: Tile; part: DrawnPart }[];
  failed: DrawnPart[];
}

/** What is known of an image's tiles. */
export interface LayerFacts<Tile> {
  get: (tile: TileAddress) => Tile | undefined;
  isFailed: (tile: TileAddress) => boolean;
  /** Draw tiles of the wanted level alone. */
  onlySharp: boolean;
}

/**
 * The best picture that the tiles at hand give: those of the wanted level; where some are missing, coarser ones below
 * them and finer ones in their place.
 */
export function layerTiles<Tile>(
  image: Pyramid,
  to: Projection,
  { get, isFailed, onlySharp }: LayerFacts<Tile>,
): LayerTiles<Tile> {
  const level = wantedLevel(to, image.levels);
  const tiles: LayerTiles<Tile>['tiles'] = [];
  const failed: DrawnPart[] = [];
  const missing = new Set<string>();
  const seen: LayerTiles<Tile>['tiles'] = [];
  for (const address of tilesSeen(image, to, level, 0)) {
    const part = drawnPart(image, to, address);
    if (part === null) continue;
    const tile = get(address);
    if (tile !== undefined) seen.push({ tile, part });
    else if (isFailed(address)) failed.push(part);
    else missing.add(tileName(address));
  }
  const place = (address: TileAddress): void => {
    const tile = get(address);
    const part = tile === undefined ? null : drawnPart(image, to, address);
    if (tile !== undefined && part !== null) tiles.push({ tile, part });
  };
  if (missing.size > 0 && !onlySharp) {
    for (let coarser = image.levels - 1; coarser > level; coarser--) {
      tilesSeen(image, to, coarser, 0).forEach(place);
    }
    if (level > 0) {
      for (const finer of tilesSeen(image, to, level - 1, 0)) {
        if (missing.has(tileName(parentOf(finer)))) place(finer);
      }
    }
  }
  return { tiles: [...tiles, ...seen], failed };
}
