import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingRun } from '../freshTraining.ts';
import { writeBenchCube } from '../cubes.ts';
import { runFresh, runModule } from '../freshProcess.ts';
import { inTurns, timing } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, ratioOf } from '../row.ts';
import type { Stage } from '../stage.ts';

const training = new URL('../freshTraining.ts', import.meta.url).href;

/** What learns: steps of an autoencoder, and the encoding of a cube. */
export async function learningRows(stage: Stage): Promise<void> {
  for (const batch of [128, 1024]) await trainingRow(stage, batch);
  await encodingRow(stage);
}

/** The share of a tf.function step's speed that native steps reach at least, by batch. */
const nativeShare: Readonly<Record<number, number>> = { 128: 0.15, 1024: 0.6 };

async function trainingRow(stage: Stage, batch: number): Promise<void> {
  const steps = stage.quick ? 20 : 100;
  const row = emptyRow(`${steps} steps of an autoencoder 220-64-3-64-220, batch ${batch}`);
  const peer = new PeerInTurns(
    stage.peers,
    'keras-vae',
    ['--batch', String(batch), '--steps', String(steps)],
    3,
  );
  const found = new Map<string, TrainingRun>();
  const seconds = (backend: string) => async (): Promise<number[]> => {
    const run = await runModule<TrainingRun>(training, [backend, String(batch), String(steps)]);
    const best = found.get(backend)?.samplesPerSecond ?? 0;
    if ((run.samplesPerSecond ?? 0) >= best) found.set(backend, run);
    return [run.samplesPerSecond === null ? NaN : (batch * steps) / run.samplesPerSecond];
  };
  const works = { native: seconds('native'), wasm: seconds('wasm'), peer: peer.work };
  const times = await inTurns(stage.quick ? 1 : 3, works);
  const native = found.get('native')?.samplesPerSecond ?? null;
  const wasm = found.get('wasm')?.samplesPerSecond ?? null;
  row.ours = native === null ? times.wasm : times.native;
  row.peer =
    typeof peer.last === 'string' ? peer.last : { name: 'TensorFlow, tf.function', timing: times.peer };
  const share = nativeShare[batch] ?? 1;
  if (native !== null)
    judge(row, `native at least ${share} x a tf.function step`, ratioOf(row), (ratio) => ratio >= share);
  else row.notes.push(`no native TensorFlow: ${found.get('native')?.reason ?? ''}`);
  judge(row, 'WebAssembly within 5 x of native', (native ?? NaN) / (wasm ?? NaN), (ratio) => ratio <= 5);
  const figure = (value: number | null): string =>
    value === null ? 'none' : `${Math.round(value / 1000)} k samples/s`;
  row.notes.push(
    `native ${figure(native)}, WebAssembly ${figure(wasm)}; a fresh process each, its best epoch`,
  );
  stage.report(row);
}

async function encodingRow(stage: Stage): Promise<void> {
  const shape = stage.quick
    ? { lines: 64, samples: 96, bands: 60 }
    : { lines: 512, samples: 512, bands: 224 };
  const { lines, samples, bands } = shape;
  const row = emptyRow(`encoding ${lines} x ${samples} x ${bands} uint16 to mu and sigma, NPY`);
  const data = join(stage.scratch, 'encode.dat');
  const model = join(stage.scratch, 'encoder');
  const [out, theirs] = [join(stage.scratch, 'encode.npy'), join(stage.scratch, 'encode-peer.npy')];
  const picture = join(stage.scratch, 'encode-image.tif');
  mkdirSync(model, { recursive: true });
  await runModule(training, ['model', model, String(bands)]);
  const { dataPath } = await writeBenchCube(data, {
    ...shape,
    dataType: 'uint16',
    interleave: 'bip',
    seed: 1,
  });
  const options = [
    '--cube',
    dataPath,
    '--shape',
    `${lines},${samples},${bands}`,
    '--weights',
    join(model, 'weights.json'),
    '--out',
    theirs,
  ];
  const peer = new PeerInTurns(stage.peers, 'numpy-encode', options);
  let [peak, imagePeak]: (number | undefined)[] = [];
  const ours = async (): Promise<number[]> => {
    const run = await runFresh(['vae', 'encode', model, dataPath, '--out', out]);
    peak = run.peakBytes;
    return [run.seconds];
  };
  const image = async (): Promise<number[]> => {
    const run = await runFresh(['vae', 'image', model, dataPath, '--show', 'mu1', '--out', picture]);
    imagePeak = run.peakBytes;
    return [run.seconds];
  };
  const times = await inTurns(stage.quick ? 1 : 3, { ours, image, peer: peer.work });
  row.ours = timing(times.ours.runs);
  row.peer =
    typeof peer.last === 'string' ? peer.last : { name: 'NumPy, matrix products', timing: times.peer };
  row.peakBytes = peak;
  judge(row, 'at least half as fast as NumPy', ratioOf(row), (ratio) => ratio >= 0.5);
  // TensorFlow's own library takes its memory whatever is done with it.
  const { peakBytes: idle = NaN } = await runFresh(['backends']);
  judge(
    row,
    'under 600 MB beyond a process that only loads TensorFlow',
    (peak ?? NaN) - idle,
    (bytes) => bytes < 600e6,
  );
  row.notes.push(`loading TensorFlow alone ${Math.round(idle / 1e6)} MB`);
  row.notes.push(
    'ours a fresh process with the start of TensorFlow, KL and reconstruction too, recipe and flush; NumPy encodes alone',
  );
  const images = emptyRow(`the mean of one latent dimension of the same cube as an image, GeoTIFF`);
  images.ours = timing(times.image.runs);
  images.peer = row.peer;
  images.peakBytes = imagePeak;
  judge(images, 'at least half as fast as NumPy', ratioOf(images), (ratio) => ratio >= 0.5);
  judge(images, 'under 600 MB', imagePeak ?? NaN, (bytes) => bytes < 600e6);
  images.notes.push('ours a fresh process without TensorFlow, on all worker threads, recipe and flush');
  for (const file of [
    data,
    `${data.replace(/\.dat$/, '')}.hdr`,
    out,
    `${out}.recipe.json`,
    picture,
    `${picture}.recipe.json`,
    theirs,
  ])
    rmSync(file, { force: true });
  rmSync(model, { recursive: true, force: true });
  stage.report(row);
  stage.report(images);
}
