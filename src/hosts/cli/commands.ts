import { dirname, join } from 'node:path';
import { type BuiltInImage, type FilterRequest, type OpenCubeAnswer } from '../../engine/contract/index.ts';
import { attention } from './attention.ts';
import { calibrate } from './calibrate.ts';
import { classify } from './classify.ts';
import { recordedName, type Client } from './client.ts';
import { formatOf, json, type Command, type Service } from './command.ts';
import { startServe } from '../serve/serve.ts';
import { usageError } from './exitCodes.ts';
import { gaussian } from './gaussian.ts';
import { maximise } from './maximise.ts';
import { vae } from './vae.ts';
import { infoJson, statisticsJson } from './json.ts';
import { filterOf, filterOptions, filterQueryOf, parseBands, parsePixel, type Arguments } from './options.ts';
import { backendsText, infoText, spectrumText, statisticsText } from './text.ts';
import { colouringOf } from './colouring.ts';
import { written, wrote } from './written.ts';

const file = 'FILE';
const opening = ['image', 'open'] as const;

const open = (args: Arguments, client: Client): Promise<OpenCubeAnswer> =>
  client.open(args.file(file), args.text('image'), args.text('open'));

const info: Command = {
  usage: 'info FILE',
  summary: 'what the file says of itself, its axis and segments, and every assumption made while opening it',
  options: ['json', ...opening],
  run: async (args, client) => {
    const cube = await open(args, client);
    return args.flag('json') ? json(infoJson(cube.info)) : infoText(cube.info, cube.classes);
  },
};

const spectrum: Command = {
  usage: 'spectrum FILE --at LINE,SAMPLE [--at ...] [FILTER] [--out X.csv]',
  summary: 'spectra of pixels: stored numbers, values, smoothed curve and derivative',
  options: ['at', ...filterOptions, 'out', 'json', ...opening],
  run: async (args, client) => {
    const at = args.many('at').map(parsePixel);
    if (at.length === 0) throw usageError('--at LINE,SAMPLE is missing.');
    const filter = filterOf(args);
    const out = args.text('out');
    if (out !== undefined && args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
    if (out !== undefined) formatOf(out, ['csv']);
    const { cubeId } = await open(args, client);
    if (out !== undefined) {
      return written(client, out, cubeId, 'spectra', { at, filter });
    }
    const response = await client.api.cubes[':cubeId'].spectra.$get({
      param: { cubeId },
      query: { at: at.map(({ line, sample }) => `${line},${sample}`), ...filterQueryOf(filter) },
    });
    const result = await response.json();
    client.sayAssumptions(result.assumptions, 'spectrum');
    return args.flag('json') ? json(result) : spectrumText(result);
  },
};

const stats: Command = {
  usage: 'stats FILE --bands 1,224',
  summary: 'sum, minimum, maximum and count over the valid stored values of bands',
  options: ['bands', 'json', ...opening],
  run: async (args, client) => {
    const list = args.needed('bands');
    const { cubeId, info: cube } = await open(args, client);
    const bandIndexes = parseBands('bands', list, cube.bands);
    const result = await client.job('band-statistics', { cubeId, bandIndexes });
    client.sayAssumptions(result.assumptions, 'statistics');
    return args.flag('json') ? json(statisticsJson(result)) : statisticsText(result.bands);
  },
};

const image: Command = {
  usage:
    'image FILE (--band N | --wavelength NM | --rgb R,G,B) [FILTER] [--stored] --out X.{tif,dat,png,npy}',
  summary: 'one image: a band, a smoothed or derivative band, or three bands as colours',
  options: [
    'band',
    'wavelength',
    'rgb',
    ...filterOptions,
    'stored',
    'colour-map',
    'range',
    'out',
    ...opening,
  ],
  run: async (args, client) => {
    const out = args.needed('out');
    const format = formatOf(out, ['geotiff', 'envi', 'png', 'npy']);
    const filter = filterOf(args);
    const filtered = Object.keys(filter).length > 0;
    if (args.flag('stored') && filtered) {
      throw usageError('--stored writes the numbers of the file: it goes with no filter.');
    }
    if (args.flag('stored') && args.text('rgb') !== undefined) throw usageError('--stored goes with --band.');
    if (args.text('colour-map') !== undefined && args.text('rgb') !== undefined) {
      throw usageError('--rgb shows its bands as red, green and blue: it takes no --colour-map.');
    }
    const colouring = colouringOf(args, format);
    const chosen = (['band', 'wavelength', 'rgb'] as const).filter((name) => args.text(name) !== undefined);
    if (chosen.length !== 1) throw usageError('Give one of --band, --wavelength and --rgb.');
    const cube = await open(args, client);
    const bandIndexes = await chosenBands(args, client, cube);
    const image = imageOf(bandIndexes, filter, args.flag('stored'));
    return written(client, out, cube.cubeId, 'image', { format, image, colouring });
  },
};

/** The image that options ask for: three bands as colours, or one as stored, filtered or as it is. */
function imageOf(bandIndexes: readonly number[], filter: FilterRequest, stored: boolean): BuiltInImage {
  const [bandIndex = 0, green, blue] = bandIndexes;
  const isFiltered = Object.keys(filter).length > 0;
  if (green !== undefined && blue !== undefined) {
    return {
      kind: 'composite',
      parameters: { bandIndexes: [bandIndex, green, blue], filter: isFiltered ? filter : null },
    };
  }
  if (stored) return { kind: 'stored', parameters: { bandIndex } };
  return isFiltered
    ? { kind: 'filtered', parameters: { bandIndex, filter } }
    : { kind: 'band', parameters: { bandIndex } };
}

const exportCube: Command = {
  usage: 'export FILE [FILTER] [--bands LIST] [--interleave bsq|bil|bip] --out X.{tif,dat}',
  summary: 'the cube, converted with all its metadata; with a filter smoothed or differentiated',
  options: ['bands', 'interleave', ...filterOptions, 'out', ...opening],
  run: async (args, client) => {
    const out = args.needed('out');
    const format = formatOf(out, ['geotiff', 'envi']);
    const interleave = args.choice('interleave', ['bsq', 'bil', 'bip']) ?? null;
    const filter = filterOf(args);
    const { cubeId, info: cube } = await open(args, client);
    const list = args.text('bands');
    const bandIndexes = list === undefined ? null : parseBands('bands', list, cube.bands);
    return written(client, out, cubeId, 'cube', { format, filter, bandIndexes, interleave });
  },
};

const replay: Command = {
  usage: 'replay RECIPE.json [--out X]',
  summary: 'the output of a recipe again, to the byte',
  options: ['out'],
  run: async (args, client) => {
    const file = args.file('RECIPE.json');
    const recipe = client.grantRead(file);
    const target = client.grantWrite(args.text('out') ?? join(dirname(file), await recordedName(file)));
    return wrote(client, await client.job('replay', { recipe, target, replace: true }));
  },
};

const demo: Command = {
  usage: 'demo --out X.{dat,tif} [--seed N] [--no-noise] [--classes]',
  summary: 'writes the demo scene: a made cube whose exact spectra and derivatives are known',
  options: ['out', 'seed', 'no-noise', 'classes'],
  run: async (args, client) => {
    args.noFile('demo');
    const out = args.needed('out');
    const format = formatOf(out, ['geotiff', 'envi']);
    const seed = args.number('seed');
    const recipe = {
      ...(seed === undefined ? {} : { seed }),
      ...(args.flag('no-noise') ? { noise: false } : {}),
    };
    const part = args.flag('classes') ? 'classes' : 'cube';
    const response = await client.api.cubes.demo.$post({ json: { recipe, part } });
    const { cubeId } = await response.json();
    return written(client, out, cubeId, 'cube', { format });
  },
};

const backends: Command = {
  usage: 'backends [--check]',
  summary: 'which kernels and which TensorFlow this machine runs, and why',
  options: ['check', 'json'],
  run: async (args, client) => {
    args.noFile('backends');
    const result = await (
      await client.api.backends.$get({ query: { check: args.flag('check') ? 'true' : 'false' } })
    ).json();
    return args.flag('json') ? json(result) : backendsText(result);
  },
};

/** Every command by name. */
const serve: Service = {
  usage: 'serve [FILE] [--root DIR]... [--out DIR] [--port N]',
  summary: 'the workbench in a browser of this machine',
  options: ['root', 'out', 'port', 'demo'],
  optionHelp: { out: { value: 'DIR', help: 'folder that exports go to; default: cubelens-exports' } },
  serve: async (args, { stdout, interrupt }) => {
    const running = await startServe({
      file: args.optionalFile(),
      demo: args.flag('demo'),
      roots: args.many('root'),
      out: args.text('out'),
      port: portOf(args),
    });
    stdout.write(`Cubelens runs in this machine's browser until Ctrl-C stops it. Open\n\n${running.url}\n\n`);
    await new Promise<void>((stopped) => {
      if (interrupt.aborted) stopped();
      else interrupt.addEventListener('abort', () => stopped(), { once: true });
    });
    await running.close();
    stdout.write('Stopped.\n');
  },
};

function portOf(args: Arguments): number | undefined {
  const port = args.number('port');
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
  throw usageError(`--port is a whole number from 0 to 65535, not ${port}.`);
}

export const commands: Readonly<Record<string, Command | Service>> = {
  info,
  spectrum,
  stats,
  image,
  export: exportCube,
  replay,
  demo,
  attention,
  gaussian,
  maximise,
  calibrate,
  vae,
  classify,
  serve,
  backends,
};

async function chosenBands(args: Arguments, client: Client, cube: OpenCubeAnswer): Promise<number[]> {
  const rgb = args.text('rgb');
  if (rgb !== undefined) {
    const pieces = rgb.split(',');
    if (pieces.length !== 3) throw usageError(`--rgb takes three band numbers, not ${rgb}.`);
    return pieces.flatMap((piece) => parseBands('rgb', piece, cube.info.bands));
  }
  const wavelengthNm = args.number('wavelength');
  if (wavelengthNm === undefined) return oneBand(args.needed('band'), cube.info.bands);
  const response = await client.api.cubes[':cubeId'].band.$get({
    param: { cubeId: cube.cubeId },
    query: { wavelengthNm: String(wavelengthNm) },
  });
  return [(await response.json()).bandIndex];
}

function oneBand(text: string, bands: number): number[] {
  const indexes = parseBands('band', text, bands);
  if (indexes.length !== 1) throw usageError(`--band takes one band number, not ${text}.`);
  return indexes;
}
