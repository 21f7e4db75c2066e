import { seededRandom, type Random } from '../../base/random.ts';
import type { SpectraTable } from './spectraTable.ts';

/** Rows to learn from and rows to be judged by. */
export interface TableSplit {
  /** Row indexes, rising. */
  train: Int32Array;
  test: Int32Array;
  notes: string[];
}

/** How to split. */
export interface SplitOptions {
  /** Lines and samples of a block; default 10. */
  side?: number;
  /** Share of the rows to learn from, above 0 and below 1; default 0.5. */
  share?: number;
  seed: number;
  /** Only these rows; default all. */
  rows?: Int32Array;
}

/** Rows that stay together: of one block of the scene. */
interface Block {
  rows: number[];
  /** Rows of each class in it. */
  counts: Map<number, number>;
  part: 'train' | 'test' | null;
}

/**
 * Splits rows by blocks of side x side pixels, which are never shared: neighbouring pixels are alike, and what was learnt from
 * one would be tested on the other. Each class is in both parts where its blocks allow it; where they do not, a note says so.
 * Rows without a class count as a class of their own. A table without positions is split at random row by row, class by
 * class, which a note says. The same seed gives the same split.
 */
export function blockSplit(table: SpectraTable, options: SplitOptions): TableSplit {
  const { side = 10, share = 0.5, seed } = options;
  const rows = options.rows ?? Int32Array.from({ length: table.rows }, (_, row) => row);
  const classOf = (row: number): number => table.classes?.ofRow[row] ?? -1;
  const random = seededRandom(seed);
  const { positions } = table;
  const parts =
    positions === null
      ? splitRows(rows, classOf, share, random)
      : splitBlocks(blocksOf(positions, rows, side, classOf), share, random);
  const notes =
    positions === null
      ? ['The rows have no positions: they are split at random, so that neighbours may be in both parts.']
      : [];
  const inTrain = new Set<number>();
  const inTest = new Set<number>();
  for (const row of parts.train) inTrain.add(classOf(row));
  for (const row of parts.test) inTest.add(classOf(row));
  table.classes?.names.forEach((name, one) => {
    if (inTrain.has(one) === inTest.has(one)) return;
    const where = inTrain.has(one) ? 'training' : 'test';
    const what = positions === null ? 'rows' : 'blocks';
    notes.push(`Class ${name} is in the ${where} part only: its ${what} are too few.`);
  });
  return { train: parts.train.sort(), test: parts.test.sort(), notes };
}

type Parts = Record<'train' | 'test', Int32Array>;

function splitBlocks(blocks: Block[], share: number, random: Random): Parts {
  shuffle(blocks, random);
  assign(blocks, share);
  repair(blocks);
  const rowsOf = (part: Block['part']): Int32Array =>
    Int32Array.from(blocks.filter((block) => block.part === part).flatMap((block) => block.rows));
  return { train: rowsOf('train'), test: rowsOf('test') };
}

/** Single rows, the same share of each class. */
function splitRows(rows: Int32Array, classOf: (row: number) => number, share: number, random: Random): Parts {
  const ofClass = new Map<number, number[]>();
  for (const row of rows) {
    const own = ofClass.get(classOf(row));
    if (own === undefined) ofClass.set(classOf(row), [row]);
    else own.push(row);
  }
  const all = [...ofClass.values()].map((own) => {
    shuffle(own, random);
    const wanted = Math.round(share * own.length);
    return { own, count: own.length < 2 ? own.length : Math.min(Math.max(wanted, 1), own.length - 1) };
  });
  return {
    train: Int32Array.from(all.flatMap(({ own, count }) => own.slice(0, count))),
    test: Int32Array.from(all.flatMap(({ own, count }) => own.slice(count))),
  };
}

function blocksOf(
  positions: Int32Array,
  rows: Int32Array,
  side: number,
  classOf: (row: number) => number,
): Block[] {
  const blockOf = (place: number): number => Math.floor((positions[place] as number) / side);
  const width = rows.reduce((most, row) => Math.max(most, blockOf(2 * row + 1)), 0) + 1;
  const blocks = new Map<number, Block>();
  let lastKey = -1;
  let block: Block = { rows: [], counts: new Map(), part: null };
  for (const row of rows) {
    const key = blockOf(2 * row) * width + blockOf(2 * row + 1);
    // Neighbours mostly lie in one block.
    if (key !== lastKey) {
      block = blocks.get(key) ?? { rows: [], counts: new Map(), part: null };
      blocks.set(key, block);
      lastKey = key;
    }
    block.rows.push(row);
    const one = classOf(row);
    block.counts.set(one, (block.counts.get(one) ?? 0) + 1);
  }
  return [...blocks.values()];
}

/** The blocks of each class, of the class with the fewest first. */
function blocksByClass(blocks: readonly Block[]): [number, Block[]][] {
  const byClass = new Map<number, Block[]>();
  for (const block of blocks) {
    for (const one of block.counts.keys()) {
      const own = byClass.get(one);
      if (own === undefined) byClass.set(one, [block]);
      else own.push(block);
    }
  }
  return [...byClass].sort(([a, x], [b, y]) => x.length - y.length || a - b);
}

/** Gives each block to the part that lacks more rows of its rarest class. */
function assign(blocks: readonly Block[], share: number): void {
  for (const [one, own] of blocksByClass(blocks)) {
    const sizeOf = (block: Block): number => block.counts.get(one) ?? 0;
    const all = own.reduce((sum, block) => sum + sizeOf(block), 0);
    const has = { train: 0, test: 0 };
    for (const block of own) if (block.part !== null) has[block.part] += sizeOf(block);
    const free = own.filter(({ part }) => part === null);
    for (const block of free) {
      block.part = share * all - has.train >= (1 - share) * all - has.test ? 'train' : 'test';
      has[block.part] += sizeOf(block);
    }
  }
}

/** Moves blocks to a part that misses a class, as long as no other class is lost by it. */
function repair(blocks: readonly Block[]): void {
  const byClass = new Map(blocksByClass(blocks));
  const inPart = (one: number, part: Block['part']): number =>
    byClass.get(one)?.filter((block) => block.part === part).length ?? 0;
  for (const [one, own] of byClass) {
    for (const [missing, other] of [
      ['train', 'test'],
      ['test', 'train'],
    ] as const) {
      if (own.length < 2 || inPart(one, missing) > 0) continue;
      const movable = own.find((block) => [...block.counts.keys()].every((each) => inPart(each, other) > 1));
      if (movable !== undefined) movable.part = missing;
    }
  }
}

/** Puts items into a random order (Fisher and Yates), in place. */
export function shuffle(items: { length: number; [place: number]: unknown }, random: Random): void {
  for (let k = items.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    const kept = items[k];
    items[k] = items[other];
    items[other] = kept;
  }
}
