import { cpSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** Folder of the WebAssembly backend's files beside a bundle: `src/engine/tensorflow/loadTensorFlow.ts` looks for it there. */
export const wasmFolder = 'wasm';

/** Lays the programs of TensorFlow.js' WebAssembly backend beside a bundle. */
export function wasmFiles(): Plugin {
  return {
    name: 'wasm-files',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const source = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
      for (const name of readdirSync(source).filter((file) => file.endsWith('.wasm'))) {
        cpSync(join(source, name), join(dir, wasmFolder, name));
      }
    },
  };
}
