import { inspect } from 'node:util';
import type { CubelensError } from './errors.ts';

/**
 * Prints an internal error with its stack (the worker's own where it comes from one) and causes to standard error where
 * the environment variable CUBELENS_LOG is `debug`. Called where an error leaves the engine for an answer, which never
 * holds a stack.
 */
export function logInternal(error: CubelensError): void {
  if (error.code !== 'internal' || process.env['CUBELENS_LOG'] !== 'debug') return;
  process.stderr.write(`${stackOf(error)}\n`);
}

/** Stack, properties and causes of anything thrown, as text. */
export const stackOf = (thrown: unknown): string => inspect(thrown, { depth: 4 });
