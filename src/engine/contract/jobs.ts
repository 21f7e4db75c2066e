import { z } from 'zod';
import type { WireError } from '../base/errors.ts';
import type {
  calibrateBandsJobSchema,
  CalibrateBandsResult,
  calibrateJobSchema,
  CalibrateResult,
  cameraJobSchema,
  CameraResult,
} from './calibration.ts';
import type { attentionOutputSchema } from './attention.ts';
import type {
  classifierApplyJobSchema,
  ClassifierApplyResult,
  classifierTrainJobSchema,
  ClassifierTrainResult,
} from './classifierJobs.ts';
import type { exportJobSchema, ExportResult, replayJobSchema, WrittenFile } from './exports.ts';
import type { gaussianOutputSchema } from './gaussian.ts';
import type { maximiseOutputSchema, MaximiseResult } from './maximise.ts';
import type {
  bandStatisticsSchema,
  BandStatisticsResult,
  imageStatisticsSchema,
  ImageStatistics,
} from './statistics.ts';
import type {
  vaeDecodeJobSchema,
  VaeDecodeResult,
  vaeEncodeJobSchema,
  VaeEncodeResult,
  vaeSampleJobSchema,
  vaeTrainJobSchema,
  VaeTrainResult,
} from './vae.ts';
import type { vaeFigureJobSchema, VaeFigureResult } from './vaeSpectra.ts';

/** `POST /jobs`: long work of any kind. What its parameters are, the kind itself checks. */
export const jobRequestSchema = z.strictObject({ kind: z.string().min(1).max(50), parameters: z.unknown() });

/** The built-in kinds of job: what is asked for, and what comes of it. */
export interface JobKinds {
  export: { parameters: z.input<typeof exportJobSchema>; result: ExportResult };
  replay: { parameters: z.input<typeof replayJobSchema>; result: ExportResult };
  'band-statistics': { parameters: z.input<typeof bandStatisticsSchema>; result: BandStatisticsResult };
  'gaussian-samples': {
    parameters: z.input<typeof gaussianOutputSchema>;
    result: WrittenFile & { notes: string[] };
  };
  maximise: { parameters: z.input<typeof maximiseOutputSchema>; result: MaximiseResult };
  calibrate: { parameters: z.input<typeof calibrateJobSchema>; result: CalibrateResult };
  'vae-train': { parameters: z.input<typeof vaeTrainJobSchema>; result: VaeTrainResult };
  'vae-encode': { parameters: z.input<typeof vaeEncodeJobSchema>; result: VaeEncodeResult };
  'vae-decode': { parameters: z.input<typeof vaeDecodeJobSchema>; result: VaeDecodeResult };
  'vae-figure': { parameters: z.input<typeof vaeFigureJobSchema>; result: VaeFigureResult };
  'vae-sample': { parameters: z.input<typeof vaeSampleJobSchema>; result: VaeDecodeResult };
  'classifier-train': {
    parameters: z.input<typeof classifierTrainJobSchema>;
    result: ClassifierTrainResult;
  };
  'classifier-apply': {
    parameters: z.input<typeof classifierApplyJobSchema>;
    result: ClassifierApplyResult;
  };
  'calibrate-bands': { parameters: z.input<typeof calibrateBandsJobSchema>; result: CalibrateBandsResult };
  camera: { parameters: z.input<typeof cameraJobSchema>; result: CameraResult };
  attention: { parameters: z.input<typeof attentionOutputSchema>; result: WrittenFile };
  'image-statistics': { parameters: z.input<typeof imageStatisticsSchema>; result: ImageStatistics };
}

export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

/** One job. `revision` grows with every change of any job. */
export interface JobSnapshot {
  jobId: string;
  kind: string;
  title: string;
  state: JobState;
  revision: number;
  /** What it does now, in words. */
  stage: string;
  /** Work done and in all, in the job's own unit (pixels, bytes); total 0 while unknown. */
  done: number;
  total: number;
  /** Whether `POST /jobs/:jobId/pause` can pause it now. */
  pausable: boolean;
  /** It waits for `POST /jobs/:jobId/resume`, and takes no processor meanwhile. */
  paused: boolean;
  /** What a running job has to show so far, of the kind's own type; else null. */
  live: unknown;
  /** Of the type that `JobKinds` names for the kind; null until it is done. */
  result: unknown;
  error: WireError | null;
}

/** Jobs changed after a revision; the answer's revision goes into the next call. */
export interface JobChanges {
  revision: number;
  jobs: JobSnapshot[];
}
