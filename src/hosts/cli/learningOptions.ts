import { extname } from 'node:path';
import type { LearningSource } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments, OptionName } from './options.ts';
import { writtenName } from './options.ts';
import { wrap } from './wrap.ts';

// What the commands that learn have in common.

/** Endings of tables as text. */
const textEndings = ['.csv', '.tsv', '.txt'];

/** Whether a file is a table by its ending: text, or NumPy's too. Anything else is a cube. */
export const isTable = (data: string, withNpy: boolean): boolean =>
  [...textEndings, ...(withNpy ? ['.npy'] : [])].includes(extname(data).toLowerCase());

/** The samples of a command: a table, or a cube with its class map where one is given. Throws a usage error for a table with a map. */
export function sourceOf(
  client: Client,
  data: string,
  classes: string | undefined,
  { withNpy }: { withNpy: boolean },
): LearningSource {
  const isFile = isTable(data, withNpy);
  if (isFile && classes !== undefined) {
    throw usageError('--classes goes with a cube: a CSV has its classes in a column "class".');
  }
  const grantId = client.grantRead(data);
  if (isFile) return { kind: 'file', grantId };
  return { kind: 'cube', grantId, ...(classes === undefined ? {} : { classes: client.grantRead(classes) }) };
}

/**
 * Units of hidden layers as --widths says them; undefined without it. Throws a usage error beyond so many layers or units; `linear`
 * is what a model without layers is called.
 */
export function widthsOf(
  args: Arguments,
  { layers, units, linear }: { layers: number; units: number; linear: string },
): number[] | undefined {
  const given = args.text('widths');
  if (given === undefined) return undefined;
  if (given.toLowerCase() === 'none') return [];
  const widths = given.split(',').map((piece) => (/^\s*\d{1,9}\s*$/.test(piece) ? Number(piece) : 0));
  if (widths.every((width) => width > 0 && width <= units) && widths.length <= layers) return widths;
  throw usageError(
    `--widths takes whole numbers from 1 to ${units}, at most ${layers} of them, such as 128,64, or none for a linear ${linear}; not ${given}.`,
  );
}

/** A whole number between limits; undefined without the option. Throws a usage error that shows what was written. */
export function wholeOf(
  args: Arguments,
  name: OptionName,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = args.number(name);
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return value;
  throw usageError(
    `--${writtenName(name)} is a whole number from ${least} to ${most}, not ${args.text(name) ?? ''}.`,
  );
}

/** A number between limits; undefined without the option. Throws a usage error that shows what was written. */
export function numberOf(
  args: Arguments,
  name: OptionName,
  limits: { above?: number; least?: number; most: number },
): number | undefined {
  const value = args.number(name);
  if (value === undefined) return undefined;
  const { above = -Infinity, least = -Infinity, most } = limits;
  if (value > above && value >= least && value <= most) return value;
  const from = limits.above === undefined ? `from ${least} to ${most}` : `above ${above}, at most ${most}`;
  throw usageError(`--${writtenName(name)} is a number ${from}, not ${args.text(name) ?? ''}.`);
}

/** Notes, each as a paragraph. */
export const said = (notes: readonly string[]): string =>
  notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');
