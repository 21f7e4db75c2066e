import { extname } from 'node:path';
import type { VaeDecodeResult, VaeEncodeResult } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import { said, sourceOf, wholeOf } from './learningOptions.ts';
import { writtenName, type Arguments, type OptionName } from './options.ts';
import { outputText, plural } from './text.ts';
import { image, imageOptions } from './vaeImage.ts';
import { spectrum, traverse } from './vaeFigures.ts';
import { savedModel, short } from './vaeShared.ts';
import { train } from './vaeTrain.ts';

const trainOptions = [
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
] as const;

/** `cubelens vae`. */
export const vae: Command = {
  usage:
    'vae train CUBE|CSV|NPY --latent R [--classes MAP] [--epochs N] [--beta B] [--widths LIST] [--noise data|learned|VARIANCE] [--batch N] [--seed S] [--resume] --out MODEL_DIR | vae encode MODEL_DIR CUBE|CSV|NPY --out Z.{npy,csv,tsv,tif,dat} | vae image MODEL_DIR CUBE --show mu1|sigma1|1,2,3|kl|error --out X.{png,tif,dat,npy} | vae spectrum MODEL_DIR CUBE --at LINE,SAMPLE [--out X.{csv,svg}] | vae traverse MODEL_DIR [CUBE --at LINE,SAMPLE] [--reach S] [--steps N] --out X.{csv,svg} | vae decode MODEL_DIR Z.{npy,csv} --out X.{npy,csv} | vae sample MODEL_DIR --count N [--seed S] --out X.{npy,csv}',
  summary: 'variational autoencoder of spectra: one Gaussian a sample in a latent space',
  options: [...trainOptions, 'conv', 'resume', ...imageOptions, 'at', 'reach', 'steps', 'count', 'json'],
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
    if (action === 'train') {
      only(args, 'train', trainOptions);
      return train(args, client, files);
    }
    if (action === 'image') {
      only(args, 'image', [...imageOptions, 'out']);
      return image(args, client, files);
    }
    if (action === 'spectrum') {
      only(args, 'spectrum', ['out', 'at']);
      return spectrum(args, client, files);
    }
    if (action === 'traverse') {
      only(args, 'traverse', ['out', 'at', 'reach', 'steps']);
      return traverse(args, client, files);
    }
    if (action === 'encode') return encode(args, client, files);
    if (action === 'decode') return decode(args, client, files);
    if (action === 'sample') return sample(args, client, files);
    throw usageError(
      action === undefined
        ? 'vae train, encode, image, spectrum, traverse, decode or sample?'
        : `vae has no ${action}.`,
      'Write vae train CUBE, vae encode MODEL_DIR CUBE, vae image MODEL_DIR CUBE, vae spectrum MODEL_DIR CUBE, vae traverse MODEL_DIR, vae decode MODEL_DIR Z, or vae sample MODEL_DIR.',
    );
  },
};

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
    source: sourceOf(client, data, undefined, { withNpy: true }),
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
  const count = wholeOf(args, 'count', 1, 100_000);
  if (count === undefined) throw usageError('--count N is missing.');
  const result = await client.job('vae-sample', {
    files: savedModel(client, folder),
    count,
    seed: wholeOf(args, 'seed', 0) ?? 1,
    target: client.grantWrite(out),
    format: formatOf(out, ['npy', 'csv']),
    replace: true,
  });
  return args.flag('json') ? json(result) : decodeText(result);
}

const every = [...trainOptions, ...imageOptions, 'reach', 'steps', 'count'] as const;

/** Refuses options of the other actions. */
function only(args: Arguments, action: string, allowed: readonly OptionName[]): void {
  const wrong = every.find((name) => !allowed.includes(name) && args.text(name) !== undefined);
  if (args.many('at').length > 0 && !allowed.includes('at'))
    throw usageError(`--at does not go with vae ${action}.`);
  if (wrong !== undefined) throw usageError(`--${writtenName(wrong)} does not go with vae ${action}.`);
  if (action !== 'train' && (args.flag('resume') || args.flag('conv'))) {
    throw usageError(`--${args.flag('resume') ? 'resume' : 'conv'} goes with vae train alone.`);
  }
}

function encodeText({ shape, klPerDimension, skipped, notes, written }: VaeEncodeResult): string {
  const kl = klPerDimension.map((value, k) => `z${k + 1} ${short(value)}`).join(', ');
  const missing =
    skipped === 0
      ? ''
      : `Samples that lack a value, or have one too large for the network: ${skipped}. Their coordinates are NaN.\n`;
  const maps = shape[2] === 2 * klPerDimension.length + 2 ? ', KL and reconstruction error' : '';
  return `${shape.join(' x ')} numbers: mu, then sigma${maps}\nKL of each dimension in nats: ${kl}\n${missing}${said(notes)}\n${outputText(written)}`;
}

const decodeText = ({ rows, columns, withDeviation, notes, written }: VaeDecodeResult): string =>
  `${rows} ${rows === 1 ? 'spectrum' : 'spectra'} of ${plural(columns, 'column')}${withDeviation ? ', then as many standard deviations' : ''}\n${said(notes)}\n${outputText(written)}`;
