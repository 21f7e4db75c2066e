import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { vaeFiles, type VaeRequestedConfig, type VaeTrainResult } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { json } from './command.ts';
import { CommandError, usageError } from './exitCodes.ts';
import { numberOf, said, sourceOf, wholeOf, widthsOf } from './learningOptions.ts';
import type { Arguments } from './options.ts';
import { makeFolder } from './outputFolder.ts';
import { columnTable, outputText, plural } from './text.ts';
import { short } from './vaeShared.ts';
import { wrap } from './wrap.ts';

/** `cubelens vae train`: what is printed of it. Options of other actions are refused by the caller. */
export async function train(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [data, ...more] = files;
  if (data === undefined || more.length > 0) throw usageError('vae train takes one cube, CSV or NPY file.');
  const latent = wholeOf(args, 'latent', 1, 256);
  if (latent === undefined) throw usageError('--latent R is missing: the size of the latent space.');
  // The folder is made last, when nothing else is wrong with the request.
  const out = args.needed('out');
  const source = sourceOf(client, data, args.text('class-map'), { withNpy: true });
  const config = configOf(args, latent);
  const folder = out;
  const at = (name: keyof typeof vaeFiles): string => join(folder, vaeFiles[name]);
  const [model, checkpoint] = [existsSync(at('model')), existsSync(at('checkpoint'))];
  if (args.flag('resume') && !checkpoint) {
    throw usageError(`--resume: ${folder} holds no ${vaeFiles.checkpoint}.`, 'Train anew without --resume.');
  }
  if (!args.flag('resume') && (model || checkpoint)) {
    throw usageError(
      `${folder} holds a ${model ? 'model' : 'checkpoint'} already.`,
      'Go on with it by --resume, or choose another folder.',
    );
  }
  makeFolder('out', folder);
  const order = {
    source,
    config,
    files: {
      model: client.grantWrite(at('model')),
      weights: client.grantWrite(at('weights')),
      checkpoint: client.grantWrite(at('checkpoint')),
      loss: client.grantWrite(at('loss')),
      latent: client.grantWrite(at('latent')),
    },
    resume: args.flag('resume') ? client.grantRead(at('checkpoint')) : null,
    replace: true,
  };
  try {
    const result = await client.job('vae-train', order);
    return args.flag('json') ? json(result) : trainText(result);
  } catch (thrown) {
    throw withCheckpoint(thrown, folder, at('checkpoint'));
  }
}

/** What is kept of a training that did not end; a folder that holds nothing goes. */
function withCheckpoint(thrown: unknown, folder: string, checkpoint: string): unknown {
  if (existsSync(checkpoint)) {
    if (!(thrown instanceof CommandError) || thrown.wire.code !== 'cancelled') return thrown;
    const message = `Cancelled: the last checkpoint is kept in ${folder}.`;
    return new CommandError({
      code: 'cancelled',
      message,
      remedy: 'Go on with the same command and --resume.',
    });
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  return thrown;
}

function configOf(args: Arguments, latent: number): VaeRequestedConfig {
  const [epochs, batch, seed] = [
    wholeOf(args, 'epochs', 1, 100_000),
    wholeOf(args, 'batch', 1, 65_536),
    wholeOf(args, 'seed', 0),
  ];
  const beta = numberOf(args, 'beta', { least: 0, most: 1e6 });
  const learningRate = numberOf(args, 'rate', { above: 0, most: 1e6 });
  const widths = widthsOf(args, { layers: 6, units: 4096, linear: 'model' });
  const noise = noiseOf(args);
  return {
    latent,
    ...(args.flag('conv') ? { kind: 'conv' as const } : {}),
    ...(widths === undefined ? {} : { encoder: widths, decoder: widths.toReversed() }),
    ...(noise === undefined ? {} : { noise }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(beta === undefined ? {} : { beta }),
    ...(batch === undefined ? {} : { batch }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function noiseOf(args: Arguments): VaeRequestedConfig['noise'] {
  const given = args.text('noise');
  if (given === undefined) return undefined;
  if (given === 'data' || given === 'learned') return given;
  return numberOf(args, 'noise', { least: 1e-6, most: 1e6 });
}

function trainText({ description, training, table, backend, written }: VaeTrainResult): string {
  const { dimensions, eigenvalues, noiseVariance, sentences } = description;
  const last = training.epochs.find(({ epoch }) => epoch === training.keptEpoch) ?? training.epochs.at(-1);
  // Latent axes have no order, PCA's have: by falling divergence they can be compared.
  const rows = dimensions
    .toSorted((a, b) => b.kl - a.kl)
    .map(({ index, kl, active }, rank) => {
      const eigenvalue = eigenvalues[rank];
      return [
        `z${index + 1}`,
        short(kl),
        active ? 'yes' : 'no',
        eigenvalue === undefined ? '-' : `${rank + 1}: ${short(eigenvalue)}`,
        eigenvalue === undefined ? '-' : eigenvalue > description.effectiveBeta ? 'yes' : 'no',
      ];
    });
  const figures =
    last === undefined
      ? ''
      : `ELBO ${short(last.elbo, 6)} nats a sample, reconstruction ${short(last.reconstruction, 6)}, noise variance ${short(noiseVariance)}\n`;
  return [
    `Trained on ${plural(table.rows, 'sample')} of ${plural(table.columns, 'column')} with TensorFlow (${backend.backend} ${backend.version}), ${plural(training.epochs.length, 'epoch')}\n`,
    figures,
    '\n',
    columnTable(['', 'KL, nats', 'active', 'PCA: eigenvalue', 'kept'], rows),
    '\n',
    ...sentences.map((sentence) => `${wrap(sentence)}\n`),
    said(table.notes),
    `\n${outputText(written)}`,
  ].join('');
}
