import type { ErrorCode, WireError } from '../../engine/contract/index.ts';

/** Exit code of each error. */
export const exitCodes: Record<ErrorCode, number> = {
  'invalid-request': 2,
  'out-of-range': 2,
  'not-found': 3,
  'access-denied': 3,
  'malformed-file': 4,
  'unsupported-format': 4,
  'resource-exhausted': 5,
  'not-converged': 6,
  degenerate: 6,
  internal: 70,
  cancelled: 130,
};

/** An error that the command line prints: one from the engine, or a use of it that cannot be. */
export class CommandError extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** A wrong use of the command line: exit code 2. Without a remedy of its own the command's help is pointed to. */
export function usageError(message: string, remedy?: string): CommandError {
  return new CommandError({ code: 'invalid-request', message, ...(remedy === undefined ? {} : { remedy }) });
}
