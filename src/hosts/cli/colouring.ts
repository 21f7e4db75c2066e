import { colourMapNames, type Colouring } from '../../engine/contract/index.ts';
import type { Format } from './command.ts';
import { usageError } from './exitCodes.ts';
import { parseNumber, type Arguments } from './options.ts';

/** The colours that --colour-map and --range ask for; null where neither does. Only of PNG. */
export function colouringOf(args: Arguments, format: Format): Colouring | null {
  const name = args.text('colour-map');
  const colourMap = colourMapNames.find((known) => known === name);
  const range = args.text('range');
  if (name === undefined && range === undefined) return null;
  if (format !== 'png') throw usageError('--colour-map and --range go with a .png output.');
  if (name !== undefined && colourMap === undefined) {
    throw usageError(`There is no colour map ${name}.`, `Use one of ${colourMapNames.join(', ')}.`);
  }
  const limits = range?.split(',').map((piece) => parseNumber('range', piece));
  if (limits !== undefined && (limits.length !== 2 || limits[0] === limits[1])) {
    throw usageError(`--range takes two different numbers, LOW,HIGH, not ${range ?? ''}.`);
  }
  return { colourMap: colourMap ?? null, low: limits?.[0] ?? null, high: limits?.[1] ?? null };
}
