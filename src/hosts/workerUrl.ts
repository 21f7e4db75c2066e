/**
 * The module that a host's worker threads start with: the TypeScript source where the host itself runs from source,
 * the built file otherwise. The build puts every chunk beside worker.js, so the second form holds in any of them.
 */
export function workerUrlFor(moduleUrl: string): URL {
  return new URL(moduleUrl.endsWith('.ts') ? '../engine/worker.ts' : './worker.js', moduleUrl);
}

/** `workerUrlFor` this module: what a host hands to the engine. */
export const workerUrl: URL = workerUrlFor(import.meta.url);
