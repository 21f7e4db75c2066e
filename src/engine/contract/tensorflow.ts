/** Backends from the fastest to the slowest: TensorFlow's native library, WebAssembly, plain JavaScript. */
export const tensorFlowBackends = ['native', 'wasm', 'cpu'] as const;
export type TensorFlowBackend = (typeof tensorFlowBackends)[number];
