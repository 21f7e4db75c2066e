// The types a client of the API works with, gathered so that the window needs one import. Types only.

export type { Api } from './app.ts';
export type { Backends } from './backends.ts';
export type { OpenCubeAnswer } from './cubeRoutes.ts';
export type { HostFacts } from './parts.ts';
export type { Problem } from './problems.ts';
export type { ImageRequest, JobOrder } from './requests.ts';
export type { ErrorCode, WireError } from '../base/errors.ts';
export type { Assumption, ClassRecord, Crs, GeoTransform, OpenOptions } from '../cube/cube.ts';
export type { CubeInfo, SegmentInfo } from '../cube/info.ts';
export type { ColourMapKind } from '../exports/colourMaps.ts';
export type { ExportResult } from '../exports/exportKind.ts';
export type { JobSnapshot, JobState } from '../jobs/jobs.ts';
export type { ImageStatistics } from '../products/imageStatistics.ts';
export type { PixelSpectrum, SpectrumResult, StoredEntry } from '../products/spectrumResult.ts';
export type { FilterSettings } from '../spectral/filter.ts';
