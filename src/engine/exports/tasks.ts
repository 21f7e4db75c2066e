import type { FilterSettings } from '../contract/filter.ts';
import type { ColourMapName } from '../contract/colourMaps.ts';
import { createHash } from 'node:crypto';
import { storedView, type DataType, type StoredArray } from '../base/dataTypes.ts';
import { Scratch } from '../base/scratch.ts';
import { throwIfAborted, type CancelOptions } from '../base/signal.ts';
import type { LineSampleWindow } from '../base/window.ts';
import {
  cubeKey,
  readStored,
  type DecodedBlocks,
  type ReadableCube,
  type ReadContext,
} from '../cube/read.ts';
import { workerSources } from '../cube/tasks.ts';
import type { FileState } from '../io/byteSource.ts';
import { FileSource } from '../io/fileSource.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { readToFilter, type FilterInto } from '../products/compute.ts';
import type { ImageTaskArgs, ImageTaskResult } from '../products/imageKind.ts';
import { defineTask, type TaskContext } from '../workers/task.ts';
import { colourTable, colourRows } from './colourMaps.ts';
import { foreignHeaderTask } from './foreignHeader.ts';
import { planOutput, type OutputImage, type OutputPlan, type RawFormat } from './outputImage.ts';
import { createPngEncoder } from './png.ts';
import { openRecordedTask, readRecipeTask, writeRecipeTask } from './recipeFile.ts';
import { spectraTasks } from './spectraTasks.ts';
import { writeWholePart } from './writeWholePart.ts';
import { planesOfArray, writeRawWindow, type BandPlanes, type RawTarget } from './rawWriter.ts';

/** How an image's numbers become colours: one table, or one stretch a channel of a composite. */
export type Colouring =
  | { kind: 'table'; colourMap: ColourMapName; low: number; high: number }
  | { kind: 'channels'; stretches: { low: number; high: number }[] };

/** What a chunk of an output holds. */
export type ChunkContent =
  | { kind: 'stored'; bandIndexes: number[] }
  | { kind: 'filtered'; bandIndexes: number[]; needed: number[]; filter: FilterSettings }
  | ImageContent;

/** One image of any kind: its task computes the window; with a colouring it becomes red, green, blue and alpha. */
export interface ImageContent {
  kind: 'image';
  /** Name of the kind's task. */
  task: string;
  parameters: unknown;
  dataType: DataType;
  planes: number;
  colouring: Colouring | null;
  prepared?: SharedArrayBuffer | undefined;
}

/** Memory that one chunk after the other uses in this worker. */
const memory = {
  read: { stored: new Scratch(), values: new Scratch() },
  planes: new Scratch(),
  output: new Scratch(),
};

/** Reads, computes and writes one window of an output. */
export const writeChunkTask = defineTask(
  'exports.writeChunk',
  async (
    args: {
      cubeId: string;
      blocks: DecodedBlocks;
      content: ChunkContent;
      window: LineSampleWindow;
      target: RawTarget;
    },
    context,
  ): Promise<void> => {
    const { blocks, content, window, target } = args;
    const { signal } = context;
    const cube = context.shared<ReadableCube>(cubeKey(args.cubeId));
    const reading: ReadContext = { sources: workerSources, blocks, signal, memory: memory.read };
    const planes =
      content.kind === 'image'
        ? await imagePlanes(args, content, context)
        : await chunkPlanes(cube, content, window, reading);
    throwIfAborted(signal);
    const writer = new PartWriter(target.output);
    try {
      writeRawWindow(target, window, planes, writer, memory.output);
    } finally {
      writer.close();
    }
  },
);

async function imagePlanes(
  { cubeId, blocks, window }: { cubeId: string; blocks: DecodedBlocks; window: LineSampleWindow },
  { task, parameters, dataType, planes, colouring, prepared }: ImageContent,
  context: TaskContext,
): Promise<BandPlanes> {
  const asked: ImageTaskArgs = { cubeId, blocks, parameters, window, prepared };
  const { pixels } = await context.call<ImageTaskResult>(task, asked);
  const pixelCount = window.lines * window.samples;
  const image = storedView(dataType, pixels, 0, planes * pixelCount);
  if (colouring === null) return planesOfArray(image, image.length / planes);
  return planesOfArray(picture(image, colouring, window), pixelCount);
}

async function chunkPlanes(
  cube: ReadableCube,
  content: Exclude<ChunkContent, ImageContent>,
  window: LineSampleWindow,
  reading: ReadContext,
): Promise<BandPlanes> {
  const pixels = window.lines * window.samples;
  switch (content.kind) {
    case 'stored': {
      const stored = await readStored(cube, window, content.bandIndexes, reading);
      return planesOfArray(stored, stored.length / content.bandIndexes.length);
    }
    case 'filtered': {
      const filterInto = await readToFilter(cube, content.filter, content.needed, window, reading);
      return filteredPlanes(filterInto, content.bandIndexes, { pixels, signal: reading.signal });
    }
  }
}

/** Filters the bands of a window when they are asked for. */
function filteredPlanes(
  filterInto: FilterInto,
  bandIndexes: readonly number[],
  { pixels, signal }: { pixels: number } & CancelOptions,
): BandPlanes {
  return (first, count) => {
    throwIfAborted(signal);
    const out = new Float32Array(memory.planes.take(count * pixels * 4), 0, count * pixels);
    for (let k = 0; k < count; k++) {
      filterInto(bandIndexes[first + k] ?? -1, out.subarray(k * pixels, (k + 1) * pixels));
    }
    return out;
  };
}

/** Red, green, blue and alpha as four planes; pixels without a value are transparent. */
function picture(image: StoredArray, colouring: Colouring, window: LineSampleWindow): Uint8Array {
  const pixels = window.lines * window.samples;
  const values = Float32Array.from(image as Float32Array);
  const rgba = new Uint8Array(4 * pixels);
  const out = new Uint8Array(4 * pixels);
  if (colouring.kind === 'table') {
    const table = colourTable(colouring.colourMap);
    colourRows(values, { low: colouring.low, high: colouring.high, table, out: rgba });
    for (let channel = 0; channel < 4; channel++) {
      for (let i = 0; i < pixels; i++) out[channel * pixels + i] = rgba[4 * i + channel] ?? 0;
    }
    return out;
  }
  out.fill(255, 3 * pixels);
  const gray = colourTable('gray');
  colouring.stretches.forEach((stretch, channel) => {
    const plane = values.subarray(channel * pixels, (channel + 1) * pixels);
    colourRows(plane, { ...stretch, table: gray, out: rgba });
    for (let i = 0; i < pixels; i++) {
      out[channel * pixels + i] = rgba[4 * i] ?? 0;
      // One channel without a value makes the pixel transparent.
      if (rgba[4 * i + 3] === 0) out[3 * pixels + i] = 0;
    }
  });
  return out;
}

/** Everything of an output but its pixels. */
export const planOutputTask = defineTask(
  'exports.planOutput',
  (args: { format: RawFormat; image: OutputImage }): Promise<OutputPlan> =>
    planOutput(args.format, args.image),
);

/** Turns a temporary file of RGBA pixels into a PNG, a few rows at a time; gives its length. */
export const encodePngTask = defineTask(
  'exports.encodePng',
  async (
    args: { pixels: OutputFile; png: OutputFile; lines: number; samples: number },
    context,
  ): Promise<number> => {
    const { lines, samples } = args;
    const source = new FileSource(args.pixels.part, args.png.name);
    const writer = new PartWriter(args.png);
    const rowsAtOnce = Math.max(1, Math.floor((1024 * 1024) / (4 * samples)));
    let bytes = 0;
    const write = (pieces: Uint8Array[]): void => {
      for (const piece of pieces) {
        writer.write(piece, bytes);
        bytes += piece.length;
      }
    };
    try {
      const encoder = createPngEncoder({ lines, samples, colour: 'rgba' });
      for (let line = 0; line < lines; line += rowsAtOnce) {
        throwIfAborted(context.signal);
        const rows = Math.min(rowsAtOnce, lines - line);
        write(encoder.push(await source.read(line * samples * 4, rows * samples * 4, context)));
        context.progress(line + rows);
      }
      write(encoder.end());
      writer.finish(bytes);
    } finally {
      writer.close();
      source.close();
    }
    return bytes;
  },
);

/** Writes given bytes at a position of a temporary file: the header within a data file. */
export const writeBytesTask = defineTask(
  'exports.writeBytes',
  (args: { output: OutputFile; bytes: Uint8Array; position: number }): void => {
    const writer = new PartWriter(args.output);
    try {
      writer.write(args.bytes, args.position);
    } finally {
      writer.close();
    }
  },
);

/** Makes a text, or bytes, the whole content of a temporary file. */
export const writeTextTask = defineTask(
  'exports.writeText',
  (args: { output: OutputFile; text: string | Uint8Array }): void => {
    writeWholePart(args.output, args.text);
  },
);

/** Files up to this size are hashed whole, larger ones by size and their first, middle and last stretch. */
export const wholeHashBytes = 64 * 1024 * 1024;
const stretchBytes = 8 * 1024 * 1024;

/** SHA-256 of a file as a recipe records it. */
export interface FileHash {
  size: number;
  sha256: string;
  sampled: boolean;
}

/** Hashes a file: whole up to 64 MiB, above that its size (decimal text) and three stretches of 8 MiB. */
export const hashFileTask = defineTask(
  'exports.hashFile',
  async (args: { path: string; expected: FileState | null }, context): Promise<FileHash> => {
    const source = new FileSource(args.path);
    try {
      if (args.expected !== null) source.checkUnchanged(args.expected);
      const { size } = source;
      const sampled = size > wholeHashBytes;
      const hash = createHash('sha256');
      if (sampled) hash.update(String(size));
      const middle = Math.floor(size / 2) - stretchBytes / 2;
      const starts = sampled ? [0, middle, size - stretchBytes] : range(0, size, stretchBytes);
      for (const start of starts) {
        hash.update(await source.read(start, Math.min(stretchBytes, size - start), context));
      }
      return { size, sha256: hash.digest('hex'), sampled };
    } finally {
      source.close();
    }
  },
);

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, k) => from + k * step);
}

/** Tasks of this folder. */
export const exportTasks = [
  planOutputTask,
  writeChunkTask,
  encodePngTask,
  writeBytesTask,
  writeTextTask,
  hashFileTask,
  foreignHeaderTask,
  readRecipeTask,
  openRecordedTask,
  writeRecipeTask,
  ...spectraTasks,
];
