import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { BuiltInImage, OpenCubeAnswer } from '../../src/engine/contract/index.ts';
import { writeBenchCube } from '../cubes.ts';
import type { FreshRun } from '../freshProcess.ts';
import { freshTopTile } from '../freshTile.ts';
import { inTurns, repeated, secondsOf, timing } from '../measure.ts';
import { emptyRow, judge } from '../row.ts';
import type { Stage } from '../stage.ts';
import { filter, filterQuery, Workbench } from '../workbench.ts';

/** What a person at a window feels: a smooth event loop, the first sight of a large file, clicks while tiles come. */
export async function windowRows(stage: Stage): Promise<void> {
  await delayRows(stage);
  await largeFileRows(stage);
  await clickRow(stage);
}

/** Tiles that a view has under way at a time. */
const askedAtOnce = 6;

/** The monitor's timer, in ms: what it counts beyond this is delay. */
const resolutionMs = 1;

/** The engine thread's event loop during an export, while a view asks for tiles of another band all the time. */
async function delayRows(stage: Stage): Promise<void> {
  const { dataPath } = await stage.cube('bsq');
  const p99 = emptyRow('event loop during an export with tiles: 99 % of delays below, bsq');
  const longest = emptyRow('event loop during an export with tiles: longest delay, bsq');
  const path = join(stage.scratch, 'window.dat');
  const runs: BusyRun[] = [];
  for (let k = 0; k < (stage.quick ? 1 : 3); k++) runs.push(await busyRun(dataPath, path));
  for (const file of [path, path.replace('.dat', '.hdr'), `${path}.recipe.json`]) {
    await rm(file, { force: true });
  }
  p99.ours = timing(runs.map((run) => run.p99));
  longest.ours = timing(runs.map((run) => run.longest));
  const rate = timing(runs.map(({ tiles, seconds }) => tiles / seconds)).median;
  const took = timing(runs.map(({ seconds }) => seconds)).median;
  p99.notes.push(`export ${took.toPrecision(3)} s, ${rate.toFixed(0)} tiles/s meanwhile`);
  stage.report(p99);
  stage.report(longest);
}

interface BusyRun {
  /** Delays of the event loop beyond the monitor's own step, in seconds. */
  p99: number;
  longest: number;
  /** Of the export. */
  seconds: number;
  /** Answered during the export. */
  tiles: number;
}

async function busyRun(dataPath: string, target: string): Promise<BusyRun> {
  await using bench = new Workbench();
  const cube = await bench.open(dataPath);
  const parameters = { format: 'envi', filter } as const;
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  let exporting = true;
  let tiles = 0;
  const rows = Math.ceil(cube.info.lines / cube.tiles.size);
  const columns = Math.ceil(cube.info.samples / cube.tiles.size);
  const view = async (): Promise<void> => {
    while (exporting) {
      const row = Math.floor(tiles / columns) % rows;
      const bandIndex = 5 + (Math.floor(tiles / (rows * columns)) % 150);
      const image: BuiltInImage = { kind: 'band', parameters: { bandIndex } };
      await bench.tile(cube, image, { level: 0, row, column: tiles % columns });
      tiles += 1;
      // A host answers each request in a turn of its own.
      await nextTurn();
    }
  };
  let answered = 0;
  const job = async (): Promise<void> => {
    const output = { kind: 'cube', parameters };
    const { cubeId } = cube;
    try {
      await bench.job('export', { cubeId, target: bench.target(target), replace: true, output });
    } finally {
      exporting = false;
      delays.disable();
      answered = tiles;
    }
  };
  delays.enable();
  const exported = secondsOf(job);
  await Promise.all([exported, ...Array.from({ length: askedAtOnce }, view)]);
  const seconds = await exported;
  const beyond = (nanoseconds: number): number => Math.max(1e-6, nanoseconds / 1e9 - resolutionMs / 1e3);
  return { p99: beyond(delays.percentile(99)), longest: beyond(delays.max), seconds, tiles: answered };
}

/** A band larger than the caches, of which hardly anything is written: time is the engine's, not the disk's. */
async function largeFileRows(stage: Stage): Promise<void> {
  const side = stage.quick ? 4000 : 20_000;
  const dataPath = join(stage.scratch, 'sparse.dat');
  const shape = { lines: side, samples: side, bands: 1 };
  const large = await writeBenchCube(dataPath, {
    ...shape,
    dataType: 'uint16',
    interleave: 'bsq',
    seed: 3,
    sparse: true,
  });
  await writeCorner(dataPath, side);
  const name = `one sparse band, ${side} x ${side} uint16`;
  const first = emptyRow(`${name}: from opening to the top level's tile`);
  const exact = emptyRow(`${name}: from opening to the top level's exact tile`);
  const runs: FreshRun[] = [await freshTopTile(dataPath, false)];
  // Not three times where it takes so long that one is enough to see it.
  const isSlow = (runs[0]?.seconds ?? 0) > 5;
  while (!isSlow && !stage.quick && runs.length < 3) runs.push(await freshTopTile(dataPath, false));
  first.ours = timing(runs.map(({ seconds }) => seconds));
  first.peakBytes = largest(runs);
  judge(first, 'within 1 s', first.ours.median, (seconds) => seconds <= 1);
  judge(first, 'within 600 MB', first.peakBytes, (bytes) => bytes <= 600e6);
  stage.report(first);
  const exactRun = await freshTopTile(dataPath, true);
  exact.ours = timing([exactRun.seconds]);
  exact.peakBytes = exactRun.peakBytes;
  stage.report(exact);
  for (const path of [large.dataPath, large.headerPath]) await rm(path, { force: true });
}

/** Values in the first 256 x 256 pixels. */
async function writeCorner(path: string, samples: number): Promise<void> {
  const row = new Uint16Array(256).fill(1000);
  const file = await open(path, 'r+');
  try {
    for (let line = 0; line < row.length; line++)
      await file.write(row, 0, row.byteLength, 2 * line * samples);
  } finally {
    await file.close();
  }
}

/** The largest of all runs; undefined where one does not know. */
function largest(runs: readonly FreshRun[]): number | undefined {
  const peaks = runs.map(({ peakBytes }) => peakBytes ?? NaN);
  return peaks.some(Number.isNaN) ? undefined : Math.max(...peaks);
}

const queuedTiles = 500;

/** How long a click waits for its spectrum behind a queue of tiles. */
async function clickRow(stage: Stage): Promise<void> {
  const { dataPath } = await stage.cube('bsq');
  const { lines, samples } = stage.shape;
  const row = emptyRow(`a click's spectrum while ${queuedTiles} tiles wait, bsq`);
  await using bench = new Workbench();
  const cube = await bench.open(dataPath);
  const click = (k: number): Promise<unknown> =>
    bench.spectrum(cube, (37 * k) % lines, (91 * k) % samples, filterQuery);
  await click(0);
  await bench.tiles(cube, { kind: 'filtered', parameters: { bandIndex: 30, filter } });
  const left: number[] = [];
  const behind = async (): Promise<number[]> => {
    const queue = new TileQueue(bench, cube);
    // Until the requests have reached the threads' queue.
    await sleep(30);
    const seconds = await secondsOf(() => click(left.length + 1));
    left.push(queue.waiting);
    await queue.drop();
    return [seconds];
  };
  const rounds = stage.quick ? 3 : 9;
  const times = await inTurns(rounds, { behind, idle: repeated(3, click) });
  row.ours = times.behind;
  row.limits.push({ name: 'idle', timing: times.idle });
  row.notes.push(`${(times.behind.median / times.idle.median).toPrecision(3)} x idle`);
  row.notes.push(`${timing(left).median} tiles still waited after it`);
  stage.report(row);
}

/** Tiles of derivative images of many bands, all asked for at once. */
class TileQueue {
  waiting = queuedTiles;
  readonly #abort = new AbortController();
  readonly #tiles: Promise<void>[];

  constructor(bench: Workbench, cube: OpenCubeAnswer) {
    const { info, tiles } = cube;
    const rows = Math.ceil(info.lines / tiles.size);
    const columns = Math.ceil(info.samples / tiles.size);
    this.#tiles = Array.from({ length: queuedTiles }, async (_, k) => {
      const address = { level: 0, row: Math.floor(k / columns) % rows, column: k % columns };
      const bandIndex = 10 + (Math.floor(k / (rows * columns)) % (info.bands - 20));
      const image: BuiltInImage = { kind: 'filtered', parameters: { bandIndex, filter } };
      await bench.tile(cube, image, address, { signal: this.#abort.signal });
      this.waiting -= 1;
    });
  }

  /** Gives up what still waits. Throws where a tile failed for another reason. */
  async drop(): Promise<void> {
    this.#abort.abort();
    for (const outcome of await Promise.allSettled(this.#tiles)) {
      if (outcome.status === 'rejected' && !/cancelled|abort/i.test(String(outcome.reason))) {
        throw outcome.reason;
      }
    }
  }
}
