import util from 'node:util';

/**
 * Puts back the two functions of Node's `util` that @tensorflow/tfjs-node 4.22 calls and Node 23 removed:
 * `isNullOrUndefined` and `isArray`. To be called before it is loaded.
 */
export function putBackUtilFunctions(): void {
  const given = util as unknown as Record<string, unknown>;
  given['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  given['isArray'] ??= Array.isArray;
}
