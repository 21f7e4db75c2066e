import { CubelensError } from '../../../base/errors.ts';
import { isRecord } from '../kerasGraph.ts';

/** The error of a model that TensorFlow cannot evaluate or differentiate. */
export const refused = (file: string, message: string, remedy: string, field?: string): CubelensError =>
  new CubelensError('unsupported-format', `${file}: ${message}.`, { file, field, remedy });

/** The error of a way on which a gradient is missing. */
export const noGradient = (file: string, operation: string, field?: string): CubelensError =>
  refused(
    file,
    `${operation} has no gradient, so that nothing can be climbed through it`,
    'Use an operation with a gradient, or save the model up to the operation before it.',
    field,
  );

/** The error of an input that the output does not follow. */
export const noWay = (file: string, hasOthers: boolean): CubelensError =>
  refused(
    file,
    'its output does not depend on the free input by operations that have a gradient',
    hasOthers ? 'Leave another input free.' : 'Save the model with an output that depends on its input.',
  );

/**
 * What an error of TensorFlow.js means for the person whose model it is.
 * @param operation - names an operation (with its node, where that is known).
 * @param hasOthers - whether the model has other inputs than the free one.
 */
export function explained(
  thrown: unknown,
  file: string,
  operation: (op: string, node?: string) => string,
  hasOthers: boolean,
): Error {
  if (thrown instanceof CubelensError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/memory|allocation|array length/i.test(message) && thrown instanceof RangeError) {
    return new CubelensError('resource-exhausted', `${file} takes more memory than there is.`, {
      file,
      remedy: 'Use a smaller model.',
    });
  }
  const without = /gradient function not found for (\w+)/.exec(message);
  if (without !== null) return noGradient(file, operation(without[1] ?? ''));
  if (message.includes('Cannot compute gradient of y=f(x)')) {
    return noWay(file, hasOthers);
  }
  const unknown = /Unknown (op|layer)\b[^:']*(?:: (\w+)|'([^']+)')/.exec(message);
  if (unknown !== null) {
    const name = unknown[2] ?? unknown[3] ?? '';
    const what = unknown[1] === 'op' ? operation(name) : `a layer of class ${name}`;
    return refused(
      file,
      `${what} is not known to TensorFlow.js`,
      'Build the model of operations and layers that TensorFlow.js has.',
    );
  }
  const dynamic = /node '([^']+)', which has the dynamic op '([^']+)'/.exec(message);
  const promised = /execution of the op '([^']+)' returned a promise/.exec(message);
  if (dynamic !== null || promised !== null) {
    const what = dynamic === null ? operation(promised?.[1] ?? '') : operation(dynamic[2] ?? '', dynamic[1]);
    return refused(
      file,
      `${what} only runs asynchronously (its shape or its way depends on values), which has no gradient`,
      'Save the model without control flow and without operations whose result has no fixed shape.',
      dynamic?.[1],
    );
  }
  const kernel = /Kernel '(\w+)' not registered/.exec(message);
  if (kernel !== null) {
    return refused(
      file,
      `${operation(kernel[1] ?? '')} does not run on this backend of TensorFlow`,
      'Choose another backend with CUBELENS_TENSORFLOW_BACKEND.',
    );
  }
  if (/not (yet )?(supported|implemented)|does not support|NotImplemented/i.test(message)) {
    return refused(
      file,
      `TensorFlow.js does not compute it (${firstLine(message)})`,
      'Build the model of operations and layers that TensorFlow.js has.',
    );
  }
  return new CubelensError(
    'malformed-file',
    `${file}: TensorFlow cannot evaluate it (${firstLine(message)}).`,
    { file, remedy: 'Save the model again; the file may be damaged or incomplete.' },
    thrown,
  );
}

const firstLine = (message: string): string =>
  (message.split('\n')[0] ?? '').slice(0, 300).replace(/\.$/, '');

/** A record inside parsed JSON, or an empty one. */
export const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
