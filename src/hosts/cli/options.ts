import { parseArgs, type ParseArgsConfig } from 'node:util';
import { usageError } from './exitCodes.ts';

type OptionSpec = NonNullable<ParseArgsConfig['options']>[string];

/** One option: how it is parsed and what help says of it. */
interface Option extends Record<string, unknown> {
  spec: OptionSpec;
  value?: string;
  help: string;
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
  image: text('NAME', 'image of a file with several: its number or name'),
  open: text('OPTIONS.json', 'override what the file says: wavelengthsNm, bandIsGood, noData, scale, ...'),
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
  seed: text('N', 'seed of the demo scene'),
  'no-noise': flag('leave out the noise of the demo scene'),
  classes: flag('write the class map of the demo scene instead of the cube'),
} satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

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

  /** Parses what follows the command's name. Throws a usage error for an option that the command does not have. */
  static parse(args: readonly string[], allowed: readonly OptionName[]): Arguments {
    const config = Object.fromEntries(
      [...allowed, 'help' as const].map((name) => [name, options[name].spec]),
    );
    try {
      const parsed = parseArgs({
        args: joinNegative(args),
        options: config,
        allowPositionals: true,
        strict: true,
      });
      return new Arguments(parsed.positionals, parsed.values);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      throw usageError(message.split('. To specify')[0] ?? message);
    }
  }

  flag(name: OptionName): boolean {
    return this.#values[name] === true;
  }

  text(name: OptionName): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  many(name: OptionName): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** A text that the command cannot do without. */
  needed(name: OptionName): string {
    const value = this.text(name);
    if (value === undefined) throw usageError(`--${name} ${options[name].value ?? ''} is missing.`);
    return value;
  }

  /** The only file of a command. */
  file(what: string): string {
    const [file, ...more] = this.positionals;
    if (file === undefined) throw usageError(`${what} is missing.`);
    if (more.length > 0) throw usageError(`One ${what} is expected, not ${this.positionals.length}.`);
    return file;
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

/** `--range -1,2`: parseArgs takes a value that starts with a minus only when joined by an equals sign. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    const isValue = /^-[\d.]/.test(arg) && last !== undefined && /^--[a-z-]+$/.test(last);
    if (isValue) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

export function parseNumber(name: OptionName, value: string): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw usageError(`--${name} takes a number, not ${value}.`);
  return number;
}

/** "1,5,10-20" as band indexes from 0, in the order given. */
export function parseBands(name: OptionName, value: string, bands: number): number[] {
  const indexes: number[] = [];
  for (const piece of value.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(piece);
    if (match === null) throw usageError(`--${name} takes band numbers such as 1,5,10-20, not ${value}.`);
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last > bands || last < first) {
      const remedy = `Give bands from 1 to ${bands}.`;
      throw usageError(`--${name} ${piece.trim()}: bands go from 1 to ${bands}.`, remedy);
    }
    for (let band = first; band <= last; band++) indexes.push(band - 1);
  }
  if (new Set(indexes).size !== indexes.length) throw usageError(`--${name} names a band twice: ${value}.`);
  return indexes;
}

/** The filter options of a command as the API takes them; what is left out has the engine's defaults. */
export function filterOf(args: Arguments): Record<string, string | number> {
  const asked = {
    window: args.number('window'),
    degree: args.number('degree'),
    derivative: args.number('derivative'),
    axis: args.choice('axis', ['wavelength', 'band']),
    edge: args.choice('edge', ['fit', 'nan']),
    gap: args.choice('gap', ['refit', 'strict']),
  };
  const given: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) given[name] = value;
  return given;
}
