import type { LineSampleWindow } from '../base/window.ts';
import type { Work } from '../base/work.ts';
import { ByteCache } from '../io/byteCache.ts';
import { InFlight } from '../io/inFlight.ts';
import type { ThreadPool } from '../workers/pool.ts';
import { blocksFor, decodedLineBytes, isDirect } from './formats/geotiff/blocks.ts';
import type { GeoTiffLayout, TiffBlocks } from './formats/geotiff/layout.ts';
import { maskSource } from './formats/geotiff/read.ts';
import { fullGrid, placesOf, spanOf, type PixelGrid } from './grid.ts';
import { gridImage, type DecodedBlocks, type ReadableCube } from './read.ts';
import { decodeBlocksTask, type BlockPart } from './tasks.ts';

type BlockMap = ReadonlyMap<number, SharedArrayBuffer>;

/** Compressed bytes that one decoding task takes: enough to make the message to the worker cheap. */
const bytesPerTask = 512 * 1024;

/** Decoded blocks of compressed cubes, kept on the engine thread within a byte budget and shared with the workers. */
export class BlockStore {
  readonly #pool: ThreadPool;
  readonly #blocks: ByteCache<SharedArrayBuffer>;
  readonly #inFlight = new InFlight<BlockMap>();

  constructor(pool: ThreadPool, budgetBytes: number) {
    this.#pool = pool;
    this.#blocks = new ByteCache(budgetBytes);
  }

  /** Bytes of decoded blocks held. */
  get bytes(): number {
    return this.#blocks.bytes;
  }

  /** All blocks that a read of this window and these bands needs; empty for files that are read directly. */
  async fetch(
    cube: ReadableCube,
    window: LineSampleWindow,
    bandIndexes: ArrayLike<number>,
    work: Work,
    grid: PixelGrid = fullGrid,
  ): Promise<DecodedBlocks> {
    const none: BlockMap = new Map();
    const { cubeId, layout } = cube;
    if (layout.kind === 'raw') return { image: none, mask: none };
    const fetchPart = (part: BlockPart, image: TiffBlocks, bands: ArrayLike<number>): Promise<BlockMap> =>
      isDirect(layout, image)
        ? Promise.resolve(none)
        : this.#part(
            { cubeId, part, image, indexes: blocksOfGrid(layout, image, window, bands, grid) },
            work,
          );
    const imagePart = grid.kind === 'overview' ? (`overview ${grid.index}` as const) : 'image';
    const image = await fetchPart(imagePart, gridImage(layout, grid), bandIndexes);
    const masking = maskSource(layout);
    if (masking === null) return { image, mask: none };
    const part = masking.image === layout.mask ? 'mask' : 'image';
    return { image, mask: await fetchPart(part, masking.image, [masking.bandIndex]) };
  }

  /** Drops the blocks of a closed cube. */
  forget(cubeId: string): void {
    this.#blocks.deletePrefix(`${cubeId}/`);
  }

  async #part(
    {
      cubeId,
      part,
      image,
      indexes,
    }: { cubeId: string; part: BlockPart; image: TiffBlocks; indexes: number[] },
    work: Work,
  ): Promise<BlockMap> {
    const found = new Map<number, SharedArrayBuffer>();
    const missing: number[] = [];
    for (const index of indexes) {
      const block = this.#blocks.get(`${cubeId}/${part}/${index}`);
      if (block === undefined) missing.push(index);
      else found.set(index, block);
    }
    const groups = groupBlocks(image, missing);
    const decoded = await Promise.all(groups.map((group) => this.#decode(cubeId, part, group, work)));
    for (const group of decoded) for (const [index, block] of group) found.set(index, block);
    return found;
  }

  #decode(cubeId: string, part: BlockPart, indexes: number[], work: Work): Promise<BlockMap> {
    // Readers of the same window name the same work. Where windows only overlap, their common blocks may be decoded
    // twice: so one reader's broken block never fails another who does not need it.
    const key = `${cubeId}/${part}/${indexes.join(',')}`;
    return this.#inFlight.join(key, work, async (shared) => {
      const blocks = await this.#pool.run(decodeBlocksTask, { cubeId, part, indexes }, shared);
      const group = new Map<number, SharedArrayBuffer>();
      blocks.forEach((block, k) => {
        const index = indexes[k] ?? 0;
        group.set(index, block);
        this.#blocks.set(`${cubeId}/${part}/${index}`, block, block.byteLength);
      });
      return group;
    });
  }
}

/** Decoded bytes of the blocks that a read needs, whether they are there already or not. */
export function decodedBytesFor(
  { layout }: ReadableCube,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  grid: PixelGrid,
): number {
  if (layout.kind === 'raw') return 0;
  const image = gridImage(layout, grid);
  const blockBytes = decodedLineBytes(image) * image.blockLines;
  return blocksOfGrid(layout, image, window, bandIndexes, grid).length * blockBytes;
}

/** Blocks that hold the grid's pixels of a window: of sampled lines those that these lines meet. */
function blocksOfGrid(
  layout: GeoTiffLayout,
  image: TiffBlocks,
  window: LineSampleWindow,
  bandIndexes: ArrayLike<number>,
  grid: PixelGrid,
): number[] {
  if (grid.kind === 'full') return blocksFor(layout, image, window, bandIndexes);
  const { lines, samples } = placesOf(window, grid, image);
  const rows = new Map(lines.map((line) => [Math.floor(line / image.blockLines), line]));
  const needed = [...rows.values()].flatMap((line) =>
    blocksFor(layout, image, spanOf(line, samples), bandIndexes),
  );
  return [...new Set(needed)];
}

function groupBlocks(image: TiffBlocks, indexes: readonly number[]): number[][] {
  const groups: number[][] = [];
  let bytes = Infinity;
  for (const index of indexes) {
    if (bytes >= bytesPerTask) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(index);
    bytes += image.byteCounts[index] ?? 0;
  }
  return groups;
}
