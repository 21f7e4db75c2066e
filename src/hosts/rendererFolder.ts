import { fileURLToPath } from 'node:url';

/**
 * The folder with the window's built files: dist/renderer of the checkout where the host runs from source, the folder
 * `renderer` beside the built host otherwise.
 */
export function rendererFolderFor(moduleUrl: string): string {
  return fileURLToPath(new URL(moduleUrl.endsWith('.ts') ? '../../dist/renderer' : './renderer', moduleUrl));
}

/** `rendererFolderFor` this module. */
export const rendererFolder = rendererFolderFor(import.meta.url);
