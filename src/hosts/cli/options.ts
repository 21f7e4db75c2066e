import type { FilterRequest } from '../../engine/contract/index.ts';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { usageError } from './exitCodes.ts';

type OptionSpec = NonNullable<ParseArgsConfig['options']>[string];

/** One option: how it is parsed and what help says of it. */
interface Option extends Record<string, unknown> {
  spec: OptionSpec;
  value?: string;
  help: string;
  /** As it is written, where commands mean different things by one name. */
  as?: string;
}

const text = (value: string, help: string): Option => ({ spec: { type: 'string' }, value, help });
const many = (value: string, help: string): Option => ({
  spec: { type: 'string', multiple: true },
  value,
  help,
});
const flag = (help: string): Option => ({ spec: { type: 'boolean' }, help });

/** Every option of every command, by name. */
export const options = {
  json: flag('print one JSON document'),
  help: { spec: { type: 'boolean', short: 'h' }, help: 'show help' } as Option,
  image: text('NAME', 'image of a file with several: its id or name, as info lists them'),
  open: text(
    'OPTIONS.json',
    'override what the file says: wavelengthsNm, bandIsGood, noData, scale, joins, ...',
  ),
  at: many('LINE,SAMPLE', 'pixel, both from 0; may be repeated'),
  band: text('N', 'band number from 1'),
  wavelength: text('NM', 'the nearest good band to this wavelength in nanometres'),
  rgb: text('R,G,B', 'three band numbers as red, green and blue'),
  bands: text('LIST', 'band numbers from 1, such as 1,5,10-20'),
  stored: flag('write stored numbers in their own type instead of values'),
  'colour-map': text(
    'NAME',
    'colours of a PNG: gray, viridis, magma, inferno, plasma, cividis, blue-red, purple-green',
  ),
  range: text('LOW,HIGH', 'values of the first and last colour of a PNG'),
  interleave: text('bsq|bil|bip', "order of the values in the output; default: the source's"),
  window: text('N', 'bands in the window: odd, 3 to 101; default 11'),
  degree: text('N', 'degree of the polynomial: 0 to 6, below the window; default 2'),
  derivative: text('N', 'order of the derivative: 0 (smoothing) to 3; default 0, for spectrum 2'),
  axis: text(
    'wavelength|band',
    'fit over nanometres or over band numbers; default wavelength where there are any',
  ),
  edge: text('fit|nan', "bands at a segment's ends: off-centre fit, or left out; default fit"),
  gap: text(
    'refit|strict',
    'pixels with missing values in the window: fit the rest, or no value; default refit',
  ),
  out: text('FILE', 'output file; its ending chooses the format'),
  root: many('DIR', 'folder whose files can be opened; may be repeated; default: the current folder'),
  port: text('N', 'port of this machine; default: a free one'),
  demo: flag('open the demo scene'),
  seed: text('N', 'seed of what is drawn at random'),
  sample: text('N', 'so many samples; the same seed gives the same ones'),
  given: many('NAME=VALUES', 'what is known of a vector or component: the others given it; may be repeated'),
  fix: many('NAME=VALUES', 'values of a fixed input; one input stays free'),
  output: text('N', "which number of the model's output, from 0; default 0"),
  hull: flag('of a saved classifier: search the mixtures of the class means alone'),
  nearest: text('CUBE', 'of a saved classifier: the pixel of this cube nearest to the answer'),
  starts: text('N', 'searches; default 32, of a saved classifier of more than 50 bands 8'),
  points: text('FILE', 'points of a flat board: JSON, CSV view,X,Y,u,v, or corners.vnl of mrcal'),
  size: text('WxH', 'width and height of the photos in pixels, where the file does not say it'),
  board: text('CxR', 'inner corners of the board, columns x rows, where the file does not say it'),
  square: text('MM', 'side of a board square: poses come in millimetres'),
  undistort: text('DIR', 'folder for a PNG of each photo without the distortion of the lens'),
  camera: text('FILE', 'a camera that is known: OpenCV YAML or XML, or ROS camera_info'),
  focal: text('free|single', 'two focal lengths, or one; default: both, compared'),
  density: text('MX,MY', 'pixels a millimetre of the sensor (1000 / pitch in micrometres)'),
  distortion: text('LIST|none', 'coefficients to fit, of k1,k2,p1,p2,k3; default all'),
  skew: flag('fit the skew too'),
  'focal-mm': text('F', 'K of a focal length in millimetres, without any photo'),
  pushbroom: text('F_MM,PITCH_UM,LINES_PER_S,SPEED_M_S,HEIGHT_M', 'K of a line scanner over flat ground'),
  centre: text('CX,CY', 'principal point in pixels, held where it is given'),
  rx: text('CUBE', 'squared Mahalanobis distance of each pixel of a cube from all'),
  'no-noise': flag('leave out the noise of the demo scene'),
  text: text('"..."', 'an English sentence, read by a small transformer that comes with Cubelens'),
  example: text('NAME', 'an example that comes with Cubelens'),
  q: text('FILE', 'queries as CSV, a token a row; with --k and --v'),
  k: text('FILE', 'keys as CSV'),
  v: text('FILE', 'values as CSV'),
  mask: text(
    'none|causal|padding:N',
    'keys that a query may attend to: all, those up to itself, the first N',
  ),
  temperature: text('T', 'divides the scores: below 1 sharper, above 1 more even'),
  'no-scale': flag('scores are not divided by the square root of the key width'),
  transpose: flag('of weights from a file: exchange rows and columns'),
  softmax: flag('of scores from a file: make weights of them, row by row'),
  layer: text('L', 'layer from 0; default: the last'),
  head: text('H|mean', 'head from 0; default: the mean of the heads'),
  cell: text('I,J', 'the arithmetic of one weight: query I, key J, both from 0'),
  latent: text('R', 'dimensions of the latent space'),
  epochs: text('N', 'times that training goes through all samples; default 60'),
  beta: text('B', 'weight of the divergence from N(0, I); default 1'),
  widths: text(
    'LIST',
    'units of the hidden layers, from the data on, such as 128,64; none is a linear model; default 64',
  ),
  noise: text(
    'data|learned|V',
    'variance of the observation noise, of standardised data; default data: what PCA leaves over',
  ),
  batch: text('N', 'samples a step; default 128'),
  rate: text('R', 'step size of Adam at the start; default 0.005'),
  'block-side': text('N', 'lines and samples of the blocks that are held out; default 10'),
  conv: flag('convolutions along the bands instead of dense layers'),
  aux: text(
    'position|COLUMNS',
    'second input beside the spectrum: line and sample, or columns by their names',
  ),
  show: text(
    'WHAT',
    'mean or deviation of a latent dimension (mu1, sigma2), three means as red, green and blue (1,2,3), kl, or error',
  ),
  reach: text('S', 'how far to go along a latent dimension to both sides, at most 1000; default 3'),
  steps: text('N', 'points along it, 2 to 101; default 7'),
  resume: flag('go on from the last checkpoint of the folder'),
  count: text('N', 'how many'),
  check: flag('compare all backends of TensorFlow on every operation used'),
  classes: flag('write the class map of the demo scene instead of the cube'),
  'class-map': { ...text('MAP', 'class map of the cube (an ENVI classification)'), as: 'classes' },
} satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

/** What a person writes after the two dashes. */
export const writtenName = (name: OptionName): string => options[name].as ?? name;

/** The options of a filter, in the order that help shows them. */
export const filterOptions = ['window', 'degree', 'derivative', 'axis', 'edge', 'gap'] as const;

/** A parsed command: files by position, options by name. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  private constructor(positionals: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /**
   * Parses what follows the command's name. Throws a usage error for an option that the command does not have, that
   * lacks its value or has one too many, and for one given twice that is meant once.
   */
  static parse(args: readonly string[], allowed: readonly OptionName[]): Arguments {
    const known = new Map<string, Option>(
      [...allowed, 'help' as const].map((name) => [writtenName(name), options[name]]),
    );
    const config = Object.fromEntries([...known].map(([name, option]) => [name, option.spec]));
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: config,
      allowPositionals: true,
      strict: false,
      tokens: true,
    });
    const given = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== 'option') continue;
      checkOption(token, known.get(token.name), given.has(token.name));
      given.add(token.name);
    }
    return new Arguments(positionals, values);
  }

  flag(name: OptionName): boolean {
    return this.#values[writtenName(name)] === true;
  }

  text(name: OptionName): string | undefined {
    const value = this.#values[writtenName(name)];
    return typeof value === 'string' ? value : undefined;
  }

  many(name: OptionName): readonly string[] {
    const value = this.#values[writtenName(name)];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** A text that the command cannot do without. */
  needed(name: OptionName): string {
    const value = this.text(name);
    if (value === undefined) throw usageError(`--${name} ${options[name].value ?? ''} is missing.`);
    return value;
  }

  /** The only file of a command that can do without one. */
  optionalFile(): string | undefined {
    return this.positionals.length === 0 ? undefined : this.file('FILE');
  }

  /** The only file of a command. */
  file(what: string): string {
    const [file, ...more] = this.positionals;
    if (file === undefined || file === '') throw usageError(`${what} is missing.`);
    if (more.length > 0) throw usageError(`One ${what} is expected, not ${this.positionals.length}.`);
    return file;
  }

  /** Throws where a file is given to a command that takes none. */
  noFile(command: string): void {
    const [file] = this.positionals;
    if (file !== undefined) throw usageError(`${command} takes no file, but ${file} is given.`);
  }

  number(name: OptionName): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : parseNumber(name, value);
  }

  choice<Choice extends string>(name: OptionName, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (found === undefined) throw usageError(`--${name} is ${choices.join(' or ')}, not ${value}.`);
    return found;
  }
}

interface OptionToken {
  name: string;
  /** As written: "--at" or "-h". */
  rawName: string;
  value: string | undefined;
  /** Whether the value was joined by an equals sign. */
  inlineValue: boolean | undefined;
}

function checkOption(token: OptionToken, option: Option | undefined, repeated: boolean): void {
  const { rawName, value } = token;
  if (option === undefined) throw usageError(`There is no option ${rawName} here.`);
  if (option.spec.type === 'boolean') {
    if (value !== undefined) throw usageError(`${rawName} takes no value.`);
    return;
  }
  // `--range -1,2` is a value; `--at --json` is one forgotten.
  const isOption = value !== undefined && token.inlineValue !== true && /^-[^\d.]/.test(value);
  if (value === undefined || isOption) {
    throw usageError(`${rawName} needs a value: ${rawName} ${option.value ?? ''}.`);
  }
  if (repeated && option.spec.multiple !== true) throw usageError(`${rawName} is given twice.`);
}

/** A finite number written in decimals ("-1.5", "2e3"). Throws a usage error for anything else. */
export function parseNumber(name: OptionName, value: string): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw usageError(`--${name} takes a number, not ${value}.`);
  return number;
}

/** NAME=VALUES of an option that may be repeated, by name; null where none is given. Throws a usage error. */
export function namedValues(args: Arguments, option: OptionName): Record<string, number[]> | null {
  const pieces = args.many(option);
  if (pieces.length === 0) return null;
  // A name may be any word, also one that every object has.
  const named = Object.create(null) as Record<string, number[]>;
  for (const piece of pieces) {
    const at = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, at)).trim();
    if (name === '') throw usageError(`--${option} takes NAME=VALUES, such as a=1,2.5, not ${piece}.`);
    if (Object.hasOwn(named, name)) throw usageError(`--${option} names ${name} twice.`);
    named[name] = piece
      .slice(at + 1)
      .split(',')
      .map((value) => parseNumber(option, value));
  }
  return named;
}

/** "1,5,10-20" as band indexes from 0, in the order given. */
export function parseBands(name: OptionName, value: string, bands: number): number[] {
  const indexes: number[] = [];
  for (const piece of value.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(piece);
    if (match === null) throw usageError(`--${name} takes band numbers such as 1,5,10-20, not ${value}.`);
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || first > bands || last > bands) {
      const remedy = `Give bands from 1 to ${bands}.`;
      throw usageError(`--${name} ${piece.trim()}: there is no such band.`, remedy);
    }
    if (last < first) {
      throw usageError(`--${name} ${piece.trim()}: the lower band comes first.`, `Write ${last}-${first}.`);
    }
    for (let band = first; band <= last; band++) indexes.push(band - 1);
  }
  if (new Set(indexes).size !== indexes.length) throw usageError(`--${name} names a band twice: ${value}.`);
  return indexes;
}

/** The filter options of a command as the API takes them; what is left out has the engine's defaults. */
export function filterOf(args: Arguments): FilterRequest {
  const asked: FilterRequest = {
    window: args.number('window'),
    degree: args.number('degree'),
    derivative: args.number('derivative'),
    axis: args.choice('axis', ['wavelength', 'band']),
    edge: args.choice('edge', ['fit', 'nan']),
    gap: args.choice('gap', ['refit', 'strict']),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

/** The same as texts of a query. */
export function filterQueryOf({ window, degree, derivative, ...modes }: FilterRequest) {
  const texts = {
    window: window?.toString(),
    degree: degree?.toString(),
    derivative: derivative?.toString(),
    ...modes,
  };
  return texts;
}

/** A pixel as --at takes it. */
export function parsePixel(text: string): { line: number; sample: number } {
  const match = /^\s*(\d{1,15})\s*,\s*(\d{1,15})\s*$/.exec(text);
  if (match === null) throw usageError(`--at takes LINE,SAMPLE, both from 0, not ${text}.`);
  return { line: Number(match[1]), sample: Number(match[2]) };
}
