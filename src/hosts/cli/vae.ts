import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  vaeFiles,
  type LearningSource,
  type VaeDecodeResult,
  type VaeEncodeResult,
  type VaeRequestedConfig,
  type VaeTrainResult,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { CommandError, usageError } from './exitCodes.ts';
import { makeFolder } from './outputFolder.ts';
import { writtenName, type Arguments, type OptionName } from './options.ts';
import { columnTable, outputText } from './text.ts';
import { wrap } from './wrap.ts';

/** `cubelens vae`. */
export const vae: Command = {
  usage:
    'vae train CUBE|CSV|NPY --latent R [--classes MAP] [--epochs N] [--beta B] [--widths LIST] [--noise data|learned|VARIANCE] [--batch N] [--seed S] [--resume] --out MODEL_DIR | vae encode MODEL_DIR CUBE|CSV|NPY --out Z.{npy,csv,tsv,tif,dat} | vae decode MODEL_DIR Z.{npy,csv} --out X.{npy,csv} | vae sample MODEL_DIR --count N [--seed S] --out X.{npy,csv}',
  summary: 'variational autoencoder of spectra: one Gaussian a sample in a latent space',
  options: [
    'latent',
    'class-map',
    'epochs',
    'beta',
    'widths',
    'noise',
    'batch',
    'rate',
    'conv',
    'seed',
    'resume',
    'count',
    'out',
    'json',
  ],
  optionHelp: {
    'class-map': {
      value: 'MAP',
      help: 'class map of the cube (ENVI): colours the latent scatter; nothing learns from it',
    },
    seed: { help: 'seed of everything that is drawn at random; default 1' },
    out: {
      value: 'DIR|FILE',
      help: 'folder of the model (train), or a file whose ending chooses the format',
    },
  },
  run: async (args, client) => {
    const [action, ...files] = args.positionals;
    if (action === 'train') return train(args, client, files);
    if (action === 'encode') return encode(args, client, files);
    if (action === 'decode') return decode(args, client, files);
    if (action === 'sample') return sample(args, client, files);
    throw usageError(
      action === undefined ? 'vae train, encode, decode or sample?' : `vae has no ${action}.`,
      'Write vae train CUBE, vae encode MODEL_DIR CUBE, vae decode MODEL_DIR Z, or vae sample MODEL_DIR.',
    );
  },
};

async function train(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [data, ...more] = files;
  if (data === undefined || more.length > 0) throw usageError('vae train takes one cube, CSV or NPY file.');
  only(args, 'train', [
    'latent',
    'class-map',
    'epochs',
    'beta',
    'widths',
    'noise',
    'batch',
    'rate',
    'seed',
    'out',
  ]);
  const latent = args.number('latent');
  if (latent === undefined) throw usageError('--latent R is missing: the size of the latent space.');
  if (!Number.isInteger(latent) || latent < 1 || latent > 256) {
    throw usageError(`--latent is a whole number from 1 to 256, not ${latent}.`);
  }
  // The folder is made last, when nothing else is wrong with the request.
  const out = args.needed('out');
  const source = sourceOf(client, data, args.text('class-map'));
  const config = configOf(args, latent);
  makeFolder('out', out);
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
  const [epochs, beta, batch, learningRate, seed] = (
    ['epochs', 'beta', 'batch', 'rate', 'seed'] as const
  ).map((name) => args.number(name));
  const widths = widthsOf(args);
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

function widthsOf(args: Arguments): number[] | undefined {
  const given = args.text('widths');
  if (given === undefined) return undefined;
  if (given.toLowerCase() === 'none') return [];
  const widths = given.split(',').map((piece) => (/^\s*\d{1,4}\s*$/.test(piece) ? Number(piece) : 0));
  if (widths.every((width) => width > 0)) return widths;
  throw usageError(`--widths takes whole numbers such as 128,64, or none for a linear model; not ${given}.`);
}

function noiseOf(args: Arguments): VaeRequestedConfig['noise'] {
  const given = args.text('noise');
  if (given === undefined) return undefined;
  return given === 'data' || given === 'learned' ? given : args.number('noise');
}

async function encode(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, data, ...more] = files;
  if (folder === undefined || data === undefined || more.length > 0) {
    throw usageError('vae encode takes a MODEL_DIR and a cube, CSV or NPY file.');
  }
  only(args, 'encode', ['out']);
  const out = args.needed('out');
  const format =
    extname(out).toLowerCase() === '.tsv' ? 'tsv' : formatOf(out, ['npy', 'csv', 'geotiff', 'envi']);
  const result = await client.job('vae-encode', {
    files: savedModel(client, folder),
    source: sourceOf(client, data, undefined),
    target: client.grantWrite(out),
    format,
    replace: true,
  });
  return args.flag('json') ? json(result) : encodeText(result);
}

async function decode(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, latent, ...more] = files;
  if (folder === undefined || latent === undefined || more.length > 0) {
    throw usageError('vae decode takes a MODEL_DIR and a file of latent coordinates.');
  }
  only(args, 'decode', ['out']);
  const out = args.needed('out');
  const result = await client.job('vae-decode', {
    files: savedModel(client, folder),
    latent: client.grantRead(latent),
    target: client.grantWrite(out),
    format: formatOf(out, ['npy', 'csv']),
    replace: true,
  });
  return args.flag('json') ? json(result) : decodeText(result);
}

async function sample(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, ...more] = files;
  if (folder === undefined || more.length > 0) throw usageError('vae sample takes a MODEL_DIR.');
  only(args, 'sample', ['count', 'seed', 'out']);
  const out = args.needed('out');
  const count = args.number('count');
  if (count === undefined) throw usageError('--count N is missing.');
  const result = await client.job('vae-sample', {
    files: savedModel(client, folder),
    count,
    seed: args.number('seed') ?? 1,
    target: client.grantWrite(out),
    format: formatOf(out, ['npy', 'csv']),
    replace: true,
  });
  return args.flag('json') ? json(result) : decodeText(result);
}

const every = [
  'latent',
  'class-map',
  'epochs',
  'beta',
  'widths',
  'noise',
  'batch',
  'rate',
  'seed',
  'count',
  'out',
] as const;

/** Refuses options of the other actions. */
function only(args: Arguments, action: string, allowed: readonly OptionName[]): void {
  const wrong = every.find((name) => !allowed.includes(name) && args.text(name) !== undefined);
  if (wrong !== undefined) throw usageError(`--${writtenName(wrong)} does not go with vae ${action}.`);
  if (action !== 'train' && (args.flag('resume') || args.flag('conv'))) {
    throw usageError(`--${args.flag('resume') ? 'resume' : 'conv'} goes with vae train alone.`);
  }
}

function savedModel(client: Client, folder: string): { model: string; weights: string } {
  return {
    model: client.grantRead(join(folder, vaeFiles.model)),
    weights: client.grantRead(join(folder, vaeFiles.weights)),
  };
}

function sourceOf(client: Client, data: string, classes: string | undefined): LearningSource {
  const isFile = ['.csv', '.npy', '.txt'].includes(extname(data).toLowerCase());
  if (isFile && classes !== undefined) {
    throw usageError('--classes goes with a cube: a CSV has its classes in a column "class".');
  }
  const grantId = client.grantRead(data);
  if (isFile) return { kind: 'file', grantId };
  return { kind: 'cube', grantId, ...(classes === undefined ? {} : { classes: client.grantRead(classes) }) };
}

const short = (value: number, digits = 4): string => String(Number(value.toPrecision(digits)));
const said = (notes: readonly string[]): string =>
  notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');

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
    `Trained on ${table.rows} samples of ${table.columns} columns with TensorFlow (${backend.backend} ${backend.version}), ${training.epochs.length} epochs\n`,
    figures,
    '\n',
    columnTable(['', 'KL, nats', 'active', 'PCA: eigenvalue', 'kept'], rows),
    '\n',
    ...sentences.map((sentence) => `${wrap(sentence)}\n`),
    said(table.notes),
    `\n${outputText(written)}`,
  ].join('');
}

function encodeText({ shape, klPerDimension, skipped, notes, written }: VaeEncodeResult): string {
  const kl = klPerDimension.map((value, k) => `z${k + 1} ${short(value)}`).join(', ');
  const missing = skipped === 0 ? '' : `${skipped} samples lack a value: their coordinates are NaN.\n`;
  const maps = shape[2] === 2 * klPerDimension.length + 2 ? ', KL and reconstruction error' : '';
  return `${shape.join(' x ')} numbers: mu, then sigma${maps}\nKL of each dimension in nats: ${kl}\n${missing}${said(notes)}\n${outputText(written)}`;
}

const decodeText = ({ rows, columns, withDeviation, notes, written }: VaeDecodeResult): string =>
  `${rows} spectra of ${columns} columns${withDeviation ? ', then as many standard deviations' : ''}\n${said(notes)}\n${outputText(written)}`;
