/** Backends from the fastest to the slowest: TensorFlow's native library, WebAssembly, plain JavaScript. */
export const tensorFlowBackends = ['native', 'wasm', 'cpu'] as const;
export type TensorFlowBackend = (typeof tensorFlowBackends)[number];

/** What TensorFlow runs on here. */
export interface TensorFlowFacts {
  backend: TensorFlowBackend | null;
  /** Of TensorFlow's native library where it runs, else of TensorFlow.js; null where none runs. */
  version: string | null;
  /** Why this backend, in words: what keeps the faster ones from running. */
  reason: string;
}

/** One backend compared with plain JavaScript on every operation that is used. */
export interface BackendCheck {
  backend: TensorFlowBackend;
  available: boolean;
  /** Largest relative difference; null where it is not available. */
  worst: number | null;
  /** Operations that fail or differ, each with what is wrong; why it is not available. */
  failed: string[];
}
