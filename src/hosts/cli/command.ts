import { extname } from 'node:path';
import type { Client } from './client.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments, OptionName } from './options.ts';

/** What help says of a command. */
interface Described {
  usage: string;
  summary: string;
  /** What the usage leaves to be said. */
  notes?: string;
  options: readonly OptionName[];
  /** What its options mean where that is not what they mean elsewhere. */
  optionHelp?: Partial<Record<OptionName, { value?: string; help: string }>>;
}

/** One command. It gives the text for standard output. */
export interface Command extends Described {
  run: (args: Arguments, client: Client) => Promise<string>;
}

/** A command that runs until it is stopped, on an engine of its own. */
export interface Service extends Described {
  serve: (args: Arguments, terminal: ServiceTerminal) => Promise<void>;
}

/** Where a service says what there is to say, and what ends it. */
export interface ServiceTerminal {
  stdout: { write: (text: string) => unknown };
  interrupt: AbortSignal;
}

/** A document as the commands print it. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const endings = {
  '.tif': 'geotiff',
  '.tiff': 'geotiff',
  '.dat': 'envi',
  '.img': 'envi',
  '.png': 'png',
  '.npy': 'npy',
  '.csv': 'csv',
  '.svg': 'svg',
  '.json': 'json',
  '.yml': 'opencv-yaml',
  '.yaml': 'opencv-yaml',
  '.xml': 'opencv-xml',
  '.html': 'html',
} as const;
export type Format = (typeof endings)[keyof typeof endings];

/** The format that an output's ending says. Throws a usage error for one that the command does not write. */
export function formatOf<Allowed extends Format>(out: string, allowed: readonly Allowed[]): Allowed {
  const ending = extname(out).toLowerCase();
  const usable = Object.entries(endings).filter(([, kind]) => allowed.some((one) => one === kind));
  const format = allowed.find((one) => usable.some(([end, kind]) => end === ending && kind === one));
  if (format !== undefined) return format;
  throw usageError(
    `--out ${out}: ${ending === '' ? 'a file without an ending' : ending} is no format of this command.`,
    `Use ${usable.map(([end]) => end).join(', ')}.`,
  );
}
