import { lastName, withoutPaths } from './withoutPaths.ts';

/** The closed set of error codes that every host, the API and the command line share. */
export const errorCodes = [
  'invalid-request',
  'not-found',
  'access-denied',
  'unsupported-format',
  'malformed-file',
  'out-of-range',
  'resource-exhausted',
  'cancelled',
  'not-converged',
  'degenerate',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Where an error lies: file name, field of it, byte, line and so on; and what the person can do next. */
export interface ErrorPlace {
  /** File name as the person knows it (never a path the renderer was not given). */
  file?: string | undefined;
  /** Header key, option or JSON field. */
  field?: string | undefined;
  /** Byte offset in the file. */
  byte?: number | undefined;
  /** Row and column in a text file, both from 1. */
  row?: number | undefined;
  column?: number | undefined;
  /** What the person can do next. */
  remedy?: string | undefined;
}

/** Plain form that crosses threads and the API. */
export interface WireError extends ErrorPlace {
  code: ErrorCode;
  message: string;
}

/** The one error type of the engine. `message` says what is wrong and where; `remedy` what to do next. */
export class CubelensError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CubelensError';
    this.code = code;
    this.place = place;
  }
}

/** What Node adds to the errors of its calls. */
interface NodeError {
  code?: string;
  path?: string;
  syscall?: string;
}

/**
 * Turns anything thrown into a CubelensError: Node's file errors get their code, the rest is `internal`. Node's messages
 * hold absolute paths; ours name the file only.
 */
export function asCubelensError(thrown: unknown, file?: string): CubelensError {
  if (thrown instanceof CubelensError) return thrown;
  if (!(thrown instanceof Error)) return new CubelensError('internal', withoutPaths(String(thrown)));
  if (thrown.name === 'AbortError') return new CubelensError('cancelled', 'Cancelled.', {}, thrown);
  const { code = '', path, syscall } = thrown as NodeError;
  const name = file ?? (typeof path === 'string' ? lastName(path) : undefined);
  const place: ErrorPlace = name === undefined ? {} : { file: name };
  const known = fileErrors[code];
  if (known !== undefined) {
    const message = `${name ?? 'The file'} ${known.says}.`;
    return new CubelensError(known.code, message, { ...place, remedy: known.remedy }, thrown);
  }
  if (syscall !== undefined || /^E[A-Z0-9]+$/.test(code)) {
    const call = syscall === undefined ? '' : `${syscall}: `;
    return new CubelensError(
      'internal',
      `${name ?? 'A file'} cannot be used (${call}${code}).`,
      place,
      thrown,
    );
  }
  if (thrown instanceof RangeError && /allocation|Invalid typed array length/i.test(thrown.message)) {
    return new CubelensError('resource-exhausted', `Not enough memory: ${thrown.message}.`, {}, thrown);
  }
  return new CubelensError('internal', withoutPaths(thrown.message), {}, thrown);
}

const fileErrors: Record<string, { code: ErrorCode; says: string; remedy: string }> = {
  ENOENT: { code: 'not-found', says: 'does not exist', remedy: 'Check the name and the folder.' },
  ENOTDIR: { code: 'not-found', says: 'does not exist', remedy: 'Check the name and the folder.' },
  EACCES: {
    code: 'access-denied',
    says: 'may not be accessed',
    remedy: 'Check its permissions or choose another place.',
  },
  EPERM: {
    code: 'access-denied',
    says: 'may not be accessed',
    remedy: 'Check its permissions or choose another place.',
  },
  EROFS: {
    code: 'access-denied',
    says: 'is on a read-only file system',
    remedy: 'Choose a folder that can be written.',
  },
  ELOOP: {
    code: 'not-found',
    says: 'is a link that leads round in a circle',
    remedy: 'Choose the file that the link is meant for.',
  },
  ENAMETOOLONG: {
    code: 'invalid-request',
    says: 'has too long a name for this file system',
    remedy: 'Choose a shorter name.',
  },
  EISDIR: { code: 'not-found', says: 'is a folder, not a file', remedy: 'Choose a file inside it.' },
  ENOSPC: {
    code: 'resource-exhausted',
    says: 'could not be written: the disk is full',
    remedy: 'Free some space or choose another disk.',
  },
  EDQUOT: {
    code: 'resource-exhausted',
    says: 'could not be written: the disk quota is used up',
    remedy: 'Free some space or choose another disk.',
  },
  EFBIG: {
    code: 'resource-exhausted',
    says: 'is too large for this file system',
    remedy: 'Choose another disk or export fewer bands.',
  },
  EMFILE: {
    code: 'resource-exhausted',
    says: 'could not be opened: too many open files',
    remedy: 'Close some cubes.',
  },
  ENFILE: {
    code: 'resource-exhausted',
    says: 'could not be opened: too many files are open on this machine',
    remedy: 'Close other programs.',
  },
  ENOMEM: {
    code: 'resource-exhausted',
    says: 'needs more memory than there is',
    remedy: 'Close other programs.',
  },
  EIO: {
    code: 'malformed-file',
    says: 'could not be read: the disk reports an input/output error',
    remedy: 'Check the disk or copy the file again.',
  },
};

/** Plain object for a message between threads or an API answer. */
export function toWireError(error: CubelensError): WireError {
  return { ...error.place, code: error.code, message: error.message };
}

/** The error again, on the other side. @param stack the stack it had there, for logs. */
export function fromWireError(wire: WireError, stack: string | null = null): CubelensError {
  const { code, message, ...place } = wire;
  const error = new CubelensError(code, message, place);
  if (stack !== null) error.stack = stack;
  return error;
}
