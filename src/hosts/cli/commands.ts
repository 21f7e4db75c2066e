import { dirname, extname, join } from 'node:path';
import type {
  Backends,
  BandStatistics,
  ExportResult,
  OpenCubeAnswer,
  SpectrumResult,
} from '../../engine/engine.ts';
import { recordedName, type Client } from './client.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { filterOf, filterOptions, parseBands, parseNumber, type OptionName } from './options.ts';
import { backendsText, infoText, outputText, spectrumText, statisticsText } from './text.ts';

/** One command: what help says and what it does. It gives the text for standard output. */
export interface Command {
  usage: string;
  summary: string;
  options: readonly OptionName[];
  run: (args: Arguments, client: Client) => Promise<string>;
}

const file = 'FILE';
const opening = ['image', 'open'] as const;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const open = (args: Arguments, client: Client): Promise<OpenCubeAnswer> =>
  client.open(args.file(file), args.text('image'), args.text('open'));

const info: Command = {
  usage: 'info FILE',
  summary: 'what the file says of itself, its axis and segments, and every assumption made while opening it',
  options: ['json', ...opening],
  run: async (args, client) => {
    const cube = await open(args, client);
    return args.flag('json') ? json(cube.info) : infoText(cube.info, cube.classes);
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
      return written(client, out, { kind: 'export-spectra', cubeId, at, filter });
    }
    const query = new URLSearchParams(
      at.map(({ line, sample }): [string, string] => ['at', `${line},${sample}`]),
    );
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
    const result = await client.get<SpectrumResult>(`/cubes/${cubeId}/spectra?${query.toString()}`);
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
    const result = await client.job<{ bands: BandStatistics[] }>({
      kind: 'band-statistics',
      cubeId,
      bandIndexes,
    });
    return args.flag('json') ? json(result) : statisticsText(result.bands);
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
    const kind =
      bandIndexes.length === 3
        ? 'composite'
        : args.flag('stored')
          ? 'stored'
          : filtered
            ? 'filtered'
            : 'band';
    await checkColourMap(args.text('colour-map'), client);
    const image = { kind, bandIndexes, filter };
    return written(client, out, { kind: 'export-image', cubeId: cube.cubeId, format, image, colouring });
  },
};

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
    return written(client, out, { kind: 'export-cube', cubeId, format, filter, bandIndexes, interleave });
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
    return outputText(await client.job<ExportResult>({ kind: 'replay', recipe, target, replace: true }));
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
    const { cubeId } = await client.post<OpenCubeAnswer>('/cubes/demo', { recipe, part });
    return written(client, out, { kind: 'export-cube', cubeId, format });
  },
};

const backends: Command = {
  usage: 'backends',
  summary: 'which kernels and which TensorFlow this machine runs, and why',
  options: ['json'],
  run: async (args, client) => {
    args.noFile('backends');
    const result = await client.get<Backends>('/backends');
    return args.flag('json') ? json(result) : backendsText(result);
  },
};

/** Every command by name. */
export const commands: Readonly<Record<string, Command>> = {
  info,
  spectrum,
  stats,
  image,
  export: exportCube,
  replay,
  demo,
  backends,
};

async function written(client: Client, out: string, job: Record<string, unknown>): Promise<string> {
  // The command line replaces an existing output, as commands do; an input never.
  const target = client.grantWrite(out);
  return outputText(await client.job<ExportResult>({ ...job, target, replace: true }));
}

async function chosenBands(args: Arguments, client: Client, cube: OpenCubeAnswer): Promise<number[]> {
  const rgb = args.text('rgb');
  if (rgb !== undefined) {
    const pieces = rgb.split(',');
    if (pieces.length !== 3) throw usageError(`--rgb takes three band numbers, not ${rgb}.`);
    return pieces.flatMap((piece) => parseBands('rgb', piece, cube.info.bands));
  }
  const wavelengthNm = args.number('wavelength');
  if (wavelengthNm === undefined) return oneBand(args.needed('band'), cube.info.bands);
  const path = `/cubes/${cube.cubeId}/band?wavelengthNm=${encodeURIComponent(wavelengthNm)}`;
  return [(await client.get<{ bandIndex: number }>(path)).bandIndex];
}

function oneBand(text: string, bands: number): number[] {
  const indexes = parseBands('band', text, bands);
  if (indexes.length !== 1) throw usageError(`--band takes one band number, not ${text}.`);
  return indexes;
}

function parsePixel(text: string): { line: number; sample: number } {
  const match = /^\s*(\d{1,15})\s*,\s*(\d{1,15})\s*$/.exec(text);
  if (match === null) throw usageError(`--at takes LINE,SAMPLE, both from 0, not ${text}.`);
  return { line: Number(match[1]), sample: Number(match[2]) };
}

const endings: Readonly<Record<string, string>> = {
  '.tif': 'geotiff',
  '.tiff': 'geotiff',
  '.dat': 'envi',
  '.img': 'envi',
  '.png': 'png',
  '.npy': 'npy',
  '.csv': 'csv',
};

function formatOf(out: string, allowed: readonly string[]): string {
  const ending = extname(out).toLowerCase();
  const format = endings[ending];
  if (format !== undefined && allowed.includes(format)) return format;
  const usable = Object.entries(endings).flatMap(([end, kind]) => (allowed.includes(kind) ? end : []));
  throw usageError(
    `--out ${out}: ${ending === '' ? 'a file without an ending' : ending} is no format of this command.`,
    `Use ${usable.join(', ')}.`,
  );
}

function colouringOf(args: Arguments, format: string): Record<string, unknown> | null {
  const colourMap = args.text('colour-map');
  const range = args.text('range');
  if (colourMap === undefined && range === undefined) return null;
  if (format !== 'png') throw usageError('--colour-map and --range go with a .png output.');
  const limits = range?.split(',').map((piece) => parseNumber('range', piece));
  if (limits !== undefined && (limits.length !== 2 || limits[0] === limits[1])) {
    throw usageError(`--range takes two different numbers, LOW,HIGH, not ${range ?? ''}.`);
  }
  return { colourMap: colourMap ?? null, low: limits?.[0] ?? null, high: limits?.[1] ?? null };
}

async function checkColourMap(name: string | undefined, client: Client): Promise<void> {
  if (name === undefined) return;
  const { colourMaps } = await client.get<{ colourMaps: { name: string }[] }>('/colour-maps');
  const names = colourMaps.map((map) => map.name);
  if (!names.includes(name)) {
    throw usageError(`There is no colour map ${name}.`, `Use one of ${names.join(', ')}.`);
  }
}
