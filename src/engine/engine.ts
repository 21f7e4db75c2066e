import type { HostFacts } from './contract/host.ts';
import { availableParallelism, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApi } from './api/app.ts';
import { attentionJob } from './api/attentionRoutes.ts';
import { calibrateBandsJob, calibrateJob, cameraJob } from './api/calibrationRoutes.ts';
import { classifierApplyJob, classifierTrainJob } from './api/classifierJobs.ts';
import { gaussianSamplesJob } from './api/gaussianRoutes.ts';
import { maximiseJob } from './api/maximiseRoutes.ts';
import { vaeDecodeJob, vaeEncodeJob, vaeFigureJob, vaeSampleJob, vaeTrainJob } from './api/vaeJobs.ts';
import { Views } from './api/views.ts';
import { Windows } from './api/windows.ts';
import { bandStatisticsJob, exportJob, imageStatisticsJob, replayJob } from './api/builtInJobs.ts';
import type { EngineParts } from './api/parts.ts';
import { version } from './base/version.ts';
import { sceneRequestSchema } from './contract/cube.ts';
import { refusal } from './api/problems.ts';
import { bandsCalibrationFile, calibrationFile } from './calibration/outputs.ts';
import { Cubes, type Cube } from './cube/cubes.ts';
import { demoRecipe } from './cube/demoScene.ts';
import { demoSceneTask } from './cube/demoTask.ts';
import { cubeExport } from './exports/cubeExport.ts';
import { ExportKinds } from './exports/exporter.ts';
import { FileKinds } from './exports/fileExport.ts';
import { imageExport } from './exports/imageExport.ts';
import { spectraExport } from './exports/spectraExport.ts';
import { mahalanobisImage } from './gaussian/mahalanobisImage.ts';
import { Grants } from './io/grants.ts';
import { vaeFigureFile } from './learning/vae/figures.ts';
import { vaeDecodingFile, vaeEncodingFile } from './learning/vae/outputs.ts';
import { OpenVaeModels } from './learning/vae/openModels.ts';
import { vaeImage } from './learning/vae/vaeImage.ts';
import { vaeTrainingFile } from './learning/vae/training.ts';
import { JobKinds } from './jobs/jobKind.ts';
import { classFile } from './learning/classifier/classFile.ts';
import { classifierTrainingFile } from './learning/classifier/training.ts';
import { Jobs } from './jobs/jobs.ts';
import { bandImage, compositeImage, filteredImage, storedImage } from './products/builtInImages.ts';
import { ImageKinds } from './products/imageKind.ts';
import { Images } from './products/images.ts';
import { TensorFlowThread } from './tensorflow/thread.ts';
import { ThreadPool } from './workers/pool.ts';

export type { Api } from './api/app.ts';
export type { ExportKind } from './exports/exportKind.ts';
export type { ImageKind } from './products/imageKind.ts';
export { assumptionsTouching, type AnswerKind } from './cube/assumptions.ts';
export { asCubelensError, CubelensError, toWireError } from './base/errors.ts';
export { version } from './base/version.ts';
export { listCubeFiles, type ListedFile } from './cube/folderListing.ts';
export { enviHeaderPath } from './exports/sidecars.ts';
export { problemResponse } from './api/problems.ts';
export { recordedOutput } from './exports/replay.ts';

export interface EngineConfig {
  /** Module that worker threads start with: worker.ts, or the file built from it. */
  workerUrl: URL;
  host: Pick<HostFacts, 'kind' | 'capabilities'>;
  /** Default: one thread a processor, at most 8. */
  threads?: number;
  /** Budgets in bytes. Defaults: 192 MiB of tiles and 128 MiB of blocks, less on small machines. */
  tileCacheBytes?: number;
  blockCacheBytes?: number;
  /** Adds kinds of image, export and job to the built-in ones; the worker of `workerUrl` must serve their tasks. */
  register?: (registries: Registries) => void;
}

/** The registries of one engine, filled when it starts. */
export interface Registries {
  imageKinds: ImageKinds;
  exportKinds: ExportKinds;
  jobKinds: JobKinds;
}

/** The engine behind every host. */
export interface Engine {
  /** The whole API. */
  fetch: (request: Request) => Promise<Response>;
  /** What files may be read and written: only hosts make grants. */
  grants: Grants;
  /** Folder that a job's files go into; null where it writes none. Throws `not-found`. */
  outputFolder: (jobId: string) => string | null;
  /** Cancels all jobs, waits until they have cleaned up, and stops the threads. */
  close: () => Promise<void>;
}

const mebibyte = 1024 * 1024;

/** While a window has asked for something in this time, exports leave a thread free for it. */
const busyMs = 5000;
const delayResolutionMs = 5;

/** Starts an engine. Threads start when they are first needed. */
export function createEngine(config: EngineConfig): Engine {
  const threads = config.threads ?? Math.min(8, Math.max(1, availableParallelism()));
  const windows = new Windows((holder) => {
    cubes.closeAll(holder);
  });
  const pool = new ThreadPool({
    workerUrl: config.workerUrl,
    threads,
    keepOneFree: () => windows.activeWithin(busyMs),
  });
  const tensorFlow = new TensorFlowThread(config.workerUrl, pool);
  const share = totalmem() / 32;
  const cubes = new Cubes(pool, config.blockCacheBytes ?? Math.min(128 * mebibyte, share), (cubeId) => {
    images.forget(cubeId);
  });
  const imageKinds = new ImageKinds();
  imageKinds.add(bandImage);
  imageKinds.add(storedImage);
  imageKinds.add(filteredImage);
  imageKinds.add(compositeImage);
  imageKinds.add(mahalanobisImage);
  const vaeModels = new OpenVaeModels();
  imageKinds.add(vaeImage(vaeModels));
  const images = new Images(
    pool,
    cubes,
    imageKinds,
    config.tileCacheBytes ?? Math.min(192 * mebibyte, share),
  );
  const jobs = new Jobs();
  const exportKinds = new ExportKinds();
  exportKinds.add(cubeExport);
  exportKinds.add(imageExport);
  exportKinds.add(spectraExport);
  const fileKinds = new FileKinds();
  fileKinds.add(calibrationFile);
  fileKinds.add(bandsCalibrationFile);
  fileKinds.add(vaeEncodingFile(tensorFlow));
  fileKinds.add(vaeDecodingFile(tensorFlow));
  fileKinds.add(vaeFigureFile);
  fileKinds.add(vaeTrainingFile(tensorFlow));
  fileKinds.add(classFile(tensorFlow));
  fileKinds.add(classifierTrainingFile(tensorFlow));
  const jobKinds = new JobKinds();
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const parts: EngineParts = {
    host: { ...config.host, version },
    pool,
    tensorFlow,
    jobs,
    jobKinds,
    grants: new Grants(),
    cubes,
    images,
    exportKinds,
    fileKinds,
    vaeModels,
    openScene: (recipe, holder, signal) => openScene(pool, cubes, recipe, holder, signal),
    windows,
    views: new Views(),
    eventLoopDelay: () => {
      const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) =>
        // A sample is the time between two looks, which are meant to be so far apart.
        Math.max(0, ns / 1e6 - delayResolutionMs),
      );
      delay.reset();
      return { p50: p50 ?? 0, p99: p99 ?? 0, max: max ?? 0 };
    },
  };
  jobKinds.add(exportJob(parts));
  jobKinds.add(replayJob(parts));
  jobKinds.add(bandStatisticsJob(parts));
  jobKinds.add(imageStatisticsJob(parts));
  jobKinds.add(attentionJob(parts));
  jobKinds.add(gaussianSamplesJob(parts));
  jobKinds.add(maximiseJob(parts));
  jobKinds.add(calibrateJob(parts));
  jobKinds.add(vaeTrainJob(parts));
  jobKinds.add(vaeEncodeJob(parts));
  jobKinds.add(vaeDecodeJob(parts));
  jobKinds.add(vaeSampleJob(parts));
  jobKinds.add(vaeFigureJob(parts));
  jobKinds.add(classifierTrainJob(parts));
  jobKinds.add(classifierApplyJob(parts));
  jobKinds.add(calibrateBandsJob(parts));
  jobKinds.add(cameraJob(parts));
  config.register?.({ imageKinds, exportKinds, jobKinds });
  const api = createApi(parts);
  return {
    fetch: async (request) => api.fetch(request),
    grants: parts.grants,
    outputFolder: (jobId) => jobs.folderOf(jobId),
    close: async () => {
      windows.close();
      delay.disable();
      await jobs.close();
      await Promise.all([pool.close(), tensorFlow.close()]);
    },
  };
}

async function openScene(
  pool: ThreadPool,
  cubes: Cubes,
  request: unknown,
  holder: string,
  signal: AbortSignal | undefined,
): Promise<Cube> {
  const checked = sceneRequestSchema.safeParse(request);
  if (!checked.success) throw refusal(checked.error.issues);
  const { part } = checked.data;
  const recipe = demoRecipe(checked.data.recipe);
  return cubes.take(await pool.run(demoSceneTask, { recipe, part }, { signal, priority: 'open' }), holder);
}
