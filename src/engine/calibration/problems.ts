import { CubelensError } from '../base/errors.ts';

/** An error of the request, by its field. */
export const invalid = (field: string, message: string, remedy: string): CubelensError =>
  new CubelensError('invalid-request', message, { field, remedy });

/** Data from which the numbers asked for cannot be had. */
export const degenerate = (message: string, remedy: string): CubelensError =>
  new CubelensError('degenerate', message, { field: 'views', remedy });

/** A fault of a file, at a row and column from 1 where there are some. */
export const malformed = (
  file: string,
  what: string,
  remedy: string,
  place: { row?: number; column?: number; field?: string } = {},
): CubelensError => new CubelensError('malformed-file', `${file} ${what}.`, { file, ...place, remedy });
