import type { ErrorCode, Problem } from '../../src/engine/contract/index.ts';

/** What went wrong, in words for people. `lost`: nobody answered. */
export interface Trouble {
  code: ErrorCode | 'lost';
  message: string;
  remedy: string | null;
  file: string | null;
  field: string | null;
}

/** The one error that calls of the API throw. */
export class ApiError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.name = 'ApiError';
    this.trouble = trouble;
  }
}

/** What a thrown thing tells a person; aborted calls have the code `cancelled`. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof ApiError) return thrown.trouble;
  const nothing = { remedy: null, file: null, field: null };
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return { code: 'cancelled', message: 'Cancelled.', ...nothing };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, ...nothing };
}

/** True where the work was called off rather than failed. */
export const isCancelled = (thrown: unknown): boolean => troubleOf(thrown).code === 'cancelled';

/** The trouble that an answer of the engine or its host carries. */
export async function troubleOfResponse(response: Response): Promise<Trouble> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    if (problem.message !== undefined) return troubleOfWire(problem);
  }
  if (response.status === 401) {
    return {
      code: 'access-denied',
      message: 'This window is no longer signed in to the engine.',
      remedy: 'Open the address again that `cubelens serve` printed in the terminal.',
      file: null,
      field: null,
    };
  }
  return {
    code: 'internal',
    message: `The engine answered ${response.status} without saying why.`,
    remedy: null,
    file: null,
    field: null,
  };
}

/** The trouble that a failed job or a problem document carries. */
export function troubleOfWire(error: Partial<Problem>): Trouble {
  return {
    code: error.code ?? 'internal',
    message: error.message ?? 'No reason was given.',
    remedy: error.remedy ?? null,
    file: error.file ?? null,
    field: error.field ?? null,
  };
}

export const lostTrouble: Trouble = {
  code: 'lost',
  message: 'The engine does not answer.',
  remedy: 'If you stopped it, start it again. This window connects by itself.',
  file: null,
  field: null,
};
