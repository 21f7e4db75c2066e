import { CubelensError } from '../../base/errors.ts';

/**
 * The error of a model file that contradicts itself or is damaged.
 * @param field - the layer, node or setting where that is.
 */
export function malformedModel(
  file: string,
  message: string,
  cause?: unknown,
  field?: string,
): CubelensError {
  const remedy = 'Save the model again; the file may be damaged or incomplete.';
  return new CubelensError('malformed-file', `${file}: ${message}.`, { file, field, remedy }, cause);
}

/** Parsed JSON; `malformed-file` where it is none. */
export function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw malformedModel(file, `it is no valid JSON (${error instanceof Error ? error.message : ''})`, error);
  }
}
