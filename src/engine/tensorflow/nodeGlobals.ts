import { createRequire } from 'node:module';
import util from 'node:util';

/**
 * Puts back the two functions of Node's `util` that @tensorflow/tfjs-node 4.22 calls and Node 23 removed:
 * `isNullOrUndefined` and `isArray`. To be called before it is loaded.
 */
export function putBackUtilFunctions(): void {
  const given = util as unknown as Record<string, unknown>;
  given['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  // Still there in Node 24, with a warning.
  given['isArray'] = Array.isArray;
}

/**
 * Gives this thread `__dirname` and `require`, which the WebAssembly backend takes for granted and an ES module does not have.
 * To be called before it is loaded; only in the thread of TensorFlow.
 */
export function giveCommonJsGlobals(moduleUrl: string, folder: string): void {
  const given = globalThis as unknown as Record<string, unknown>;
  given['__dirname'] ??= folder;
  given['require'] ??= createRequire(moduleUrl);
}
