import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CubelensError } from '../base/errors.ts';
import { putBackUtilFunctions } from './utilFunctions.ts';

/** Backends from the fastest to the slowest: TensorFlow's native library, WebAssembly, plain JavaScript. */
export const tensorFlowBackends = ['native', 'wasm', 'cpu'] as const;
export type TensorFlowBackend = (typeof tensorFlowBackends)[number];

/** What all backends offer alike: the functions of tfjs-core; layers and graph models too. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core') &
  Pick<typeof import('@tensorflow/tfjs-layers'), 'loadLayersModel'> &
  Pick<typeof import('@tensorflow/tfjs-converter'), 'loadGraphModel'>;

/** TensorFlow as it was loaded. */
export interface LoadedTensorFlow {
  tf: TensorFlow;
  backend: TensorFlowBackend;
  /** Of TensorFlow's native library where it runs, else of TensorFlow.js. */
  version: string;
  /** Why this backend, in words: what keeps the faster ones from running. */
  reason: string;
}

/**
 * Loads TensorFlow with the fastest backend that runs here, or with the one asked for. Once a backend is loaded this thread
 * keeps it: tensors of two backends do not mix. Throws `unsupported-format` where the one asked for cannot be had.
 */
export async function loadTensorFlow(wanted?: TensorFlowBackend): Promise<LoadedTensorFlow> {
  throw new CubelensError('internal', `Not written yet: ${String(wanted)}.`);
}
