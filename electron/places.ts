import { fileURLToPath } from 'node:url';

/** Where the main process finds what belongs to it. */
export interface Places {
  /** Module that the engine's threads start with. */
  workerUrl: URL;
  preload: string;
  /** Folder with the window's built files. */
  renderer: string;
}

/**
 * The places beside a module: the sources where it runs from source (tests), else the bundle's folder, in a checkout and in
 * the packed app alike.
 */
export function placesFor(moduleUrl: string): Places {
  const isSource = moduleUrl.endsWith('.ts');
  const path = (relative: string): string => fileURLToPath(new URL(relative, moduleUrl));
  return {
    workerUrl: new URL(isSource ? '../src/engine/worker.ts' : './worker.cjs', moduleUrl),
    // One CJS file: under the sandbox there is no other preload.
    preload: path(isSource ? '../.vite/build/preload.cjs' : './preload.cjs'),
    renderer: path(isSource ? '../dist/renderer' : '../renderer/main_window'),
  };
}
