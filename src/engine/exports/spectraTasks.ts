import type { FilterSettings } from '../contract/filter.ts';
import type { PixelSpectrum } from '../contract/spectra.ts';
import { throwIfAborted } from '../base/signal.ts';
import { cubeKey, type DecodedBlocks, type ReadableCube } from '../cube/read.ts';
import { workerSources } from '../cube/tasks.ts';
import { FileSource } from '../io/fileSource.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { pixelSpectrum, spectrumFrame } from '../products/spectrum.ts';
import { defineTask } from '../workers/task.ts';
import { bandPieces, csvRow, pixelPieces } from './csv.ts';

/** A temporary file that tasks append to, each at a place it claims: `end` is where the next one begins. */
export interface PiecesFile {
  output: OutputFile;
  end: BigInt64Array<SharedArrayBuffer>;
}

/** Some columns in the file of pieces: each row's piece after the other, the header row first. */
export interface Columns {
  start: number;
  /** Bytes of each row's piece. */
  lengths: Uint32Array<SharedArrayBuffer>;
}

/** Bytes of finished rows that are joined before they are written. */
const joinBytes = 4 * 1024 * 1024;

/** Writes the pieces of the columns that say what the bands are; tells what the filter leaves out, in sentences. */
export const bandColumnsTask = defineTask(
  'exports.bandColumns',
  (
    args: { cubeId: string; filter: FilterSettings | null; file: PiecesFile },
    context,
  ): { columns: Columns; notes: string[] } => {
    const cube = context.shared<ReadableCube>(cubeKey(args.cubeId));
    const frame = spectrumFrame(cube, args.filter);
    const names = cube.description.bandRecords.map((record) => record.name);
    const bandNames = names.some((name) => name !== null) ? names : null;
    return { columns: append(args.file, bandPieces(frame, { bandNames })), notes: frame.notes };
  },
);

/** Reads the spectra of some pixels and writes the pieces of their columns. */
export const pixelColumnsTask = defineTask(
  'exports.pixelColumns',
  async (
    args: {
      cubeId: string;
      blocks: DecodedBlocks;
      at: { line: number; sample: number }[];
      filter: FilterSettings | null;
      file: PiecesFile;
    },
    context,
  ): Promise<Columns> => {
    const { at, blocks, filter, file } = args;
    const { signal } = context;
    const cube = context.shared<ReadableCube>(cubeKey(args.cubeId));
    const pixels: PixelSpectrum[] = [];
    for (const place of at) {
      throwIfAborted(signal);
      pixels.push(await pixelSpectrum(cube, place, filter, { sources: workerSources, blocks, signal }));
    }
    throwIfAborted(signal);
    return append(file, pixelPieces(pixels, filter !== null));
  },
);

function append({ output, end }: PiecesFile, pieces: readonly string[]): Columns {
  const bytes = Buffer.from(pieces.join(''));
  const lengths = new Uint32Array(new SharedArrayBuffer(4 * pieces.length));
  pieces.forEach((piece, row) => {
    lengths[row] = Buffer.byteLength(piece);
  });
  const start = Number(Atomics.add(end, 0, BigInt(bytes.length)));
  const writer = new PartWriter(output);
  try {
    writer.write(bytes, start);
  } finally {
    writer.close();
  }
  return { start, lengths };
}

/** Joins the pieces of every row, columns in this order, into the CSV file; reports rows that are done. */
export const joinColumnsTask = defineTask(
  'exports.joinColumns',
  async (args: { pieces: OutputFile; columns: Columns[]; csv: OutputFile }, context): Promise<void> => {
    const { columns, csv } = args;
    const { signal } = context;
    const rows = columns[0]?.lengths.length ?? 0;
    const next = columns.map(({ start }) => start);
    const source = new FileSource(args.pieces.part, csv.name);
    const writer = new PartWriter(csv);
    let position = 0;
    try {
      for (let row = 0; row < rows;) {
        const count = rowsAtOnce(columns, row);
        const read: Buffer[] = [];
        for (const [k, { lengths }] of columns.entries()) {
          throwIfAborted(signal);
          const length = lengths.subarray(row, row + count).reduce((sum, bytes) => sum + bytes, 0);
          read.push(Buffer.from(await source.read(next[k] ?? 0, length, { signal })));
          next[k] = (next[k] ?? 0) + length;
        }
        const bytes = Buffer.from(joined(columns, read, row, count));
        writer.write(bytes, position);
        position += bytes.length;
        row += count;
        context.progress(row);
      }
      writer.finish(position);
    } finally {
      writer.close();
      source.close();
    }
  },
);

/** Rows from this one on that are joined in one go: at least one. */
function rowsAtOnce(columns: readonly Columns[], row: number): number {
  const rows = columns[0]?.lengths.length ?? 0;
  let bytes = 0;
  let count = 0;
  while (row + count < rows && bytes < joinBytes) {
    for (const { lengths } of columns) bytes += lengths[row + count] ?? 0;
    count++;
  }
  return count;
}

function joined(columns: readonly Columns[], read: readonly Buffer[], row: number, count: number): string {
  const from = columns.map(() => 0);
  let text = '';
  for (let r = row; r < row + count; r++) {
    text += csvRow(
      columns.map(({ lengths }, k) => {
        const begin = from[k] ?? 0;
        const end = begin + (lengths[r] ?? 0);
        from[k] = end;
        return read[k]?.toString('utf8', begin, end) ?? '';
      }),
    );
  }
  return text;
}

/** Tasks of the export of spectra. */
export const spectraTasks = [bandColumnsTask, pixelColumnsTask, joinColumnsTask];
