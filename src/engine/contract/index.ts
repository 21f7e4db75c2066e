// The contract between the engine, its hosts and the window: schemas, request and answer types, error codes.

export type { ErrorCode, WireError } from '../base/errors.ts';
export * from './attention.ts';
export * from './calibration.ts';
export * from './classifier.ts';
export * from './classifierJobs.ts';
export * from './colourMaps.ts';
export * from './cube.ts';
export * from './exports.ts';
export * from './filter.ts';
export * from './gaussian.ts';
export type * from './host.ts';
export * from './hostBridge.ts';
export * from './hostRoutes.ts';
export * from './images.ts';
export * from './jobs.ts';
export * from './maximise.ts';
export * from './numbers.ts';
export * from './readings.ts';
export * from './spectra.ts';
export * from './statistics.ts';
export * from './tensorflow.ts';
export * from './vae.ts';
export * from './vaeImages.ts';
export * from './vaeSpectra.ts';
