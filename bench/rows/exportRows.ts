import { execFile } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Interleave } from '../../src/engine/base/dataTypes.ts';
import { runFresh, type FreshRun } from '../freshProcess.ts';
import { inTurns, median, secondsOf } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, judgeEqual, judgeMemory, ratioOf, type Row } from '../row.ts';
import { interleaves, type Stage } from '../stage.ts';
import { commandFilter } from './cubeRows.ts';

const run = promisify(execFile);

/** The whole derivative cube as ENVI float32: in memory against the peer, on a disk against a copy of the result. */
export async function exportRows(stage: Stage): Promise<void> {
  for (const interleave of interleaves) {
    await memoryRow(stage, interleave);
    await diskRow(stage, interleave);
  }
}

async function memoryRow(stage: Stage, interleave: Interleave): Promise<void> {
  const row = emptyRow(`export the derivative cube to a memory file system, ${interleave}`);
  if (stage.memoryFolder === null) {
    row.notes.push('no memory file system with room for it');
    stage.report(row);
    return;
  }
  const { dataPath } = await stage.cube(interleave);
  const ours = new OurExport(dataPath, join(stage.memoryFolder, 'ours.dat'));
  const theirs = join(stage.memoryFolder, 'theirs.dat');
  const peer = new PeerInTurns(stage.peers, 'spectral-export', ['--cube', dataPath, '--out', theirs]);
  const copy = join(stage.memoryFolder, 'copy.dat');
  const times = await inTurns(stage.quick ? 1 : 3, {
    ours: ours.work,
    peer: async () => {
      await removeOutput(theirs);
      return peer.work();
    },
    copy: () => copyOf(ours.path, copy, false),
  });
  row.ours = times.ours;
  row.peer =
    typeof peer.last === 'string' ? peer.last : { name: 'Spectral Python + SciPy', timing: times.peer };
  row.limits.push({ name: 'cp of the result', timing: times.copy });
  judge(row, 'at least 5 x faster than the peer', ratioOf(row), (ratio) => ratio >= 5);
  judgeMemory(row, ours.peakBytes);
  const { lines, samples, bands } = stage.shape;
  judgeEqual(row, await sumOfFile(ours.path), peer.checksum, 1e-3 * lines * samples * bands);
  if (typeof peer.last !== 'string') {
    row.notes.push(`peer's memory: ${(peer.last.peak_rss / 1e6).toFixed(0)} MB`);
  }
  for (const path of [ours.path, theirs, copy]) await removeOutput(path);
  stage.report(row);
}

async function diskRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const row = emptyRow(`export the derivative cube to a disk, ${interleave}`);
  const ours = new OurExport(dataPath, join(stage.scratch, 'ours.dat'));
  const copy = join(stage.scratch, 'copy.dat');
  const times = await inTurns(stage.quick ? 1 : 3, {
    ours: ours.work,
    copy: () => copyOf(ours.path, copy, false),
    flushed: () => copyOf(ours.path, copy, true),
  });
  row.ours = times.ours;
  row.limits.push({ name: 'cp of the result', timing: times.copy });
  row.limits.push({ name: 'cp, then flushed', timing: times.flushed });
  judgeCopy(row, times.copy.median);
  judgeMemory(row, ours.peakBytes);
  for (const path of [ours.path, copy]) await removeOutput(path);
  stage.report(row);
}

function judgeCopy(row: Row, copySeconds: number): void {
  const times = row.ours === null ? NaN : row.ours.median / copySeconds;
  judge(row, `within 1.5 x cp (${times.toPrecision(3)} x)`, times, (factor) => factor <= 1.5);
}

/** Our export as one command in a fresh process. */
class OurExport {
  readonly path: string;
  readonly #command: string[];
  readonly #runs: FreshRun[] = [];

  constructor(cube: string, path: string) {
    this.path = path;
    this.#command = ['export', cube, ...commandFilter(), '--out', path];
  }

  readonly work = async (): Promise<number[]> => {
    await removeOutput(this.path);
    const fresh = await runFresh(this.#command);
    this.#runs.push(fresh);
    return [fresh.seconds];
  };

  /** The largest of all runs: none may pass the limit. */
  get peakBytes(): number | undefined {
    const peaks = this.#runs.map(({ peakBytes }) => peakBytes ?? NaN);
    return Number.isNaN(median(peaks)) ? undefined : Math.max(...peaks);
  }
}

/** Nothing is there when a run begins: giving an old file's memory back takes time too. */
async function removeOutput(path: string): Promise<void> {
  for (const file of [path, path.replace('.dat', '.hdr'), `${path}.recipe.json`]) {
    await rm(file, { force: true });
  }
}

/** Seconds of `cp`; flushed: with the bytes on the disk at the end, as after an export. */
async function copyOf(from: string, to: string, flushed: boolean): Promise<number[]> {
  await removeOutput(to);
  const copy = async (): Promise<void> => {
    await run('cp', [from, to]);
    if (!flushed) return;
    const file = await open(to, 'r+');
    await file.sync();
    await file.close();
  };
  return [await secondsOf(copy)];
}

/** Sum of the finite values of a file of little-endian float32, in float64. */
async function sumOfFile(path: string): Promise<number> {
  const bytes = await readFile(path);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  let sum = 0;
  for (const value of values) if (Number.isFinite(value)) sum += value;
  return sum;
}
