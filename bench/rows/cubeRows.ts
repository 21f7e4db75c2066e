import type { BuiltInImage } from '../../src/engine/contract/index.ts';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Interleave } from '../../src/engine/base/dataTypes.ts';
import { runFresh } from '../freshProcess.ts';
import { inTurns, median, repeated, secondsOf, timing } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, judgeEqual, judgeMemory, ratioOf } from '../row.ts';
import { interleaves, type Stage } from '../stage.ts';
import { filter, filterQuery, sumOf, Workbench } from '../workbench.ts';

/** Band number of the images: half a window inside in the smallest cube too. */
const imageBand = 30;

/** Opening, one pixel's spectrum, one derivative image and its statistics, in each interleave. */
export async function cubeRows(stage: Stage): Promise<void> {
  for (const interleave of interleaves) {
    await openRow(stage, interleave);
    await spectrumRow(stage, interleave);
    await imageRow(stage, interleave);
    await imageFileRow(stage, interleave);
    await statisticsRow(stage, interleave);
  }
}

async function openRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const row = emptyRow(`open, ${interleave}`);
  await using bench = new Workbench();
  const open = async (): Promise<void> => {
    await bench.close(await bench.open(dataPath));
  };
  row.notes.push(`engine and first worker started: ${ms(await secondsOf(open))}`);
  row.ours = timing(await repeated(15, open)());
  const fresh = await runFresh(['info', dataPath, '--json']);
  row.notes.push(`\`info\` in a fresh process: ${ms(fresh.seconds)}`);
  judgeMemory(row, fresh.peakBytes);
  stage.report(row);
}

async function spectrumRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const { lines, samples } = stage.shape;
  const row = emptyRow(`one pixel's spectrum and curves, ${interleave}`);
  await using bench = new Workbench();
  const cube = await bench.open(dataPath);
  const cold = await secondsOf(() => bench.spectrum(cube, 1, 1, filterQuery));
  const place = { line: Math.floor(lines / 3), sample: Math.floor(samples / 2) };
  const args = ['--cube', dataPath, '--line', String(place.line), '--sample', String(place.sample)];
  const peer = new PeerInTurns(stage.peers, 'spectral-pixel', args, 11);
  const ours = repeated(25, (k) => {
    const line = (place.line + 37 * k) % lines;
    return bench.spectrum(cube, line, (place.sample + 91 * k) % samples, filterQuery);
  });
  const times = await inTurns(stage.quick ? 1 : 3, { ours, peer: peer.work });
  row.ours = times.ours;
  row.peer =
    typeof peer.last === 'string'
      ? peer.last
      : { name: 'Spectral Python (opens, reads; no filter)', timing: times.peer };
  row.notes.push(`first one after opening: ${ms(cold)}`);
  judge(row, 'under 5 ms', times.ours.median, (seconds) => seconds < 0.005);
  const [pixel] = (await bench.spectrum(cube, place.line, place.sample)).pixels;
  judgeEqual(
    row,
    (pixel?.stored ?? []).reduce((sum: number, value) => sum + Number(value), 0),
    peer.checksum,
    0,
  );
  const at = `${place.line},${place.sample}`;
  const window = ['--window', '11', '--degree', '2', '--derivative', '2'];
  judgeMemory(row, (await runFresh(['spectrum', dataPath, '--at', at, ...window, '--json'])).peakBytes);
  stage.report(row);
}

async function imageRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const { lines, samples } = stage.shape;
  const row = emptyRow(`one derivative image, all tiles through the API, ${interleave}`);
  await using bench = new Workbench();
  const cube = await bench.open(dataPath);
  const image: BuiltInImage = { kind: 'filtered', parameters: { bandIndex: imageBand - 1, filter } };
  const sum = sumOf(await bench.tiles(cube, image), 'float32');
  const args = ['--cube', dataPath, '--band', String(imageBand), '--method'];
  const loop = new PeerInTurns(stage.peers, 'spectral-derivative-image', [...args, 'loop'], 3);
  const dot = new PeerInTurns(stage.peers, 'spectral-derivative-image', [...args, 'dot'], 3);
  const times = await inTurns(stage.quick ? 1 : 3, {
    ours: repeated(5, () => bench.tiles(cube, image)),
    loop: loop.work,
    dot: dot.work,
  });
  row.ours = times.ours;
  const faster = times.dot.median < times.loop.median ? times.dot : times.loop;
  row.peer = typeof loop.last === 'string' ? loop.last : { name: 'Spectral Python + numpy', timing: faster };
  judge(row, 'faster than the peer', ratioOf(row), (ratio) => ratio > 1);
  if (interleave === 'bsq') judge(row, 'within 20 ms', row.ours.median, (seconds) => seconds <= 0.02);
  // Both round to float32; the peer also adds up in it.
  judgeEqual(row, sum, loop.checksum, 1e-3 * lines * samples);
  stage.report(row);
}

async function imageFileRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const row = emptyRow(`one derivative image, \`image --out x.tif\`, ${interleave}`);
  const out = join(stage.scratch, 'image.tif');
  const command = ['image', dataPath, '--band', String(imageBand), ...commandFilter(), '--out', out];
  const runs = [];
  for (let k = 0; k < 3; k++) runs.push(await runFresh(command));
  row.ours = timing(runs.map(({ seconds }) => seconds));
  judgeMemory(row, median(runs.map((run) => run.peakBytes ?? NaN)));
  row.notes.push('start of engine and workers, recipe and flush included');
  await rm(out, { force: true });
  await rm(`${out}.recipe.json`, { force: true });
  stage.report(row);
}

async function statisticsRow(stage: Stage, interleave: Interleave): Promise<void> {
  const { dataPath } = await stage.cube(interleave);
  const row = emptyRow(`percentiles and histogram of a derivative image, ${interleave}`);
  await using bench = new Workbench();
  const { cubeId } = await bench.open(dataPath);
  const image: BuiltInImage = { kind: 'filtered', parameters: { bandIndex: imageBand - 1, filter } };
  const work = () => bench.job('image-statistics', { cubeId, image });
  const { planes } = await work();
  const count = planes[0]?.count ?? 0;
  judgeEqual(row, count, stage.shape.lines * stage.shape.samples, 0);
  row.ours = timing(await repeated(stage.quick ? 3 : 7, work)());
  row.notes.push('no tile cache: the image is computed in both passes');
  stage.report(row);
}

/** The benches' filter as the command line takes it. */
export function commandFilter(): string[] {
  return Object.entries(filter).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

const ms = (seconds: number): string => `${(seconds * 1000).toPrecision(3)} ms`;
