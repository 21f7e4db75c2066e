import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCalibration } from '../../src/engine/calibration/runCalibration.ts';
import { samplerOf } from '../../src/engine/gaussian/sampling.ts';
import { ThreadPool } from '../../src/engine/workers/pool.ts';
import { workerUrl } from '../../src/hosts/workerUrl.ts';
import { writeBenchCube } from '../cubes.ts';
import { runFresh } from '../freshProcess.ts';
import { inTurns, secondsOf } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, judgeEqual, ratioOf } from '../row.ts';
import type { Stage } from '../stage.ts';

/** The rooms of mathematics: samples of a Gaussian, anomalies of a cube, a camera from photos. */
export async function roomRows(stage: Stage): Promise<void> {
  await sampleRow(stage);
  await rxRow(stage);
  await calibrationRow(stage);
}

/** Integer factor of the nine-dimensional example: the covariance is L L'. */
const factor = [
  [2, 0, 0, 0, 0, 0, 0, 0, 0],
  [1, 1, 0, 0, 0, 0, 0, 0, 0],
  [1, 0, 3, 0, 0, 0, 0, 0, 0],
  [0, 1, 0, 1, 0, 0, 0, 0, 0],
  [0, 0, 1, 0, 2, 0, 0, 0, 0],
  [1, 0, 0, 1, 0, 1, 0, 0, 0],
  [0, -1, 0, 0, 0, 0, 2, 0, 0],
  [0, 0, 1, 0, 1, 0, 0, 1, 0],
  [-1, 0, 0, 0, 0, 1, 0, 0, 1],
];
const covariance = factor.map((a) =>
  factor.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)),
);

async function sampleRow(stage: Stage): Promise<void> {
  const count = stage.quick ? 50_000 : 1_000_000;
  const row = emptyRow(`${count} samples of a 9-dimensional Gaussian`);
  const spec = { vectors: [{ name: 'a', mean: Array.from({ length: 9 }, (_, k) => k + 1) }], covariance };
  const args = ['--count', String(count), '--covariance', covariance.flat().join(',')];
  const peer = new PeerInTurns(stage.peers, 'numpy-normal', args, 5);
  let mean = NaN;
  const ours = async (): Promise<number[]> => {
    const runs: number[] = [];
    for (let round = 0; round < 5; round++) {
      let samples = new Float64Array();
      runs.push(
        await secondsOf(() => {
          // Fresh memory each time, as the peer takes it.
          samples = new Float64Array(9 * count);
          samplerOf(spec, round + 1).fill(samples);
          return Promise.resolve();
        }),
      );
      mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    }
    return runs;
  };
  const times = await inTurns(stage.quick ? 1 : 3, { ours, peer: peer.work });
  row.ours = times.ours;
  row.peer = typeof peer.last === 'string' ? peer.last : { name: 'NumPy, Cholesky', timing: times.peer };
  judge(row, 'no slower than NumPy', ratioOf(row), (ratio) => ratio >= 1);
  judgeEqual(row, mean, peer.checksum, 0.02);
  row.notes.push('one thread');
  stage.report(row);
}

async function rxRow(stage: Stage): Promise<void> {
  const shape = stage.quick
    ? { lines: 64, samples: 96, bands: 60 }
    : { lines: 512, samples: 512, bands: 224 };
  const { lines, samples, bands } = shape;
  const row = emptyRow(`Mahalanobis distance (RX), ${lines} x ${samples} x ${bands} uint16 to NPY`);
  const data = join(stage.scratch, 'rx.dat');
  const [out, theirs] = [join(stage.scratch, 'rx.npy'), join(stage.scratch, 'rx-peer.npy')];
  const { dataPath } = await writeBenchCube(data, {
    ...shape,
    dataType: 'uint16',
    interleave: 'bip',
    seed: 1,
  });
  let peak: number | undefined;
  const peer = new PeerInTurns(stage.peers, 'spectral-rx', ['--cube', dataPath, '--out', theirs]);
  const ours = async (): Promise<number[]> => {
    const run = await runFresh(['gaussian', '--rx', dataPath, '--out', out]);
    peak = run.peakBytes;
    return [run.seconds];
  };
  const times = await inTurns(stage.quick ? 1 : 3, { ours, peer: peer.work });
  row.ours = times.ours;
  row.peer = typeof peer.last === 'string' ? peer.last : { name: 'Spectral Python', timing: times.peer };
  row.peakBytes = peak;
  judge(row, 'under 600 MB', peak, (bytes) => bytes < 600e6, true);
  judge(row, 'no slower than Spectral Python', ratioOf(row), (ratio) => ratio >= 1);
  const npy = readFileSync(out);
  const values = new Float32Array(
    npy.buffer.slice(npy.byteOffset + npy.length - 4 * lines * samples, npy.byteOffset + npy.length),
  );
  const sum = values.reduce((total, value) => total + value, 0);
  judgeEqual(row, sum, peer.checksum, 1e-6 * sum);
  row.notes.push('a fresh process each; ours with start, recipe and flush');
  for (const file of [data, out, `${out}.recipe.json`, theirs]) await rm(file, { force: true });
  stage.report(row);
}

const photoFolder = join(process.env['CUBELENS_DATA'] ?? '../shared/data', 'calibration_opencv');

async function calibrationRow(stage: Stage): Promise<void> {
  const row = emptyRow('13 photos of 640 x 480: corners and both calibrations');
  const photos = existsSync(photoFolder)
    ? readdirSync(photoFolder)
        .filter((name) => /^left\d+\.jpg$/.test(name))
        .sort()
        .map((name) => join(photoFolder, name))
    : [];
  if (photos.length === 0) {
    stage.say("no row of a camera from photos: OpenCV's photos are not in CUBELENS_DATA");
    return;
  }
  const rounds = 3;
  const peer = new PeerInTurns(stage.peers, 'opencv-calibrate', ['--board', '9,6', ...photos], rounds);
  const pool = new ThreadPool({ workerUrl, threads: Math.min(8, availableParallelism()) });
  let fx = NaN;
  const ours = async (): Promise<number[]> => {
    const runs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      runs.push(
        await secondsOf(async () => {
          const inputs = { kind: 'photos' as const, paths: photos, board: [9, 6] as const };
          const { answer } = await runCalibration(pool, inputs, {}, { signal: new AbortController().signal });
          fx = answer.models[0]?.fx ?? NaN;
        }),
      );
    }
    return runs;
  };
  // Threads start and code warms up before either is timed, as the peer's libraries are loaded before.
  await ours();
  const times = await inTurns(stage.quick ? 1 : 3, { ours, peer: peer.work });
  await pool.close();
  row.ours = times.ours;
  row.peer =
    typeof peer.last === 'string' ? peer.last : { name: 'OpenCV, one calibration', timing: times.peer };
  judge(row, 'at most 3 x the time of OpenCV', ratioOf(row), (ratio) => ratio >= 1 / 3);
  judge(row, 'under 20 s', times.ours.median, (seconds) => seconds < 20);
  judgeEqual(row, fx, peer.checksum, 1);
  row.notes.push('photos decoded each time; corners differ, so fx is compared to 1 px');
  stage.report(row);
}
