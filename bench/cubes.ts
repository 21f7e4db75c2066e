import { mkdtempDisposable, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Interleave } from '../src/engine/base/dataTypes.ts';

/** Shape, order and seed of a benchmark cube. */
export interface BenchCubeOptions {
  lines: number;
  samples: number;
  bands: number;
  dataType: 'uint16';
  interleave: Interleave;
  /** A whole number from 0 to 2^32 - 1. */
  seed: number;
  /** True: only the file's length is set (all values 0), for cubes larger than one cares to fill. */
  sparse?: boolean;
}

/** A written benchmark cube. */
export interface BenchCube {
  dataPath: string;
  headerPath: string;
  bytes: number;
  /** Sum of all values, exact below 2^53: what a reader must find. */
  sum: number;
}

/** Even band step of the benchmark cubes in nm: peers that filter by band index differ by powers of it only. */
export const benchStepNm = 5;

const chunkBytes = 4 * 2 ** 20;

type Axis = 'line' | 'sample' | 'band';

/** From the slowest to the fastest axis. */
const axisOrder: Record<Interleave, readonly [Axis, Axis, Axis]> = {
  bsq: ['band', 'line', 'sample'],
  bil: ['line', 'band', 'sample'],
  bip: ['line', 'sample', 'band'],
};

/** Along each axis the values swing as a triangle of this period and slope; the hash factor feeds the noise. */
const pattern: Record<Axis, { period: number; slope: number; factor: number }> = {
  line: { period: 128, slope: 6, factor: 0x9e3779b1 },
  sample: { period: 96, slope: 8, factor: 0x85ebca77 },
  band: { period: 64, slope: 40, factor: 0xc2b2ae3d },
};

/** What one axis adds to the level and to the hash, by index. */
interface AxisTerms {
  level: Uint16Array;
  hash: Uint32Array;
}

/**
 * Writes a uint16 ENVI cube (little-endian) and its header, `path` with the extension .hdr, in constant memory.
 * value(line, sample, band) = 1000 + 6 t(line, 128) + 8 t(sample, 96) + 40 t(band, 64) + noise from 0 to 63, where
 * t(x, p) = |x mod p - p/2| and the noise is a hash of line, sample, band and seed: smooth enough to compress like a
 * scene, and the same in every interleave. `bench/peers/cube_values.py` holds the same formula.
 * Leaves nothing behind where it fails.
 */
export async function writeBenchCube(dataPath: string, options: BenchCubeOptions): Promise<BenchCube> {
  const bytes = options.lines * options.samples * options.bands * 2;
  const headerPath = path.format({ ...path.parse(dataPath), base: '', ext: '.hdr' });
  const file = await open(dataPath, 'w');
  try {
    let sum = 0;
    if (options.sparse === true) await file.truncate(bytes);
    else sum = await writeValues(file, options);
    await writeFile(headerPath, headerText(options));
    return { dataPath, headerPath, bytes, sum };
  } catch (error) {
    await rm(dataPath, { force: true });
    await rm(headerPath, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** A new folder for benchmark files, removed again when it is disposed of (`await using`). */
export function scratchFolder(base = os.tmpdir()): ReturnType<typeof mkdtempDisposable> {
  return mkdtempDisposable(path.join(base, 'cubelens-bench-'));
}

async function writeValues(file: FileHandle, options: BenchCubeOptions): Promise<number> {
  const [outer, middle, inner] = axisOrder[options.interleave].map((axis) => axisTerms(axis, options));
  if (outer === undefined || middle === undefined || inner === undefined) return 0;
  const rowLength = inner.level.length;
  const rows = Math.max(1, Math.floor(chunkBytes / 2 / rowLength));
  const chunk = new Uint16Array(rows * rowLength);
  let filled = 0;
  let sum = 0;
  for (let i = 0; i < outer.level.length; i += 1) {
    for (let j = 0; j < middle.level.length; j += 1) {
      const level = 1000 + (outer.level[i] ?? 0) + (middle.level[j] ?? 0);
      const hash = (outer.hash[i] ?? 0) ^ (middle.hash[j] ?? 0) ^ options.seed;
      sum += fillRow(chunk.subarray(filled, filled + rowLength), inner, level, hash);
      filled += rowLength;
      if (filled < chunk.length) continue;
      await writeAll(file, chunk);
      filled = 0;
    }
  }
  await writeAll(file, chunk.subarray(0, filled));
  return sum;
}

/** The same values in memory, in the file's order. */
export function benchValues(options: BenchCubeOptions, out: Float32Array): void {
  const [outer, middle, inner] = axisOrder[options.interleave].map((axis) => axisTerms(axis, options));
  if (outer === undefined || middle === undefined || inner === undefined) return;
  let filled = 0;
  outer.level.forEach((outerLevel, i) => {
    middle.level.forEach((middleLevel, j) => {
      const hash = (outer.hash[i] ?? 0) ^ (middle.hash[j] ?? 0) ^ options.seed;
      const row = out.subarray(filled, filled + inner.level.length);
      fillRow(row, inner, 1000 + outerLevel + middleLevel, hash);
      filled += row.length;
    });
  });
}

/** Fills one row along the fastest axis; gives its sum. */
function fillRow(row: Uint16Array | Float32Array, inner: AxisTerms, level: number, hash: number): number {
  let sum = 0;
  for (let k = 0; k < row.length; k += 1) {
    let mixed = hash ^ (inner.hash[k] ?? 0);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    const value = level + (inner.level[k] ?? 0) + ((mixed ^ (mixed >>> 12)) & 63);
    row[k] = value;
    sum += value;
  }
  return sum;
}

/** One write may take less than all of it (above 2 GiB, or on a nearly full disk). */
async function writeAll(file: FileHandle, values: Uint16Array): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

function axisTerms(axis: Axis, { lines, samples, bands }: BenchCubeOptions): AxisTerms {
  const count = { line: lines, sample: samples, band: bands }[axis];
  const { period, slope, factor } = pattern[axis];
  return {
    level: Uint16Array.from({ length: count }, (_, i) => slope * Math.abs((i % period) - period / 2)),
    hash: Uint32Array.from({ length: count }, (_, i) => Math.imul(i, factor)),
  };
}

function headerText({ lines, samples, bands, interleave, seed }: BenchCubeOptions): string {
  const wavelengths = Array.from({ length: bands }, (_, band) => String(400 + benchStepNm * band));
  return [
    'ENVI',
    `description = {benchmark cube, seed ${seed}}`,
    `samples = ${samples}`,
    `lines = ${lines}`,
    `bands = ${bands}`,
    'header offset = 0',
    'file type = ENVI Standard',
    'data type = 12',
    `interleave = ${interleave}`,
    'byte order = 0',
    'wavelength units = Nanometers',
    `wavelength = {\n ${wavelengths.join(',\n ')}}`,
    '',
  ].join('\n');
}

/** By hand: `node bench/cubes.ts --out cube.dat --lines 1000 --samples 1000 --bands 200 --interleave bsq`. */
async function main(): Promise<void> {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      lines: text('1000'),
      samples: text('1000'),
      bands: text('200'),
      interleave: text('bsq'),
      seed: text('1'),
      sparse: { type: 'boolean', default: false },
    },
  });
  const interleave = (['bsq', 'bil', 'bip'] as const).find((known) => known === values.interleave);
  if (values.out === undefined) throw new Error('--out FILE is missing.');
  if (interleave === undefined)
    throw new Error(`--interleave must be bsq, bil or bip, not ${values.interleave}.`);
  const written = await writeBenchCube(values.out, {
    lines: whole('lines', values.lines, 1),
    samples: whole('samples', values.samples, 1),
    bands: whole('bands', values.bands, 1),
    dataType: 'uint16',
    interleave,
    seed: whole('seed', values.seed, 0),
    sparse: values.sparse,
  });
  process.stdout.write(`${JSON.stringify(written)}\n`);
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value < 2 ** 32) return value;
  throw new Error(`--${option} must be a whole number from ${least}, not ${text}.`);
}

if (import.meta.main) await main();
